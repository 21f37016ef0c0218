import { execFile } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import { BUILD_ROOT } from "@sluice/engine/domain/build-root.ts";
import type { Result } from "@sluice/engine/domain/result.ts";
import type { Milliseconds } from "@sluice/engine/domain/time.ts";
import type { Tree } from "@sluice/engine/domain/tree.ts";
import type { Kustomize, KustomizeBuild } from "@sluice/engine/ports/kustomize.ts";

export type KubectlKustomize = {
  /** Asked once, before the first build. */
  readonly kubectl: () => Promise<string>;
  /** Where the trees are written, each in a folder of its own that is removed afterwards. */
  readonly temporary: string;
  /** A build that takes longer is killed and fails. */
  readonly timeout: Milliseconds;
  /** Bytes that a build may print before it is killed and fails. */
  readonly maxOutput: number;
  /** Kills what runs. */
  readonly signal?: AbortSignal;
};

/** Files that are written at the same time. */
const WRITERS = 16;
const NOWHERE = "/nonexistent";

/**
 * Builds by `kubectl kustomize` in a child process that has no credentials, no proxy, no home and no programs: plugins, functions and Helm
 * stay off, as they are by default, and git is not to be found. What the tree names outside of itself, and remote bases, must have been
 * refused before (`engine/build/reach`): kubectl itself would open them.
 */
export function createKubectlKustomize(options: KubectlKustomize): Kustomize {
  let kubectl: Promise<string> | undefined;
  return {
    async build(tree, path) {
      kubectl ??= options.kubectl();
      const program = await kubectl.catch((error: unknown) => {
        kubectl = undefined;
        throw error;
      });
      const folder = await mkdtemp(join(await realpath(options.temporary), "kustomization-"));
      try {
        const root = join(folder, "tree");
        await writeTree(tree, root);
        return await run(program, { folder, root, path }, options);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

async function writeTree(tree: Tree, root: string): Promise<void> {
  const files = [...tree].map(([path, { bytes }]) => ({ path: safe(path), bytes }));
  const folders = new Set(files.map(({ path }) => dirname(join(root, path))));
  await mkdir(root, { recursive: true, mode: 0o700 });
  for (const folder of folders) await mkdir(folder, { recursive: true, mode: 0o700 });
  const waiting = files.values();
  const writer = async (): Promise<void> => {
    for (const { path, bytes } of waiting) await writeFile(join(root, path), bytes, { mode: 0o600, flag: "wx" });
  };
  await Promise.all(Array.from({ length: WRITERS }, writer));
}

/** A tree's paths are relative and have no `..`; this is the last place to hold them to it. */
function safe(path: string): string {
  const odd = path === "" || path.startsWith("/") || path.includes("\0") || posix.normalize(path) !== path || path.split("/").includes("..");
  if (odd) throw new Error(`not a path of a tree: ${JSON.stringify(path)}`);
  return path;
}

type Place = { readonly folder: string; readonly root: string; readonly path: string };

function run(program: string, { folder, root, path }: Place, { timeout, maxOutput, signal }: KubectlKustomize): Promise<Result<KustomizeBuild>> {
  const environment = { PATH: NOWHERE, HOME: NOWHERE, TMPDIR: folder };
  return new Promise((resolve, reject) => {
    execFile(
      program,
      ["kustomize", "--load-restrictor", "LoadRestrictionsNone", path === "" ? root : join(root, path)],
      {
        cwd: folder,
        env: environment,
        timeout,
        maxBuffer: maxOutput,
        killSignal: "SIGKILL",
        encoding: "utf8",
        windowsHide: true,
        ...(signal !== undefined && { signal }),
      },
      (error, stdout, stderr) => {
        if (error === null) return resolve({ ok: true, value: { yaml: stdout.replaceAll(OWN_VERSION, "$1(devel)"), read: undefined } });
        if (signal?.aborted === true) return reject(error);
        if (error.code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") return resolve({ ok: false, problem: `more than ${maxOutput} bytes of output` });
        if (error.killed === true) return resolve({ ok: false, problem: `not done after ${timeout / 1000} s` });
        if (typeof error.code !== "number") return reject(error);
        resolve({ ok: false, problem: problemOf(stderr, root) });
      },
    );
  });
}

/** What managedByLabel writes. Flux's library does not know its version, and its label is refused by every API server. Recorded in build/build-metadata. */
const OWN_VERSION = /^( +app\.kubernetes\.io\/managed-by: kustomize-)v[\d.]+$/gm;
const TRAILING_BREAK = /^Found multiple kustomization files under: |: must specify one of patch and path in\n/;

/** What stands behind kubectl's `error: `, with the temporary folder as messages show it; warnings come before it. */
function problemOf(stderr: string, root: string): string {
  const start = stderr.search(/^error: /m);
  const text = (start < 0 ? stderr : stderr.slice(start + "error: ".length)).replace(/\n$/, "").replaceAll(root, BUILD_ROOT);
  // kubectl ends every message with one line break, whether it had one of its own or not.
  return TRAILING_BREAK.test(text) ? `${text}\n` : text;
}
