import type { Json, JsonObject } from "../../domain/json.ts";

/**
 * A value of a manifest while it is built: JSON, and scalars that keep the text they were written with. Deep-readonly: a file that is
 * parsed once is shared by all builds that use it, and what changes a value makes a new one that shares the rest.
 */
export type Node = null | boolean | number | string | Scalar | readonly Node[] | NodeMap;
export type NodeMap = { readonly [key: string]: Node; readonly [TEXT]?: never };

export const TEXT: unique symbol = Symbol("text");
export const VALUE: unique symbol = Symbol("value");

/**
 * A scalar without quotes whose text is not the one that its value is written with: `0644`, `1.0`, `1e3`, `True`, an integer beyond 2^53, a date
 * (whose value is the text of the time that JSON makes of it). The text counts where kustomize copies a field into a string.
 */
export type Scalar = {
  readonly [TEXT]: string;
  readonly [VALUE]: null | boolean | number | bigint | string;
  readonly [MISFIT]?: Misfit;
  readonly [TAG]?: string;
};

/**
 * A text that is none to kyaml: "" where a step has made the scalar anew and given it no tag (a name behind its prefix), so that a word which a replacement
 * puts there is what it reads like; `!!int` where a merge has put a number between the quotes of a text. Only replacements and merges notice.
 */
export const TAG: unique symbol = Symbol("tag");
export const tagged = (text: string, value: null | string, tag: string): Scalar => ({ [TEXT]: text, [VALUE]: value, [TAG]: tag });

/** Whether the node is a text, however it came to be one. */
export const isText = (node: Node | undefined): node is string | Scalar =>
  typeof node === "string" || (isScalar(node) && node[VALUE] === node[TEXT] && node[MISFIT] === undefined);

/**
 * A text that a replacement has put where a value of another type was, `many` for an integer: what is there has the tag `!!int` and cannot be decoded.
 * It may lie there, and something else may take its place; whoever prints it fails. Source: go-yaml v3 decode.
 */
export const MISFIT: unique symbol = Symbol("misfit");
export type Misfit = { readonly tag: string; readonly problem: string };

export const misfit = (text: string, fault: Misfit): Scalar => ({ [TEXT]: text, [VALUE]: text, [MISFIT]: fault });
export const misfitOf = (node: Node): Misfit | undefined => (isScalar(node) ? node[MISFIT] : undefined);

/** Whether there is such a text anywhere in it. */
export const hasMisfit = (node: Node): boolean =>
  isList(node) ? node.some(hasMisfit) : isMap(node) ? Object.values(node).some(hasMisfit) : misfitOf(node) !== undefined;

export const scalar = (text: string, value: boolean | number | bigint | string): Scalar => ({ [TEXT]: text, [VALUE]: value });

export const isScalar = (node: Node | undefined): node is Scalar => typeof node === "object" && node !== null && TEXT in node;
export const isList = (node: Node | undefined): node is readonly Node[] => Array.isArray(node);
export const isMap = (node: Node | undefined): node is NodeMap => typeof node === "object" && node !== null && !Array.isArray(node) && !(TEXT in node);

/** The node as JSON; a value without written scalars is returned as it is. Integers beyond 2^53 lose digits, as in every number of JavaScript. */
export function jsonOf(node: Node): Json {
  if (typeof node !== "object" || node === null) return node;
  if (isScalar(node)) return typeof node[VALUE] === "bigint" ? Number(node[VALUE]) : node[VALUE];
  if (isList(node)) {
    const items = node.map(jsonOf);
    return items.every((item, index) => item === node[index]) ? sameJson(node) : items;
  }
  let changed = false;
  const entries = Object.entries(node).map(([key, value]): [string, Json] => {
    const json = jsonOf(value);
    changed ||= json !== value;
    return [key, json];
  });
  return changed ? Object.fromEntries(entries) : sameJson(node);
}

/** As `jsonOf`, for a map. */
export const jsonMapOf = (map: NodeMap): JsonObject => jsonOf(map) as JsonObject;

/** The one place that says what the comparison above has shown: there is no written scalar in it. */
const sameJson = (node: Node): Json => node as Json;

/** The node as it comes back from JSON: of a written scalar only its value is left, an integer beyond 2^53 with all its digits. */
export function throughJson(node: Node): Node {
  if (typeof node !== "object" || node === null) return node;
  if (isScalar(node) && node[MISFIT] !== undefined) return node;
  if (isScalar(node)) return typeof node[VALUE] === "bigint" ? scalar(String(node[VALUE]), node[VALUE]) : node[VALUE];
  if (isList(node)) return node.map(throughJson);
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, throughJson(value)]));
}
