import { describe, expect, it } from "vitest";
import { unmarshal } from "../../../../../../layers/engine/build/kustomize/decode/unmarshal.ts";
import type { Loader } from "../../../../../../layers/engine/build/kustomize/load/loader.ts";
import { createValueAddTransformer, insertPathPart, valueAddShape } from "../../../../../../layers/engine/build/kustomize/transform/value-add.ts";
import { loaderOf } from "../config/files.ts";
import { transformed } from "./objects.ts";

const OBJECTS = "apiVersion: x.y/v1\nkind: Foo\nmetadata: {name: a}\nspec: {path: /x/y}\n---\napiVersion: x.y/v1\nkind: Bar\nmetadata: {name: b}\n";

function run(config: string, loader: Loader = loaderOf({ "t.yaml": "targets: [{fieldPath: spec/t}]" })): string {
  const read = unmarshal(config, valueAddShape, "ignore");
  if (!read.ok) return read.problem.message;
  const made = createValueAddTransformer(read.value, loader);
  return made.ok ? transformed(made.value, OBJECTS) : made.problem.message;
}

const foo = (metadata: string, spec: string): string => `{"apiVersion":"x.y/v1","kind":"Foo","metadata":${metadata},"spec":${spec}}`;
const bar = (metadata: string, spec = ""): string => `{"apiVersion":"x.y/v1","kind":"Bar","metadata":${metadata}${spec}}`;

describe("values", () => {
  it.each<[string, string]>([
    ["value: ' v '\ntargets: [{fieldPath: spec/path}]", `${foo('{"name":"a"}', '{"path":"v"}')}\n${bar('{"name":"b"}', ',"spec":{"path":"v"}')}`],
    [
      "value: v\ntargets: [{fieldPath: spec/path, filePathPosition: 1, selector: {kind: Foo}}]",
      `${foo('{"name":"a"}', '{"path":"/v/x/y"}')}\n${bar('{"name":"b"}')}`,
    ],
    ["targets: [{fieldPath: spec/path, selector: {kind: Foo}}]", `${foo('{"name":"a"}', '{"path":"app"}')}\n${bar('{"name":"b"}')}`],
    [
      "value: v\ntargets: [{fieldPath: metadata/namespace, selector: {name: a}}]",
      `${foo('{"name":"a","namespace":"v"}', '{"path":"/x/y"}')}\n${bar('{"name":"b"}')}`,
    ],
    [
      "value: v\ntargetFilePath: t.yaml\ntargets: [{fieldPath: 'metadata/annotations/a\\/b', selector: {kind: Foo}}]",
      `${foo('{"annotations":{"a/b":"v"},"name":"a"}', '{"path":"/x/y","t":"v"}')}\n${bar('{"name":"b"}', ',"spec":{"t":"v"}')}`,
    ],
    ["value: v", "must specify at least one target"],
    ["value: v\ntargets: [{}]", "fieldPath cannot be empty"],
    ["value: v\ntargets: [{fieldPath: a, filePathPosition: -1}]", "value of FilePathPosition (-1) cannot be negative"],
    ["value: v\ntargetFilePath: z.yaml", "open /app/z.yaml: no such file or directory"],
    ["value: v\ntargets: [{fieldPath: metadata}]", "wrong node kind: expected ScalarNode but got MappingNode: node contents:\nname: a\n"],
  ])("%j", (config, want) => expect(run(config)).toBe(want));
});

describe("a part of a path", () => {
  // The table of kustomize's own documentation, then its edges.
  it.each([
    ["", 0, "PEACH"],
    ["/", 0, "/PEACH"],
    ["pie", 0, "PEACH/pie"],
    ["/pie", 0, "/PEACH/pie"],
    ["raw", 1, "raw/PEACH"],
    ["/raw", 1, "/raw/PEACH"],
    ["a/nice/warm/pie", 3, "a/nice/warm/PEACH/pie"],
    ["/a/nice/warm/pie", 3, "/a/nice/warm/PEACH/pie"],
    ["a/b", 9999, "a/b/PEACH"],
    ["/a/b", 9999, "/a/b/PEACH"],
    ["a//b", 1, "a/PEACH/b"],
    ["a/b/", 0, "PEACH/a/b"],
  ])("%j at %i is %j", (path, position, want) => expect(insertPathPart(path, position, "PEACH")).toBe(want));
});
