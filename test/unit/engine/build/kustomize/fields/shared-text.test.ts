import { describe, expect, it } from "vitest";
import { isShared, keepShared, sharedText } from "../../../../../../layers/engine/build/kustomize/fields/shared-text.ts";
import { goJson } from "../../../../../../layers/engine/build/kustomize/resource/shown-json.ts";
import { type NodeMap, scalar } from "../../../../../../layers/engine/build/node/node.ts";

const app = sharedText("web");
const before: NodeMap = { a: { app, own: "x" }, b: { app }, c: [{ app }], d: "web" };

describe("a shared text", () => {
  it.each<[string, NodeMap, string]>([
    [
      "changes everywhere with one place",
      { ...before, a: { app: "new", own: "x" } },
      '{"a":{"app":"new","own":"x"},"b":{"app":"new"},"c":[{"app":"new"}],"d":"web"}',
    ],
    [
      "takes the value of the last place",
      { ...before, a: { app: "1", own: "x" }, b: { app: "2" } },
      '{"a":{"app":"2","own":"x"},"b":{"app":"2"},"c":[{"app":"2"}],"d":"web"}',
    ],
    ["stays when something else changes", { ...before, d: "new" }, '{"a":{"app":"web","own":"x"},"b":{"app":"web"},"c":[{"app":"web"}],"d":"new"}'],
    ["stays when one place is taken away", { ...before, a: { own: "x" } }, '{"a":{"own":"x"},"b":{"app":"web"},"c":[{"app":"web"}],"d":"web"}'],
    ["changes in a list", { ...before, c: [{ app: "new" }] }, '{"a":{"app":"new","own":"x"},"b":{"app":"new"},"c":[{"app":"new"}],"d":"web"}'],
    ["becomes a number", { ...before, b: { app: 5 } }, '{"a":{"app":5,"own":"x"},"b":{"app":5},"c":[{"app":5}],"d":"web"}'],
  ])("%s", (_, after, want) => expect(goJson(keepShared(before, after))).toBe(want));

  it("goes on being shared", () => {
    const first = keepShared(before, { ...before, a: { app: "1", own: "x" } });
    const second = keepShared(first, { ...first, b: { app: "2" } });
    expect(goJson(second)).toBe('{"a":{"app":"2","own":"x"},"b":{"app":"2"},"c":[{"app":"2"}],"d":"web"}');
  });

  it("costs nothing when none has changed", () => {
    const after = { ...before, d: "new" };
    expect(keepShared(before, after)).toBe(after);
  });
});

it("a written scalar whose text is not its value is not shared", () => {
  expect(isShared(scalar("0644", 420))).toBe(false);
  expect(isShared(scalar("2001-01-01", "2001-01-01T00:00:00Z"))).toBe(false);
  expect(isShared("web")).toBe(false);
});
