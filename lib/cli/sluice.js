#!/usr/bin/env node
// The command `sluice`. It is plain JavaScript for whatever Node runs it: one that is too old for our sources hands over to the Node 24 that
// comes as the package `node`.
import module, { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const OLDEST = 24;
const { enableCompileCache } = module; // Node 20 has none
const main = new URL("./main.ts", import.meta.url);

enableCompileCache?.(); // a third of the time of a short command is spent on making JavaScript of our sources
if (Number(process.versions.node.split(".")[0]) >= OLDEST) {
  const { run } = await import(main.href);
  await run(process.argv.slice(2));
} else {
  const { spawn } = await import("node:child_process"); // costs what a short command should not
  const { constants } = await import("node:os");
  const child = spawn(findNode(), [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: "inherit" });
  // The terminal sends Ctrl-C to both; whoever ends only this process means the other one.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => signal !== "SIGINT" && child.kill(signal));
  child.on("error", (error) => refuse(`Node ${OLDEST} does not start: ${error.message}`));
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0);
  });
}

/** The Node of the package `node`, wherever npm put it. */
function findNode() {
  try {
    return join(dirname(createRequire(import.meta.url).resolve("node/package.json")), "bin", process.platform === "win32" ? "node.exe" : "node");
  } catch {
    return refuse(`Sluice needs Node ${OLDEST}; this is ${process.versions.node}, and the package "node" is not installed. Run "npm ci" first`);
  }
}

function refuse(problem) {
  process.stderr.write(`✗ ${problem}\n`);
  process.exit(1);
}
