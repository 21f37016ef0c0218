import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Server } from "./servers.ts";
import type { Cost } from "./world.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** `npm start -- --once` as a process of its own, from its start to its end. On a cluster of the user's own that is `server`, else on its own sandbox. */
export async function measureStart(server: Server): Promise<Cost> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-bench-start-"));
  const cluster = server.name === "sandbox" ? [] : ["--kubeconfig", server.kubeconfig];
  try {
    const started = performance.now();
    await run("npm", ["start", "--silent", "--", "--once", "--dir", folder, ...cluster]);
    return { ms: performance.now() - started, requests: {} };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function run(program: string, words: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { cwd: ROOT, stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.on("data", (part: Buffer) => {
      said += part.toString("utf8");
    });
    child.once("error", reject);
    child.once("close", (code) => (code === 0 ? resolve() : reject(new Error(`${program} ${words.join(" ")} ended with ${code}: ${said}`))));
  });
}
