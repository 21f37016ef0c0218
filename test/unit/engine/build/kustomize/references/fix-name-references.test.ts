import type { BackReferences } from "@sluice/engine/build/kustomize/config/config.ts";
import { fixNameReferences } from "@sluice/engine/build/kustomize/references/fix-name-references.ts";
import type { Resource } from "@sluice/engine/build/kustomize/resource/resource.ts";
import type { Schema } from "@sluice/engine/build/kustomize/schema/schema.ts";
import { jsonMapOf, jsonOf } from "@sluice/engine/build/node/node.ts";
import { describe, expect, it } from "vitest";

const CLUSTER = new Set(["ClusterRole", "ClusterRoleBinding", "PersistentVolume"]);
const schema: Schema = { isNamespaced: (_, kind) => !CLUSTER.has(kind), of: () => undefined };

const specs = (kind: string, ...fields: readonly (readonly [string, string])[]): BackReferences => ({
  group: "",
  version: "",
  kind,
  fieldSpecs: fields.map(([of, path]) => ({ group: "", version: "", kind: of, path, create: false })),
});

const BACK_REFERENCES = [
  specs("ConfigMap", ["Pod", "spec/volumes/configMap/name"], ["Role", "rules/resourceNames"], ["Foo", "spec/ref"], ["Any", "metadata/name"]),
  specs("Secret", ["Pod", "spec/secret"], ["", "spec/anySecret"], ["PersistentVolume", "spec/csi"]),
  specs("ServiceAccount", ["RoleBinding", "subjects"]),
  specs("Role", ["RoleBinding", "roleRef/name"]),
  specs("ClusterRole", ["RoleBinding", "roleRef/name"]),
];

type Extra = { was?: string; wasIn?: string; namespace?: string; prefixes?: readonly string[]; suffixes?: readonly string[] };

function object(kind: string, name: string, fields: Resource["node"] = {}, { was, wasIn, namespace, prefixes = [], suffixes = [] }: Extra = {}): Resource {
  const metadata = { name, ...(namespace !== undefined && { namespace }) };
  const cluster = CLUSTER.has(kind) ? "_non_namespaceable_" : "default";
  const previous = was === undefined ? [] : [{ name: was, namespace: wasIn ?? namespace ?? cluster, kind }];
  return { node: { apiVersion: "v1", kind, metadata, ...fields }, previous, prefixes, suffixes, vars: [] };
}

const pod = (name: string, extra: Extra = {}): Resource => object("Pod", "p", { spec: { volumes: [{ configMap: { name } }] } }, extra);

function fixed(...resources: readonly Resource[]): string {
  const result = fixNameReferences(resources, BACK_REFERENCES, schema);
  if (!result.ok) return `problem: ${result.problem.message}`;
  const { apiVersion: _, kind: __, metadata: ___, ...fields } = result.value[0]?.node ?? {};
  return JSON.stringify(jsonMapOf(fields));
}

