import { shortFloat } from "@sluice/engine/build/kustomize/decode/coerce.ts";
import { decode, isNil, zero } from "@sluice/engine/build/kustomize/decode/decode.ts";
import { encodeStruct } from "@sluice/engine/build/kustomize/decode/encode.ts";
import { foldCase } from "@sluice/engine/build/kustomize/decode/fold-case.ts";
import { anyMap, bool, embedded, int, int64, list, pointer, struct, text, textMap, texts, written } from "@sluice/engine/build/kustomize/decode/shape.ts";
import { showPath } from "@sluice/engine/build/kustomize/decode/show-path.ts";
import { unmarshal } from "@sluice/engine/build/kustomize/decode/unmarshal.ts";
import { type Node, scalar } from "@sluice/engine/build/node/node.ts";
import { byBytes } from "@sluice/engine/build/text/by-bytes.ts";
import { describe, expect, it } from "vitest";

const inner = struct("pkg.Inner", { kind: text, count: int });
const shape = struct("pkg.Outer", {
  ...embedded(inner),
  name: text,
  flag: bool,
  big: int64,
  list: texts,
  map: textMap,
  any: anyMap,
  to: pointer(inner),
  all: list(inner),
});

describe("decoding", () => {
  it.each<[Node, string]>([
    [{ kind: 1 }, "json: cannot unmarshal number into Go struct field Outer.Inner.kind of type string"],
    [{ count: 1.5 }, "json: cannot unmarshal number 1.5 into Go struct field Outer.Inner.count of type int"],
    [{ count: 1e-7 }, "json: cannot unmarshal number 1e-7 into Go struct field Outer.Inner.count of type int"],
    [
      { big: scalar("9223372036854775808", 9223372036854775808n) },
      "json: cannot unmarshal number 9223372036854775808 into Go struct field Outer.big of type int64",
    ],
    [{ to: { kind: [] } }, "json: cannot unmarshal array into Go struct field Inner.to.kind of type string"],
    [{ all: [{}, { kind: {} }] }, "json: cannot unmarshal object into Go struct field Inner.all.kind of type string"],
    [{ all: [1] }, "json: cannot unmarshal number into Go struct field Outer.all of type pkg.Inner"],
    [{ map: { a: "b", c: true } }, "json: cannot unmarshal bool into Go struct field Outer.map of type string"],
    [{ any: "a" }, "json: cannot unmarshal string into Go struct field Outer.any of type map[string]interface {}"],
    [{ name: scalar("1.0", 1) }, "json: cannot unmarshal number into Go struct field Outer.name of type string"],
    [[], "json: cannot unmarshal array into Go value of type pkg.Outer"],
    [{ z: 1, flag: 1 }, "json: cannot unmarshal number into Go struct field Outer.flag of type bool"],
    [{ z: 1, a: 1 }, 'json: unknown field "a"'],
    [{ to: { other: 1 } }, 'json: unknown field "other"'],
  ])("refuses %j", (node, want) => {
    const decoded = decode(shape, node, "refuse");
    expect(decoded.ok ? "accepted" : decoded.problem.message).toBe(want);
  });

  it.each<[Node, object]>([
    [null, { kind: "", count: 0, name: "", flag: false, big: 0n, to: undefined }],
    [
      { name: null, list: null, to: null, all: [null] },
      { name: "", list: [], to: undefined, all: [{ kind: "", count: 0 }] },
    ],
    [{ NAME: "a", Name: "b" }, { name: "b" }],
    [{ Name: "b", name: "a" }, { name: "a" }],
    [{ All: [{ kind: "x", count: 1 }, {}], all: [{ kind: "y" }] }, { all: [{ kind: "y", count: 1 }] }],
    [
      { Map: { a: "1" }, map: { b: "2" } },
      {
        map: new Map([
          ["a", "1"],
          ["b", "2"],
        ]),
      },
    ],
    [{ To: { kind: "x" }, to: { count: 2 } }, { to: { kind: "x", count: 2 } }],
    [{ big: scalar("9223372036854775807", 9223372036854775807n) }, { big: 9223372036854775807n }],
    [
      { big: -5, count: -5 },
      { big: -5n, count: -5 },
    ],
    [{ any: { a: [1, scalar("0644", 420)] } }, { any: new Map([["a", [1, 420]]]) }],
  ])("%j", (node, want) => {
    const decoded = decode(shape, node, "refuse");
    expect(decoded.ok ? decoded.value : decoded.problem.message).toMatchObject(want);
  });

  it("ignores unknown fields when it is told to", () => {
    expect(decode(shape, { other: 1, name: "a" }, "ignore")).toMatchObject({ ok: true, value: { name: "a" } });
  });

  it("tells the way to what is wrong", () => {
    const decoded = decode(shape, { all: [{}, { Kind: 1 }] }, "refuse");
    expect(decoded.ok ? "" : showPath(decoded.problem.path)).toBe("all[1].Kind");
  });

  it("tells what was not given from what is empty", () => {
    const decoded = decode(shape, { list: [], map: {}, all: null }, "refuse");
    const { list: empty, map, all, any, to } = decoded.ok ? decoded.value : zero(shape);
    expect([empty, map, all, any, to].map(isNil)).toEqual([false, false, true, true, true]);
  });
});

