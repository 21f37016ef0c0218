import { lstat, readdir, readFile, stat } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import type { Tree, TreeFile } from "@sluice/engine/domain/tree.ts";
import { ignoreFilter } from "@sluice/engine/source/ignore.ts";

/** A folder on this machine as an artifact would have it: `tree` from `root` on, and where in it the folder is. */
export type LocalTree = { readonly root: string; readonly tree: Tree; readonly path: string };

/** What is in no artifact and may be large. */
const LEFT_OUT: ReadonlySet<string> = new Set([".git", "node_modules"]);

/**
 * The files around `folder`: those of its Git repository, or else of the working directory that it lies in, or else its own, so that `../base`
 * is found where a build of the repository would find it. Symbolic links, `.sourceignore` and `ignorePaths` are left out, as in an artifact.
 */
export async function readTree(folder: string, workingFolder: string, ignorePaths: readonly string[]): Promise<LocalTree> {
  const inside = resolve(workingFolder, folder);
  const root = (await findRepository(inside)) ?? (isWithin(inside, workingFolder) ? workingFolder : inside);
  const files = new Map<string, TreeFile>();
  for (const path of await listFiles(root)) files.set(relative(root, path).split(sep).join("/"), await readOne(path));
  const isIgnored = ignoreFilter(files, ignorePaths.length === 0 ? undefined : ignorePaths.join("\n"));
  const tree = new Map([...files].filter(([path]) => !isLeftOut(path, isIgnored)));
  return { root, tree, path: relative(root, inside).split(sep).join("/") };
}

const isWithin = (inside: string, folder: string): boolean => inside === folder || inside.startsWith(folder + sep);

/** A file goes with any folder above it. */
function isLeftOut(path: string, isIgnored: (path: string, isFolder: boolean) => boolean): boolean {
  const parts = path.split("/");
  return isIgnored(path, false) || parts.some((_, index) => index > 0 && isIgnored(parts.slice(0, index).join("/"), true));
}

async function findRepository(folder: string): Promise<string | undefined> {
  for (let at = folder; ; at = dirname(at)) {
    if (await isThere(join(at, ".git"))) return at;
    if (dirname(at) === at) return undefined;
  }
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

async function listFiles(root: string): Promise<readonly string[]> {
  const files: string[] = [];
  const open = [root];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (LEFT_OUT.has(entry.name)) continue;
      if (entry.isDirectory()) open.push(join(folder, entry.name));
      else if (entry.isFile()) files.push(join(folder, entry.name));
    }
  }
  return files.toSorted();
}

async function readOne(path: string): Promise<TreeFile> {
  const [bytes, { mode }] = await Promise.all([readFile(path), lstat(path)]);
  return { bytes, executable: (mode & 0o100) !== 0 };
}
