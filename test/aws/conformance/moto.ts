import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const REQUIREMENTS = join(import.meta.dirname, "requirements.txt");

/** A server of moto, or why there is none. */
export type Moto = { readonly kind: "running"; readonly url: string; stop(): void } | { readonly kind: "absent"; readonly why: string };

/** Starts moto in a virtual environment that is made once per machine and list of requirements, outside of the repository. */
export async function startMoto(): Promise<Moto> {
  const python = await prepare();
  if (python.kind === "absent") return python;
  const port = await freePort();
  const server = spawn(join(python.folder, "bin", "moto_server"), ["-H", "127.0.0.1", "-p", String(port)], { stdio: "ignore" });
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 150; tries += 1) {
    if (server.exitCode !== null) return { kind: "absent", why: `moto_server ended with ${server.exitCode}` };
    if (await answers(url)) return { kind: "running", url, stop: () => void server.kill("SIGTERM") };
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  server.kill("SIGKILL");
  return { kind: "absent", why: "moto_server did not answer within 30 s" };
}

async function prepare(): Promise<{ readonly kind: "ready"; readonly folder: string } | { readonly kind: "absent"; readonly why: string }> {
  const root = process.env["SLUICE_PYTHON_CACHE"] ?? join(homedir(), ".cache", "sluice-python");
  const hash = createHash("sha256").update(readFileSync(REQUIREMENTS)).digest("hex").slice(0, 12);
  const folder = join(root, `moto-${hash}`);
  const done = join(folder, "complete");
  if (existsSync(done)) return { kind: "ready", folder };
  try {
    mkdirSync(root, { recursive: true });
    await run("python3", ["-m", "venv", "--clear", folder], { timeout: 120_000 });
    await run(join(folder, "bin", "pip"), ["install", "--quiet", "--disable-pip-version-check", "-r", REQUIREMENTS], { timeout: 600_000 });
    writeFileSync(done, "");
    return { kind: "ready", folder };
  } catch (thrown) {
    return { kind: "absent", why: thrown instanceof Error ? (thrown.message.split("\n")[0] ?? "") : String(thrown) };
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/moto-api/`)).ok;
  } catch {
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => (typeof address === "object" && address !== null ? resolve(address.port) : reject(new Error("no port"))));
    });
  });
}
