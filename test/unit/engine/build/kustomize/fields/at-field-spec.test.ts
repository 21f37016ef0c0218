import { describe, expect, it } from "vitest";
import type { FieldSpec } from "../../../../../../layers/engine/build/kustomize/config/config.ts";
import { atFieldSpec, atFieldSpecs, type Create, type Setter } from "../../../../../../layers/engine/build/kustomize/fields/at-field-spec.ts";
import { setEntry, setInteger, setScalar, setText, setTextIfEmpty } from "../../../../../../layers/engine/build/kustomize/fields/setters.ts";
import { textOf } from "../../../../../../layers/engine/build/kustomize/resource/resource.ts";
import { goJson } from "../../../../../../layers/engine/build/kustomize/resource/shown-json.ts";
import { isMap, type NodeMap } from "../../../../../../layers/engine/build/node/node.ts";
import { readDocuments } from "../../../../../../layers/engine/build/yaml/documents.ts";

const ANY: FieldSpec = { group: "", version: "", kind: "", path: "", create: false };

function objectOf(fields: string): NodeMap {
  const read = readDocuments(`apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n${fields}\n`);
  const node = read.ok ? read.value[0]?.node : undefined;
  if (node === undefined || !isMap(node)) throw new Error(`no object in ${fields}`);
  return node;
}

/** The fields besides those that name the object, or the problem. */
function changed(fields: string, spec: Partial<FieldSpec>, set: Setter, create?: Create): string {
  const result = atFieldSpec(objectOf(fields), { ...ANY, ...spec }, set, create);
  if (!result.ok) return result.problem.replace(" of object Deployment.v1.apps/web.[noNs]", "");
  const { apiVersion: _, kind: __, metadata: ___, ...rest } = result.value;
  return goJson(rest);
}

describe("what a path leads to", () => {
  it.each<[string, string, string, string]>([
    ["a map", "a: {b: {c: x}}", "a/b/c", '{"a":{"b":{"c":"new"}}}'],
    ["all items of a list", "a: [{b: 1}, {b: 2}]", "a/b", '{"a":[{"b":"new"},{"b":"new"}]}'],
    ["lists in lists", "a: [[{b: 1}], [{b: 2}]]", "a/b", '{"a":[[{"b":"new"}],[{"b":"new"}]]}'],
    ["a list that must be one", "a: [{b: 1}]", "a[]/b", '{"a":[{"b":"new"}]}'],
    ["nothing", "a: {}", "a/b/c", '{"a":{}}'],
    ["below null", "a: null", "a/b", '{"a":null}'],
    ["a null item", "a: [null, {b: 1}]", "a/b", '{"a":[null,{"b":"new"}]}'],
    ["null where a list must be", "a: null", "a[]/b", '{"a":[]}'],
    ["null at the end", "a: {b: null}", "a/b", '{"a":{"b":"new"}}'],
    ["a slash in a name", "a: {x/y: 1}", "a/x\\/y", '{"a":{"x/y":"new"}}'],
    ["a slash at the beginning", "a: {b: 1}", "/a/b", '{"a":{"b":"new"}}'],
    ["spaces around a name", "a: {b: 1}", "a/ b ", '{"a":{"b":"new"}}'],
    ["a scalar on the way", "a: x", "a/b", "considering field 'a/b': expected sequence or mapping node"],
    ["a scalar in a list", "a: [x]", "a/b", "considering field 'a/b': visit traversal on path: [b]: expected sequence or mapping node"],
    ["no name", "a: {}", "a/", "considering field 'a/': cannot set or create an empty field name"],
    ["no path", "a: {}", "", "considering field '': cannot set or create an empty field name"],
    ["a star", "a: {}", "a/*", "considering field 'a/*': fieldName: *: wildcard is not supported in PathGetter"],
    [
      "a number",
      "a: {b: 1}",
      "a/1",
      "considering field 'a/1': fieldName: 1: wrong node kind: expected SequenceNode but got MappingNode: node contents:\nb: 1\n",
    ],
    ["a number below zero", "a: {b: 1}", "a/-1", "considering field 'a/-1': fieldName: -1: array index -1 cannot be negative"],
    [
      "an item by its name",
      "a: {b: 1}",
      "a/[b=1]",
      "considering field 'a/[b=1]': fieldName: [b=1]: wrong node kind: expected SequenceNode but got MappingNode: node contents:\nb: 1\n",
    ],
    [
      "an item by nothing",
      "a: {b: 1}",
      "a/[b]",
      "considering field 'a/[b]': fieldName: [b]: list path element must contain fieldName=fieldValue for element to match",
    ],
    [
      "a map at the end",
      "a: {b: {c: {d: [x, y]}}}",
      "a/b",
      "considering field 'a/b': wrong node kind: expected ScalarNode but got MappingNode: node contents:\nc:\n  d:\n  - x\n  - \"y\"\n".replace('"y"', "y"),
    ],
  ])("%s", (_, fields, path, want) => expect(changed(fields, { path }, setText("new"))).toBe(want));
});

