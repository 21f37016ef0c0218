import { type Node, scalar } from "@sluice/engine/build/node/node.ts";
import { asPrinted } from "@sluice/engine/build/yaml/as-printed.ts";
import { describe, expect, it } from "vitest";

/** Asked of kustomize api 0.21.1. */
describe("asPrinted", () => {
  it.each<[string, Node, Node]>([
    ["the break of another time is a space", { a: ["x\u0085y"] }, { a: ["x y"] }],
    ["two of them are a line break", { a: "x\u0085 \u0085  y" }, { a: "x\ny" }],
    ["quotes, escapes and separators stay", 'x\u0085"\\\u2028\t\n', 'x "\\\u2028\t\n'],
  ])("%s", (_, node, want) => expect(asPrinted(node)).toEqual({ ok: true, value: want }));

  it("what has nothing odd is the same value", () => {
    const node = { a: ["x", 1, null, scalar("0644", 420)], b: { c: "é\u2028\u00a0\u0001\n" } };
    const printed = asPrinted(node);
    expect(printed.ok && printed.value).toBe(node);
  });

  it.each<[string, Node, string]>([
    ["DEL", { a: "x\u007f" }, "yaml: control characters are not allowed"],
    ["a control character of another time", ["\u0080"], "yaml: control characters are not allowed"],
    ["no character", { a: { "\ufffe": 1 } }, "yaml: control characters are not allowed"],
    ["a line break in a key", { "a\u0085b": 1 }, "yaml: did not find expected ',' or '}'"],
  ])("%s is refused", (_, node, message) => expect(asPrinted(node)).toEqual({ ok: false, problem: message }));
});
