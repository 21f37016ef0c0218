import { type Node, scalar } from "@sluice/engine/build/node/node.ts";
import { byKey } from "@sluice/engine/build/yaml/key-order.ts";
import { writeNumber } from "@sluice/engine/build/yaml/number.ts";
import { readFirstYaml, readYaml } from "@sluice/engine/build/yaml/read.ts";
import { writeYaml } from "@sluice/engine/build/yaml/write.ts";
import type { Json } from "@sluice/engine/domain/json.ts";
import { describe, expect, it } from "vitest";

const LONG = "word ".repeat(20).trim();
const KEY = "k".repeat(129);

/** Each text is what sigs.k8s.io/yaml v1.6.0 writes; checked with it, as were some 12,000 random values. */
describe("writeYaml", () => {
  it.each<[Json, string]>([
    [{ b: 1, a: "x" }, "a: x\nb: 1\n"],
    [{ a: [], b: {}, c: null, d: true }, "a: []\nb: {}\nc: null\nd: true\n"],
    [{ a: [1, { b: 2, c: [3] }, [4, [5]]] }, "a:\n- 1\n- b: 2\n  c:\n  - 3\n- - 4\n  - - 5\n"],
    [[], "[]\n"],
    ["x", "x\n"],
    [{ a: "" }, 'a: ""\n'],
    [
      { a: "yes", b: "1", c: "null", d: "0755", e: "2001-01-01", f: "12:30", g: "1e3", h: "~" },
      'a: "yes"\nb: "1"\nc: "null"\nd: "0755"\ne: "2001-01-01"\nf: "12:30"\ng: "1e3"\nh: "~"\n',
    ],
    [
      { a: "a: b", b: "a #b", c: "- x", d: "{x}", e: "'", f: "*x", g: " x", h: "---" },
      "a: 'a: b'\nb: 'a #b'\nc: '- x'\nd: '{x}'\ne: ''''\nf: '*x'\ng: ' x'\nh: '---'\n",
    ],
    [{ a: "a:b", b: "a#b", c: "-x", d: "<<", e: "08x", f: "it's" }, "a: a:b\nb: a#b\nc: -x\nd: <<\ne: 08x\nf: it's\n"],
    [{ n: 1, y: 2, on: 3 }, '"n": 1\n"on": 3\n"y": 2\n'],
    [{ a: "x\n" }, "a: |\n  x\n"],
    [{ a: "x\ny" }, "a: |-\n  x\n  y\n"],
    [{ a: "x\n\n" }, "a: |+\n  x\n\n"],
    [{ a: "\n" }, "a: |2+\n\n"],
    [{ a: " x\ny" }, "a: |2-\n   x\n  y\n"],
    [{ a: "x \ny" }, 'a: "x \\ny"\n'],
    [{ a: "x\ty\n" }, 'a: "x\\ty\\n"\n'],
    [{ a: ["x\ny"], b: { c: "x\ny" } }, "a:\n- |-\n  x\n  y\nb:\n  c: |-\n    x\n    y\n"],
    [{ a: "\u{1f600}", b: "\u0001", c: "\ufeffx", d: "é" }, 'a: "\\U0001F600"\nb: "\\x01"\nc: "\\uFEFF\\x78"\nd: é\n'],
    [{ a: LONG }, `a: ${"word ".repeat(15)}word\n  ${"word ".repeat(4).trim()}\n`],
    [{ a: "\u2028x 'y", b: "x\n\u2028y\n" }, "a: '\u2028  x ''y'\nb: |\n  x\n\u2028  y\n"],
    [{ a: "0b-11", b: "0o-7", c: "1_0", d: "!x", e: "x: y z", f: "%x" }, "a: \"0b-11\"\nb: 0o-7\nc: \"1_0\"\nd: '!x'\ne: 'x: y z'\nf: '%x'\n"],
    [{ a: `x: ${LONG}` }, `a: 'x: ${"word ".repeat(15).trim()}\n  ${"word ".repeat(5).trim()}'\n`],
    [{ a: `${LONG}\t` }, `a: "${"word ".repeat(15)}word\n  ${"word ".repeat(4).trim()}\\t"\n`],
    [{ [KEY]: 1 }, `? ${KEY}\n: 1\n`],
    [{ [KEY]: { a: 1, b: 2 } }, `? ${KEY}\n: a: 1\n  b: 2\n`],
    [{ "a\nb": [1, 2] }, "? |-\n  a\n  b\n: - 1\n  - 2\n"],
  ])("%j", (value, want) => expect(writeYaml(value)).toBe(want));
});

describe("written scalars", () => {
  it.each<[Node, string]>([
    [scalar("0644", 420), "420\n"],
    [scalar("True", true), "true\n"],
    [scalar("1e3", 1000), "1000\n"],
    [scalar("12345678901234567890", 12_345_678_901_234_567_890n), "12345678901234567890\n"],
    [scalar("2001-01-01", "2001-01-01T00:00:00Z"), '"2001-01-01T00:00:00Z"\n'],
  ])("%o", (node, want) => expect(writeYaml(node)).toBe(want));
});

describe("writeNumber", () => {
  it.each([
    [1, "1"],
    [-0, "0"],
    [1.5, "1.5"],
    [123456.5, "123456.5"],
    [1234567.5, "1.2345675e+06"],
    [0.0001, "0.0001"],
    [0.00001, "1e-05"],
    [1e20, "1e+20"],
    [2 ** 62, "4611686018427387904"],
  ])("%d is %s", (value, want) => expect(writeNumber(value)).toBe(want));
});

