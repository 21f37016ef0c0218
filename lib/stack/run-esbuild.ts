import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type BuildOptions, build, type Metafile } from "esbuild";
import { literalKeys } from "./literal-keys.ts";

export type EsbuildOptions = BuildOptions & { write: false; metafile: true };

/** Names of the files of code that were written: those that the entry needs to begin, and those that it loads later, if at all. */
export type Written = { readonly first: readonly string[]; readonly later: readonly string[] };

/**
 * A program: one build of esbuild, with the options and the folder on stdin, and what was written on stdout. Constructs of the CDK cannot wait, and esbuild
 * takes plugins only of those who can; so bundling.ts waits for this process.
 */
async function run(): Promise<Written> {
  const { options, outdir }: { readonly options: EsbuildOptions; readonly outdir: string } = JSON.parse(readFileSync(0, "utf8"));
  const { outputFiles, metafile } = await build({ ...options, plugins: [literalKeys] });
  mkdirSync(outdir, { recursive: true });
  for (const { path, contents } of outputFiles) writeFileSync(join(outdir, basename(path)), contents);
  return writtenBy(metafile);
}

function writtenBy({ outputs }: Metafile): Written {
  const code = Object.keys(outputs).filter((path) => path.endsWith(".mjs"));
  const first = new Set<string>();
  const open = code.filter((path) => outputs[path]?.entryPoint !== undefined && !isLoadedLater(outputs, path));
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (first.has(path)) continue;
    first.add(path);
    open.push(...(outputs[path]?.imports ?? []).flatMap((one) => (one.kind === "import-statement" && one.external !== true ? [one.path] : [])));
  }
  return { first: [...first].map((path) => basename(path)), later: code.filter((path) => !first.has(path)).map((path) => basename(path)) };
}

/** A chunk that is imported where it is needed has an entry point, too. */
const isLoadedLater = (outputs: Metafile["outputs"], path: string): boolean =>
  Object.values(outputs).some(({ imports }) => imports.some((one) => one.kind === "dynamic-import" && one.path === path));

try {
  process.stdout.write(JSON.stringify(await run()));
} catch (error) {
  process.stderr.write(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
