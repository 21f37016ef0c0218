import type { Var } from "@sluice/engine/build/kustomize/kustomization/kustomization.ts";
import { newResource, type Resource } from "@sluice/engine/build/kustomize/resource/resource.ts";
import type { Schema } from "@sluice/engine/build/kustomize/schema/schema.ts";
import { matchVars } from "@sluice/engine/build/kustomize/vars/match-vars.ts";
import { mergeVars } from "@sluice/engine/build/kustomize/vars/merge-vars.ts";
import { resolveVars } from "@sluice/engine/build/kustomize/vars/resolve-vars.ts";
import { showVars } from "@sluice/engine/build/kustomize/vars/show-var.ts";
import { jsonOf, type Node, scalar } from "@sluice/engine/build/node/node.ts";
import { describe, expect, it } from "vitest";

const schema: Schema = { isNamespaced: () => true, of: () => undefined };
const given = (name: string, fieldPath: string, objref: Partial<Var["objref"]> = {}): Var => ({
  name,
  fieldPath,
  objref: { apiVersion: "v1", group: "", version: "", kind: "ConfigMap", name: "src", namespace: "", ...objref },
});
const SPECS = ["spec/text", "spec/map", "spec/list"].map((path) => ({ group: "", version: "", kind: "Foo", path, create: false }));

function resolved(value: Node, spec: Record<string, Node>, path = "data.v"): string {
  const source: Resource = {
    ...newResource({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "src" }, data: { v: value, list: [{ name: "x", v: 1 }] } }),
    vars: ["V"],
  };
  const result = resolveVars([source, newResource({ apiVersion: "v1", kind: "Foo", metadata: { name: "f" }, spec })], [given("V", path)], SPECS, schema);
  return result.ok ? JSON.stringify([jsonOf(result.value.resources[1]?.node.spec ?? null), ...result.value.warnings]) : result.problem.message;
}

describe("values", () => {
  it.each<{ what: string; value: Node; whole: unknown; inside: string }>([
    { what: "a text", value: "t", whole: "t", inside: "<t>" },
    { what: "a text that reads like a number", value: "5", whole: "5", inside: "<5>" },
    { what: "an integer", value: 5, whole: 5, inside: "<5>" },
    { what: "a boolean", value: scalar("True", true), whole: true, inside: "<true>" },
    { what: "a fraction", value: 1.5, whole: 1.5, inside: "<1.5>" },
    { what: "a large fraction", value: scalar("1234567.5", 1234567.5), whole: 1234567.5, inside: "<1.2345675e+06>" },
    { what: "an octal is read as decimal", value: scalar("0644", 420), whole: 644, inside: "<644>" },
    { what: "a date", value: scalar("2020-01-02", "2020-01-02T00:00:00Z"), whole: "2020-01-02", inside: "<2020-01-02>" },
  ])("$what", ({ value, whole, inside }) =>
    expect(resolved(value, { map: { whole: "$(V)", inside: "<$(V)>", number: 1 } })).toBe(JSON.stringify([{ map: { whole, inside, number: 1 } }])));

  it("a hexadecimal number is none", () =>
    expect(resolved(scalar("0x10", 16), {})).toBe("field specified in var '{V ConfigMap.v1.[noGrp] {data.v}}' not found in corresponding resource"));

  it("a map stays out, which is said", () =>
    expect(resolved({ b: 1, a: ["x", null] }, { text: "$(V)" })).toBe(
      JSON.stringify([
        { text: "$(V)" },
        "MakePrimitiveReplacer: bad replacement type=map[string]interface {} val=map[a:[x <nil>] b:1]",
        "well-defined vars that were never replaced: V",
      ]),
    ));

  it.each(["data.list[0].v", "data.list.[name=x].v", "data.list.-.v", "data.list.0.v"])("%s", (path) =>
    expect(resolved("", { text: "$(V)" }, path)).toBe('[{"text":1}]'));
});

describe("fields", () => {
  it.each<{ what: string; spec: Record<string, Node>; want: string }>([
    { what: "a list of texts", spec: { list: ["$(V)", "b"] }, want: '[{"list":["t","b"]}]' },
    { what: "another number", spec: { text: 5 }, want: '[{"text":5},"well-defined vars that were never replaced: V"]' },
    { what: "a field that nobody named", spec: { other: "$(V)" }, want: '[{"other":"$(V)"},"well-defined vars that were never replaced: V"]' },
    {
      what: "a list with a number",
      spec: { list: ["$(V)", 1] },
      want: "considering field 'spec/list' of object Foo.v1.[noGrp]/f.[noNs]: invalid value type expect a string",
    },
  ])("$what", ({ spec, want }) => expect(resolved("t", spec)).toBe(want));

  it("a var without an object", () => {
    const result = resolveVars([], [given("V", "metadata.name", { kind: "Foo", apiVersion: "a/b" })], SPECS, schema);
    expect(!result.ok && result.problem.message).toBe("var '{V Foo.b.a {metadata.name}}' cannot be mapped to a field in the set of known resources");
  });
});

describe("matching", () => {
  const object = (name: string, namespace: string, was?: string): Resource => ({
    ...newResource({ apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace } }),
    previous: was === undefined ? [] : [{ name: was, namespace: "old", kind: "ConfigMap" }],
  });
  it.each<{ what: string; objref: Partial<Var["objref"]>; want: string }>([
    { what: "the name of now", objref: { name: "p-a" }, want: "V|" },
    { what: "the name of before", objref: { name: "a" }, want: "V|" },
    { what: "the namespace of before", objref: { name: "a", namespace: "old" }, want: "V|" },
    { what: "another namespace", objref: { name: "a", namespace: "y" }, want: "|" },
    { what: "another kind", objref: { name: "a", kind: "Secret" }, want: "|" },
    { what: "a name that two have", objref: { name: "b" }, want: "found 2 resId matches for var {V ConfigMap.v1.[noGrp] {}} (unable to disambiguate)" },
    { what: "a name that two have, in a namespace", objref: { name: "b", namespace: "y" }, want: "|V" },
  ])("$what", ({ objref, want }) => {
    const resources = objref.name === "b" ? [object("b", "x"), object("b", "y")] : [object("p-a", "x", "a"), object("c", "x")];
    const result = matchVars(resources, [given("V", "", objref)], schema);
    expect(result.ok ? result.value.map(({ vars }) => vars.join()).join("|") : result.problem.message).toBe(want);
  });
});

describe("merging", () => {
  it("fills in the field", () => expect(mergeVars([], [given("A", "")])).toMatchObject({ ok: true, value: [{ name: "A", fieldPath: "metadata.name" }] }));
  it.each([
    [[given("A", "x")], [given("A", "x")]],
    [[], [given("A", "x"), given("A", "y")]],
  ])("no name comes twice", (vars, more) => expect(mergeVars(vars, more)).toMatchObject({ ok: false, problem: { message: "var 'A' already encountered" } }));
  it("shows vars as Go does", () =>
    expect(showVars([given("A", ""), given("B", "x", { group: "g" })])).toBe("[{A ConfigMap.[noVer].[noGrp] {}} {B ConfigMap.[noVer].g {x}}]"));
});
