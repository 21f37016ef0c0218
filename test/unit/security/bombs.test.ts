// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Flux
import { collectManifests } from "@sluice/engine/build/parse.ts";
import { bytesOf } from "@sluice/engine/build/substitute/bytes.ts";
import { substituteText } from "@sluice/engine/build/substitute/substitute.ts";
import { readYaml } from "@sluice/engine/build/yaml/read.ts";
import { parseDuration } from "@sluice/engine/domain/duration.ts";
import { isEqual, type Json } from "@sluice/engine/domain/json.ts";
import { withoutTrailing } from "@sluice/engine/domain/text.ts";
import { driftOf } from "@sluice/engine/plan/compare.ts";
import { unionFields } from "@sluice/engine/plan/field-set.ts";
import { walkMap } from "@sluice/engine/plan/walk.ts";
import { isSameRepository } from "@sluice/engine/reconcile/push.ts";
import { parseIgnore } from "@sluice/engine/source/ignore.ts";
import { parseRange } from "@sluice/engine/source/semver.ts";
import { describe, expect, it } from "vitest";

const MANY = 100_000;
const laughs = (item: (level: number, below: string) => string): string =>
  Array.from({ length: 12 }, (_, level) =>
    item(
      level,
      Array(9)
        .fill(`*a${level - 1}`)
        .join(", "),
    ),
  ).join("\n");

/** CVE-2022-31016, CVE-2024-29893 (Argo CD), CVE-2022-23524 and -36055, CVE-2025-32386 (Helm). */
describe("YAML that grows", () => {
  it.each<[string, () => string, RegExp]>([
    ["lists in lists", () => "[".repeat(MANY), /nested deeper than 100/],
    ["maps in maps", () => "{a: ".repeat(MANY), /nested deeper than 100/],
    ["dashes behind dashes", () => "- ".repeat(MANY), /nested deeper than 100/],
    ["keys of keys", () => "? ".repeat(MANY), /nested deeper than 100/],
    ["an alias of itself", () => "a: &a [*a]", /contains itself/],
    ["a billion laughs", () => laughs((level, below) => `a${level}: &a${level} [${level === 0 ? "x" : below}]`), /more than 2000000 values/],
    ["a billion merges", () => laughs((level, below) => `a${level}: &a${level} ${level === 0 ? "{x: 1}" : `{<<: [${below}]}`}`), /more than 2000000 values/],
    ["aliases without end", () => `a: &a 1\nb: [${Array(MANY).fill("*a").join(", ")}]`, /more than 1000 aliases/],
    ["documents without end", () => "---\na\n".repeat(MANY), /more than 20000 documents/],
    ["a text without end", () => "a".repeat(17 * 1024 * 1024), /more than 16777216 characters/],
  ])("%s", (_, text, want) => expect(readYaml(text())).toMatchObject({ ok: false, problem: expect.stringMatching(want) }));

  it("objects without end", () => {
    const item = { apiVersion: "v1", kind: "A", metadata: { name: "a" } };
    expect(collectManifests([{ items: Array(20_001).fill(item) }])).toMatchObject({ ok: false, problem: "more than 20000 objects" });
  });
});

describe("substitution that grows", () => {
  const big = "x".repeat(1_000_000);
  const run = (text: string, variables: Record<string, string>) =>
    substituteText(text, { variables: new Map(Object.entries(variables).map(([name, value]) => [name, bytesOf(value)])), strict: true });
  it.each<[string, string]>([
    ["every letter by a million", "a: ${big//x/${big}}"],
    ["before every letter", "a: ${big//${none}/${big}}"],
    ["many times over", `a: ${"${big}".repeat(17)}`],
    ["in a default", `a: \${none:-${"${big}".repeat(17)}}`],
  ])("%s", (_, text) => expect(run(text, { big, none: "" })).toMatchObject({ ok: false, problem: expect.stringContaining("longer than 16777216 bytes") }));
  it.each([
    ["${big^^}", "X"],
    ["${big//x/y}", "y"],
    ["${big%b}", "x"],
  ])("%s of a million letters is no trouble", (text, letter) =>
    expect(run(`a: ${text}`, { big })).toEqual({ ok: true, value: { a: letter.repeat(1_000_000) } }));
});

/** CVE-2022-24878 (Flux), CVE-2024-32476 (Argo CD). Where the square of a length would be taken, these tests run into their time limit. */
describe("text that takes time", () => {
  const run = 300_000;
  it.each<[string, () => unknown, unknown]>([
    ["blanks in a line of .sourceignore", () => parseIgnore(`a${" ".repeat(run)}b`, []).length, 1],
    ["digits of a duration", () => parseDuration("1".repeat(run)), undefined],
    ["slashes of a URL", () => isSameRepository(`https://a/${"/".repeat(run)}b`, "https://a/b"), false],
    ["a range of versions", () => parseRange(`1${" ".repeat(run)}-${" ".repeat(run)}z`).ok, false],
    ["a run in the middle", () => withoutTrailing(`a${"/".repeat(run)}b//`, "/").length, run + 2],
  ])("%s", (_, work, want) => expect(work()).toBe(want));
});

/** A hundred thousand levels: an answer, or an exception that ends this one object's run, and never the process. */
describe("objects that nest without end", () => {
  const deep = (open: string, close: string, inner = "1"): Json => JSON.parse(open.repeat(MANY) + inner + close.repeat(MANY));
  const map = deep('{"a":', "}");
  const list = deep("[", "]");
  const object = (spec: Json) => ({ apiVersion: "a/v1", kind: "A", metadata: { name: "a" }, spec });

  it.each([
    ["maps", map, deep('{"a":', "}")],
    ["lists", list, deep("[", "]")],
  ])("are compared: equal %s", (_, a, b) => expect(isEqual(a, b)).toBe(true));
  it("are compared: other values at the bottom", () => expect(isEqual(map, deep('{"a":', "}", "2"))).toBe(false));
  it("drift is named down to a depth, and whole below it", () => {
    const [drift] = driftOf(object(map), object(deep('{"a":', "}", "2")));
    expect(drift?.path).toHaveLength(100);
  });
  it("are not walked", () =>
    expect(walkMap(map, deep('{"f:a":', "}", "{}") as never, map, { builtIn: false, foreign: [], path: "", depth: 0 })).toMatch(/too deep/));
  it("field sets are joined down to a depth", () => expect(Object.keys(unionFields(map as never, map as never))).toEqual(["a"]));
});
