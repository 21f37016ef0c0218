import { isList, isMap, isScalar, MISFIT, type Node, TAG, TEXT, VALUE } from "../../node/node.ts";
import { readNumber } from "../../yaml/number-text.ts";
import { scalarOf } from "../../yaml/scalar-of.ts";
import { isShared } from "../fields/shared-text.ts";

/** The type of a scalar as YAML tags name it; "" for one that was made and takes its type from its text. */
export type Tag = "" | "!!str" | "!!int" | "!!float" | "!!bool" | "!!null" | "!!timestamp";

const TAGS: readonly Tag[] = ["!!str", "!!int", "!!float", "!!bool", "!!null", "!!timestamp"];

/** The tag with which kyaml reads a scalar; lists and maps have none of these. */
export function tagOf(node: Node): Tag {
  if (isScalar(node) && node[MISFIT] !== undefined) return TAGS.find((tag) => tag === node[MISFIT]?.tag) ?? "";
  if (isScalar(node) && node[TAG] !== undefined) return TAGS.find((tag) => tag === node[TAG]) ?? "";
  if (node === null) return "!!null";
  if (typeof node === "string" || isShared(node)) return "!!str";
  if (typeof node === "boolean") return "!!bool";
  if (typeof node === "number") return Number.isSafeInteger(node) ? "!!int" : "!!float";
  if (isList(node) || isMap(node) || !isScalar(node)) return "";
  const value = node[VALUE];
  if (typeof value === "boolean") return "!!bool";
  if (typeof value === "string") return "!!timestamp";
  return readNumber(node[TEXT])?.kind === "integer" ? "!!int" : "!!float";
}

/** The tag that a text without quotes has by itself. */
export const tagOfText = (text: string): Tag => (text.includes("\n") ? "!!str" : tagOf(scalarOf(text)));
