import { ok, problem, type Result } from "../../../domain/result.ts";
import type { Node } from "../../node/node.ts";
import { spend } from "../../work.ts";
import type { FieldOptions } from "../kustomization/kustomization.ts";
import { type Draft, finishDraft, isNullDraft, kindOfDraft, setText, textOfDraft } from "./draft.ts";

const ONLY_SCALARS = "delimiter option can only be used with scalar nodes";

/** Puts `value` where `target` is. A scalar keeps its type and gets the text, so that `"5"` fits a number. Source: kustomize api/filters/replacement, setFieldValue. */
export function putValue(target: Draft, value: Draft, options: FieldOptions | undefined): Result<undefined> {
  const isScalar = kindOfDraft(target) === "ScalarNode";
  if (options !== undefined && options.delimiter !== "") {
    if (!isScalar) return problem(ONLY_SCALARS);
    setText(target, joined(textOfDraft(target), isNullDraft(value) ? "" : textOfDraft(value), options));
    return ok(undefined);
  }
  if (isScalar) {
    setText(target, textOfDraft(value));
    return ok(undefined);
  }
  return putCopy(target, value);
}

export function putCopy(target: Draft, value: Draft): Result<undefined> {
  // What has no type of its own must not get one: another replacement may still change its text, or look into it.
  if (value.content.kind === "scalar") {
    target.content = value.content;
    return ok(undefined);
  }
  const copy = finishDraft(value);
  if (!isSmallEnough(copy)) return problem(`the value of a replacement has more than ${MAX_NODES} nodes or is deeper than ${MAX_DEPTH}`);
  target.content = { kind: "closed", node: copy };
  return ok(undefined);
}

/** An index beyond the parts on either side adds a part there. */
function joined(text: string, part: string, { delimiter, index }: FieldOptions): string {
  const parts = split(text, delimiter);
  if (index < 0) return [part, ...parts].join(delimiter);
  return (index >= parts.length ? [...parts, part] : parts.with(index, part)).join(delimiter);
}

/** The part of a source that its options name; without a delimiter it is the whole, which may go on changing. Source: kustomize getRefinedValue. */
export function refinedValue(source: Draft, options: FieldOptions | undefined): Result<Draft> {
  if (options === undefined || options.delimiter === "") return ok(source);
  if (kindOfDraft(source) !== "ScalarNode") return problem(ONLY_SCALARS);
  const text = isNullDraft(source) ? "" : textOfDraft(source);
  const part = options.index < 0 ? undefined : split(text, options.delimiter)[options.index];
  if (part === undefined) return problem(`options.index ${options.index} is out of bounds for value ${text}`);
  const value: Draft = { content: source.content };
  setText(value, part);
  return ok(value);
}

const split = (text: string, delimiter: string): readonly string[] => text.split(delimiter);

const MAX_NODES = 100_000;
const MAX_DEPTH = 200;

/** A replacement may put an object into itself, again and again. */
function isSmallEnough(node: Node): boolean {
  spend(10);
  let left = MAX_NODES;
  const fits = (part: Node, depth: number): boolean => {
    left--;
    spend(2);
    if (left < 0 || depth > MAX_DEPTH) return false;
    if (typeof part !== "object" || part === null) return true;
    return Object.values(part).every((child: Node) => fits(child, depth + 1));
  };
  return fits(node, 0);
}
