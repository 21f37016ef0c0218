import { readFileSync } from "node:fs";
import type { Json } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { describe, expect, it } from "vitest";
import { parseCrd } from "../../../../../lib/local/sandbox/schema/crd.ts";
import { validateCustomResource } from "../../../../../lib/local/sandbox/schema/custom-resource.ts";
import { applyDefaults } from "../../../../../lib/local/sandbox/schema/defaults.ts";
import { invalidCauses, invalidMessage } from "../../../../../lib/local/sandbox/schema/field-error.ts";
import { prune, strictDecodingProblem, unknownFields } from "../../../../../lib/local/sandbox/schema/prune.ts";

/** What a real kube-apiserver 1.35.4 answered to each spec: the message and causes of its refusal, or the spec as it stored it. */
type Row = { readonly spec: Json; readonly message?: string; readonly causes?: readonly Json[]; readonly stored?: Json };
const { crd, rows }: { crd: Manifest; rows: readonly Row[] } = JSON.parse(readFileSync(new URL("custom-resource.generated.json", import.meta.url), "utf8"));

const parsed = parseCrd(crd);
if (!parsed.ok) throw new Error(parsed.problem);
const [kind] = parsed.value;
if (kind === undefined) throw new Error("no version is served");

const objectWith = (spec: Json): Manifest => ({ apiVersion: "s3.example.com/v1", kind: "Test", metadata: { name: "t", namespace: "s3-schema" }, spec });
const stored = (object: Manifest): Manifest => applyDefaults(kind.schema, prune(kind.schema, object));

describe("a custom resource, as the real server answers", () => {
  it.each(rows.map((row) => [JSON.stringify(row.spec), row] as const))("%s", (_, row) => {
    const object = stored(objectWith(row.spec));
    const errors = validateCustomResource(kind, object);
    if (row.message === undefined) {
      expect(errors).toEqual([]);
      expect(object.spec ?? null).toEqual(row.stored);
      return;
    }
    expect(invalidMessage(kind, "t", errors)).toBe(row.message);
    expect(invalidCauses(errors)).toEqual(row.causes);
  });
});

describe("unknown fields", () => {
  it("are told with their paths, sorted", () => {
    const object = objectWith({ name: "ab", foo: 1, defo: { bar: 2 }, keyed: [{ name: "a", p: 1, zz: 1 }], any: { kept: 1 } });
    expect(strictDecodingProblem(unknownFields(kind.schema, object))).toBe(
      'strict decoding error: unknown field "spec.defo.bar", unknown field "spec.foo", unknown field "spec.keyed[0].zz"',
    );
  });
  it("leave an object that has none as it is", () => {
    const object = objectWith({ name: "ab", any: { kept: 1 } });
    expect(prune(kind.schema, object)).toBe(object);
  });
  it("do not lie outside of what is pruned: metadata is known", () => {
    const object: Manifest = { ...objectWith({ name: "ab" }), metadata: { name: "t", labels: { a: "b" }, annotations: { c: "d" } } };
    expect(unknownFields(kind.schema, object)).toEqual([]);
  });
});

describe("updates", () => {
  const message = (before: Json, after: Json): string => {
    const errors = validateCustomResource(kind, objectWith(after), objectWith(before));
    return errors.length === 0 ? "" : invalidMessage(kind, "t", errors);
  };
  it.each([
    ["a transition rule", { name: "ab", cel: { s: "ab" } }, { name: "ab", cel: { s: "ac" } }, 'spec.cel.s: Invalid value: "ac": is fixed'],
    ["a transition rule without change", { name: "ab", cel: { s: "ab" } }, { name: "abc", cel: { s: "ab" } }, ""],
    ["an error that stood there before", { name: "ab", e: "z" }, { name: "abc", e: "z" }, ""],
    ["a rule that was broken before", { name: "ab", cel: { a: 2, b: 1 } }, { name: "abc", cel: { a: 2, b: 1 } }, ""],
    ["an error in what changes", { name: "ab", e: "z" }, { name: "ab", e: "y" }, 'spec.e: Unsupported value: "y"'],
    [
      "an item of a keyed list that stays wrong",
      { name: "ab", keyed: [{ name: "a", p: 1, v: "long" }] },
      {
        name: "ab",
        keyed: [
          { name: "b", p: 1 },
          { name: "a", p: 1, v: "long" },
        ],
      },
      "",
    ],
  ] as const)("%s", (_, before, after, want) => {
    if (want === "") expect(message(before, after)).toBe("");
    else expect(message(before, after)).toContain(want);
  });
});
