import type {
  FieldOptions,
  Replacement,
  ReplacementField,
  ReplacementSource,
  ReplacementTarget,
  Selector,
} from "@sluice/engine/build/kustomize/kustomization/kustomization.ts";
import type { Loader } from "@sluice/engine/build/kustomize/load/loader.ts";
import { createReplacementTransformer } from "@sluice/engine/build/kustomize/replace/create-replacement-transformer.ts";
import { replacementConfig } from "@sluice/engine/build/kustomize/replace/replacement-config.ts";
import { newResource, type Resource } from "@sluice/engine/build/kustomize/resource/resource.ts";
import type { Schema } from "@sluice/engine/build/kustomize/schema/schema.ts";
import { jsonOf, type Node, type NodeMap, scalar } from "@sluice/engine/build/node/node.ts";
import { asPrinted } from "@sluice/engine/build/yaml/as-printed.ts";
import { describe, expect, it } from "vitest";

const schema: Schema = { isNamespaced: () => true, of: () => undefined };
const FILES: ReadonlyMap<string, string> = new Map([
  [
    "list.yaml",
    "- sourceValue: x\n  targets:\n  - select: {kind: Foo}\n    fieldPaths: [spec.a]\n- sourceValue: z\n  targets:\n  - select: {kind: Foo}\n    fieldPaths: [spec.b]\n",
  ],
  ["one.yaml", "sourceValue: x\ntargets:\n- select: {kind: Foo}\n  fieldPaths: [spec.a]\n"],
  ["none.yaml", "- sourceValue: x\n  targets: []\n"],
  ["missing.yaml", "sourceValue: x\n"],
  ["text.yaml", "x\n"],
  ["number.yaml", "5\n"],
  ["empty.yaml", ""],
]);
const loader: Loader = {
  root: "",
  shownRoot: "/",
  load: (path) => {
    const text = FILES.get(path);
    return text === undefined ? { ok: false, problem: { message: `no ${path}` } } : { ok: true, value: { path, bytes: new TextEncoder().encode(text) } };
  },
  open: () => ({ ok: false, problem: { message: "not here" } }),
};

const SELECTOR: Selector = { group: "", version: "", kind: "", name: "", namespace: "", labelSelector: "", annotationSelector: "" };
const OPTIONS: FieldOptions = { delimiter: "", index: 0, encoding: "", create: false };
const options = (given: Partial<FieldOptions>): FieldOptions => ({ ...OPTIONS, ...given });
const source = (fieldPath: string, given: Partial<ReplacementSource> = {}): ReplacementSource => ({
  group: "",
  version: "",
  kind: "Source",
  name: "",
  namespace: "",
  fieldPath,
  options: undefined,
  ...given,
});
const target = (
  fieldPaths: readonly string[],
  given: Partial<FieldOptions> | undefined = undefined,
  select: Partial<Selector> = { kind: "Foo" },
): ReplacementTarget => ({
  select: { ...SELECTOR, ...select },
  reject: [],
  fieldPaths,
  options: given && options(given),
});
const field = (given: Partial<Replacement> & { path?: string }): ReplacementField => ({
  path: "",
  source: undefined,
  sourceValue: undefined,
  targets: [],
  ...given,
});

const SOURCE = newResource({
  apiVersion: "v1",
  kind: "Source",
  metadata: { name: "src", annotations: { "a.b/c": "dotted" } },
  data: {
    text: "t",
    number: 7,
    parts: "a:b:c",
    map: { k: "v" },
    list: [
      { name: "x", v: "first" },
      { name: "y", v: "last" },
    ],
    empty: {},
    null: null,
  },
});
const foo = (spec: NodeMap, name = "f"): Resource => newResource({ apiVersion: "v1", kind: "Foo", metadata: { name }, spec });

function run(resources: readonly Resource[], ...fields: readonly ReplacementField[]): string {
  const made = createReplacementTransformer(fields, loader);
  if (!made.ok) return `not made: ${made.problem.message}`;
  const result = made.value([SOURCE, ...resources], schema);
  if (!result.ok) return `problem: ${result.problem.message}`;
  // What does not fit its type is only found when it is printed.
  const unprintable = result.value.map(({ node }) => asPrinted(node)).find(({ ok }) => !ok);
  if (unprintable?.ok === false) return `problem: ${unprintable.problem}`;
  return JSON.stringify(result.value.slice(1).map(({ node }) => jsonOf(node.spec ?? null)));
}

const spec = (...specs: readonly Node[]): string => JSON.stringify(specs.map((one) => jsonOf(one)));

