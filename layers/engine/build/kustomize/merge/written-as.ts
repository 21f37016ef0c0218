import { scalarOf } from "../../yaml/scalar-of.ts";
import { isShared } from "../fields/shared-text.ts";
import { isScalar, type Node } from "../node/node.ts";
import { textOf } from "../resource/resource.ts";
import { type Draft, draftOf } from "./draft.ts";

/**
 * `value` where `existing` stood. A field keeps the quotes that it has: a patch that says `1` for what the target writes as `"25%"` makes it the text `"1"`.
 * Source: kyaml FieldSetter ("keep the original style if it exists").
 */
export function inPlaceOf({ node: existing }: Draft, value: Draft): Draft {
  const { node } = value;
  const isPlain = typeof node === "number" || typeof node === "boolean" || (isScalar(node) && !isShared(node));
  return isPlain && isQuoted(existing) ? draftOf(textOf(node)) : value;
}

/** A string counts as quoted where it must have been: quotes that are not needed are lost by now. */
const isQuoted = (node: Node): boolean => typeof node === "string" && (node.includes("\n") || scalarOf(node) !== node);
