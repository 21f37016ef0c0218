import { execFile } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { kubectlOfTests } from "../kubectl.ts";
import { type Answer, type Input, SHOWN_ROOT } from "./case.ts";
import { type Oracle, withoutAddresses } from "./oracle.ts";

const NOWHERE = "/nonexistent";

/** The real `kubectl kustomize`, one process per question, in an environment without credentials, home, programs or proxy. */
export async function createKubectl(program?: string): Promise<Oracle> {
  const kubectl = program ?? (await kubectlOfTests());
  if (kubectl === undefined) throw new Error("there is no kubectl to compare with: install kubectl 1.35 so that it is on PATH");
  const temporary = await realpath(tmpdir());
  return {
    name: "kubectl",
    ask: async (input) => {
      const folder = await mkdtemp(join(temporary, "kustomize-oracle-"));
      try {
        const root = join(folder, "t");
        await write(input, root);
        return await run(kubectl, input, root);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    end: () => undefined,
  };
}

async function write({ files, bytes = {}, links = {} }: Input, root: string): Promise<void> {
  const made = new Set([...Object.keys(files), ...Object.keys(bytes), ...Object.keys(links)].map((path) => dirname(join(root, path))));
  await mkdir(root, { recursive: true });
  for (const folder of made) await mkdir(folder, { recursive: true });
  for (const [path, text] of Object.entries(files)) await writeFile(join(root, path), text);
  for (const [path, base64] of Object.entries(bytes)) await writeFile(join(root, path), Buffer.from(base64, "base64"));
  for (const [path, target] of Object.entries(links))
    await symlink(target.startsWith(SHOWN_ROOT) ? target.replace(SHOWN_ROOT, root) : target, join(root, path));
}

function run(kubectl: string, { path, restriction }: Input, root: string): Promise<Answer> {
  const restrictor = restriction === "within-tree" ? "LoadRestrictionsNone" : "LoadRestrictionsRootOnly";
  return new Promise((resolve, reject) => {
    execFile(
      kubectl,
      ["kustomize", "--load-restrictor", restrictor, path === "" ? root : join(root, path)],
      { cwd: dirname(root), env: { PATH: NOWHERE, HOME: NOWHERE, TMPDIR: dirname(root) }, timeout: 60_000, maxBuffer: 64 * 1024 * 1024, encoding: "utf8" },
      (error, stdout, stderr) => {
        const shown = (text: string): string => text.replaceAll(root, SHOWN_ROOT);
        if (error === null) return resolve({ kind: "built", yaml: shown(stdout).replaceAll(OWN_VERSION, "$1(devel)") });
        if (typeof error.code !== "number") return reject(error);
        resolve({ kind: "failed", message: withoutAddresses(shown(messageOf(stderr))) });
      },
    );
  });
}

/** What managedByLabel writes. Flux's library does not know its version, and neither do we. */
const OWN_VERSION = /^( +app\.kubernetes\.io\/managed-by: kustomize-)v[\d.]+$/gm;

/** What stands behind kubectl's `error: `; warnings come before it. A panic is the first line of its trace. */
function messageOf(stderr: string): string {
  const panic = /^panic: (.*)$/m.exec(stderr);
  if (panic !== null) return `panic: ${panic[1]}`;
  const start = stderr.search(/^error: /m);
  return (start < 0 ? stderr : stderr.slice(start + "error: ".length)).replace(/\n$/, "");
}