describe("what is made", () => {
  it.each<[string, string, string, Create | undefined, boolean, string]>([
    ["not without `create`", "a: {}", "a/b", "text", false, '{"a":{}}'],
    ["not when the caller does not say what", "a: {}", "a/b", undefined, true, '{"a":{}}'],
    ["a text", "a: {}", "a/b", "text", true, '{"a":{"b":"new"}}'],
    ["maps on the way", "a: {}", "a/b/c/d", "text", true, '{"a":{"b":{"c":{"d":"new"}}}}'],
    ["maps for null", "a: null", "a/b", "text", true, '{"a":{"b":"new"}}'],
    ["in each item", "a: [{}, {b: 1}]", "a/b", "text", true, '{"a":[{"b":"new"},{"b":"new"}]}'],
    ["no list", "a: {}", "a/b[]/c", "text", true, '{"a":{}}'],
    ["behind a list", "a: [{}]", "a[]/b/c", "text", true, '{"a":[{"b":{"c":"new"}}]}'],
  ])("%s", (_, fields, path, create, isCreate, want) => expect(changed(fields, { path, create: isCreate }, setText("new"), create)).toBe(want));

  it("a map for entries", () => expect(changed("a: {}", { path: "a/b", create: true }, setEntry("k", "v"), "map")).toBe('{"a":{"b":{"k":"v"}}}'));
});

describe("which objects", () => {
  it.each<[Partial<FieldSpec>, boolean]>([
    [{}, true],
    [{ kind: "Deployment" }, true],
    [{ kind: "deployment" }, false],
    [{ group: "apps" }, true],
    [{ group: "batch" }, false],
    [{ version: "v1" }, true],
    [{ version: "v2" }, false],
    [{ kind: "Deployment", group: "apps", version: "v1" }, true],
  ])("%j: %s", (spec, want) => expect(changed("a: 1", { ...spec, path: "a" }, setText("new")) === '{"a":"new"}').toBe(want));
});

describe("what setters make of what is there", () => {
  it.each<[string, string, Setter, string]>([
    ["a text for a number", "a: 5", setText("5"), '{"a":"5"}'],
    ["a text for nothing", "a: null", setText("x"), '{"a":"x"}'],
    ["a text where there is one", "a: x", setTextIfEmpty("new"), '{"a":"x"}'],
    ["a text where it is empty", 'a: ""', setTextIfEmpty("new"), '{"a":"new"}'],
    ["a text where there is a number", "a: 0", setTextIfEmpty("new"), '{"a":0}'],
    ["a text without quotes", "a: x", setScalar((text) => `${text}1`), '{"a":"x1"}'],
    ["a number without quotes", "a: 5", setScalar((text) => `${text}1`), '{"a":51}'],
    ["a number with quotes", 'a: "5"', setScalar((text) => `${text}1`), '{"a":"51"}'],
    ["a number as it is written", "a: 0x1f", setScalar((text) => `v${text}`), '{"a":"v0x1f"}'],
    ["an integer", "a: 5", setInteger(7n), '{"a":7}'],
    ["an integer between quotes", 'a: "5"', setInteger(7n), '{"a":"7"}'],
    ["a large integer", "a: 5", setInteger(9007199254740993n), '{"a":9007199254740993}'],
    ["an entry", "a: {k: 5, l: 6}", setEntry("k", "v"), '{"a":{"k":"v","l":6}}'],
    ["an entry over a map", "a: {k: {x: y}}", setEntry("k", "v"), '{"a":{"k":"v"}}'],
    ["an entry below null", "a: null", setEntry("k", "v"), '{"a":null}'],
    [
      "an entry of a list",
      "a: [yes]",
      setEntry("k", "v"),
      "considering field 'a': wrong node kind: expected MappingNode but got SequenceNode: node contents:\n- yes\n",
    ],
    ["an entry of a text", "a: x", setEntry("k", "v"), "considering field 'a': wrong node kind: expected MappingNode but got ScalarNode: node contents:\nx\n"],
  ])("%s", (_, fields, set, want) => expect(changed(fields, { path: "a" }, set)).toBe(want));
});

describe("what is shared", () => {
  const node = objectOf("a: {b: 1}\nc: {d: [{e: x}]}");

  it("the object itself when nothing changes", () => {
    for (const [path, set] of [
      ["a/z", setText("x")],
      ["c/d/e", setText("x")],
      ["a/b", setTextIfEmpty("x")],
    ] as const) {
      const result = atFieldSpec(node, { ...ANY, path }, set);
      expect(result.ok && result.value).toBe(node);
    }
  });

  it("what the path does not touch", () => {
    const result = atFieldSpec(node, { ...ANY, path: "a/b" }, setText("x"));
    expect(result.ok && result.value.c).toBe(node.c);
    expect(goJson(node.a ?? null)).toBe('{"b":1}');
  });
});

it("field specs follow one another", () => {
  const specs = [
    { ...ANY, path: "a" },
    { ...ANY, path: "a", kind: "Service" },
    { ...ANY, path: "a" },
  ];
  const result = atFieldSpecs(
    objectOf("a: x"),
    specs,
    setScalar((text) => `${text}1`),
  );
  expect(result.ok && textOf(result.value.a)).toBe("x11");
});
