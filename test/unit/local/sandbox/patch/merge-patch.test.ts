import type { Json } from "@sluice/engine/domain/json.ts";
import { expect, it } from "vitest";
import { mergePatch } from "../../../../../lib/local/sandbox/patch/merge-patch.ts";

// The cases of RFC 7386, appendix A.
it.each<[Json, Json, Json]>([
  [{ a: "b" }, { a: "c" }, { a: "c" }],
  [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
  [{ a: "b" }, { a: null }, {}],
  [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
  [{ a: ["b"] }, { a: "c" }, { a: "c" }],
  [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
  [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
  [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
  [
    ["a", "b"],
    ["c", "d"],
    ["c", "d"],
  ],
  [{ a: "b" }, ["c"], ["c"]],
  [{ a: "foo" }, "bar", "bar"],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: "b", c: null }, { a: "b" }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
])("%j patched by %j is %j", (live, patch, want) => expect(mergePatch(live, patch)).toEqual(want));

it("takes no __proto__", () => {
  const patch: Json = JSON.parse('{"__proto__": {"polluted": true}, "a": 1}');
  expect(Object.keys(Object(mergePatch({}, patch)))).toEqual(["a"]);
});
