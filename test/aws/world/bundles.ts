import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleFunction, type FunctionName, functionEntry } from "../../../lib/stack/bundling.ts";

export type Bundles = {
  /** The folder of a function's bundle, made when it is first asked for. */
  of(name: FunctionName): string;
  remove(): void;
};

/** Bundles as the stack makes them, but with nothing baked in: clusters and settings come from the environment, as a test's are. */
export function createBundles(): Bundles {
  const folder = mkdtempSync(join(tmpdir(), "sluice-bundles-"));
  const made = new Map<FunctionName, string>();
  return {
    of: (name) => {
      const known = made.get(name);
      if (known !== undefined) return known;
      const outdir = join(folder, name);
      bundleFunction({ entry: functionEntry(name), outdir });
      made.set(name, outdir);
      return outdir;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