describe("sources", () => {
  const from = (given: ReplacementSource): string => run([foo({ a: "" })], field({ source: given, targets: [target(["spec.a"])] }));
  it.each<{ what: string; given: ReplacementSource; want: string }>([
    { what: "a field", given: source("data.text"), want: spec({ a: "t" }) },
    { what: "the name, if nothing is said", given: source(""), want: spec({ a: "src" }) },
    { what: "a name with dots in brackets", given: source("metadata.annotations.[a.b/c]"), want: spec({ a: "dotted" }) },
    { what: "a name with escaped dots", given: source("metadata.annotations.a\\.b/c"), want: spec({ a: "dotted" }) },
    { what: "an item by a field", given: source("data.list.[name=y].v"), want: spec({ a: "last" }) },
    { what: "an item by its index", given: source("data.list.0.v"), want: spec({ a: "first" }) },
    { what: "the last item", given: source("data.list.-.v"), want: spec({ a: "last" }) },
    { what: "a part of a text", given: source("data.parts", { options: options({ delimiter: ":", index: 1 }) }), want: spec({ a: "b" }) },
    {
      what: "a part that is not there",
      given: source("data.parts", { options: options({ delimiter: ":", index: 3 }) }),
      want: "problem: options.index 3 is out of bounds for value a:b:c",
    },
    {
      what: "a part of a map",
      given: source("data.map", { options: options({ delimiter: ":" }) }),
      want: "problem: delimiter option can only be used with scalar nodes",
    },
    {
      what: "nothing",
      given: source("data.zz"),
      want: "problem: fieldPath `data.zz` is missing for replacement source Source.[noVer].[noGrp]/[noName].[noNs]",
    },
    {
      what: "an empty map",
      given: source("data.empty"),
      want: "problem: fieldPath `data.empty` is missing for replacement source Source.[noVer].[noGrp]/[noName].[noNs]",
    },
    {
      what: "null",
      given: source("data.null"),
      want: "problem: fieldPath `data.null` is missing for replacement source Source.[noVer].[noGrp]/[noName].[noNs]",
    },
    { what: "a wildcard", given: source("data.*"), want: "problem: error looking up replacement source: wildcard is not supported in PathGetter" },
    { what: "no object", given: source("x", { name: "zz" }), want: "problem: nothing selected by Source.[noVer].[noGrp]/zz.[noNs]:x" },
    {
      what: "two objects",
      given: source("", { kind: "", options: options({ create: true }) }),
      want: "problem: multiple matches for selector [noKind].[noVer].[noGrp]/[noName].[noNs]:(0), create=true",
    },
    { what: "the default namespace", given: source("data.text", { namespace: "default" }), want: spec({ a: "t" }) },
  ])("$what", ({ given, want }) => expect(from(given)).toBe(want));

  it("by a name that it had", () => {
    const renamed: Resource = {
      ...newResource({ apiVersion: "v1", kind: "Other", metadata: { name: "p-o" } }),
      previous: [{ name: "o", namespace: "default", kind: "Other" }],
    };
    expect(run([foo({ a: "" }), renamed], field({ source: source("", { kind: "Other", name: "o" }), targets: [target(["spec.a"])] }))).toBe(
      spec({ a: "p-o" }, null),
    );
  });
});

