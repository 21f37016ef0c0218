import { describe, expect, it } from "vitest";
import type { FieldSpec, TransformerConfig } from "../../../../../../layers/engine/build/kustomize/config/config.ts";
import { defaultConfig } from "../../../../../../layers/engine/build/kustomize/config/default-config.ts";
import type { Label } from "../../../../../../layers/engine/build/kustomize/kustomization/kustomization.ts";
import { createAnnotationsTransformer } from "../../../../../../layers/engine/build/kustomize/transform/annotations.ts";
import { createLabelsTransformer, labelTransformers } from "../../../../../../layers/engine/build/kustomize/transform/labels.ts";
import { createPrefixTransformer } from "../../../../../../layers/engine/build/kustomize/transform/prefix.ts";
import type { Transformer } from "../../../../../../layers/engine/build/kustomize/transform/transformer.ts";
import { fieldAfter, objects, schema, shown } from "./objects.ts";

const DEPLOYMENT = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {template: {spec: {}}}\n";
const ANY: FieldSpec = { group: "", version: "", kind: "", path: "", create: false };

const pairs = (entries: Readonly<Record<string, string>>): ReadonlyMap<string, string> => new Map(Object.entries(entries));
const label = (given: Partial<Label>): Label => ({ pairs: pairs({ app: "web" }), includeSelectors: false, includeTemplates: false, fields: [], ...given });

/** The object after all labels of a kustomization, or the problem. */
function labelled(labels: readonly Label[], common: Readonly<Record<string, string>>, text = DEPLOYMENT, config: TransformerConfig = defaultConfig()): string {
  const made = labelTransformers({ labels, commonLabels: pairs(common) }, config);
  const transformers = made.map(({ transformers }) => transformers);
  const failed = transformers.find(({ ok }) => !ok);
  if (failed?.ok === false) return failed.problem.message;
  return shown(
    runAll(
      transformers.flatMap((each) => (each.ok ? each.value : [])),
      text,
    ),
  );
}

function runAll(transformers: readonly Transformer[], text: string): ReturnType<Transformer> {
  let current: ReturnType<Transformer> = { ok: true, value: objects(text) };
  for (const transformer of transformers) if (current.ok) current = transformer(current.value, schema);
  return current;
}

describe("labels of a kustomization", () => {
  const head = '{"apiVersion":"apps/v1","kind":"Deployment","metadata":';
  it.each<[string, readonly Label[], Readonly<Record<string, string>>, string]>([
    ["none", [], {}, `${head}{"name":"a"},"spec":{"template":{"spec":{}}}}`],
    ["of the object alone", [label({})], {}, `${head}{"labels":{"app":"web"},"name":"a"},"spec":{"template":{"spec":{}}}}`],
    [
      "with templates",
      [label({ includeTemplates: true })],
      {},
      `${head}{"labels":{"app":"web"},"name":"a"},"spec":{"template":{"metadata":{"labels":{"app":"web"}},"spec":{}}}}`,
    ],
    [
      "with selectors",
      [label({ includeSelectors: true })],
      {},
      `${head}{"labels":{"app":"web"},"name":"a"},"spec":{"selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},"spec":{}}}}`,
    ],
    [
      "in fields of its own",
      [label({ fields: [{ ...ANY, path: "spec/foo", kind: "Deployment", create: true }] })],
      {},
      `${head}{"labels":{"app":"web"},"name":"a"},"spec":{"foo":{"app":"web"},"template":{"spec":{}}}}`,
    ],
    [
      "common ones after all others, everywhere",
      [label({ pairs: pairs({ app: "first", tier: "x" }) })],
      { app: "last" },
      `${head}{"labels":{"app":"last","tier":"x"},"name":"a"},"spec":{"selector":{"matchLabels":{"app":"last"}},"template":{"metadata":{"labels":{"app":"last"}},"spec":{}}}}`,
    ],
    ["in conflict", [label({ fields: [{ ...ANY, path: "metadata/labels" }] })], {}, "failed to merge labels: conflicting fieldspecs"],
    [
      "in conflict with selectors",
      [label({ includeSelectors: true, fields: [{ ...ANY, path: "metadata/labels" }] })],
      {},
      "failed to merge labels: conflicting fieldspecs",
    ],
    [
      "in conflict with templates",
      [label({ includeTemplates: true, fields: [{ ...ANY, path: "spec/template/metadata/labels", kind: "Deployment" }] })],
      {},
      "failed to merge template fieldSpec: conflicting fieldspecs",
    ],
  ])("%s", (_, labels, common, want) => expect(labelled(labels, common)).toBe(want));

  it("go where a configuration says, too", () => {
    const config = { ...defaultConfig(), labels: [{ ...ANY, path: "spec/foo", create: true }] };
    expect(labelled([label({})], {}, DEPLOYMENT, config)).toContain('"spec":{"foo":{"app":"web"},');
  });

  it("a transformer for the common labels is always there, which a note of transformations shows", () => {
    const made = labelTransformers({ labels: [label({})], commonLabels: new Map() }, defaultConfig());
    expect(made.map(({ path }) => path)).toEqual([["labels", 0], ["commonLabels"]]);
  });
});

