import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import type { ObjectRef } from "@sluice/engine/domain/manifest.ts";
import type { ValuesReference } from "@sluice/engine/flux/helm-release-object.ts";
import type { GetAnswer } from "@sluice/engine/ports/cluster.ts";
import { composeValues } from "@sluice/engine/reconcile/helm-release/compose-values.ts";
import { describe, expect, it } from "vitest";

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const OBJECTS: Readonly<Record<string, Json>> = {
  "ConfigMap/present": { list: "[a, b]", broken: "a: b: c", text: "plain, text", "values.yaml": "a: {b: 1}\nc: red", number: "5" },
  "Secret/held": { "values.yaml": base64("password: hunter22\nport: 80\npin: 4711\nname: x"), one: base64("to, ken"), map: base64("? [hunter22]\n: b") },
};

function cluster() {
  const asked: string[] = [];
  return {
    asked,
    get: async ({ apiVersion, kind, name, namespace }: ObjectRef): Promise<GetAnswer> => {
      asked.push(`${kind}/${namespace}/${name}`);
      if (name === "denied") return { kind: "refused", why: "forbidden", code: 403, reason: "Forbidden", message: 'secrets "denied" is forbidden' };
      const data = OBJECTS[`${kind}/${name}`];
      if (data === undefined) return { kind: "absent", message: `${kind.toLowerCase()}s "${name}" not found` };
      return { kind: "found", object: { apiVersion, kind, metadata: { name }, data } };
    },
  };
}

const reference = (kind: ValuesReference["kind"], name: string, more: Partial<ValuesReference> = {}): ValuesReference => ({
  kind,
  name,
  valuesKey: "values.yaml",
  optional: false,
  literal: false,
  ...more,
});
const present = (more: Partial<ValuesReference> = {}): ValuesReference => reference("ConfigMap", "present", more);
const held = (more: Partial<ValuesReference> = {}): ValuesReference => reference("Secret", "held", more);
const compose = (valuesFrom: readonly ValuesReference[], values: JsonObject = {}, from = cluster()) =>
  composeValues(from, { metadata: { namespace: "ns" }, spec: { values, valuesFrom } });

describe("values", () => {
  it.each<readonly [string, readonly ValuesReference[], JsonObject, JsonObject]>([
    ["of the spec alone", [], { a: 1 }, { a: 1 }],
    ["of an object, below those of the spec", [present()], { c: "blue" }, { a: { b: 1 }, c: "blue" }],
    ["of a Secret at a path, letter by letter", [held({ valuesKey: "one", targetPath: "auth.token", literal: true })], {}, { auth: { token: "to, ken" } }],
    ["of objects that may be absent", [reference("Secret", "none", { optional: true }), present({ valuesKey: "none", optional: true })], { a: 1 }, { a: 1 }],
  ])("%s", async (_, valuesFrom, values, want) => {
    const composed = await compose(valuesFrom, values);
    expect(composed.ok ? composed.value : composed.problem).toEqual(want);
  });

  it("an object is read once, as one moment has it", async () => {
    const from = cluster();
    await compose([present(), present({ valuesKey: "number", targetPath: "n" }), held()], {}, from);
    expect(from.asked).toEqual(["ConfigMap/ns/present", "Secret/ns/held"]);
  });

  it("numbers that a path has set are int64 to templates", async () => {
    expect((await compose([present({ valuesKey: "number", targetPath: "a.n" })], { m: 5 })).integers).toEqual(["/a/n"]);
  });
});

/** The first five as recorded in helm/values-from-missing. */
describe("what is wrong", () => {
  const at = (kind: string, name: string, key: string, cause: string, optional = ""): string =>
    `could not resolve${optional} ${kind} chart values reference 'ns/${name}' with key '${key}': ${cause}`;
  const wrongType = "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type common.Values";
  it.each<readonly [readonly ValuesReference[], string]>([
    [[reference("Secret", "none")], at("Secret", "none", "values.yaml", 'secrets "none" not found')],
    [[present({ valuesKey: "none" })], at("ConfigMap", "present", "none", "key not found")],
    [[present({ valuesKey: "list" })], at("ConfigMap", "present", "list", wrongType)],
    [
      [present({ valuesKey: "broken" })],
      at("ConfigMap", "present", "broken", "error converting YAML to JSON: yaml: mapping values are not allowed in this context"),
    ],
    [[present({ valuesKey: "text", targetPath: "colour" })], at("ConfigMap", "present", "text", 'key " text" has no value')],
    [[present({ valuesKey: "list", optional: true })], at("ConfigMap", "present", "list", wrongType, " optional")],
    [[reference("Secret", "none", { optional: true }), reference("Secret", "none")], at("Secret", "none", "values.yaml", "resource not found")],
    [[reference("Secret", "denied", { optional: true })], 'secrets "denied" is forbidden'],
    [[present({ valuesKey: "list" }), reference("Secret", "none")], at("ConfigMap", "present", "list", wrongType)],
  ])("%#", async (valuesFrom, want) => {
    const composed = await compose(valuesFrom);
    expect(composed.ok ? composed.value : composed.problem).toBe(want);
  });
});

describe("what is in Secrets", () => {
  it("is known to who composes", async () => {
    const { hidden } = await compose([held()]);
    expect(["hunter22", "to, ken", "4711"].filter((value) => !hidden.includes(value))).toEqual([]);
    expect(hidden).not.toContain("80");
    expect((await compose([present()])).hidden).toEqual([]);
  });

  it.each([
    [held({ valuesKey: "one", targetPath: "a" }), "key *** has no value"],
    [held({ valuesKey: "map" }), "error converting YAML to JSON: unsupported map key of type: []interface {}, key: ***"],
  ])("is in no message: %#", async (one, want) => {
    const composed = await compose([one]);
    const text = composed.ok ? "" : composed.problem;
    expect(text).not.toMatch(/ken|hunter22/);
    expect(text).toContain(want.slice(0, 20));
  });
});
