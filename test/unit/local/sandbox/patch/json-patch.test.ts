import type { Json } from "@sluice/engine/domain/json.ts";
import { describe, expect, it } from "vitest";
import { jsonPatch } from "../../../../../lib/local/sandbox/patch/json-patch.ts";

const document: Json = { a: { b: 1 }, list: ["x", "y"], "s/t~u": 1 };

describe("JSON patch", () => {
  it.each<{ name: string; patch: Json[]; want: Json }>([
    { name: "add a field", patch: [{ op: "add", path: "/a/c", value: 2 }], want: { ...document, a: { b: 1, c: 2 } } },
    { name: "add replaces what is there", patch: [{ op: "add", path: "/a/b", value: 2 }], want: { ...document, a: { b: 2 } } },
    { name: "add into a list", patch: [{ op: "add", path: "/list/1", value: "z" }], want: { ...document, list: ["x", "z", "y"] } },
    { name: "append to a list", patch: [{ op: "add", path: "/list/-", value: "z" }], want: { ...document, list: ["x", "y", "z"] } },
    { name: "remove", patch: [{ op: "remove", path: "/a/b" }], want: { ...document, a: {} } },
    { name: "remove from a list", patch: [{ op: "remove", path: "/list/0" }], want: { ...document, list: ["y"] } },
    { name: "replace", patch: [{ op: "replace", path: "/list/0", value: "z" }], want: { ...document, list: ["z", "y"] } },
    { name: "copy", patch: [{ op: "copy", from: "/a", path: "/c" }], want: { ...document, c: { b: 1 } } },
    { name: "move", patch: [{ op: "move", from: "/a/b", path: "/c" }], want: { ...document, a: {}, c: 1 } },
    { name: "a test that holds", patch: [{ op: "test", path: "/a", value: { b: 1 } }], want: document },
    { name: "null equals absent in a test", patch: [{ op: "test", path: "/z", value: null }], want: document },
    { name: "escaped steps", patch: [{ op: "replace", path: "/s~1t~0u", value: 2 }], want: { ...document, "s/t~u": 2 } },
    {
      name: "later operations see earlier ones",
      patch: [
        { op: "add", path: "/n", value: {} },
        { op: "add", path: "/n/m", value: 1 },
      ],
      want: { ...document, n: { m: 1 } },
    },
  ])("$name", ({ patch, want }) => expect(jsonPatch(document, patch)).toEqual({ ok: true, value: want }));

  it.each<{ name: string; patch: Json[] }>([
    { name: "removes what is not there", patch: [{ op: "remove", path: "/z" }] },
    { name: "replaces what is not there", patch: [{ op: "replace", path: "/z", value: 1 }] },
    { name: "adds below what is not there", patch: [{ op: "add", path: "/z/y", value: 1 }] },
    { name: "an index beyond the end", patch: [{ op: "add", path: "/list/3", value: 1 }] },
    { name: "an index that is no number", patch: [{ op: "remove", path: "/list/01" }] },
    { name: "a test that fails", patch: [{ op: "test", path: "/a/b", value: 2 }] },
    { name: "an unknown operation", patch: [{ op: "bla", path: "/a" }] },
    { name: "no path", patch: [{ op: "add", value: 1 }] },
    { name: "move without from", patch: [{ op: "move", path: "/c" }] },
    { name: "the prototype", patch: [{ op: "add", path: "/__proto__/x", value: 1 }] },
  ])("refuses: $name", ({ patch }) => expect(jsonPatch(document, patch).ok).toBe(false));

  it("leaves the document as it was", () => {
    const before = JSON.stringify(document);
    jsonPatch(document, [{ op: "add", path: "/list/-", value: "z" }]);
    expect(JSON.stringify(document)).toBe(before);
  });
});

describe("what a patch may not make", () => {
  const copies = (count: number, from: string, to: string) => Array.from({ length: count }, (_, index) => ({ op: "copy", from, path: `${to}${index}` }));
  const nested = (depth: number): Json => JSON.parse("[".repeat(depth) + "]".repeat(depth));
  it.each<[string, Json, readonly Json[], RegExp]>([
    ["a value that is deeper with every copy", { a: {} }, Array.from({ length: 600 }, () => ({ op: "copy", from: "/a", path: "/a/b" })), /^nested too deeply$/],
    ["one that is too deep where it is put", {}, [{ op: "add", path: "/a", value: nested(500) }], /^nested too deeply$/],
    [
      "megabytes of copies",
      { a: "x".repeat(100_000) },
      copies(40, "/a", "/b"),
      /^Unable to copy, the accumulated size increase of copy is \d+, exceeding the limit 3145728$/,
    ],
  ])("%s", (_, document, patch, want) => {
    const patched = jsonPatch(document, patch);
    expect(patched.ok ? "patched" : patched.problem).toMatch(want);
  });
  it("but as deep as a body may be", () => expect(jsonPatch({}, [{ op: "add", path: "/a", value: nested(499) }]).ok).toBe(true));
});
