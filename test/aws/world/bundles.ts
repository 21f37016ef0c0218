import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleFunction, type FunctionName, functionEntry } from "../../../lib/stack/bundling.ts";

const made = new Map<FunctionName, string>();
let folder: string | undefined;

/**
 * The folder of a function's bundle, made as the stack makes it; once in a process, which nothing changes between two tests. Nothing is baked in: clusters
 * and settings come from the environment, as a test's are.
 */
export function bundleOf(name: FunctionName): string {
  const known = made.get(name);
  if (known !== undefined) return known;
  folder ??= createFolder();
  const outdir = join(folder, name);
  bundleFunction({ entry: functionEntry(name), outdir });
  made.set(name, outdir);
  return outdir;
}

function createFolder(): string {
  const path = mkdtempSync(join(tmpdir(), "sluice-bundles-"));
  process.once("exit", () => rmSync(path, { recursive: true, force: true }));
  return path;
}
