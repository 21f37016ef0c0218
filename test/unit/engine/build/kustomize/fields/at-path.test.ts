import { expect, it } from "vitest";
import { atPath } from "../../../../../../layers/engine/build/kustomize/fields/at-path.ts";
import { setScalar } from "../../../../../../layers/engine/build/kustomize/fields/setters.ts";
import { goJson } from "../../../../../../layers/engine/build/kustomize/resource/shown-json.ts";
import type { NodeMap } from "../../../../../../layers/engine/build/node/node.ts";

it.each<[string, NodeMap, readonly string[], string]>([
  ["a field", { a: "x" }, ["a"], '{"a":"new"}'],
  ["fields that are not there", {}, ["a", "b"], '{"a":{"b":"new"}}'],
  ["an item by its place", { a: ["x", "y"] }, ["a", "1"], '{"a":["x","new"]}'],
  ["a place that a list does not have", { a: ["x"] }, ["a", "1"], '{"a":["x"]}'],
  ["the last item", { a: ["x", "y"] }, ["a", "-"], '{"a":["x","new"]}'],
  ["an item by its name", { a: [{ n: "x" }, { n: "y" }] }, ["a", "[n=y]", "i"], '{"a":[{"n":"x"},{"i":"new","n":"y"}]}'],
  ["an item that is not there", { a: [] }, ["a", "[n=y]", "i"], '{"a":[{"i":"new","n":"y"}]}'],
  ["an item in a list that is not there", {}, ["a", "[n=y]", "i"], '{"a":[{"i":"new","n":"y"}]}'],
  ["an item by its text", { a: ["x", "y"] }, ["a", "[=y]"], '{"a":["x","new"]}'],
  ["below null", { a: null }, ["a", "b"], '{"a":null}'],
  ["null", { a: null }, ["a"], '{"a":"new"}'],
  ["a star", {}, ["a", "*"], "wildcard is not supported in PathGetter"],
  ["no condition", { a: [] }, ["a", "[n]"], "list path element must contain fieldName=fieldValue for element to match"],
  ["a place below zero", { a: [] }, ["a", "-1"], "array index -1 cannot be negative"],
  ["a place in a map", { a: { b: "c" } }, ["a", "0"], "wrong node kind: expected SequenceNode but got MappingNode: node contents:\nb: c\n"],
  ["a field of a list", { a: ["c"] }, ["a", "b"], "wrong node kind: expected MappingNode but got SequenceNode: node contents:\n- c\n"],
  ["a field of a text", { a: "c" }, ["a", "b"], "wrong node kind: expected MappingNode but got ScalarNode: node contents:\nc\n"],
])("%s", (_, node, path, want) => {
  const result = atPath(
    node,
    path,
    setScalar(() => "new"),
  );
  expect(result.ok ? goJson(result.value) : result.problem).toBe(want);
});