describe("targets", () => {
  const into = (before: NodeMap, path: string, given?: Partial<FieldOptions>, value: Partial<Replacement> = { sourceValue: "new" }): string =>
    run([foo(before)], field({ ...value, targets: [target([path], given)] }));
  const MAP = { source: source("data.map") };
  it.each<{ what: string; before: NodeMap; path: string; given?: Partial<FieldOptions>; value?: Partial<Replacement>; want: string }>([
    { what: "a field", before: { a: "x", b: "y" }, path: "spec.a", want: spec({ a: "new", b: "y" }) },
    { what: "all items", before: { l: [{ a: 1, b: "x" }, { b: "y" }] }, path: "spec.l.*.b", want: spec({ l: [{ a: 1, b: "new" }, { b: "new" }] }) },
    {
      what: "items whose field has a match",
      before: { l: [{ n: "web" }, { n: "web2" }, { n: "db" }].map((item) => ({ ...item, v: "" })) },
      path: "spec.l.[n=^web].v",
      want: spec({
        l: [
          { n: "web", v: "new" },
          { n: "web2", v: "new" },
          { n: "db", v: "" },
        ],
      }),
    },
    { what: "items that are texts", before: { l: ["one", "two"] }, path: "spec.l.[=two]", want: spec({ l: ["one", "new"] }) },
    { what: "an index", before: { l: ["one", "two"] }, path: "spec.l.1", want: spec({ l: ["one", "new"] }) },
    { what: "a map takes the place of a map", before: { m: { x: 1 } }, path: "spec.m", value: MAP, want: spec({ m: { k: "v" } }) },
    { what: "a map is no text", before: { a: "x" }, path: "spec.a", value: MAP, want: spec({ a: "" }) },
    { what: "a part", before: { a: "x:y:z" }, path: "spec.a", given: { delimiter: ":", index: 1 }, want: spec({ a: "x:new:z" }) },
    { what: "a part before the first", before: { a: "x:y" }, path: "spec.a", given: { delimiter: ":", index: -1 }, want: spec({ a: "new:x:y" }) },
    { what: "a part behind the last", before: { a: "x:y" }, path: "spec.a", given: { delimiter: ":", index: 9 }, want: spec({ a: "x:y:new" }) },
    {
      what: "a part of a map",
      before: { a: {} },
      path: "spec.a",
      given: { delimiter: ":" },
      want: "problem: delimiter option can only be used with scalar nodes",
    },
    { what: "a missing field", before: {}, path: "spec.a", want: 'problem: unable to find field "spec.a" in replacement target' },
    {
      what: "an index too far",
      before: { l: ["a"] },
      path: "spec.l.3",
      want: 'problem: unable to find field "spec.l.3" in replacement target: index 3 specified but only 1 elements found',
    },
    {
      what: "a list without an index",
      before: { l: ["a"] },
      path: "spec.l.x",
      want: 'problem: unable to find field "spec.l.x" in replacement target: wrong node kind: expected MappingNode but got SequenceNode: node contents:\n- a\n',
    },
    {
      what: "brackets without =",
      before: { l: ["a"] },
      path: "spec.l.[x]",
      want: 'problem: unable to find field "spec.l.[x]" in replacement target: list path element must contain fieldName=fieldValue for element to match',
    },
    {
      what: "a regular expression that is none",
      before: { l: [{ n: "a" }] },
      path: "spec.l.[n=(].x",
      want: 'problem: unable to find field "spec.l.[n=(].x" in replacement target: error parsing regexp: missing closing ): `(`',
    },
    { what: "made: a field and what leads there", before: {}, path: "spec.a.b.c", given: { create: true }, want: spec({ a: { b: { c: "new" } } }) },
    { what: "made: what reads like a number is one", before: {}, path: "spec.a", given: { create: true }, value: { sourceValue: "5" }, want: spec({ a: 5 }) },
    { what: "made: a map", before: {}, path: "spec.a", given: { create: true }, value: MAP, want: spec({ a: { k: "v" } }) },
    { what: "made: an item with its key", before: {}, path: "spec.l.[n=x].v", given: { create: true }, want: spec({ l: [{ n: "x", v: "new" }] }) },
    { what: "made: an item behind the last", before: { l: ["a"] }, path: "spec.l.1", given: { create: true }, want: spec({ l: ["a", "new"] }) },
    {
      what: "made: an item that its own expression does not match",
      before: {},
      path: "spec.l.[n=a+b].v",
      given: { create: true },
      want: 'problem: unable to find or create field "spec.l.[n=a+b].v" in replacement target: the element created for "[n=a+b]" does not match it',
    },
  ])("$what", ({ before, path, given, value, want }) => expect(into(before, path, given, value)).toBe(want));

  it.each<{ before: Node; text: string; want: string }>([
    { before: 5, text: "7", want: spec({ a: 7 }) },
    { before: "5", text: "7", want: spec({ a: "7" }) },
    { before: 5, text: "0x10", want: spec({ a: 16 }) },
    { before: 1.5, text: "7", want: spec({ a: 7 }) },
    { before: 5, text: "abc", want: "problem: map[string]interface {}(nil): yaml: cannot decode !!str `abc` as a !!int" },
    { before: 5, text: "1.5", want: "problem: map[string]interface {}(nil): yaml: cannot decode !!float `1.5` as a !!int" },
    { before: true, text: "yes", want: "problem: map[string]interface {}(nil): yaml: cannot decode !!str `yes` as a !!bool" },
    { before: null, text: "3", want: "problem: map[string]interface {}(nil): yaml: cannot decode !!int `3` as a !!null" },
    {
      before: scalar("2020-01-01", "2020-01-01T00:00:00Z"),
      text: "5",
      want: "problem: map[string]interface {}(nil): yaml: cannot decode !!int `5` as a !!timestamp",
    },
    { before: "x", text: "2020-01-02", want: spec({ a: "2020-01-02" }) },
  ])("a scalar keeps its type: $before, $text", ({ before, text, want }) => expect(into({ a: before }, "spec.a", undefined, { sourceValue: text })).toBe(want));
});

