import { marshalProblem } from "@sluice/engine/build/kustomize/kustomization/marshal-problem.ts";
import { expect, it } from "vitest";

it.each<[unknown, boolean]>([
  ["a\u007f", true],
  ["\u0080", true],
  ["\u0084", true],
  ["\u0085", false],
  ["\u009f", true],
  ["\u00a0", false],
  ["\ufffd\ufeff\u0001\ud7ff😀", false],
  ["\uffff", true],
  [{ a: ["b", { c: "\ufffe" }] }, true],
  [new Map([["\u007f", "a"]]), true],
  [new Map([["a", "b"]]), false],
  [[null, undefined, 1n, 2, true, { a: "b" }], false],
])("%o: %s", (config, want) => {
  expect(marshalProblem("SecretGenerator", config)?.message).toBe(
    want ? "builtin SecretGenerator marshal: yaml: control characters are not allowed" : undefined,
  );
});
