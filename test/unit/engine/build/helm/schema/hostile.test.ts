import type { Chart } from "@sluice/engine/build/helm/chart/chart.ts";
import { validateChart } from "@sluice/engine/build/helm/schema/validate-chart.ts";
import { createValidateValues } from "@sluice/engine/build/helm/schema/validate-values.ts";
import type { JsonObject } from "@sluice/engine/domain/json.ts";
import { describe, expect, it } from "vitest";

const chart = (name: string, schema: unknown, dependencies: readonly Chart[] = []): Chart => ({
  metadata: { apiVersion: "v2", name, version: "1.0.0" },
  templates: [],
  values: {},
  valuesText: "",
  files: [],
  dependencies,
  ...(schema !== undefined && { schema: new TextEncoder().encode(JSON.stringify(schema)) }),
});
const HEAD = "values don't meet the specifications of the schema(s) in the following chart(s):\n";

describe("the schemas of a chart and of its dependencies", () => {
  const wantsText = { properties: { a: { type: "string" } } };
  const tree = chart("top", wantsText, [chart("sub", wantsText, [chart("deep", wantsText)]), chart("plain", undefined), chart("other", wantsText)]);
  it.each<readonly [JsonObject, string | undefined]>([
    [{ a: "x", sub: { a: "x", deep: { a: "x" } } }, undefined],
    [{ a: 1 }, "top:\n- at '/a': got number, want string\n"],
    [
      { a: 1, sub: { a: 2, deep: { a: 3 } } },
      "top:\n- at '/a': got number, want string\nsub:\n- at '/a': got number, want string\ndeep:\n- at '/a': got number, want string\n",
    ],
    [{ sub: null }, undefined],
    [
      { sub: "x", other: [1] },
      "sub:\ninvalid type for values: expected object (map), got string\nother:\ninvalid type for values: expected object (map), got []interface {}\n",
    ],
  ])("%j", (values, want) => expect(validateChart(tree, values)).toBe(want === undefined ? undefined : `${HEAD}${want}`));

  it("as recorded in helm/values-schema", () => {
    const schema = {
      $schema: "http://json-schema.org/draft-07/schema#",
      type: "object",
      required: ["colour"],
      properties: { port: { type: "integer", minimum: 1 } },
    };
    expect(validateChart(chart("shop", schema), { port: "none" })).toBe(
      `${HEAD}shop:\n- at '': missing property 'colour'\n- at '/port': got string, want integer\n`,
    );
  });
});

describe("references", () => {
  const validate = createValidateValues();
  const only = "a chart's schema may refer only to what stands in itself";
  it.each([
    ["https://example.com/a.json#/b", `failing loading "https://example.com/a.json": ${only}`],
    ["file:///etc/passwd", `failing loading "file:///etc/passwd": ${only}`],
    ["other.json", `failing loading "file:///other.json": ${only}`],
    ["ftp://example.com/a", 'failing loading "ftp://example.com/a": no URLLoader registered for "ftp://example.com/a"'],
    ["urn:a:b", undefined],
    ["#/$defs/a", "- at '/v': got number, want string\n"],
    ["#named", "- at '/v': got number, want string\n"],
    ["own.json", "- at '/v': got number, want string\n"],
    ["#/none", 'json-pointer in "file:///values.schema.json#/none" not found'],
    ["#none", 'anchor in "file:///values.schema.json#none" not found in schema "file:///values.schema.json"'],
  ])("%s", (reference, want) => {
    const schema = { $defs: { a: { $anchor: "named", type: "string" }, b: { $id: "own.json", type: "string" } }, properties: { v: { $ref: reference } } };
    expect(validate({ v: 1 }, JSON.stringify(schema))).toBe(want);
  });
});

describe("hostile schemas end", () => {
  const chain = (length: number, below: (next: string) => unknown): unknown => ({
    $ref: "#/$defs/a0",
    $defs: Object.fromEntries([...Array.from({ length }, (_, index) => [`a${index}`, below(`#/$defs/a${index + 1}`)]), [`a${length}`, { type: "string" }]]),
  });
  it.each([
    ["many times the same", chain(60, ($ref) => ({ anyOf: [{ $ref, minProperties: 9 }, { $ref }] })), "takes more than"],
    ["one behind the other", chain(5_000, ($ref) => ({ $ref })), "takes more than"],
    ["in a circle", { $ref: "#/$defs/a", $defs: { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/a" } } }, "causing reference cycle"],
    ["a pattern with too many states", { properties: { v: { pattern: "((a{900}){900}){900}" } } }, "is not valid regex"],
    ["a pattern that takes long elsewhere", { properties: { v: { pattern: "^(a+)+$" } } }, "does not match pattern"],
  ])("%s", (_, schema, want) => expect(validateChart(chart("c", schema), { v: `${"a".repeat(5_000)}b` })).toContain(want));
});
