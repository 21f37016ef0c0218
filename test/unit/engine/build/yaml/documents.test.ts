import { isList, isMap, type Node, scalar } from "@sluice/engine/build/node/node.ts";
import { writtenIn } from "@sluice/engine/build/node/written.ts";
import { type Document, readDocuments } from "@sluice/engine/build/yaml/documents.ts";
import { lineOf } from "@sluice/engine/build/yaml/line-of.ts";
import { scalarOf } from "@sluice/engine/build/yaml/scalar-of.ts";
import { describe, expect, it } from "vitest";

const documentsOf = (text: string): readonly Document[] => {
  const read = readDocuments(text);
  expect(read).toMatchObject({ ok: true });
  return read.ok ? read.value : [];
};
const nodeOf = (text: string): Node | undefined => documentsOf(text)[0]?.node;

/** Each text and value has been given to kyaml 0.21.1; so have some 50,000 texts with random faults. */
describe("scalarOf", () => {
  it.each<[string, Node]>([
    ["", null],
    ["~", null],
    ["null", null],
    ["Null", null],
    ["nUll", "nUll"],
    ["true", true],
    ["True", scalar("True", true)],
    ["FALSE", scalar("FALSE", false)],
    ["yes", "yes"],
    ["on", "on"],
    ["y", "y"],
    ["0", 0],
    ["-1", -1],
    ["+5", scalar("+5", 5)],
    ["-0", scalar("-0", 0)],
    ["0644", scalar("0644", 420)],
    ["0o644", scalar("0o644", 420)],
    ["0o-7", scalar("0o-7", -7)],
    ["0x1F", scalar("0x1F", 31)],
    ["0b11", scalar("0b11", 3)],
    ["-0b11", scalar("-0b11", -3)],
    ["0b-11", scalar("0b-11", -3)],
    ["08", scalar("08", 8)],
    ["1_000", scalar("1_000", 1000)],
    ["1.5", 1.5],
    ["1.0", scalar("1.0", 1)],
    ["1.", scalar("1.", 1)],
    [".5", scalar(".5", 0.5)],
    [".5_0", scalar(".5_0", 0.5)],
    ["._5", "._5"],
    ["1e3", scalar("1e3", 1000)],
    ["1e-07", 1e-7],
    ["1e-7", scalar("1e-7", 1e-7)],
    ["1e17", scalar("1e17", 100_000_000_000_000_000n)],
    ["1e400", "1e400"],
    ["9007199254740993", scalar("9007199254740993", 9_007_199_254_740_993n)],
    ["12345678901234567890", scalar("12345678901234567890", 12_345_678_901_234_567_890n)],
    ["+18446744073709551615", scalar("+18446744073709551615", 2 ** 64)],
    ["-9223372036854775809", scalar("-9223372036854775809", -(2 ** 63))],
    ["99999999999999999999", scalar("99999999999999999999", 1e20)],
    [".inf", scalar(".inf", Number.POSITIVE_INFINITY)],
    ["0x", "0x"],
    ["1.2.3", "1.2.3"],
    ["500m", "500m"],
    ["1:30", "1:30"],
    ["2001-01-01", scalar("2001-01-01", "2001-01-01T00:00:00Z")],
    ["2001-1-2", scalar("2001-1-2", "2001-01-02T00:00:00Z")],
    ["2001-01-01T00:00:00Z", "2001-01-01T00:00:00Z"],
    ["2001-1-1T1:2:3.50+02:00", scalar("2001-1-1T1:2:3.50+02:00", "2001-01-01T01:02:03.5+02:00")],
    ["2001-01-01 10:11:12,1234567899", scalar("2001-01-01 10:11:12,1234567899", "2001-01-01T10:11:12.123456789Z")],
    ["2001-01-01t10:11:12-00:00", scalar("2001-01-01t10:11:12-00:00", "2001-01-01T10:11:12Z")],
    ["2001-02-29", "2001-02-29"],
    ["2000-02-29", scalar("2000-02-29", "2000-02-29T00:00:00Z")],
    ["2001-13-01", "2001-13-01"],
    ["<<", "<<"],
  ])("%s", (text, want) => expect(scalarOf(text)).toEqual(want));
});