describe("byKey", () => {
  it.each([
    [
      ["a10", "a2", "a1"],
      ["a1", "a2", "a10"],
    ],
    [
      ["b", "a-b", "ab", "a"],
      ["a", "a-b", "ab", "b"],
    ],
    [
      ["b", "B", "a"],
      ["B", "a", "b"],
    ],
    [
      ["a.b", "a/b", "a_b", "a1"],
      ["a.b", "a/b", "a_b", "a1"],
    ],
    [
      ["1", "a", "-"],
      ["-", "1", "a"],
    ],
    [
      ["a09", "a10", "a9"],
      ["a9", "a09", "a10"],
    ],
  ])("%j", (keys, want) => expect(keys.toSorted(byKey)).toEqual(want));
});

describe("readYaml", () => {
  it.each<[string, Json]>([
    ["k: 0755", 493],
    ["k: 08", 8],
    ["k: 1_000", 1000],
    ["k: 0x1F", 31],
    ["k: 0b101", 5],
    ["k: -0x1", -1],
    ["k: .5", 0.5],
    ["k: 1e3", 1000],
    ["k: 1:30", "1:30"],
    ["k: 2001-01-01", "2001-01-01"],
    ["k: yes", true],
    ["k: n", false],
    ["k: ~", null],
    ["k: =", "="],
    ["k: 0x", "0x"],
    ['k: "yes"', "yes"],
    ["k: !!str 5", "5"],
    ["k: !!int '7'", 7],
    ["k: !!binary aGk=", "hi"],
    ["k: !own 5", "5"],
    ["k: ! 5", "5"],
    ["%TAG !e! tag:yaml.org,2002:\n---\nk: !e!str 5\n", "5"],
    ["k: 0b-11", -3],
    ["k: 0o-7", "0o-7"],
    ["k: {a: , b}", { a: null, b: null }],
    ["k: {16777217.5: a, 1e6: b, 1000000: c, 0.5: d}", { "1.6777218e+07": "a", "1e+06": "b", "1000000": "c", "0.5": "d" }],
    ["k: {1: a, yes: b}", { "1": "a", true: "b" }],
    ["k: &x {a: 1, b: 2}\nl: {<<: *x, b: 3}", { a: 1, b: 2 }],
    ["k: {a: 1, <<: {a: 2}}", { a: 2 }],
    ["k: {<<: {a: 1}, a: 2, <<: {b: 3}}", { a: 2, b: 3 }],
    ["k: {<<: {a: 2}, a: 1}", { a: 1 }],
    ["k: {<<: [{a: 1}, {a: 2, b: 2}]}", { a: 1, b: 2 }],
    ['k: {"<<": {a: 1}}', { "<<": { a: 1 } }],
    ["k: <<", "<<"],
    ["\ufeffk: 1", 1],
    ["k: 1\r\n", 1],
  ])("%s", (text, want) => {
    const read = readYaml(text);
    expect(read.ok ? (read.value[0] as { k: Json }).k : read.problem).toEqual(want);
  });

  it.each<[string, string | RegExp]>([
    ["a: 1\na: 2\nb: {c: 1, c: 2}\n", 'yaml: unmarshal errors:\n  line 2: key "a" already set in map\n  line 3: key "c" already set in map'],
    ["constructor: 1", 'yaml: the key "constructor" is not allowed'],
    ["a: {prototype: 1}", 'yaml: the key "prototype" is not allowed'],
    ["a: {<<: text}", "yaml: map merge requires map or sequence of maps as the value"],
    ["a: .inf", "json: unsupported value: +Inf"],
    ["? [a]\n: b", 'yaml: invalid map key: []interface {}{"a"}'],
    ["a: &a {b: *a}", "yaml: anchor 'a' value contains itself"],
    ["[".repeat(5_000), "yaml: nested deeper than 100"],
    [`a: &a [x]\n${Array.from({ length: 1_100 }, (_, index) => `b${index}: *a\n`).join("")}`, /alias/],
  ])("refuses %#", (text, want) => {
    const read = readYaml(text);
    expect(read.ok ? "read" : read.problem).toMatch(want);
  });

  it("refuses a text that grows by its aliases", () => {
    const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
    for (let level = 1; level < 9; level++) lines.push(`a${level}: &a${level} [${Array.from({ length: 10 }, () => `*a${level - 1}`).join(", ")}]`);
    const read = readYaml(lines.join("\n"));
    expect(read.ok ? "read" : read.problem).toBe("yaml: more than 2000000 values");
  });

  it("lets the last of two keys win where Flux does", () => {
    expect(readYaml("a: 1\na: 2\n", "last wins")).toEqual({ ok: true, value: [{ a: 2 }] });
  });

  it("reads the first document, whatever follows", () => {
    expect(readFirstYaml("a: 1\n---\n[\n")).toEqual({ ok: true, value: { a: 1 } });
    expect(readFirstYaml("# nothing\n")).toEqual({ ok: true, value: null });
    expect(readYaml("a: 1\n---\n[\n")).toEqual({ ok: false, problem: "yaml: line 3: did not find expected node content" });
  });

  it("knows an anchor in its own document only", () => {
    expect(readYaml("a: &x 1\n---\nb: *x\n")).toEqual({ ok: false, problem: "yaml: unknown anchor 'x' referenced" });
  });

  it("reads all documents", () => {
    expect(readYaml("a: 1\n---\n# nothing\n---\nb\n")).toEqual({ ok: true, value: [{ a: 1 }, null, "b"] });
  });
});
