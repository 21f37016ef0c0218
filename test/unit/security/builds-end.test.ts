import { describe, expect, it } from "vitest";
import { builtText } from "./trees.ts";

type Files = Readonly<Record<string, string>>;

const times = (count: number, one: (index: number) => string, between = ", "): string => Array.from({ length: count }, (_, index) => one(index)).join(between);
const map = (name: string, rest = ""): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n${rest}`;
const maps = (count: number): string => times(count, (index) => map(`n${index}`), "---\n");
const patch = (target: string): string => `{patch: '[{"op": "add", "path": "/x", "value": 1}]', target: ${target}}`;
const folders = (count: number, of: (index: number) => string): Files =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`b${index}/kustomization.yaml`, of(index)]));

/** Fewer than builds may take, so that nobody waits for it. */
const FEW_STEPS = 20_000_000;
const STEPS = new RegExp(`more than ${FEW_STEPS} steps`);

/** Small inputs whose work or size is a product. Without a bound each of them takes minutes or all memory, so that the test's own time is the expectation, too. */
describe("a build ends", () => {
  it.each<[string, Files, RegExp]>([
    [
      "a base that is listed again and again",
      {
        "kustomization.yaml": `resources: [${times(30, (index) => `b${index}`)}]\n`,
        ...folders(30, (index) => `namePrefix: p${index}-\nresources: [../a.yaml]\n`),
        "a.yaml": maps(1_000),
      },
      /more than 20000 objects/,
    ],
    ["generators without end", { "kustomization.yaml": `configMapGenerator: [${times(20_001, (index) => `{name: a${index}}`)}]\n` }, /more than 20000 objects/],
    [
      "aliases of a long text",
      { "kustomization.yaml": "resources: [a.yaml]\n", "a.yaml": map("a", `spec:\n  t: &t ${"x".repeat(1_000_000)}\n  l: [${times(999, () => "*t")}]\n`) },
      STEPS,
    ],
    ["a long prefix of many names", { "kustomization.yaml": `namePrefix: ${"p".repeat(1_000_000)}\nresources: [a.yaml]\n`, "a.yaml": maps(2_000) }, STEPS],
    [
      "labels x objects",
      { "kustomization.yaml": `labels: [${times(2_000, (index) => `{pairs: {l${index}: v}}`)}]\nresources: [a.yaml]\n`, "a.yaml": maps(1_000) },
      STEPS,
    ],
    [
      "images x objects",
      { "kustomization.yaml": `images: [${times(20_000, (index) => `{name: i${index}, newTag: v}`)}]\nresources: [a.yaml]\n`, "a.yaml": maps(2_000) },
      STEPS,
    ],
    [
      "patches x objects",
      { "kustomization.yaml": `patches: [${times(2_000, () => patch("{kind: ConfigMap}"))}]\nresources: [a.yaml]\n`, "a.yaml": maps(1_000) },
      STEPS,
    ],
    [
      "patterns without end",
      {
        "kustomization.yaml": `patches: [${times(2_000, (index) => patch(`{name: '(((a{1,10}){1,10}){1,10})${index}'}`))}]\nresources: [a.yaml]\n`,
        "a.yaml": map("a"),
      },
      STEPS,
    ],
    [
      "a long pattern",
      { "kustomization.yaml": `patches: [${patch(`{name: '${"(a|b)*".repeat(1_000)}'}`)}]\nresources: [a.yaml]\n`, "a.yaml": map("a") },
      /more than 4000 characters/,
    ],
    [
      "a file that is read again and again",
      { "kustomization.yaml": `configMapGenerator: [{name: a, files: [${times(1_000, (index) => `k${index}=f`)}]}]\n`, f: "x".repeat(1_000_000) },
      STEPS,
    ],
    [
      "replacements that double a text",
      {
        "kustomization.yaml": `resources: [a.yaml]\nreplacements: [${times(60, (index) => {
          const [from, to] = index % 2 === 0 ? ["x", "y"] : ["y", "x"];
          return `{source: {name: a, fieldPath: data.${from}}, targets: [{select: {name: a}, fieldPaths: [data.${to}], options: {delimiter: "-", index: 99}}]}`;
        })}]\n`,
        "a.yaml": map("a", "data: {x: xxxxxxxx, y: yyyyyyyy}\n"),
      },
      STEPS,
    ],
    [
      "a field path without end",
      {
        "kustomization.yaml": "resources: [a.yaml]\ncommonLabels: {a: b}\nconfigurations: [c.yaml]\n",
        "c.yaml": `commonLabels: [{path: ${times(100_000, () => "a", "/")}, create: true}]\n`,
        "a.yaml": map("a"),
      },
      /a field path with more than 100 parts/,
    ],
    [
      "configurations again and again",
      {
        "kustomization.yaml": `configurations: [${times(2_000, () => "c.yaml")}]\n`,
        "c.yaml": `nameReference: [${times(1_000, (index) => `{kind: K${index}, fieldSpecs: [{path: a}]}`)}]\n`,
      },
      STEPS,
    ],
    [
      "blanks inside of a patch",
      { "kustomization.yaml": `resources: [a.yaml]\npatches: [{patch: "x${" ".repeat(300_000)}y"}]\n`, "a.yaml": map("a") },
      /unable to parse SM or JSON patch/,
    ],
    [
      "blanks inside of a field path",
      {
        "kustomization.yaml": "resources: [a.yaml]\ncommonLabels: {a: b}\nconfigurations: [c.yaml]\n",
        "c.yaml": `commonLabels: [{path: "a${" ".repeat(300_000)}b", create: true}]\n`,
        "a.yaml": map("a"),
      },
      /^BUILT/,
    ],
  ])("%s", async (_, files, want) => expect(await builtText(files, {}, want === STEPS ? FEW_STEPS : undefined)).toMatch(want), 30_000);

  it("and the next one has all its steps again", async () =>
    expect(await builtText({ "kustomization.yaml": "resources: [a.yaml]\n", "a.yaml": maps(1_000) })).toMatch(/^BUILT/));
  it("2,000 objects are far from it", async () =>
    expect(
      await builtText({ "kustomization.yaml": "namePrefix: a-\nnamespace: b\ncommonLabels: {a: b}\nresources: [a.yaml]\n", "a.yaml": maps(2_000) }),
    ).toMatch(/^BUILT/));
});