/** A node without what it remembers of how its fields were written. */
function forgetful(node: Node | undefined): Node | undefined {
  if (isList(node)) return node.map((item) => forgetful(item) ?? null);
  return isMap(node) ? Object.fromEntries(Object.entries(node).map(([key, value]) => [key, forgetful(value) ?? null])) : node;
}

describe("how fields are written", () => {
  it.each<[string, string, Readonly<Record<string, string>>]>([
    ["nothing", "a:\nb: null\nc: ~\n", { a: "empty" }],
    ["nothing in flow", "{a: , b, c: null}", { a: "empty", b: "empty" }],
    ["quotes without need", "a: x\nb: \"x\"\nc: 'x'\nd: |-\n  x\n", { b: "quoted", c: "quoted", d: "quoted" }],
    ["quotes that are needed", "a: \"5\"\nb: ''\nc: |\n  x\n", {}],
    ["aliases", 'a: &x "x"\nb: *x\nc: &y\nd: *y\ne: x\n', { a: "quoted", b: "quoted", c: "empty", d: "empty" }],
    ["merged maps", '<<: {a: "x", b: , c: y}\nb: z\n', { a: "quoted" }],
    ["behind something else", 'a: "x"\nb: {c: "x"}\nd: [x]\ne: 1\nf: x\n', { a: "quoted" }],
  ])("%s", (_, text, want) => {
    const node = nodeOf(text);
    expect(node !== undefined && isMap(node) ? Object.fromEntries(writtenIn(node)) : undefined).toEqual(want);
  });
});

describe("the value of a document", () => {
  it.each<[string, string, Node]>([
    ["plain text over lines", "a: b\n  c\n\n  d # e\n", { a: "b c\nd" }],
    ["plain text with signs", "a: b#c -d ?e f:g [h]\n", { a: "b#c -d ?e f:g [h]" }],
    ["tabs", "a:\tb\nc: \t d\n", { a: "b", c: "d" }],
    ["single quotes", "a: 'it''s\n\n  b'\n", { a: "it's\nb" }],
    ["double quotes", 'a: "\\x41\\u00e9\\U0001F600\\n\\t\\\n  b \\\n  c\n  d"\n', { a: "Aé\u{1f600}\n\tb c d" }],
    ["a literal", "a: |\n  b\n   c\n\n  d\n\ne: 1\n", { a: "b\n c\n\nd\n", e: 1 }],
    ["a literal without its end", "a: |-\n  b\n\nc: |+\n  d\n\n", { a: "b", c: "d\n\n" }],
    ["a literal that says its indent", "a: |2\n    b\n  c\n", { a: "  b\nc\n" }],
    ["folds", "a: >-\n  b\n  c\n\n  d\n", { a: "b c\nd" }],
    ["folds that kyaml writes anew with other breaks", "a: >\n  b\n   c\n  d\n", { a: "b\n\n c\nd\n" }],
    ["kept breaks of folds, of which kyaml makes one more", "a: >+\n  b\n\n", { a: "b\n\n\n" }],
    ["folds that begin with a blank, of which kyaml loses breaks", "a: >2\n   b\n  c\n\n  d\n", { a: " b\nc d\n" }],
    ["lists at the indent of their key", "a:\n- b\n-\n  - c\n- d: e\n  f: g\n", { a: ["b", ["c"], { d: "e", f: "g" }] }],
    ["lists in lists", "- - a\n  - b\n-\n- c\n", [["a", "b"], null, "c"]],
    ["flow", "a: {b: [c, 'd', {e: f}], g: h:i, j}\n", { a: { b: ["c", "d", { e: "f" }], g: "h:i", j: "" } }],
    ["pairs in flow lists", "[a: b, ? c : d, e]\n", [{ a: "b" }, { c: "d" }, "e"]],
    ["nothing in flow is a text once kyaml has written it", "{a: , b: [~, null]}\n", { a: "", b: [null, null] }],
    ["a time in flow is a text, a date is none", "[2001-01-01 10:00:00, 2001-01-01]\n", ["2001-01-01 10:00:00", scalar("2001-01-01", "2001-01-01T00:00:00Z")]],
    ["keys with marks", "? a\n: b\n? |\n  c\n: d\n? \n: e\n", { a: "b", "c\n": "d", "": "e" }],
    ["keys of an object that are no text", "1: a\n1.0: b\ntrue: c\n", { 1: "a", "1.0": "b", true: "c" }],
    ["names that all objects inherit", "toString: 1\nvalueOf: {hasOwnProperty: 2}\n", { toString: 1, valueOf: { hasOwnProperty: 2 } }],
    ["anchors", "a: &x {b: 1}\nc: *x\nd: &y e\n*y : [*x, &x 2, *x]\n", { a: { b: 1 }, c: { b: 1 }, d: "e", e: [{ b: 1 }, 2, 2] }],
    ["a merge", "a: &x {b: 1, c: 2}\nd: {c: 3, <<: *x}\n", { a: { b: 1, c: 2 }, d: { c: 3, b: 1 } }],
    ["a merge of several, of which the first wins", "a: {<<: [{b: 1, c: 1}, {b: 2, d: 2}], d: 3}\n", { a: { b: 1, c: 1, d: 3 } }],
    ["a merge key in quotes is dropped", '"<<": 1\na: {"<<": {b: 1}, c: 2}\n', { a: { c: 2 } }],
    ["tags", "a: !!str 5\nb: !!int '5'\nc: !own 5\nd: ! 5\ne: !!binary aGk=\nf: !!float 5\ng: !!str\n", { a: "5", b: 5, c: "5", d: 5, e: "hi", f: 5, g: "" }],
    ["a tag in full", "a: !<tag:yaml.org,2002:str> 6\n", { a: "6" }],
    ["a byte order mark", "\ufeffa: 1\n", { a: 1 }],
    ["other line ends", "a: |\r\n  b\r\n  c\r\nd:\r  e\u0085f: g\u2028h: i\n", { a: "b\nc\n", d: "e", f: "g", h: "i" }],
  ])("%s", (_, text, want) => expect(forgetful(nodeOf(text))).toEqual(want));

  it("is shared where an alias names it", () => {
    const node = nodeOf("a: &x {b: 1}\nc: *x\n") as { readonly a: Node; readonly c: Node };
    expect(node.c).toBe(node.a);
  });
});

