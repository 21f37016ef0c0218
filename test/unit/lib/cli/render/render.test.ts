import { ms } from "@sluice/engine/domain/time.ts";
import { describe, expect, it } from "vitest";
import { renderAge } from "../../../../../lib/cli/render/age.ts";
import { renderDifferences } from "../../../../../lib/cli/render/differences.ts";
import { shortenHex } from "../../../../../lib/cli/render/hex.ts";
import { renderSize } from "../../../../../lib/cli/render/size.ts";
import { renderTable } from "../../../../../lib/cli/render/table.ts";
import { renderTree } from "../../../../../lib/cli/render/tree.ts";

const s = 1000;
const [m, h, d] = [60 * s, 3600 * s, 86_400 * s];

describe("renderAge, as apimachinery's HumanDuration", () => {
  it.each([
    [-5 * s, "<invalid>"],
    [-s, "0s"],
    [0, "0s"],
    [119 * s, "119s"],
    [2 * m, "2m"],
    [3 * m + 20 * s, "3m20s"],
    [10 * m + 20 * s, "10m"],
    [179 * m, "179m"],
    [3 * h, "3h"],
    [3 * h + 5 * m, "3h5m"],
    [8 * h + 5 * m, "8h"],
    [47 * h, "47h"],
    [2 * d, "2d"],
    [2 * d + 5 * h, "2d5h"],
    [8 * d + 5 * h, "8d"],
    [729 * d, "729d"],
    [730 * d, "2y"],
    [(3 * 365 + 20) * d, "3y20d"],
    [9 * 365 * d, "9y"],
  ])("%d ms is %s", (span, want) => expect(renderAge(ms(span))).toBe(want));
});

describe("renderSize", () => {
  it.each([
    [0, "-"],
    [700, "700 B"],
    [1024, "1.0 KiB"],
    [12_800, "12.5 KiB"],
    [5 * 1024 * 1024, "5.0 MiB"],
    [3 * 1024 ** 3, "3.0 GiB"],
  ])("%d bytes are %s", (bytes, want) => expect(renderSize(bytes)).toBe(want));
});

describe("shortenHex", () => {
  it.each([
    [`main@sha1:${"a".repeat(40)}`, "main@sha1:aaaaaaaa"],
    [`sha256:${"0f".repeat(32)} and sha1:${"1".repeat(40)}`, "sha256:0f0f0f0f and sha1:11111111"],
    ["a".repeat(39), "a".repeat(39)],
    ["A".repeat(40), "A".repeat(40)],
    ["a".repeat(129), "a".repeat(129)],
  ])("%s", (text, want) => expect(shortenHex(text)).toBe(want));
});

describe("renderTable", () => {
  it.each([
    { header: ["Name", "Last seen"], rows: [["a", "bb"]], want: "NAME\tLAST SEEN \na   \tbb       \t\n" },
    {
      header: [],
      rows: [
        ["a", "bb"],
        ["ccc", ""],
      ],
      want: "a  \tbb\t\nccc\t  \t\n",
    },
    { header: ["Name"], rows: [], want: "NAME \n" },
    { header: [], rows: [], want: "" },
    { header: ["A", "B"], rows: [["x\ny", "1"]], want: "A\tB \nx\t1\t\ny\t \t\n" },
    { header: ["A"], rows: [["日本"], ["abc"]], want: "A    \n日本\t\nabc \t\n" },
  ])("$want", ({ header, rows, want }) => expect(renderTable(header, rows)).toBe(want));
});

describe("renderTree", () => {
  it("draws branches", () => {
    const leaf = (text: string) => ({ text, below: [] });
    const tree = {
      text: "a",
      below: [
        { text: "b", below: [leaf("c"), leaf("d")] },
        { text: "e", below: [leaf("f")] },
      ],
    };
    expect(renderTree(tree)).toBe("a\n├── b\n│   ├── c\n│   └── d\n└── e\n    └── f\n");
  });

  it("is not afraid of depth", () => {
    let tree: { text: string; below: readonly unknown[] } = { text: "end", below: [] };
    for (let level = 0; level < 5000; level++) tree = { text: "x", below: [tree] };
    expect(renderTree(tree as Parameters<typeof renderTree>[0]).split("\n")).toHaveLength(5002);
  });
});

describe("renderDifferences", () => {
  const object = (spec: object) => ({ apiVersion: "v1", kind: "Thing", metadata: { name: "x" }, spec }) as unknown as Parameters<typeof renderDifferences>[0];
  it.each([
    { what: "a value", from: { a: 1 }, to: { a: 2 }, want: "spec.a\n± value change\n- 1\n+ 2\n" },
    { what: "a type", from: { a: 1 }, to: { a: "1" }, want: "spec.a\n± type change from int to string\n- 1\n+ 1\n" },
    { what: "a key", from: { a: 1 }, to: { a: 1, b: { c: 2 } }, want: "spec\n+ one map entry added:\n  b:\n    c: 2\n" },
    { what: "two keys", from: { a: 1, b: 2, c: 3 }, to: { a: 1 }, want: "spec\n- two map entries removed:\n  b: 2\n  c: 3\n" },
    { what: "a named item", from: { l: [{ name: "x", v: 1 }] }, to: { l: [{ name: "x", v: 2 }] }, want: "spec.l.x.v\n± value change\n- 1\n+ 2\n" },
    { what: "a single item", from: { l: [{ v: 1 }] }, to: { l: [{ v: 2 }] }, want: "spec.l.0.v\n± value change\n- 1\n+ 2\n" },
    { what: "the order", from: { l: ["a", "b"] }, to: { l: ["b", "a"] }, want: "spec.l\n⇆ order changed\n- a, b\n+ b, a\n" },
    { what: "a text", from: { t: "a\nb\n" }, to: { t: "a\nc\n" }, want: "spec.t\n± value change in multiline text (one insert, one deletion)\n- b\n+ c\n\n" },
  ])("$what", ({ from, to, want }) => expect(renderDifferences(object(from), object(to))).toBe(`\n${want}\n`));
});
