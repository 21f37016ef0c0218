import { describe, expect, it } from "vitest";
import { agrees, explanationOf } from "../../kustomize/disagreements.ts";
import { shrink } from "../../kustomize/random/shrink.ts";
import { randomTree } from "../../kustomize/random/tree.ts";
import type { Answer, Input } from "../../support/kustomize/case.ts";
import { parseCase } from "../../support/kustomize/case.ts";
import { caseText, withExpectation } from "../../support/kustomize/case-text.ts";
import { ourAnswer } from "../../support/kustomize/ours.ts";

describe("random trees", () => {
  it("are the same for the same seed, and others for another", () => {
    expect(randomTree(7)).toEqual(randomTree(7));
    expect(randomTree(7)).not.toEqual(randomTree(8));
  });

  it("are of all sizes, and both build and fail", () => {
    const trees = Array.from({ length: 60 }, (_, seed) => randomTree(seed));
    const folders = trees.map(({ files }) => new Set(Object.keys(files).map((path) => path.split("/")[0])).size);
    expect(Math.max(...folders)).toBeGreaterThan(3);
    expect(new Set(trees.map((tree) => ourAnswer(tree).kind))).toEqual(new Set(["built", "failed"]));
  });
});

describe("shrinking", () => {
  const input: Input = {
    files: {
      "app/kustomization.yaml": "resources:\n- a.yaml\n- b.yaml\nnamePrefix: p-\n",
      "app/a.yaml": "kind: A\nspec:\n  list:\n  - x: wanted\n    y: other\n  deep:\n    deeper: 1\n---\nkind: B\n",
      "app/b.yaml": "kind: C\n",
    },
    path: "app",
    restriction: "within-tree",
    order: "legacy",
  };

  it("leaves the lines that are wanted", async () => {
    const small = await shrink(input, async ({ files }) => (files["app/a.yaml"] ?? "").includes("wanted"));
    expect(small).toEqual({ files: { "app/a.yaml": "- x: wanted\n" }, path: "app", restriction: "within-folder", order: "none" });
  });

  it("changes nothing where everything is wanted", async () => {
    const text = JSON.stringify(input);
    expect(await shrink(input, async (candidate) => JSON.stringify(candidate) === text)).toEqual(input);
  });
});

describe("a case as text", () => {
  const input: Input = {
    files: { "app/a": "one\n", "app/b": "\ttab \n\n" },
    path: "",
    restriction: "within-tree",
    order: "none",
    links: { "app/l": "a" },
    bytes: { "app/x": "/w==" },
  };

  it("is read again as it was", () => {
    const text = caseText("What it is about.", input, { want: { kind: "failed", message: "no\nway\n" }, byHand: "because" });
    expect(parseCase(text, "f", "n")).toEqual({
      name: "n",
      file: "f",
      input,
      want: { kind: "failed", message: "no\nway\n" },
      byHand: "because",
      kubectl: undefined,
    });
  });

  it("keeps what a person wrote when it is recorded again", () => {
    const text = "# Mine.\n\nfiles:\n  app/a: {}\n".replace("{}", "x   # why");
    expect(withExpectation(withExpectation(text, { want: { kind: "built", yaml: "a\n" } }), { want: { kind: "built", yaml: "b\n" } })).toBe(
      `${text}want: |\n  b\n`,
    );
  });

  it.each([
    "files: 5",
    "files: {a: b}\nwhat: 1",
    "files: {a: b}\nwant: a\nerror: b",
    "files: {a: b}\nkubectl differs: why",
    "files: {a: b}\nrestriction: none",
  ])("is none: %s", (text) => {
    expect(() => parseCase(text, "f", "n")).toThrow();
  });
});

describe("listed disagreements", () => {
  const failed = (message: string): Answer => ({ kind: "failed", message });
  const built: Answer = { kind: "built", yaml: "a\n" };
  const input: Input = { files: {}, path: "app", restriction: "within-tree", order: "none" };

  const twice = failed('yaml: mapping key "a" already defined at line 3');

  it.each<{ what: string; ours: Answer; theirs: Answer; input?: Input; want: boolean }>([
    {
      what: "the behavior of a generator",
      ours: failed("x exists; can not use behavior: 'create', behavior must be merge or replace"),
      theirs: failed("x exists; behavior must be merge or replace"),
      want: true,
    },
    { what: "a panic", ours: built, theirs: failed("panic: runtime error: index out of range [1] with length 1"), want: true },
    { what: "a panic that nobody knows", ours: built, theirs: failed("panic: x"), want: false },
    {
      what: "a panic, and a bug of ours",
      ours: failed("exception: x"),
      theirs: failed("panic: runtime error: index out of range [1] with length 1"),
      want: false,
    },
    { what: "the style of an excerpt", ours: failed("wrong; node contents:\n- a: 'b'\n"), theirs: failed('wrong; node contents:\n[{a: "b"}]'), want: true },
    { what: "another excerpt", ours: failed("wrong; node contents:\na"), theirs: failed("wrong; node contents:\nb"), want: false },
    { what: "a key twice", ours: twice, theirs: built, input: { ...input, files: { a: "a: 1\na: 2\n" } }, want: true },
    { what: "a key that is there once", ours: twice, theirs: built, want: false },
    {
      what: "another key twice",
      ours: twice,
      theirs: failed('mapping key "b" already defined at line 3'),
      input: { ...input, files: { a: "a: 1\na: 2\n" } },
      want: false,
    },
    {
      what: "an object no more",
      ours: failed("missing metadata.name in object {{}}"),
      theirs: failed("wrong node kind: expected MappingNode but got ScalarNode"),
      want: true,
    },
    { what: "an object no more, but built", ours: failed("missing metadata.name in object {{}}"), theirs: built, want: false },
    { what: "another message", ours: failed("a"), theirs: failed("b"), want: false },
    { what: "another output", ours: built, theirs: { kind: "built", yaml: "b\n" }, want: false },
    { what: "a failure", ours: failed("a"), theirs: built, want: false },
  ])("$what: $want", ({ ours, theirs, input: given = input, want }) => {
    expect(agrees(ours, theirs, given)).toBe(want);
    expect(explanationOf(ours, theirs, given) !== undefined).toBe(want);
  });
});