describe("the documents of a file", () => {
  const shown = (text: string): string =>
    documentsOf(text)
      .map(({ node, line }) => `${line} ${JSON.stringify(node)}`)
      .join(" ");
  it.each<[string, string, string]>([
    ["are separated by lines", "# head\n\na: 1\n---\n# only\n---\n\n---\nb: 2\n--- # c\nc: 3\n---\t\n", '3 {"a":1} 9 {"b":2} 11 {"c":3}'],
    ["a separator at the very end is none", "a: 1\n---", '1 {"a":1}'],
    ["a mark at the beginning is none either", "---\na: 1\n", '2 {"a":1}'],
    ["a value may stand on the first mark", "--- {a: 1}\n", '1 {"a":1}'],
    ["the line break before a separator belongs to a literal", "a: |\n  b\n---\nc: 1\n", '1 {"a":"b\\n"} 4 {"c":1}'],
    ["what follows dots is not read", "a: 1\n...\n[\n", '1 {"a":1}'],
    ["empty ones are left out, empty maps are not", "---\n~\n---\n{}\n---\n", "4 {}"],
    ["nothing", "", ""],
    ["a List gives its items", "kind: List\nitems:\n- a: 1\n-\n  b: 2\n- null\n", '3 {"a":1} 5 {"b":2}'],
    ["so does a ResourceList", "kind: ResourceList\nfunctionConfig: {}\nitems: [{a: 1}]\n", '3 {"a":1}'],
    ["of items that come twice the first count", "kind: List\nitems: [{a: 1}]\nitems: [{b: 2}]\nkind: Pod\n", '2 {"a":1}'],
    ["a List without items", "kind: List\nfunctionConfig: {}\n", ""],
    ["a List that has neither", "kind: List\na: 1\n", '1 {"kind":"List","a":1}'],
    ["a List among others stays", "kind: List\nitems: []\n---\na: 1\n", '1 {"kind":"List","items":[]} 4 {"a":1}'],
    ["a list of another kind stays", "kind: PodList\nitems: []\n", '1 {"kind":"PodList","items":[]}'],
    ["byte order marks in front of parts", "\ufeffa: 1\n---\n\ufeffb: 2\n", '1 {"a":1} 3 {"b":2}'],
  ])("%s", (_, text, want) => expect(shown(text)).toBe(want));
});

