import { absorb, createAbsorber } from "@sluice/engine/build/kustomize/generate/absorb.ts";
import { makeIamPolicy } from "@sluice/engine/build/kustomize/generate/iam-policy.ts";
import { type Behavior, newResource, type Resource } from "@sluice/engine/build/kustomize/resource/resource.ts";
import type { Schema } from "@sluice/engine/build/kustomize/schema/schema.ts";
import { jsonMapOf, type NodeMap } from "@sluice/engine/build/node/node.ts";
import { describe, expect, it } from "vitest";

const schema: Schema = { isNamespaced: () => true, of: () => undefined };
const configMap = (name: string, fields: NodeMap = {}, metadata: NodeMap = {}): NodeMap => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, ...metadata },
  ...fields,
});
const generated = (node: NodeMap, behavior: Behavior, needsHash = true): Resource => ({ ...newResource(node), generated: { behavior, needsHash } });
const nodes = (result: ReturnType<typeof absorb>): readonly NodeMap[] | string =>
  result.ok ? result.value.map(({ node }) => jsonMapOf(node)) : result.problem.message;

describe("a generated object that is new", () => {
  it.each<Behavior>(["unspecified", "create"])("%s: comes last", (behavior) => {
    expect(nodes(absorb([newResource(configMap("a"))], [generated(configMap("b"), behavior)], schema))).toEqual([configMap("a"), configMap("b")]);
  });
  it.each<Behavior>(["merge", "replace"])("%s: is refused", (behavior) => {
    expect(nodes(absorb([], [generated(configMap('a"b', {}, { namespace: "n" }), behavior)], schema))).toBe(
      'id resid.ResId{Gvk:resid.Gvk{Group:"", Version:"v1", Kind:"ConfigMap", isClusterScoped:false}, Name:"a\\"b", Namespace:"n"} does not exist; cannot merge or replace',
    );
  });
  it("counts as old for the next", () => {
    const all = [generated(configMap("a", { data: { x: "1" } }), "create"), generated(configMap("a", { data: { y: "2" } }), "merge")];
    expect(nodes(absorb([], all, schema))).toEqual([configMap("a", { data: { x: "1", y: "2" } })]);
  });
});

