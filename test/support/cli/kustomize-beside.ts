import { spawn } from "node:child_process";
import { chmodSync, copyFileSync, readdirSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { kubectlOfTests } from "../kubectl.ts";

const SLUICE = fileURLToPath(new URL("../../../lib/cli/sluice.js", import.meta.url));
const NOWHERE = "/nonexistent";

/** How a program ended. */
export type End = { readonly out: string; readonly err: string; readonly code: number | null };

export type RunOptions = {
  readonly folder: string;
  /** Who runs it, where that is not who runs us. */
  readonly uid?: number | undefined;
};

/** `kustomize` with these words, by kubectl and by sluice, without a home, programs or a proxy. */
export type Beside = {
  kubectl(words: readonly string[], options: RunOptions): Promise<End>;
  sluice(words: readonly string[], options: RunOptions): Promise<End>;
};

/** `copy` is a folder into which kubectl is copied, so that others may run it too: ours is in the home of its user. */
export async function createBeside(copy?: string): Promise<Beside> {
  const own = await kubectlOfTests();
  const kubectl = copy === undefined ? own : join(copy, "kubectl");
  if (copy !== undefined) {
    copyFileSync(own, kubectl);
    chmodSync(kubectl, 0o755);
  }
  return {
    kubectl: (words, options) => run(kubectl, ["kustomize", ...words], options),
    sluice: (words, options) => run(process.execPath, [SLUICE, "kustomize", ...words], options),
  };
}

function run(program: string, words: readonly string[], { folder, uid }: RunOptions): Promise<End> {
  const child = spawn(program, words, {
    cwd: folder,
    env: { PATH: NOWHERE, HOME: NOWHERE, TMPDIR: tmpdir(), PWD: folder },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 60_000,
    ...(uid !== undefined && { uid, gid: uid }),
  });
  const said = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said.out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said.err += text;
  });
  return new Promise((resolve, reject) => child.on("close", (code) => resolve({ ...said, code })).on("error", reject));
}

/** What must be equal: not the name of the program, nor the line that says where the cause stands, which only we have. */
export const comparable = ({ out, err, code }: End): End => ({
  out,
  err: err.replaceAll("See 'kubectl kustomize", "See 'sluice kustomize").replace(/^ {2}at .*\n/gm, ""),
  code,
});

const FILE_NAMES = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/** Every folder with a kustomization at or below `folder`; links are not followed. */
export function kustomizationFolders(folder: string): readonly string[] {
  const found: string[] = [];
  const open = [folder];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const entries = readdirSync(at, { withFileTypes: true });
    if (entries.some((entry) => entry.isFile() && FILE_NAMES.includes(entry.name))) found.push(at);
    for (const entry of entries) if (entry.isDirectory() && entry.name !== ".git") open.push(join(at, entry.name));
  }
  return found.toSorted();
}

/** The files of a folder, by name. */
export const filesIn = (folder: string): { readonly [name: string]: string } =>
  Object.fromEntries(
    readdirSync(folder)
      .toSorted()
      .filter((name) => statSync(join(folder, name)).isFile())
      .map((name) => [name, readFileSync(join(folder, name), "utf8")]),
  );
