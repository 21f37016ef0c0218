import { ok, problem, type Result } from "../../../domain/result.ts";
import { quote } from "../../text/quote.ts";
import { spend } from "../../work.ts";
import type { FieldOptions } from "../kustomization/kustomization.ts";
import { type Draft, kindOfDraft, textOfDraft } from "./draft.ts";
import { matchPath } from "./match-path.ts";
import { putValue } from "./put-value.ts";
import { splitSmartPath } from "./split-smart-path.ts";
import { readText, replaceInText } from "./text/replace-in-text.ts";

/** So deep a path could make an object. */
const MAX_PARTS = 100;

/**
 * Puts `value` at every place in `target` that `path` leads to. A path may go on inside of a text that is YAML or JSON, which is written anew then.
 * Source: kustomize api/filters/replacement, copyValueToTarget.
 */
export function replaceAt(target: Draft, path: string, value: Draft, options: FieldOptions | undefined): Result<undefined> {
  spend(20 + path.length);
  const create = options?.create === true ? kindOfDraft(value) : undefined;
  const parts = splitSmartPath(path);
  if (parts.length > MAX_PARTS) return problem(`fieldPath with more than ${MAX_PARTS} parts`);
  if (replaceInText(target, parts, value, create)) return ok(undefined);
  const failed = `unable to find ${create === undefined ? "" : "or create "}field ${quote(path)} in replacement target`;
  const places = matchPath(target, parts, create, readText);
  if (!places.ok) return problem(`${failed}: ${places.problem}`);
  if (places.value.length === 0) return problem(failed);
  for (const place of places.value) {
    const put = putValue(place, value, options);
    if (!put.ok) return put;
    spend(textOfDraft(place).length);
  }
  return ok(undefined);
}
