import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { EsbuildOptions, Written } from "./run-esbuild.ts";

/** The functions of an installation: functions/<name>/handler.ts exports `handler`. There is one `gate` for each private cluster, of one bundle. */
export const FUNCTION_NAMES = ["webhook", "source", "apply", "sweep", "relay", "notify", "receiver", "gate"] as const;
export type FunctionName = (typeof FUNCTION_NAMES)[number];

/** What Lambda is told to run in the folder that a bundle was written to. */
export const BUNDLE_FILE = "index.mjs";
export const BUNDLE_HANDLER = "index.handler";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const RUN_ESBUILD = fileURLToPath(new URL("run-esbuild.ts", import.meta.url));

export const functionEntry = (name: FunctionName): string => join(ROOT, "functions", name, "handler.ts");

export type BundleRequest = {
  /** The TypeScript file that exports `handler`; relative to the project. */
  readonly entry: string;
  /** Made when it is not there; gets `index.mjs`, what it loads later, source maps and the licences that ask to be kept. */
  readonly outdir: string;
  /** Environment variable -> value, baked into the code, for what is more than the 4 KB that Lambda takes as environment. Wins over the environment. */
  readonly define?: Readonly<Record<string, string>>;
};

/** Files of code in `outdir`: `first`, with `index.mjs`, are what a cold start reads, and `bytes` is their size; `later` is loaded when somebody needs it. */
export type Bundle = { readonly file: string; readonly first: readonly string[]; readonly later: readonly string[]; readonly bytes: number };

/**
 * One function as Lambda runs it: ES modules, SDK and all; what is imported where it is needed (`await import`) is a file of its own. Equal sources give equal bytes, wherever they are written to, so that an unchanged
 * function is no change in a deployment.
 */
export function bundleFunction({ entry, outdir, define = {} }: BundleRequest): Bundle {
  const input = JSON.stringify({ options: optionsFor(resolve(ROOT, entry), define), outdir: resolve(outdir) });
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [RUN_ESBUILD], { input, stdio: "pipe", encoding: "utf8" });
  if (error !== undefined || status !== 0) throw new Error(`${entry} was not bundled: ${error?.message ?? stderr.trim()}`);
  const { first, later }: Written = JSON.parse(stdout);
  if (!first.includes(BUNDLE_FILE)) throw new Error(`esbuild wrote no ${BUNDLE_FILE} for ${entry}`);
  return { file: join(outdir, BUNDLE_FILE), first, later, bytes: first.reduce((sum, name) => sum + statSync(join(outdir, name)).size, 0) };
}

const optionsFor = (entry: string, define: Readonly<Record<string, string>>): EsbuildOptions => ({
  entryPoints: [entry],
  // Paths in a source map are relative to the output: it is written in memory, always at the same place, then to `outdir`.
  absWorkingDir: ROOT,
  outdir: join(ROOT, "bundle"),
  entryNames: "index",
  chunkNames: "[name]-[hash]",
  outExtension: { ".js": ".mjs" },
  splitting: true,
  metafile: true,
  write: false,
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node24",
  // The ES modules of the SDK: those of CommonJS cannot be shaken.
  mainFields: ["module", "main"],
  alias: { "@aws-sdk/credential-provider-node": join(ROOT, "layers/platform/aws/environment-credentials.ts") },
  minify: true,
  charset: "utf8",
  sourcemap: "linked",
  // Stack traces need names and lines; the sources would triple what is unpacked at a cold start.
  sourcesContent: false,
  legalComments: "external",
  banner: { js: REQUIRE + bake(define) },
  logLevel: "silent",
});

/** CommonJS packages within a bundle call `require` for Node's own modules, which an ES module does not have. */
const REQUIRE = "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);";

/**
 * Set before any other code runs. esbuild's `define` would be missed by code that reads a variable through a constant of its name, as ours does:
 * it replaces `process.env.NAME` and nothing else, and says nothing when it found none.
 */
const bake = (define: Readonly<Record<string, string>>): string =>
  Object.keys(define)
    .toSorted()
    .map((name) => `process.env[${JSON.stringify(name)}]=${JSON.stringify(define[name])};`)
    .join("");
