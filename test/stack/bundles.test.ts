import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type Bundle, bundleFunction, FUNCTION_NAMES, type FunctionName, functionEntry } from "../../lib/stack/bundling.ts";

const folder = mkdtempSync(join(tmpdir(), "sluice-bundles-"));
afterAll(() => rmSync(folder, { recursive: true }));

type Built = Bundle & { readonly code: string; readonly sources: readonly string[] };

/** Each function as it is deployed. `sources` are the files that it was made of: its source maps say them. */
function build(name: FunctionName): Built {
  const outdir = join(folder, name);
  const bundle = bundleFunction({ entry: functionEntry(name), outdir });
  const files = [...bundle.first, ...bundle.later];
  const sources = files.flatMap((file): readonly string[] => JSON.parse(readFileSync(join(outdir, `${file}.map`), "utf8")).sources);
  return { ...bundle, code: files.map((file) => readFileSync(join(outdir, file), "utf8")).join("\n"), sources };
}
const built = new Map(FUNCTION_NAMES.map((name) => [name, build(name)] as const));
const bundleOf = (name: FunctionName): Built => {
  const bundle = built.get(name);
  if (bundle === undefined) throw new Error(`${name} was not built`);
  return bundle;
};

/** What of `pattern` the code of a function has; not the code itself, which nobody wants to see in a failed test. */
const words = (name: FunctionName, pattern: RegExp): readonly string[] => [...new Set(bundleOf(name).code.match(pattern))];

describe.each(FUNCTION_NAMES)("%s", (name) => {
  it("starts no other program, loads no binary, needs no layer", () => expect(words(name, /child_process|worker_threads|\/opt\/|\.node["']/g)).toEqual([]));
  it("has a handler of at most 40 lines", () => expect(readFileSync(functionEntry(name), "utf8").split("\n").length).toBeLessThanOrEqual(40));
});

// Budgets of webhook and apply: design.md §7; those of the others are what they are, with some air.
it.each<{ name: FunctionName; kib: number }>([
  { name: "webhook", kib: 400 },
  { name: "apply", kib: 1024 },
  { name: "source", kib: 1024 },
  { name: "sweep", kib: 1024 },
  { name: "relay", kib: 300 },
  { name: "notify", kib: 900 },
  { name: "receiver", kib: 750 },
])("$name is at most $kib KiB", ({ name, kib }) => expect(Math.ceil(bundleOf(name).bytes / 1024)).toBeLessThanOrEqual(kib));

/** What of ours nobody needs without a Helm repository, a chart or a release. */
const HELM_ONLY =
  /layers\/(?:engine\/(?:build\/helm|release|source\/helm|reconcile\/helm-(?:repository|chart|release)|reconcile\/passes\/helm-[a-z]+|flux\/helm-[a-z-]+-object)|platform\/helm)\b[^"]*/g;

it.each<FunctionName>(["source", "apply", "sweep"])("%s loads CEL when somebody has an expression, and not before", (name) => {
  const { first, later } = bundleOf(name);
  const hasCel = (file: string): boolean => /@marcbachmann\/cel-js\//.test(readFileSync(join(folder, name, `${file}.map`), "utf8"));
  expect([first.some(hasCel), later.some(hasCel)]).toEqual([false, true]);
});

it.each<FunctionName>(["source", "apply", "sweep"])("%s loads what only charts and releases need when there is one, and not before", (name) => {
  const { first, later } = bundleOf(name);
  const helmIn = (files: readonly string[]): readonly string[] => {
    const found = files.flatMap((file) => readFileSync(join(folder, name, `${file}.map`), "utf8").match(HELM_ONLY) ?? []);
    return [...new Set(found)];
  };
  expect(helmIn(first)).toEqual([]);
  expect(helmIn(later)).not.toEqual([]);
});

/** The files that come with one that is loaded later, itself among them, but for what each of them loads later. */
function comesWith(name: FunctionName, source: string): readonly string[] {
  const { later } = bundleOf(name);
  const sourcesOf = (file: string): readonly string[] => JSON.parse(readFileSync(join(folder, name, `${file}.map`), "utf8")).sources;
  const found = new Set(later.filter((file) => sourcesOf(file).some((one) => one.endsWith(source))));
  for (const file of found)
    for (const [, other = ""] of readFileSync(join(folder, name, file), "utf8").matchAll(/(?:from|import)"\.\/([^"]+)"/g))
      if (later.includes(other)) found.add(other);
  return [...found].flatMap(sourcesOf);
}

it("the look of a sweep for drift comes without what renders charts and acts on releases", () => {
  const sources = comesWith("sweep", "reconcile/helm-release/actions/drift.ts");
  expect(sources.filter((source) => /plan\/|actions\/drift/.test(source))).not.toEqual([]);
  expect(
    sources.filter((source) =>
      /build\/helm\/(?:template|functions|render)|build\/kustomize\/|actions\/(?:run-action|perform|install|upgrade)\.ts/.test(source),
    ),
  ).toEqual([]);
});

// Whoever imports one of these again, or makes the schemas of all operations stay (lib/stack/literal-keys.ts), puts back what was taken out.
it.each<FunctionName>(["source", "apply", "sweep"])("%s has of the SDK's clients those of S3 and SQS, with the operations that it calls", (name) => {
  const clients = new Set(bundleOf(name).sources.flatMap((source) => /@aws-sdk\/(client-[\w-]+|nested-clients)\//.exec(source)?.[1] ?? []));
  expect([...clients].toSorted()).toEqual(["client-s3", "client-sqs"]);
  expect(words(name, /PutObjectRequest|GetObjectRequest|PutBucketAclRequest|SelectObjectContentRequest/g).toSorted()).toEqual([
    "GetObjectRequest",
    "PutObjectRequest",
  ]);
});

it.each<FunctionName>(["webhook", "relay"])("%s loads no client of Kubernetes, no engine", (name) => {
  const foreign = bundleOf(name).sources.filter((source) => /platform\/(kubernetes|eks|gate)\/|engine\/(build|plan|reconcile)\/|@kubernetes\//.test(source));
  expect(foreign).toEqual([]);
});

it("what is baked in wins over the environment", () => {
  const { file } = bundleFunction({ entry: functionEntry("relay"), outdir: join(folder, "baked"), define: { SLUICE_SETTINGS: '{"a":1}' } });
  expect(readFileSync(file, "utf8")).toContain('process.env["SLUICE_SETTINGS"]="{\\"a\\":1}"');
});