describe("a generated object that has the id of another", () => {
  const old: Resource = {
    ...newResource(
      configMap("x-a", { data: { a: 5, z: "6", q: [1], n: null }, binaryData: { b: "AA==" }, immutable: true }, { labels: { l: 1, o: "old" }, namespace: "n" }),
      { file: "a.yaml", document: 0, line: 1 },
    ),
    previous: [{ namespace: "n", name: "a", kind: "ConfigMap" }],
    prefixes: ["x-"],
    suffixes: ["-s"],
    vars: ["V"],
    generated: { behavior: "create", needsHash: true },
  };
  const next = (behavior: Behavior, needsHash = true): Resource =>
    generated(configMap("a", { data: { a: "1" } }, { namespace: "n", labels: { o: "new" }, annotations: { n: "1" } }), behavior, needsHash);
  const metadata = { name: "x-a", namespace: "n", labels: { l: "1", o: "new" }, annotations: { n: "1" } };

  it("merges data, labels and annotations, all as texts", () => {
    const want = { apiVersion: "v1", kind: "ConfigMap", metadata, data: { a: "1", n: "", q: "", z: "6" }, binaryData: { b: "AA==" } };
    expect(nodes(absorb([old], [next("merge")], schema))).toEqual([want]);
  });
  it("replaces everything but the name, labels and annotations", () => {
    expect(nodes(absorb([old], [next("replace")], schema))).toEqual([{ apiVersion: "v1", kind: "ConfigMap", metadata, data: { a: "1" } }]);
  });
  it.each<Behavior>(["merge", "replace"])("%s: keeps what kustomize knows of the old one", (behavior) => {
    const result = absorb([newResource(configMap("first")), old, newResource(configMap("last"))], [next(behavior)], schema);
    const [, { previous, prefixes, suffixes, vars, generated: made } = old] = result.ok ? result.value : [];
    expect({ previous, prefixes, suffixes, vars, made }).toEqual({
      previous: old.previous,
      prefixes: ["x-"],
      suffixes: ["-s"],
      vars: ["V"],
      made: { behavior: "create", needsHash: true },
    });
  });
  it.each<[boolean, boolean, boolean]>([
    [true, true, true],
    [true, false, false],
    [false, true, false],
  ])("hash of the old one %s, of the new one %s: %s", (before, after, want) => {
    const result = absorb([{ ...old, generated: { behavior: "create", needsHash: before } }], [next("merge", after)], schema);
    expect(result.ok && result.value[0]?.generated?.needsHash).toBe(want);
  });
  it("gets no hash in place of one that was not generated", () => {
    const { generated: _, ...plain } = old;
    const result = absorb([plain], [next("merge")], schema);
    expect(result.ok && result.value[0]?.generated).toBeUndefined();
  });
  it("keeps the origin of the old one when it merges, not when it replaces", () => {
    const noted = (text: string): NodeMap => ({ annotations: { "config.kubernetes.io/origin": text } });
    const before = newResource(configMap("a", {}, noted("path: a\n")));
    const origins = (["merge", "replace"] as const).map((behavior) =>
      nodes(absorb([before], [generated(configMap("a", {}, noted("by: b\n")), behavior)], schema)),
    );
    expect(origins).toEqual([[configMap("a", {}, noted("path: a\n"))], [configMap("a", {}, noted("by: b\n"))]]);
  });
  it.each<[Behavior]>([["unspecified"], ["create"]])("%s: is refused", (behavior) => {
    expect(nodes(absorb([newResource(configMap("a"))], [generated(configMap("a"), behavior)], schema))).toBe(
      `id resid.ResId{Gvk:resid.Gvk{Group:"", Version:"v1", Kind:"ConfigMap", isClusterScoped:false}, Name:"a", Namespace:""} exists; can not use behavior: '${behavior}', behavior must be merge or replace`,
    );
  });
  it("is refused when several had that id", () => {
    const before = { previous: [{ namespace: "default", name: "a", kind: "ConfigMap" }] };
    const several = ["x-a", "y-a"].map((name) => ({ ...newResource(configMap(name, { data: { t: "<" } })), ...before }));
    expect(nodes(absorb(several, [generated(configMap("a"), "merge")], schema))).toMatch(
      /^found multiple objects \[\{"apiVersion":"v1","data":\{"t":"\\u003c"\},.*"name":"x-a"\}\} \{.*"name":"y-a"\}\}\] that could accept merge of ConfigMap\.v1\.\[noGrp\]\/a\.\[noNs\]$/,
    );
  });
  it("is not one that has become empty, nor one in another namespace", () => {
    expect(
      nodes(absorb([newResource({}), newResource(configMap("a", {}, { namespace: "other" }))], [generated(configMap("a"), "create")], schema)),
    ).toHaveLength(3);
  });
});

it("takes one after the other, and stops at the first that does not fit", () => {
  const absorber = createAbsorber([], schema);
  expect(absorber.absorb([generated(configMap("a"), "create")]).ok).toBe(true);
  expect(absorber.absorb([generated(configMap("b"), "create"), generated(configMap("a"), "create")]).ok).toBe(false);
  expect(absorber.resources().map(({ node }) => node)).toEqual([configMap("a"), configMap("b")]);
});

describe("a ServiceAccount of Google's", () => {
  const args = (cloud: string, name: string, namespace: string): Parameters<typeof makeIamPolicy>[0] => ({
    cloud,
    kubernetesService: { name, namespace },
    serviceAccount: { name: "sa", projectId: "p" },
  });
  it.each<[Parameters<typeof makeIamPolicy>[0], NodeMap | string]>([
    [
      args("gke", "k", "n"),
      {
        apiVersion: "v1",
        kind: "ServiceAccount",
        metadata: { annotations: { "iam.gke.io/gcp-service-account": "sa@p.iam.gserviceaccount.com" }, name: "k", namespace: "n" },
      },
    ],
    [
      args("gke", "7", ""),
      { apiVersion: "v1", kind: "ServiceAccount", metadata: { annotations: { "iam.gke.io/gcp-service-account": "sa@p.iam.gserviceaccount.com" }, name: 7 } },
    ],
    [args("aws", "k", ""), "cloud provider aws not supported yet"],
    [{ ...args("gke", "k", ""), serviceAccount: { name: "", projectId: "" } }, "yaml: line 6: found character that cannot start any token"],
  ])("%j", (given, want) => {
    const made = makeIamPolicy(given);
    expect(made.ok ? made.value[0]?.node : made.problem.message).toEqual(want);
  });
});
