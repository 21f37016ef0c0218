import { byteLength, bytesOf, stringOf, validText } from "@sluice/engine/build/helm/go/bytes.ts";
import { formatFloat } from "@sluice/engine/build/helm/go/format-float.ts";
import { goOfJson } from "@sluice/engine/build/helm/go/json.ts";
import { parseFloat64, parseInteger } from "@sluice/engine/build/helm/go/parse-number.ts";
import { printed } from "@sluice/engine/build/helm/go/print-value.ts";
import { isTrue } from "@sluice/engine/build/helm/go/truth.ts";
import {
  ANY,
  DICT,
  INT,
  INT8,
  INT64,
  isAssignable,
  LIST,
  mapOf,
  named,
  pointerTo,
  STRING,
  STRINGS,
  structType,
  UINT8,
  UINT64,
} from "@sluice/engine/build/helm/go/type.ts";
import { unquote } from "@sluice/engine/build/helm/go/unquote.ts";
import {
  goBytes,
  goInt,
  goMap,
  goSlice,
  goStrings,
  goStruct,
  itemsOf,
  kindOf,
  nilMap,
  nilSlice,
  sortedKeys,
  typeName,
} from "@sluice/engine/build/helm/go/value.ts";
import { byBytes } from "@sluice/engine/build/text/by-bytes.ts";
import { canBackquote, quote } from "@sluice/engine/build/text/quote.ts";
import { describe, expect, it } from "vitest";

describe("integers stay within their type", () => {
  it.each([
    { value: 127, type: INT8, want: 127n },
    { value: 128, type: INT8, want: -128n },
    { value: -129n, type: INT8, want: 127n },
    { value: 256, type: UINT8, want: 0n },
    { value: -1, type: UINT8, want: 255n },
    { value: 2n ** 63n, type: INT64, want: -(2n ** 63n) },
    { value: 2n ** 63n, type: INT, want: -(2n ** 63n) },
    { value: 2n ** 64n + 5n, type: UINT64, want: 5n },
    { value: -1n, type: UINT64, want: 2n ** 64n - 1n },
    { value: 2n ** 63n, type: named("time.Duration", INT64), want: -(2n ** 63n) },
  ])("$value as $type.name", ({ value, type, want }) => expect(goInt(value, type).value).toBe(want));
});

describe("kind, type and truth", () => {
  it.each([
    { value: null, kind: "invalid", type: "<nil>", truth: false },
    { value: 0, kind: "float64", type: "float64", truth: false },
    { value: Number.NaN, kind: "float64", type: "float64", truth: true },
    { value: "", kind: "string", type: "string", truth: false },
    { value: "false", kind: "string", type: "string", truth: true },
    { value: false, kind: "bool", type: "bool", truth: false },
    { value: goInt(0), kind: "int", type: "int", truth: false },
    { value: goInt(7, UINT8), kind: "uint8", type: "uint8", truth: true },
    { value: goMap(), kind: "map", type: "map[string]interface {}", truth: false },
    { value: goMap([["a", null]], mapOf(STRING)), kind: "map", type: "map[string]string", truth: true },
    { value: goMap([], named("common.Values", DICT)), kind: "map", type: "common.Values", truth: false },
    { value: nilMap(), kind: "map", type: "map[string]interface {}", truth: false },
    { value: goSlice([null]), kind: "slice", type: "[]interface {}", truth: true },
    { value: goStrings([]), kind: "slice", type: "[]string", truth: false },
    { value: nilSlice(STRINGS), kind: "slice", type: "[]string", truth: false },
    { value: goBytes(new Uint8Array(1)), kind: "slice", type: "[]uint8", truth: true },
    { value: goStruct(structType("a.B"), []), kind: "struct", type: "a.B", truth: true },
    { value: { go: "pointer", type: pointerTo(structType("a.B")), to: null } as const, kind: "ptr", type: "*a.B", truth: false },
  ])("$type", ({ value, kind, type, truth }) => expect([kindOf(value), typeName(value), isTrue(value)]).toEqual([kind, type, truth]));
});

describe("what fits a parameter", () => {
  const values = named("common.Values", DICT);
  it.each([
    { from: values, to: DICT, want: true },
    { from: DICT, to: values, want: true },
    { from: named("other.Values", DICT), to: values, want: false },
    { from: STRINGS, to: LIST, want: false },
    { from: INT, to: INT64, want: false },
    { from: named("time.Duration", INT64), to: INT64, want: false },
    { from: INT, to: ANY, want: true },
    { from: STRING, to: STRING, want: true },
  ])("$from.name in $to.name: $want", ({ from, to, want }) => expect(isAssignable(from, to)).toBe(want));
});