describe("which object is meant", () => {
  it.each<{ what: string; resources: readonly Resource[]; want: string }>([
    { what: "an object by its old name", resources: [pod("a"), object("ConfigMap", "p-a", {}, { was: "a" })], want: "p-a" },
    { what: "nothing by a new name alone", resources: [pod("p-a"), object("ConfigMap", "q-p-a", {}, { was: "a" })], want: "p-a" },
    { what: "nothing that never had another name", resources: [pod("a"), object("ConfigMap", "a")], want: "a" },
    { what: "no object of another kind", resources: [pod("a"), object("Secret", "p-a", {}, { was: "a" })], want: "a" },
    {
      what: "the one of the same namespace",
      resources: [
        pod("a", { namespace: "x" }),
        object("ConfigMap", "p-a", {}, { was: "a", namespace: "y" }),
        object("ConfigMap", "q-a", {}, { was: "a", namespace: "x" }),
      ],
      want: "q-a",
    },
    {
      what: "no namespace and the default one are the same",
      resources: [pod("a"), object("ConfigMap", "p-a", {}, { was: "a", namespace: "default" })],
      want: "p-a",
    },
    {
      what: "of several the one with the prefix of the referrer",
      resources: [
        pod("a", { prefixes: ["p-"] }),
        object("ConfigMap", "p-a", {}, { was: "a", prefixes: ["p-"] }),
        object("ConfigMap", "q-a", {}, { was: "a", prefixes: ["q-"] }),
      ],
      want: "p-a",
    },
    {
      what: "the last prefixes count, the shorter list is enough",
      resources: [
        pod("a", { prefixes: ["q-", "p-"] }),
        object("ConfigMap", "p-a", {}, { was: "a", prefixes: ["p-"] }),
        object("ConfigMap", "q-a", {}, { was: "a", prefixes: ["q-"] }),
      ],
      want: "p-a",
    },
    {
      what: "suffixes as prefixes",
      resources: [
        pod("a", { suffixes: ["-s"] }),
        object("ConfigMap", "a-t", {}, { was: "a", suffixes: ["-t"] }),
        object("ConfigMap", "a-s", {}, { was: "a", suffixes: ["-s"] }),
      ],
      want: "a-s",
    },
    {
      what: "one without prefixes fits only while nothing fits exactly",
      resources: [pod("a", { prefixes: ["p-"] }), object("ConfigMap", "new", {}, { was: "a" }), object("ConfigMap", "p-a", {}, { was: "a", prefixes: ["p-"] })],
      want: "p-a",
    },
    {
      what: "a single one, whatever its prefixes",
      resources: [pod("a", { prefixes: ["p-"] }), object("ConfigMap", "q-a", {}, { was: "a", prefixes: ["q-"] })],
      want: "q-a",
    },
    {
      what: "several that would give the same name",
      resources: [pod("a"), object("ConfigMap", "b", {}, { was: "a" }), object("ConfigMap", "b", {}, { was: "a" })],
      want: "b",
    },
  ])("$what", ({ resources, want }) => expect(fixed(...resources)).toBe(JSON.stringify({ spec: { volumes: [{ configMap: { name: want } }] } })));
});

describe("what a field may hold", () => {
  const map = object("ConfigMap", "p-a", {}, { was: "a" });
  const foo = (ref: Resource["node"][string]): Resource => object("Foo", "f", { spec: { ref } });
  it.each<{ what: string; ref: Resource["node"][string]; want: unknown }>([
    { what: "a text", ref: "a", want: "p-a" },
    { what: "a list of texts, null among them", ref: ["a", null, "b"], want: ["p-a", null, "b"] },
    { what: "a map with a name", ref: { name: "a", other: 1 }, want: { name: "p-a", other: 1 } },
    { what: "a list of maps", ref: [{ name: "a" }, { name: "b" }], want: [{ name: "p-a" }, { name: "b" }] },
    { what: "null", ref: null, want: null },
  ])("$what", ({ ref, want }) => expect(fixed(foo(ref), map)).toBe(JSON.stringify({ spec: { ref: want } })));

  it("a number without quotes becomes what the new name reads as", () => {
    expect(fixed(foo(5), object("ConfigMap", "15", {}, { was: "5" }))).toBe('{"spec":{"ref":15}}');
    expect(fixed(foo("5"), object("ConfigMap", "15", {}, { was: "5" }))).toBe('{"spec":{"ref":"15"}}');
  });

  it.each<{ what: string; ref: Resource["node"][string]; want: string }>([
    { what: "a map without a name", ref: { noname: "a" }, want: "path config error; no 'name' field in node" },
    { what: "a list in a list", ref: [["a"]], want: "is expected to be either a string or a map of string" },
  ])("$what is a problem that names field and object", ({ ref, want }) => {
    const message = fixed(foo(ref), map);
    expect(message).toContain("problem: updating name reference in 'spec/ref' field of 'Foo.v1.[noGrp]/f.[noNs]': considering field 'spec/ref' of object ");
    expect(message).toContain(want);
  });
});

