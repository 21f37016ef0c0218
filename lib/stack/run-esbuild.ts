import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type BuildOptions, build } from "esbuild";
import { literalKeys } from "./literal-keys.ts";

/**
 * A program: one build of esbuild, with the options and the folder on stdin. Constructs of the CDK cannot wait, and esbuild takes plugins only of those who
 * can; so bundling.ts waits for this process.
 */
const { options, outdir }: { readonly options: BuildOptions & { write: false }; readonly outdir: string } = JSON.parse(readFileSync(0, "utf8"));

try {
  const { outputFiles = [] } = await build({ ...options, plugins: [literalKeys] });
  mkdirSync(outdir, { recursive: true });
  for (const { path, contents } of outputFiles) writeFileSync(join(outdir, basename(path)), contents);
} catch (error) {
  process.stderr.write(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