describe("labels that stand in several places", () => {
  const common = createLabelsTransformer({ labels: pairs({ app: "base" }), fieldSpecs: defaultConfig().commonLabels });
  const own = createLabelsTransformer({ labels: pairs({ app: "new" }), fieldSpecs: [{ ...ANY, path: "metadata/labels", create: true }] });

  it("change together when they were added together", () =>
    expect(shown(runAll([common, own], DEPLOYMENT))).toBe(
      '{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"labels":{"app":"new"},"name":"a"},"spec":{"selector":{"matchLabels":{"app":"new"}},"template":{"metadata":{"labels":{"app":"new"}},"spec":{}}}}',
    ));

  it("do not when they were there before", () => {
    const written =
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a, labels: {app: q}}\nspec: {selector: {matchLabels: {app: q}}, template: {metadata: {labels: {app: q}}}}\n";
    expect(shown(runAll([common, own], written))).toBe(
      '{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"labels":{"app":"new"},"name":"a"},"spec":{"selector":{"matchLabels":{"app":"base"}},"template":{"metadata":{"labels":{"app":"base"}}}}}',
    );
  });
});

describe("what cannot be labelled", () => {
  it.each([
    ["labels: [a]", "wrong node kind: expected MappingNode but got SequenceNode: node contents:\n- a\n"],
    ["labels: text", "wrong node kind: expected MappingNode but got ScalarNode: node contents:\ntext\n"],
  ])("%s", (field, want) => {
    const text = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, ${field}}\n`;
    expect(labelled([label({})], {}, text)).toBe(`considering field 'metadata/labels' of object ConfigMap.v1.[noGrp]/a.[noNs]: ${want}`);
  });

  it.each([
    ["null", '{"app":"web"}'],
    ["{app: 5}", '{"app":"web"}'],
    ["{b: 5}", '{"app":"web","b":5}'],
  ])("but labels: %s can", (field, want) => {
    const text = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, labels: ${field}}\n`;
    expect(labelled([label({})], {}, text)).toBe(`{"apiVersion":"v1","kind":"ConfigMap","metadata":{"labels":${want},"name":"a"}}`);
  });
});

describe("labels among the annotations", () => {
  const fields = [{ ...ANY, path: "metadata/annotations" }];
  const renamed = createPrefixTransformer({ prefix: "p-", fieldSpecs: defaultConfig().namePrefix });
  const own = createLabelsTransformer({ labels: pairs({ app: "web" }), fieldSpecs: fields });
  const CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";

  it("are not set where there are none", () => expect(shown(runAll([own], CONFIG))).toBe('{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}'));

  it("are set once kustomize has noted something there", () => {
    const result = runAll([renamed, own], CONFIG);
    expect(shown(result)).toBe('{"apiVersion":"v1","kind":"ConfigMap","metadata":{"annotations":{"app":"web"},"name":"p-a"}}');
    expect(result.ok && result.value[0]?.prefixes).toEqual(["p-"]);
  });
});

describe("annotations", () => {
  const annotate = createAnnotationsTransformer({ annotations: pairs({ b: "2", a: "1" }), fieldSpecs: defaultConfig().commonAnnotations });
  it.each([
    [DEPLOYMENT, '{"template":{"metadata":{"annotations":{"a":"1","b":"2"}},"spec":{}}}'],
    ["apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {}\n", "{}"],
    [
      "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: a}\nspec: {}\n",
      '{"jobTemplate":{"metadata":{"annotations":{"a":"1","b":"2"}},"spec":{"template":{"metadata":{"annotations":{"a":"1","b":"2"}}}}}}',
    ],
  ])("%j", (text, want) => {
    expect(fieldAfter(annotate, text, "spec")).toBe(want);
    expect(fieldAfter(annotate, text, "metadata")).toBe('{"annotations":{"a":"1","b":"2"},"name":"a"}');
  });

  it("none change nothing", () => {
    const before = objects(DEPLOYMENT);
    const result = createAnnotationsTransformer({ annotations: new Map(), fieldSpecs: defaultConfig().commonAnnotations })(before, schema);
    expect(result.ok && result.value).toBe(before);
  });
});
