import { readFileSync } from "node:fs";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { describe, expect, it } from "vitest";
import { builtInKinds } from "../../../../../lib/local/sandbox/kinds/kinds.ts";
import { applyDefaults } from "../../../../../lib/local/sandbox/schema/defaults.ts";
import { invalidMessage } from "../../../../../lib/local/sandbox/schema/field-error.ts";
import { validateBuiltIn } from "../../../../../lib/local/sandbox/validation/validation.ts";

/** What a real kube-apiserver 1.35.4 answered: the message of its refusal, or `ok`; updates have the object before them in `old`. */
type Row = { readonly object: Manifest; readonly old?: Manifest; readonly answer: string };
const rows: readonly Row[] = JSON.parse(readFileSync(new URL("built-in.generated.json", import.meta.url), "utf8"));
const kinds = builtInKinds();

function kindOf({ apiVersion, kind }: Manifest) {
  const found = kinds.find((one) => (one.group === "" ? one.version : `${one.group}/${one.version}`) === apiVersion && one.kind === kind);
  if (found === undefined) throw new Error(`no kind ${apiVersion} ${kind}`);
  return found;
}

/** As the server has it when validation begins: with its namespace and the schema's defaults. */
function prepared(object: Manifest): Manifest {
  const kind = kindOf(object);
  const { namespace: _, ...metadata } = object.metadata;
  return applyDefaults(kind.schema, { ...object, metadata: kind.namespaced ? { namespace: "s3-schema", ...object.metadata } : metadata });
}

function answer({ object, old }: Row): string {
  const kind = kindOf(object);
  const errors = validateBuiltIn(kind, prepared(object), old);
  return errors.length === 0 ? "ok" : invalidMessage(kind, object.metadata.name ?? "", errors);
}

/** The server appends a diff of its internal form to some refusals, and goes over maps by chance. */
const comparable = (text: string): string =>
  text.replace(/\n@@[\s\S]*/, "").replace(
    /^(.*? is invalid: )\[(.*)\]$/,
    (_, head: string, errors: string) =>
      `${head}${errors
        .split(/, (?=metadata\.labels|data\[)/)
        .toSorted()
        .join(", ")}`,
  );

describe("an object of a built-in kind, as the real server answers", () => {
  it.each(
    rows.map((row, index) => [`${index} ${row.object.kind}${row.old === undefined ? "" : " (update)"}: ${row.answer.slice(0, 120)}`, row] as const),
  )("%s", (_, row) => expect(comparable(answer(row))).toBe(comparable(row.answer)));
  it("a good many of them", () => expect(rows.length).toBeGreaterThan(280));
});

const job = (spec: object): Manifest => ({ apiVersion: "batch/v1", kind: "Job", metadata: { name: "j", namespace: "n" }, spec: { ...spec } });
const template = (image: string) => ({ spec: { restartPolicy: "Never", containers: [{ name: "c", image }] } });

describe("updates of Jobs", () => {
  it.each([
    ["the template", { template: template("a") }, { template: template("b") }, ["spec.template"]],
    ["the image while suspended", { suspend: true, template: template("a") }, { suspend: true, template: template("b") }, ["spec.template"]],
    [
      "where its Pods may run, while suspended",
      { suspend: true, template: template("a") },
      { suspend: true, template: { metadata: { labels: { a: "b" } }, spec: { ...template("a").spec, nodeSelector: { a: "b" }, tolerations: [{ key: "a" }] } } },
      [],
    ],
    [
      "where its Pods may run, when it has begun",
      { template: template("a") },
      { template: { spec: { ...template("a").spec, nodeSelector: { a: "b" } } } },
      ["spec.template"],
    ],
    ["completions", { completions: 1, template: template("a") }, { completions: 2, template: template("a") }, ["spec.completions"]],
    ["parallelism", { parallelism: 1, template: template("a") }, { parallelism: 2, template: template("a") }, []],
  ] as const)("%s", (_, before, after, want) => {
    const errors = validateBuiltIn(kindOf(job({})), job(after), job(before));
    expect(errors.map(({ field }) => field)).toEqual(want);
  });
});

describe("updates of metadata", () => {
  const map = (metadata: object): Manifest => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", namespace: "n", uid: "1", ...metadata } });
  it.each([
    ["the uid", {}, { uid: "2" }, ['metadata.uid: Invalid value: "2": field is immutable']],
    [
      "a finalizer while it is being deleted",
      { deletionTimestamp: "2030-01-01T00:00:00Z" },
      { deletionTimestamp: "2030-01-01T00:00:00Z", finalizers: ["a/b"] },
      ['metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"a/b"}'],
    ],
    ["a label", {}, { labels: { a: "b" } }, []],
  ] as const)("%s", (_, before, after, want) => {
    const errors = validateBuiltIn(kindOf(map({})), map(after), map(before));
    expect(errors.map(({ field, detail }) => `${field}: ${detail}`)).toEqual(want);
  });
});

describe("a selector that selects nothing", () => {
  it("hides what is wrong with the template", () => {
    const labels = { app: "Bad_" };
    const spec = { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [] } } };
    const object: Manifest = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "d", namespace: "n" }, spec };
    expect(validateBuiltIn(kindOf(object), object).map(({ field }) => field)).toEqual(["spec.selector.matchLabels", "spec.selector"]);
  });
});