describe("one after the other", () => {
  it("what a replacement has changed the next one sees", () => {
    const first = field({ sourceValue: "new", targets: [target(["data.text"], undefined, { kind: "Source" })] });
    const second = field({ source: source("data.text"), targets: [target(["spec.a"])] });
    expect(run([foo({ a: "" })], first, second)).toBe(spec({ a: "new" }));
  });

  it("a source that is a target itself goes on changing", () => {
    const targets = [target(["data.text"], { delimiter: ":", index: 9 }, { kind: "Source" }), target(["spec.a"])];
    expect(run([foo({ a: "" })], field({ source: source("data.text"), targets }))).toBe(spec({ a: "t:t" }));
  });

  it("a new name counts for the selectors that follow", () => {
    const rename = field({ sourceValue: "g", targets: [target([], undefined, { kind: "Foo", name: "f" })] });
    expect(run([foo({ a: "" })], rename, field({ sourceValue: "x", targets: [target(["spec.a"], undefined, { name: "f" })] }))).toBe(spec({ a: "" }));
    expect(run([foo({ a: "" })], rename, field({ sourceValue: "x", targets: [target(["spec.a"], undefined, { name: "g" })] }))).toBe(spec({ a: "x" }));
  });

  it("what is rejected stays", () => {
    const one = { ...target(["spec.a"]), reject: [{ ...SELECTOR, name: "g.*" }] };
    expect(run([foo({ a: "" }), foo({ a: "" }, "go")], field({ sourceValue: "x", targets: [one] }))).toBe(spec({ a: "x" }, { a: "" }));
  });

  it("what is not changed is shared", () => {
    const made = createReplacementTransformer([field({ sourceValue: "x", targets: [target(["spec.a"])] })], loader);
    const other = newResource({ apiVersion: "v1", kind: "Foo", metadata: { name: "o" }, spec: { a: "x", b: { c: 1 } } });
    const result = made.ok ? made.value([SOURCE, other], schema) : made;
    expect(result.ok && result.value.map((resource, index) => resource === [SOURCE, other][index])).toStrictEqual([true, true]);
  });

  it("an object cannot be put into itself for ever", () => {
    const again = Array.from({ length: 20 }, (_, index) =>
      field({ source: source("spec", { kind: "Foo" }), targets: [target([`spec.a${index}.x`, `spec.b${index}.x`], { create: true })] }),
    );
    expect(run([foo({ a: "" })], ...again)).toBe("problem: the value of a replacement has more than 100000 nodes or is deeper than 200");
  });
});

describe("what is given", () => {
  const NEITHER = "problem: replacements must specify a source and at least one target";
  it.each<{ what: string; given: ReplacementField; want: string }>([
    { what: "no source", given: field({ targets: [target([])] }), want: NEITHER },
    { what: "no target", given: field({ sourceValue: "x" }), want: NEITHER },
    {
      what: "two sources",
      given: field({ sourceValue: "x", source: source(""), targets: [target([])] }),
      want: "problem: value and resource selectors are mutually exclusive",
    },
    {
      what: "no select",
      given: field({ sourceValue: "x", targets: [{ ...target([]), select: undefined }] }),
      want: "problem: target must specify resources to select",
    },
    {
      what: "a wrong expression",
      given: field({ sourceValue: "x", targets: [target([], undefined, { name: "(" })] }),
      want: "problem: error creating target selector: error parsing regexp: missing closing ): `^(?:()$`",
    },
    { what: "a file and a source", given: field({ path: "one.yaml", source: source("") }), want: "not made: cannot specify both path and inline replacement" },
    { what: "a list in a file", given: field({ path: "list.yaml" }), want: spec({ a: "x", b: "z" }) },
    { what: "one in a file", given: field({ path: "one.yaml" }), want: spec({ a: "x", b: "" }) },
    { what: "an empty list of targets in a file", given: field({ path: "none.yaml" }), want: spec({ a: "", b: "" }) },
    { what: "no targets in a file", given: field({ path: "missing.yaml" }), want: NEITHER },
    {
      what: "a text in a file",
      given: field({ path: "text.yaml" }),
      want: "not made: unsupported replacement type encountered within replacement path: string",
    },
    {
      what: "a number in a file",
      given: field({ path: "number.yaml" }),
      want: "not made: unsupported replacement type encountered within replacement path: float64",
    },
    {
      what: "nothing in a file",
      given: field({ path: "empty.yaml" }),
      want: "not made: unsupported replacement type encountered within replacement path: invalid",
    },
    { what: "no file", given: field({ path: "zz" }), want: "not made: no zz" },
  ])("$what", ({ given, want }) => expect(run([foo({ a: "", b: "" })], given)).toBe(want));

  it("the configuration that messages show leaves out what is empty", () =>
    expect(replacementConfig([field({ sourceValue: "x", targets: [target(["a"], { create: true })] }), field({ path: "p" })])).toStrictEqual({
      Replacements: [{ sourceValue: "x", targets: [{ select: { kind: "Foo" }, fieldPaths: ["a"], options: { create: true } }] }, { path: "p" }],
    }));
});