describe("namespaces", () => {
  const binding = (subjects: Resource["node"][string], roleRef: Resource["node"][string] = {}): Resource =>
    object("RoleBinding", "rb", { subjects, roleRef }, { namespace: "x" });
  const account = (name: string, namespace: string, was: string, wasIn = namespace): Resource => object("ServiceAccount", name, {}, { was, wasIn, namespace });
  const subject = (name: string, namespace?: string): Resource["node"] => ({ kind: "ServiceAccount", name, ...(namespace !== undefined && { namespace }) });
  it.each<{ what: string; resources: readonly Resource[]; want: unknown }>([
    { what: "a subject in another namespace is found there", resources: [binding([subject("a", "y")]), account("p-a", "y", "a")], want: subject("p-a", "y") },
    { what: "and not where nobody said", resources: [binding([subject("a", "x")]), account("p-a", "y", "a")], want: subject("a", "x") },
    {
      what: "the namespace that it was in at first is replaced",
      resources: [binding([subject("a", "old")]), account("p-a", "x", "a", "old")],
      want: subject("p-a", "x"),
    },
    {
      what: "a subject without one gets it",
      resources: [binding([subject("a")]), account("p-a", "x", "a")],
      want: { kind: "ServiceAccount", name: "p-a", namespace: "x" },
    },
  ])("$what", ({ resources, want }) => expect(fixed(...resources)).toBe(JSON.stringify({ subjects: [want], roleRef: {} })));

  it("a cluster-scoped object may refer to any namespace", () => {
    const volume = object("PersistentVolume", "pv", { spec: { csi: { name: "s", namespace: "y" } } });
    const secrets = ["x", "y"].map((namespace) => object("Secret", `p-${namespace}`, {}, { was: "s", namespace }));
    expect(fixed(volume, ...secrets)).toBe('{"spec":{"csi":{"name":"p-y","namespace":"y"}}}');
  });

  it.each([
    { kind: "Role", want: "role" },
    { kind: "ClusterRole", want: "cluster-role" },
  ])("a roleRef means a $kind if it says so", ({ kind, want }) => {
    const roles = [object("Role", "role", {}, { was: "r", namespace: "x" }), object("ClusterRole", "cluster-role", {}, { was: "r" })];
    expect(fixed(binding([], { apiGroup: "", kind, name: "r" }), ...roles)).toBe(JSON.stringify({ subjects: [], roleRef: { apiGroup: "", kind, name: want } }));
  });

  it("a subject's namespace must be a text", () => {
    expect(fixed(binding([{ kind: "ServiceAccount", name: "a", namespace: null }]))).toBe(
      'problem: Invalid Input: namespace is blank for resource "RoleBinding.v1.[noGrp]/rb.x"\n',
    );
  });
});

describe("the whole", () => {
  it("shows all that is possible, with kustomize's own annotations", () => {
    const message = fixed(pod("a"), object("ConfigMap", "b", {}, { was: "a" }), object("ConfigMap", "c", {}, { was: "a" }));
    expect(message).toContain(
      "found multiple possible referrals: ConfigMap.v1.[noGrp]/b.[noNs], ConfigMap.v1.[noGrp]/c.[noNs]\n\n**** Too many possible referral targets to referrer:\napiVersion: v1\nkind: Pod\n",
    );
    expect(message).toContain(
      "--- possible referral 1:\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  annotations:\n    internal.config.kubernetes.io/previousKinds: ConfigMap\n    internal.config.kubernetes.io/previousNames: a\n",
    );
  });

  it("shares what does not change", () => {
    const resources = [pod("other"), object("ConfigMap", "p-a", {}, { was: "a" })];
    const result = fixNameReferences(resources, BACK_REFERENCES, schema);
    expect(result.ok && result.value.every((resource, index) => resource === resources[index])).toBe(true);
  });

  it("names that are references themselves are final before others follow them", () => {
    const any = object("Any", "a", {}, { was: "old" });
    const follow = [specs("ConfigMap", ["Any", "metadata/name"]), specs("Any", ["Pod", "spec/volumes/configMap/name"])];
    const result = fixNameReferences([pod("old"), any, object("ConfigMap", "p-a", {}, { was: "a" })], follow, schema);
    expect(result.ok && jsonOf(result.value[0]?.node.spec ?? null)).toStrictEqual({ volumes: [{ configMap: { name: "p-a" } }] });
  });
});
