import { DICT, INT, LIST, named, STRING, STRINGS } from "@sluice/engine/build/helm/go/type.ts";
import { type GoValue, goInt, goMap, goSlice, goStrings } from "@sluice/engine/build/helm/go/value.ts";
import { ARG, argOf, goFunction, variadicFunction } from "@sluice/engine/build/helm/template/functions.ts";
import { expect, it } from "vitest";

const VALUES = named("common.Values", DICT);

it("a map of a named type is a plain one for a function, and the same map", () => {
  const given = goMap([["a", 1]], VALUES);
  const got: GoValue[] = [];
  const set = goFunction([ARG.dict], (map) => {
    got.push(map);
    map.entries.set("b", 2);
    return map;
  });
  set.call([given]);
  expect([got.map((map) => typeof map === "object" && map?.type.name), given.type.name, given.entries.get("b")]).toEqual([
    ["map[string]interface {}"],
    "common.Values",
    2,
  ]);
});

it("a function that takes anything gets it as it is", () => {
  const given = goMap([], VALUES);
  expect(goFunction([ARG.any], (value) => value).call([given])).toBe(given);
  expect(goFunction([argOf(VALUES)], (value) => value).call([given])).toBe(given);
});

it("arguments are what TypeScript takes them for", () => {
  const all = goFunction([ARG.string, ARG.int, ARG.int64, ARG.bool, ARG.float64, ARG.list, ARG.strings], (...args) => {
    expect(args).toEqual(["a", 3, 4n, true, 1.5, goSlice([1]), goStrings(["b"])]);
    return null;
  });
  all.call(["a", goInt(3), goInt(4), true, 1.5, goSlice([1], named("some.List", LIST)), goStrings(["b"])]);
  expect([all.params.map((type) => type.name), all.variadic]).toEqual([["string", "int", "int64", "bool", "float64", "[]interface {}", "[]string"], false]);
});

it("a function of any number of arguments gets the last ones as a list", () => {
  const join = variadicFunction([ARG.string], ARG.int, (text, numbers) => `${text}:${numbers.join("+")}`, STRING);
  expect([join.call(["a"]), join.call(["a", goInt(1), goInt(2)]), join.params, join.variadic, join.result]).toEqual([
    "a:",
    "a:1+2",
    [STRING, INT],
    true,
    STRING,
  ]);
});

it("an argument that was not checked is a bug", () => {
  expect(() => goFunction([ARG.string], (text) => text).call([1])).toThrow(new TypeError("an argument of string was not checked"));
  expect(() => goFunction([ARG.int], (number) => number).call([1])).toThrow(new TypeError("an argument that is an integer was not checked"));
  expect(STRINGS.element).toBe(STRING);
});