describe("strings are bytes", () => {
  it.each([
    { bytes: [], text: "" },
    { bytes: [0x61, 0xc3, 0xa4], text: "aä" },
    { bytes: [0xff], text: "\udcff" },
    { bytes: [0x61, 0xc3], text: "a\udcc3" },
    { bytes: [0xe2, 0x98, 0x83, 0xe2, 0x98], text: "☃\udce2\udc98" },
    { bytes: [0xf0, 0x9f, 0x98, 0x80], text: "😀" },
    { bytes: [0xed, 0xa0, 0x80], text: "\udced\udca0\udc80" },
    { bytes: [0xc0, 0x80], text: "\udcc0\udc80" },
    { bytes: [0xef, 0xbf, 0xbd, 0xff], text: "\ufffd\udcff" },
    { bytes: [0xf4, 0x90, 0x80, 0x80], text: "\udcf4\udc90\udc80\udc80" },
  ])("$bytes", ({ bytes, text }) => {
    const raw = Uint8Array.from(bytes);
    expect([stringOf(raw), [...bytesOf(text)], byteLength(text)]).toEqual([text, bytes, bytes.length]);
  });

  it("a character that was cut and joined is one again", () => expect(validText("\udcc3\udca4\udcff")).toBe("ä\ufffd"));
  it("order is that of bytes", () => expect(["\uffff", "😀", "z", "ä", "Z", ""].sort(byBytes)).toEqual(["", "Z", "z", "ä", "\uffff", "😀"]));
  it("keys come in that order", () =>
    expect(
      sortedKeys(
        goMap([
          ["b", 1],
          ["10", 1],
          ["9", 1],
          ["__proto__", 1],
        ]),
      ),
    ).toEqual(["10", "9", "__proto__", "b"]));
});

describe("quoting", () => {
  it.each([
    { text: "plain", want: '"plain"' },
    { text: 'a"b\\', want: '"a\\"b\\\\"' },
    { text: "\u0000\u0007\t\u007f", want: '"\\x00\\a\\t\\x7f"' },
    { text: "ä☃😀", want: '"ä☃😀"' },
    { text: "\u00a0\u2028\u{e0001}", want: '"\\u00a0\\u2028\\U000e0001"' },
    { text: "\udcff", want: '"\\xff"' },
  ])("$want", ({ text, want }) => expect([quote(text), unquote(want)]).toEqual([want, text]));
  it("in ASCII", () => expect(quote("ä☃😀", true)).toBe('"\\u00e4\\u2603\\U0001f600"'));
  it("between backquotes", () => expect(["a\tb", "a`", "a\n", "\udcff", "\ufeff", "ä"].map(canBackquote)).toEqual([true, false, false, false, false, true]));
  it.each([['"\\q"'], ['"\\x4"'], ['"\\ud800"'], ['"\\400"'], ['"a"b"']])("%s is not right", (text) => expect(unquote(text)).toBeUndefined());
});

describe("floats", () => {
  it.each([
    { value: 1e6, g: "1e+06", f: "1000000.00", e: "1.00e+06" },
    { value: 123456, g: "123456", f: "123456.00", e: "1.23e+05" },
    { value: 0.00001, g: "1e-05", f: "0.00", e: "1.00e-05" },
    { value: 0.125, g: "0.125", f: "0.12", e: "1.25e-01" },
    { value: 0.375, g: "0.375", f: "0.38", e: "3.75e-01" },
    { value: 1.005, g: "1.005", f: "1.00", e: "1.00e+00" },
    { value: -0, g: "-0", f: "-0.00", e: "-0.00e+00" },
    { value: 5e-324, g: "5e-324", f: "0.00", e: "4.94e-324" },
    { value: 1e23, g: "1e+23", f: "99999999999999991611392.00", e: "1.00e+23" },
    { value: Number.POSITIVE_INFINITY, g: "+Inf", f: "+Inf", e: "+Inf" },
  ])("$value", ({ value, g, f, e }) => expect([formatFloat(value, "g"), formatFloat(value, "f", 2), formatFloat(value, "e", 2)]).toEqual([g, f, e]));
});

describe("numbers in a text", () => {
  it.each([
    { text: "0755", int: 493n, float: 755 },
    { text: "0o17", int: 15n, float: undefined },
    { text: "0x_1F", int: 31n, float: undefined },
    { text: "1_000", int: 1000n, float: 1000 },
    { text: "1__0", int: undefined, float: undefined },
    { text: "-12", int: -12n, float: -12 },
    { text: "08", int: undefined, float: 8 },
    { text: "1e3", int: undefined, float: 1000 },
    { text: ".5", int: undefined, float: 0.5 },
    { text: "0x1.8p1", int: undefined, float: 3 },
    { text: "1e400", int: undefined, float: undefined },
    { text: "", int: undefined, float: undefined },
    { text: "99999999999999999999", int: 99999999999999999999n, float: 1e20 },
  ])("$text", ({ text, int, float }) => expect([parseInteger(text), parseFloat64(text)]).toEqual([int, float]));
});

describe("JSON", () => {
  const json = { b: [1, 2.5, "x", null, true], a: { __proto__x: {} }, "10": [] };
  it("is printed in the order of keys", () => expect(printed(goOfJson(json))).toBe("map[10:[] a:map[__proto__x:map[]] b:[1 2.5 x <nil> true]]"));
});

it("bytes are a list of uint8", () =>
  expect(itemsOf(goBytes(Uint8Array.of(1, 255))).map((item) => [printed(item), typeName(item)])).toEqual([
    ["1", "uint8"],
    ["255", "uint8"],
  ]));
