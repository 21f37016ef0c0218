import { draftOf, draftOfText, finishDraft } from "@sluice/engine/build/kustomize/replace/draft.ts";
import { splitSmartPath } from "@sluice/engine/build/kustomize/replace/split-smart-path.ts";
import { replaceInText } from "@sluice/engine/build/kustomize/replace/text/replace-in-text.ts";
import { describe, expect, it } from "vitest";

function replaced(text: string, path: string, value: string, create = false): unknown {
  const draft = draftOf({ d: text });
  if (!replaceInText(draft, ["d", ...splitSmartPath(path)], draftOfText(value), create ? "ScalarNode" : undefined)) return undefined;
  return Object.values(finishDraft(draft) ?? {})[0];
}

it.each<{ what: string; text: string; path: string; value: string; want: string | undefined; create?: boolean }>([
  {
    what: "JSON on one line, keys sorted, as Go escapes",
    text: '{"b":{"c":1},"a":"<&>"}',
    path: "b.c",
    value: "2",
    want: '{"a":"\\u003c\\u0026\\u003e","b":{"c":2}}',
  },
  { what: "JSON in lines", text: '{\n  "b": [1, {}]\n}', path: "b.0", value: "2", want: '{\n  "b": [\n    2,\n    {}\n  ]\n}' },
  {
    what: "YAML, quotes as they were, other indents and empty lines not",
    text: "a:\n    b: 'x'\n\nl:\n  - \"y\"\n",
    path: "a.b",
    value: "new",
    want: "a:\n  b: 'new'\nl:\n- \"y\"",
  },
  {
    what: "comments",
    text: "# top\n\n# a\na: # here\n  # b\n  b: x   # line\n# end\n",
    path: "a.b",
    value: "new",
    want: "# top\n\n# a\na: # here\n  # b\n  b: new # line\n# end",
  },
  {
    what: "comments at once behind an entry are its own, and keep the empty line behind them; others do not",
    text: "a: x\n# of a\n\nb: y\n\n# of c\n\nc: z\n",
    path: "a",
    value: "new",
    want: "a: new\n# of a\n\nb: y\n# of c\nc: z",
  },
  {
    what: "a key without a value has no comments of its own",
    text: "a: x\nb: # line\n# of c\n\nc: z\n",
    path: "a",
    value: "new",
    want: "a: new\nb: # line\n# of c\nc: z",
  },
  {
    what: "comments of lists, of items and at the end of a map",
    text: "a: x\nb:\n  # one\n\n  - 1 # first\n  # two\n  - {c: d}\nc:\n  d: e\n  # end of c\nf: g\n",
    path: "a",
    value: "new",
    want: "a: new\nb:\n# one\n- 1 # first\n# two\n- {c: d}\nc:\n  d: e\n  # end of c\nf: g",
  },
  {
    what: "a comment behind something empty",
    text: "a: x\nb: [] # none\nc: {} # no\nd: | # block\n  e\n",
    path: "a",
    value: "new",
    want: "a: new\nb: [] # none\nc: {} # no\nd: | # block\n  e",
  },
  { what: "comments in brackets have no place", text: "a: x\nb: [1, # one\n  2]\n# end\n", path: "a", value: "new", want: "a: new\nb: [1, 2]\n# end" },
  { what: "an empty line before the last comment", text: "a: x\n\n# end\n", path: "a", value: "new", want: "a: new\n\n# end" },
  {
    what: "tags, anchors, pairs in a list, keys in quotes",
    text: "a: x\nb: &q !!str 5\n'c d': [e: f, ? g]\nh: !mine {i: j}\n",
    path: "a",
    value: "new",
    want: "a: new\nb: &q !!str 5\n'c d': [{e: f}, {g: ''}]\nh: !mine {i: j}",
  },
  { what: "only the first document", text: "---\na: x\n---\nb: y\n", path: "a", value: "new", want: "a: new" },
  { what: "a key twice in a map", text: "a: x\na: y\n", path: "a", value: "new", want: undefined },
  { what: "a key that is a list", text: "a: x\n? [b]\n: y\n", path: "a", value: "new", want: undefined },
  { what: "flow", text: 'a: {b: c, d: [x, "y"]} # c\n', path: "a.d.1", value: "new", want: 'a: {b: c, d: [x, "new"]} # c' },
  { what: "anchors", text: "a: 1\nb: &x {c: d}\ne: *x\n", path: "b.c", value: "new", want: "a: 1\nb: &x {c: new}\ne: *x" },
  { what: "a text that does not fit the type is tagged", text: "a: 5\n", path: "a", value: "abc", want: "a: !!int abc" },
  { what: "a number stays one", text: "a: 5\n", path: "a", value: "7", want: "a: 7" },
  { what: "a text that looks like a number is quoted", text: "a: x\n", path: "a", value: "7", want: 'a: "7"' },
  { what: "what a plain text may not hold", text: "a: x\n", path: "a", value: "b: c", want: "a: 'b: c'" },
  {
    what: "blocks",
    text: "a: x\nb: |\n  one\n   two\nc: |+\n  x\n\nd: >-\n  f\n  g\n",
    path: "a",
    value: "y",
    want: "a: y\nb: |\n  one\n   two\nc: |+\n  x\n\nd: >-\n  f g",
  },
  { what: "a new field", text: "a: x\n", path: "b.c", value: "y", create: true, want: "a: x\nb:\n  c: y" },
  { what: "an item by its field", text: "l:\n- {n: a, v: 1}\n- {n: b, v: 1}\n", path: "l.[n=b].v", value: "2", want: "l:\n- {n: a, v: 1}\n- {n: b, v: 2}" },
  { what: "no such field", text: "a: x\n", path: "b", value: "y", want: undefined },
  { what: "a text without structure", text: "hello", path: "b", value: "y", want: undefined },
  { what: "no YAML", text: "a: [", path: "a", value: "y", want: undefined },
])("$what", ({ text, path, value, want, create }) => expect(replaced(text, path, value, create)).toBe(want));

describe("splitSmartPath", () => {
  it.each<{ path: string; want: readonly string[] }>([
    { path: "a.b", want: ["a", "b"] },
    { path: "a.[b.c/d].e", want: ["a", "b.c/d", "e"] },
    { path: "a.[n=x.y].e", want: ["a", "[n=x.y]", "e"] },
    { path: "a.b\\.c.d", want: ["a", "b.c", "d"] },
    { path: "a.[b]", want: ["a", "[b]"] },
    { path: "a.[b.c", want: ["a", "b.c"] },
    { path: ".a", want: ["a"] },
  ])("$path", ({ path, want }) => expect(splitSmartPath(path)).toStrictEqual(want));
});