describe("sigs.k8s.io/yaml", () => {
  it.each<[string, "ignore" | "refuse", string | object]>([
    ["name: 1\nflag: true", "ignore", { name: "1", flag: true }],
    ["kind: 1", "ignore", "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal number into Go struct field Outer.Inner.kind of type string"],
    [
      "map: {a: 1.5, b: no}",
      "ignore",
      {
        map: new Map([
          ["a", "1.5"],
          ["b", "false"],
        ]),
      },
    ],
    ["list: [1, true]", "ignore", { list: ["1", "true"] }],
    ["to: {kind: 1}", "ignore", { to: { kind: "1" } }],
    ["all: [{kind: 1}]", "ignore", { all: [{ kind: "1" }] }],
    ["flag: 1", "ignore", "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal number into Go struct field Outer.flag of type bool"],
    ["other: 1", "ignore", {}],
    ["other: 1", "refuse", 'error unmarshaling JSON: while decoding JSON: json: unknown field "other"'],
    ["name: a\nname: b", "ignore", { name: "b" }],
    ["name: a\nname: b", "refuse", 'error converting YAML to JSON: yaml: unmarshal errors:\n  line 2: key "name" already set in map'],
    ["a: b: c", "ignore", "error converting YAML to JSON: yaml: mapping values are not allowed in this context"],
  ])("%j, unknown fields: %s", (source, unknown, want) => {
    const decoded = unmarshal(source, shape, unknown);
    if (typeof want === "string") expect(decoded.ok ? "accepted" : decoded.problem.message).toBe(want);
    else expect(decoded.ok ? decoded.value : decoded.problem.message).toMatchObject(want);
  });

  it.each<[number, string]>([
    [100000.5, "100000.5"],
    [1000000.5, "1.0000005e+06"],
    [123456789.5, "1.2345679e+08"],
    [0.00001, "1e-05"],
    [0.0001, "0.0001"],
    [1e21, "1e+21"],
    [1e39, "+Inf"],
    [-1e39, "-Inf"],
    [-1.5, "-1.5"],
  ])("writes %d as %s", (value, want) => expect(shortFloat(value)).toBe(want));
});

describe("encoding", () => {
  const written1 = struct("pkg.W", { name: written(text), list: written(texts), inner: inner, to: pointer(inner), count: int64, map: textMap });
  it.each<[Node, object]>([
    [{}, { name: "", list: null, inner: {} }],
    [
      { list: [], map: {}, to: {}, count: 0 },
      { name: "", list: [], inner: {}, to: {} },
    ],
    [
      { name: "a", count: 3, map: { a: "" }, inner: { kind: "k" } },
      { name: "a", list: null, count: 3, map: { a: "" }, inner: { kind: "k" } },
    ],
  ])("%j", (node, want) => {
    const decoded = decode(written1, node, "refuse");
    expect(decoded.ok ? encodeStruct(written1, decoded.value) : decoded.problem).toEqual(want);
  });
});

it.each<[string, string]>([
  ["ReSources", "resources"],
  ["\u017fecret\u212aey", "secretkey"],
])("folds %s", (name, want) => expect(foldCase(name)).toBe(want));

it("orders texts by their bytes", () => {
  expect(["😀", "\uffee", "b", "a", "", "ab", "é"].toSorted(byBytes)).toEqual(["", "a", "ab", "b", "é", "\uffee", "😀"]);
});