describe("what a file may ask for", () => {
  const refused = (text: string): string => {
    const read = readDocuments(text);
    return read.ok ? "read" : read.problem.message;
  };
  const laughs = Array.from(
    { length: 9 },
    (_, level) =>
      `a${level}: &a${level} [${Array(10)
        .fill(level === 0 ? "x" : `*a${level - 1}`)
        .join(", ")}]`,
  ).join("\n");
  it.each<[string, string, string]>([
    ["depth in flow", "[".repeat(50_000), "yaml: nested deeper than 100"],
    ["depth by dashes", "- ".repeat(50_000), "yaml: nested deeper than 100"],
    ["depth by keys", "? ".repeat(50_000), "yaml: nested deeper than 100"],
    ["depth by indents", Array.from({ length: 200 }, (_, depth) => `${" ".repeat(depth)}a:\n`).join(""), "yaml: nested deeper than 100"],
    ["just so deep", `${"[".repeat(100)}${"]".repeat(100)}`, "read"],
    ["values by aliases", laughs, "yaml: more than 2000000 values"],
    ["aliases", `a: &a 1\nb: [${Array(1_001).fill("*a").join(", ")}]`, "yaml: more than 1000 aliases"],
    [
      "aliases over all documents",
      `a: &a 1\nb: [${Array(501).fill("*a").join(", ")}]\n---\na: &a 1\nb: [${Array(501).fill("*a").join(", ")}]`,
      "yaml: more than 1000 aliases",
    ],
    ["an alias of itself", "a: &a [*a]", "yaml: anchor 'a' value contains itself"],
    ["documents", "---\na: 1\n".repeat(20_002), "yaml: more than 20000 documents"],
    ["characters", "a".repeat(17 * 1024 * 1024), "yaml: more than 16777216 characters"],
    ["a prototype", "a: {__proto__: {b: 1}}", 'yaml: the key "__proto__" is not allowed'],
    ["a constructor", "constructor: 1", 'yaml: the key "constructor" is not allowed'],
    ["a prototype by a merge", "a: {<<: {prototype: 1}}", 'yaml: the key "prototype" is not allowed'],
  ])("%s", (_, text, message) => expect(refused(text)).toBe(message));

  it.each<[string, string]>([
    ["keys that come twice", "a: 1\n".repeat(100_000)],
    ["names", Array.from({ length: 100_000 }, (_, index) => `k${index}: 1\n`).join("")],
    ["comments", "# x\n".repeat(300_000)],
    ["blanks before a comment", `a: 1${" ".repeat(1_000_000)}# x\n`],
    ["empty lines in a text", `a: "${"\n".repeat(300_000)}"`],
    ["empty lines in a block", `a: >\n${"\n".repeat(300_000)}  b\n`],
    ["quotes", `a: '${"''".repeat(300_000)}'`],
    ["possible keys", `[${"a, ".repeat(300_000)}]`],
  ])("%s without end take no more time than others", (_, text) => expect(typeof refused(text)).toBe("string"));
});

describe("lineOf", () => {
  const text = "# c\n---\na: 1\nb:\n- x: 1\n  y: &q\n    z: 2\n-\n  w: [1,\n    2]\n---\n\nc: 3\nd: {e: 4}\nm: {<<: {n: 1}}\n";
  const list = "kind: List\nitems:\n- a: 1\n- null\n-\n  b: {c: 2}\n";
  it.each<[string, number, readonly (string | number)[], number | undefined]>([
    [text, 0, [], 3],
    [text, 0, ["b"], 4],
    [text, 0, ["b", 0, "y", "z"], 7],
    [text, 0, ["b", 1], 9],
    [text, 0, ["b", 1, "w", 1], 10],
    [text, 1, [], 13],
    [text, 1, ["d", "e"], 14],
    [text, 1, ["m", "n"], 15],
    [text, 1, ["x"], undefined],
    [text, 1, ["c", "x"], undefined],
    [text, 2, [], undefined],
    [list, 0, ["a"], 3],
    [list, 1, ["b", "c"], 6],
    ["a: [", 0, [], undefined],
  ])("%j %d %j", (source, index, path, want) => expect(lineOf(source, index, path)).toBe(want));
});
