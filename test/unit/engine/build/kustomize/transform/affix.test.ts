import { describe, expect, it } from "vitest";
import type { FieldSpec } from "../../../../../../layers/engine/build/kustomize/config/config.ts";
import { defaultConfig } from "../../../../../../layers/engine/build/kustomize/config/default-config.ts";
import { withHistory, withKind } from "../../../../../../layers/engine/build/kustomize/resource/renamed.ts";
import { nameOf } from "../../../../../../layers/engine/build/kustomize/resource/resource.ts";
import { createPrefixTransformer } from "../../../../../../layers/engine/build/kustomize/transform/prefix.ts";
import { createSuffixTransformer } from "../../../../../../layers/engine/build/kustomize/transform/suffix.ts";
import { jsonMapOf, jsonOf } from "../../../../../../layers/engine/build/node/node.ts";
import { fieldAfter, objects, schema } from "./objects.ts";

const prefix = createPrefixTransformer({ prefix: "p-", fieldSpecs: defaultConfig().namePrefix });
const suffix = createSuffixTransformer({ suffix: "-s", fieldSpecs: defaultConfig().nameSuffix });
const object = (kind: string, apiVersion = "v1", name = "a"): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: ${name}}\nspec: {name: b}\n`;

describe("names", () => {
  it.each<[string, string, string]>([
    ["ConfigMap", "v1", '{"name":"p-a"}'],
    ["Foo", "x.y/v1", '{"name":"p-a"}'],
    ["Namespace", "v1", '{"name":"a"}'],
    ["Namespace", "x.y/v1", '{"name":"a"}'],
    ["CustomResourceDefinition", "apiextensions.k8s.io/v1", '{"name":"a"}'],
    ["APIService", "apiregistration.k8s.io/v1", '{"name":"a"}'],
    ["APIService", "x.y/v1", '{"name":"p-a"}'],
  ])("of a %s of %s", (kind, apiVersion, want) => expect(fieldAfter(prefix, object(kind, apiVersion), "metadata")).toBe(want));

  it("get suffixes", () => expect(fieldAfter(suffix, object("ConfigMap"), "metadata")).toBe('{"name":"a-s"}'));

  it("without quotes become numbers", () => {
    const one = createPrefixTransformer({ prefix: "1", fieldSpecs: defaultConfig().namePrefix });
    expect(fieldAfter(one, object("ConfigMap", "v1", "5"), "metadata")).toBe('{"name":15}');
    expect(fieldAfter(one, object("ConfigMap", "v1", '"5"'), "metadata")).toBe('{"name":"15"}');
  });
});

describe("what is noted", () => {
  it("the affixes in their order, and the names before", () => {
    const first = prefix(objects(object("ConfigMap")), schema);
    const second = first.ok ? suffix(first.value, schema) : first;
    const third = second.ok ? createPrefixTransformer({ prefix: "q-", fieldSpecs: defaultConfig().namePrefix })(second.value, schema) : second;
    const [resource] = third.ok ? third.value : [];
    expect(resource && nameOf(resource)).toBe("q-p-a-s");
    expect(resource?.prefixes).toEqual(["p-", "q-"]);
    expect(resource?.suffixes).toEqual(["-s"]);
    expect(resource?.previous.map(({ name }) => name)).toEqual(["a", "p-a", "p-a-s"]);
  });

  it("nothing for an empty prefix", () => {
    const before = objects(object("ConfigMap"));
    const result = createPrefixTransformer({ prefix: "", fieldSpecs: defaultConfig().namePrefix })(before, schema);
    expect(result.ok && result.value.map(({ node }) => jsonMapOf(node))).toEqual(before.map(({ node }) => node));
  });

  it("nothing for another field", () => {
    const fieldSpecs: readonly FieldSpec[] = [{ group: "", version: "", kind: "Foo", path: "spec/name", create: false }];
    const result = createPrefixTransformer({ prefix: "p-", fieldSpecs })(objects(object("Foo")), schema);
    expect(result.ok && result.value[0]?.prefixes).toEqual([]);
    expect(result.ok && jsonOf(result.value[0]?.node.spec ?? null)).toEqual({ name: "p-b" });
  });
});

it("the first kind of an object decides", () => {
  const [resource] = objects(object("Namespace"));
  if (resource === undefined) throw new Error("no object");
  const result = prefix([withKind(withHistory(resource, schema), "ConfigMap")], schema);
  expect(result.ok && result.value.map(nameOf)).toEqual(["a"]);
});
