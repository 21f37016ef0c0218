import { composeParts, type ValuesPart } from "@sluice/engine/build/helm/values/compose.ts";
import { configDigest, digestOfValues } from "@sluice/engine/build/helm/values/config-digest.ts";
import { readValues } from "@sluice/engine/build/helm/values/read-values.ts";
import { jsonOfValues, valuesOf } from "@sluice/engine/build/helm/values/values.ts";
import type { JsonObject } from "@sluice/engine/domain/json.ts";
import { describe, expect, it } from "vitest";

const file = (data: string): ValuesPart => ({ data, targetPath: "", isLiteral: false });
const at = (targetPath: string, data: string): ValuesPart => ({ data, targetPath, isLiteral: false });

/** Each row was asked of fluxcd/pkg chartutil 1.27.2 as well. */
describe("values of references", () => {
  it.each<readonly [string, readonly ValuesPart[], JsonObject, JsonObject]>([
    ["later ones count more, map by map", [file("a: {x: 1, b: 1}\nl: [1, 2]"), file("a: {b: 2}\nl: [3]")], {}, { a: { x: 1, b: 2 }, l: [3] }],
    ["inline values count most", [file("a: {x: 1, b: 1}")], { a: { b: 3 } }, { a: { x: 1, b: 3 } }],
    ["a null stays", [file("a: 1")], { a: null }, { a: null }],
    ["a target path counts more than a map that only the inline values have", [at("a.x", "2")], { a: { x: 1 } }, { a: { x: 2 } }],
    ["but less than what stands beside it on top", [at("x", "2")], { x: 1 }, { x: 1 }],
    ["and less than a map that was merged", [file("a: {b: 1}"), at("a.x", "2")], { a: { x: 1 } }, { a: { b: 1, x: 1 } }],
    ["an empty document says nothing", [file(""), file("# nothing"), file("null")], { a: 1 }, { a: 1 }],
  ])("%s", (_, parts, inline, want) => {
    const composed = composeParts(parts, inline);
    expect(composed.ok ? jsonOfValues(composed.value).json : composed.problem).toEqual(want);
  });

  it.each([
    ["[a, b]", "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type common.Values"],
    ["true", "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal bool into Go value of type common.Values"],
    ["5", "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal number into Go value of type common.Values"],
    ["a: b: c", "error converting YAML to JSON: yaml: mapping values are not allowed in this context"],
    ["a: .nan", "error converting YAML to JSON: json: unsupported value: NaN"],
  ])("%s is refused: %s", (text, want) => {
    expect(readValues(text)).toEqual({ ok: false, problem: want });
    expect(composeParts([file("a: 1"), file(text)], {})).toEqual({ ok: false, problem: { part: 1, message: want } });
  });
});

/** Digests of fluxcd/pkg chartutil 1.27.2 over the same values. */
describe("configDigest", () => {
  it.each<readonly [JsonObject, string]>([
    [{}, "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    [{ a: 1 }, "sha256:37b128c59f1f5097f73f82691cb519f1f568667faab5ced1b4ab979d36837eae"],
    [{ a10: 1, a2: 2, Z: 3, "\u00e9": 4, "\ud83d\ude00": 5, "\ue000": 6, "": 7 }, "sha256:e07dfe15d90f8641f0cf87bf231eac0ab5f68ef8b221dc26d1d33c6134b466ea"],
    [
      { a: { b: [1, [2, { z: 1, a: 2 }], null, true, "yes", "1e3", "0x1", "line\nline\n", "trail\n\n"] } },
      "sha256:69a8a75055a75bc89016af65e1f07403b52344152a9d682bf5c7d69f2e31e943",
    ],
    [{ n: [1e21, 1.5, 1234567.5, 1e-7, -0.5, 1e18, 2 ** 64] }, "sha256:a00c82fa75f0d7e6197344c1ec6d42972a652a0dc1d4fdfc3e7da705cd1146a0"],
    [
      {
        empty: {},
        list: [],
        text: "long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long ",
      },
      "sha256:097eff69a69ce92f08dae52cce224f2774adb3c63d2bf36c003188577795a13a",
    ],
  ])("%j", (values, want) => expect(configDigest(values)).toBe(want));

  it("has all digits of an int64", () => {
    const values = valuesOf({});
    values.set("a", 9_007_199_254_740_993n);
    expect(digestOfValues(values)).not.toBe(configDigest({ a: 9_007_199_254_740_992 }));
  });
});
