import { addHashes } from "@sluice/engine/build/kustomize/generate/add-hashes.ts";
import { hashOf } from "@sluice/engine/build/kustomize/generate/hash.ts";
import { newResource } from "@sluice/engine/build/kustomize/resource/resource.ts";
import type { Schema } from "@sluice/engine/build/kustomize/schema/schema.ts";
import { jsonOf, type NodeMap, scalar } from "@sluice/engine/build/node/node.ts";
import { expect, it } from "vitest";

const configMap = (fields: NodeMap, name = "a"): NodeMap => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name }, ...fields });
const secret = (fields: NodeMap): NodeMap => ({ apiVersion: "v1", kind: "Secret", metadata: { name: "s" }, ...fields });
const LONG = scalar("12345678901234567890", 12345678901234567890n);

/** Suffixes of kustomize api 0.21.1, where a patch has put the odd values in. */
it.each<[string, NodeMap, string]>([
  ["nothing", configMap({}), "6ct58987ht"],
  ["another name", configMap({}, "b"), "6ct58987ht"],
  ["letters of HTML", configMap({ data: { k: "<&>\u2028" } }), "7h6g7mkhtt"],
  ["keys by bytes", configMap({ data: { "😀": "1", "\uffee": "2" } }), "kdk4ccmcb5"],
  ["an empty Secret", secret({ data: {}, type: "Opaque" }), "46f8b28mk5"],
  ["a Secret with a type", secret({ data: { a: "MQ==" }, type: "x" }), "586cdh77fm"],
  ["binary data", configMap({ binaryData: { bin: "/2hlbGxv" } }), "64685hktm2"],
  ["no texts", configMap({ data: { a: "1", n: 5, t: true, f: 1.5, m: { z: 1, a: [1, "x"] }, e: scalar("1e21", 1e21), o: scalar("0644", 420) } }), "4c2cd54bh8"],
  ["null", configMap({ data: null }), "6ct58987ht"],
  ["empty binary data", configMap({ data: { a: "1" }, binaryData: {} }), "56bgcdbgf6"],
  ["binary data that is no map, and what does not count", configMap({ data: { a: "1" }, binaryData: "text", immutable: true }), "h29d89cmmt"],
  ["stringData, and a number as type", secret({ data: { a: "MQ==" }, stringData: { x: "yes" }, type: 5 }), "bc7gm79tb9"],
  ["a long number", configMap({ data: { big: LONG, d: "2020-01-01T00:00:00Z" } }), "9fkgg5bchg"],
])("%s", (_, node, want) => {
  const hash = hashOf(newResource(node));
  expect(hash.ok ? hash.value : hash.problem).toBe(want);
});

const schema: Schema = { isNamespaced: () => true, of: () => undefined };

it("puts hashes behind the names that want one, and notes the names before", () => {
  const wants = { ...newResource(configMap({})), generated: { behavior: "create", needsHash: true } } as const;
  const plain = newResource(configMap({}));
  const without = { ...wants, generated: { behavior: "create", needsHash: false } } as const;
  const hashed = addHashes([wants, plain, without], schema);
  expect(hashed.ok && hashed.value.map(({ node: { metadata }, previous }) => [jsonOf(metadata ?? null), previous])).toEqual([
    [{ name: "a-6ct58987ht" }, [{ namespace: "default", name: "a", kind: "ConfigMap" }]],
    [{ name: "a" }, []],
    [{ name: "a" }, []],
  ]);
});

it("has no hash for a kind that a patch has made", () => {
  const odd = { ...newResource({ ...configMap({}), kind: "Foo" }), generated: { behavior: "create", needsHash: true } } as const;
  const hashed = addHashes([odd], schema);
  expect(hashed.ok ? "hashed" : hashed.problem.message).toBe("cannot compute the name suffix of a generated object whose kind was changed to Foo");
});
