import { describe, expect, it } from "vitest";
import { withHistory, withKind, withMeta, withName, withNamespace } from "../../../../../../layers/engine/build/kustomize/resource/renamed.ts";
import { kindOf, newResource, type Resource } from "../../../../../../layers/engine/build/kustomize/resource/resource.ts";
import { goJson, showResource, showResources } from "../../../../../../layers/engine/build/kustomize/resource/shown-json.ts";
import { createSchema } from "../../../../../../layers/engine/build/kustomize/schema/create-schema.ts";
import { isMap, type NodeMap, tagged } from "../../../../../../layers/engine/build/node/node.ts";
import { withWritten } from "../../../../../../layers/engine/build/node/written.ts";

const schema = createSchema("built-in kinds");
const made = (metadata: NodeMap, kind = "ConfigMap", apiVersion = "v1"): Resource => newResource({ apiVersion, kind, metadata });
const metadataOf = (resource: Resource): string => goJson(resource.node.metadata ?? null);

describe("history", () => {
  it.each([
    [made({ name: "a" }), { namespace: "default", name: "a", kind: "ConfigMap" }],
    [made({ name: "a", namespace: "n" }), { namespace: "n", name: "a", kind: "ConfigMap" }],
    [made({ name: "a", namespace: "n" }, "Namespace"), { namespace: "_non_namespaceable_", name: "a", kind: "Namespace" }],
    [made({ name: "a" }, "Foo", "x.y/v1"), { namespace: "default", name: "a", kind: "Foo" }],
  ])("%j", (resource, want) => expect(withHistory(resource, schema).previous).toEqual([want]));

  it("grows at its end", () => {
    const twice = withHistory(withName(withHistory(made({ name: "a" }), schema), "b"), schema);
    expect(twice.previous.map(({ name }) => name)).toEqual(["a", "b"]);
  });
});

describe("new names", () => {
  it.each<[string, Resource, string]>([
    ["a name", withName(made({ name: "a" }), "b"), '{"name":"b"}'],
    ["a name like a number", withName(made({ name: "a" }), "5"), '{"name":5}'],
    ["a name like a number between quotes", withName(made({ name: "7" }), "5"), '{"name":"5"}'],
    ["a namespace", withNamespace(made({ name: "a" }), "n"), '{"name":"a","namespace":"n"}'],
    ["no namespace", withNamespace(made({ name: "a", namespace: "n" }), ""), '{"name":"a"}'],
    ["labels", withMeta(made({ name: "a", labels: { x: 5 } }), "labels", new Map([["b", "5"]])), '{"labels":{"b":"5"},"name":"a"}'],
    ["no annotations", withMeta(made({ name: "a", annotations: { x: "y" } }), "annotations", new Map()), '{"name":"a"}'],
  ])("%s", (_, resource, want) => expect(metadataOf(resource)).toBe(want));

  it("a kind", () => expect(kindOf(withKind(made({ name: "a" }), "Secret"))).toBe("Secret"));

  it("a text that was set is none to kyaml, unless it stands in quotes", () => {
    const written = withWritten({ name: "a", namespace: "n" }, new Map([["namespace", "quoted"]]));
    const set = withNamespace(withName(made(written), "a"), "5");
    const { metadata = null } = set.node;
    if (!isMap(metadata)) throw new Error("no metadata");
    expect([metadata.name, metadata.namespace]).toEqual([tagged("a", "a", ""), "5"]);
  });

  it("a scalar where annotations belong gives way to an earlier name", () => {
    expect(metadataOf(withHistory(made({ name: "a", annotations: "x" }), schema))).toBe('{"name":"a"}');
    expect(metadataOf(withHistory(made({ name: "a", annotations: { x: "y" } }), schema))).toBe('{"annotations":{"x":"y"},"name":"a"}');
  });
});

describe("in messages", () => {
  it("as JSON of Go", () =>
    expect(goJson({ b: ["<a&b>", 1e21, 1e-7, null, true], a: "\u2028" })).toBe('{"a":"\\u2028","b":["\\u003ca\\u0026b\\u003e",1e+21,1e-7,null,true]}'));

  it("with what kustomize keeps in annotations", () => {
    const resource: Resource = {
      ...made({ name: "p-a", annotations: { z: "y" } }),
      previous: [
        { namespace: "default", name: "a", kind: "ConfigMap" },
        { namespace: "n", name: "a", kind: "ConfigMap" },
      ],
      prefixes: ["p-"],
      suffixes: ["-s"],
      generated: { behavior: "unspecified", needsHash: true },
    };
    const key = "internal.config.kubernetes.io";
    const annotations = [
      `"${key}/generatorBehavior":"unspecified"`,
      `"${key}/needsHashSuffix":"enabled"`,
      `"${key}/prefixes":"p-"`,
      `"${key}/previousKinds":"ConfigMap,ConfigMap"`,
      `"${key}/previousNames":"a,a"`,
      `"${key}/previousNamespaces":"default,n"`,
      `"${key}/suffixes":"-s"`,
      '"z":"y"',
    ];
    expect(showResource(resource)).toBe(`{"apiVersion":"v1","kind":"ConfigMap","metadata":{"annotations":{${annotations.join(",")}},"name":"p-a"}}`);
  });

  it("several", () => {
    const shown = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}';
    expect(showResources([made({ name: "a" }), made({ name: "a" })])).toBe(`[${shown} ${shown}]`);
  });
});
