import { readFileSync } from "node:fs";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { describe, expect, it } from "vitest";
import { parseCrd } from "../../../../../lib/local/sandbox/schema/crd.ts";
import { errorText, invalidMessage } from "../../../../../lib/local/sandbox/schema/field-error.ts";
import { validateCrd } from "../../../../../lib/local/sandbox/schema/validate-crd.ts";

/** What a real kube-apiserver 1.35.4 answered to each definition: the message of its refusal, or `ok`. */
const rows: readonly { readonly crd: Manifest; readonly answer: string }[] = JSON.parse(readFileSync(new URL("crd.generated.json", import.meta.url), "utf8"));
const KIND = { group: "apiextensions.k8s.io", kind: "CustomResourceDefinition" };

/** Ours differ on purpose: cel-js words its own syntax errors, types of rules are not checked, storedVersions is the server's own affair. */
const OTHERWISE = [/compilation failed: /, /must have the storage version/];

describe("a CustomResourceDefinition, as the real server answers", () => {
  const same = rows.filter(({ answer }) => !OTHERWISE.some((pattern) => pattern.test(answer)));
  it.each(same.map((row) => [row.answer, row] as const))("%s", (answer, { crd }) => {
    const errors = validateCrd(crd);
    expect(errors.length === 0 ? "ok" : invalidMessage(KIND, crd.metadata.name ?? "", errors)).toBe(answer);
  });
  it("most of them are compared", () => expect(same.length).toBeGreaterThan(30));
});

const definition = (version: object, names: object = {}): Manifest => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "foos.example.com" },
  spec: {
    group: "example.com",
    scope: "Namespaced",
    names: { plural: "foos", kind: "Foo", ...names },
    versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object" } }, ...version }],
  },
});

describe("parseCrd", () => {
  const kindOf = (crd: Manifest) => {
    const parsed = parseCrd(crd);
    return parsed.ok ? parsed.value[0] : undefined;
  };
  it("fills what may be left out", () => {
    expect(kindOf(definition({}))).toMatchObject({ listKind: "FooList", singular: "foo", shortNames: [], namespaced: true, hasStatus: false, custom: true });
  });
  it("has Name first, and Age only where there are no columns", () => {
    const columns = [{ name: "Ready", type: "string", jsonPath: ".status.ready" }];
    expect(kindOf(definition({ additionalPrinterColumns: columns }))?.columns.map(({ name }) => name)).toEqual(["Name", "Ready"]);
    expect(kindOf(definition({}))?.columns.map(({ name }) => name)).toEqual(["Name", "Age"]);
  });
  it("reads the subresources", () => {
    const subresources = { status: {}, scale: { specReplicasPath: ".spec.r", statusReplicasPath: ".status.r" } };
    expect(kindOf(definition({ subresources }))).toMatchObject({ hasStatus: true, scale: subresources.scale });
  });
  it("leaves out versions that are not served", () => expect(kindOf(definition({ served: false }))).toBeUndefined());
  it.each(["__proto__", "constructor", "prototype"])("takes no property %s", (name) => {
    const schema = { openAPIV3Schema: { type: "object", properties: JSON.parse(`{"${name}": {"type": "string"}}`) } };
    expect(parseCrd(definition({ schema })).ok).toBe(false);
  });
  it("stops at a schema without bottom", () => {
    let nested: object = { type: "string" };
    for (let depth = 0; depth < 5000; depth += 1) nested = { type: "array", items: nested };
    expect(parseCrd(definition({ schema: { openAPIV3Schema: { type: "object", properties: { a: nested } } } })).ok).toBe(false);
  });
});

describe("changes of a CRD", () => {
  const change = (names: object, version: object = {}): readonly string[] => validateCrd(definition(version, names), definition({})).map(errorText);
  it("names stand", () => expect(change({ kind: "Bar" })).toEqual(['spec.names.kind: Invalid value: "Bar": field is immutable']));
  it("versions may come and go", () => expect(change({}, { name: "v2" })).toEqual([]));
});
