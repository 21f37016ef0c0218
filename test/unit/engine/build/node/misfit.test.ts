import { tagOf } from "@sluice/engine/build/kustomize/replace/tag.ts";
import { hasMisfit, misfit, misfitOf, type Node, throughJson } from "@sluice/engine/build/node/node.ts";
import { asPrinted } from "@sluice/engine/build/yaml/as-printed.ts";
import { expect, it } from "vitest";

const MANY = misfit("many", { tag: "!!int", problem: "yaml: cannot decode !!str `many` as a !!int" });

it.each<{ what: string; node: Node; want: boolean }>([
  { what: "itself", node: MANY, want: true },
  { what: "deep inside", node: { a: [{ b: MANY }] }, want: true },
  { what: "after a patch has gone through JSON", node: throughJson({ a: [MANY] }), want: true },
  { what: "a text", node: { a: ["many"] }, want: false },
])("a text that does not fit its type: $what", ({ node, want }) => {
  expect(hasMisfit(node)).toBe(want);
  expect(asPrinted(node).ok).toBe(!want);
});

it("keeps the type of what it has replaced, so that the next text may fit", () => {
  expect(tagOf(MANY)).toBe("!!int");
  expect(misfitOf("many")).toBeUndefined();
});
