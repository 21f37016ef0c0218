import { ok, type Result } from "../../../../domain/result.ts";
import { hasMisfit } from "../../../node/node.ts";
import { type Draft, finishDraft, kindOfDraft, setText, textOfDraft } from "../draft.ts";
import { lookUp } from "../look-up.ts";
import { type Creation, matchPath } from "../match-path.ts";
import { putCopy } from "../put-value.ts";
import { readStyled, type StyledText } from "./styled-text.ts";
import { writeJson } from "./write-json.ts";
import { writeStyled } from "./write-styled.ts";

/** The values in a text that is YAML or JSON; undefined when there are none. */
export function readText(text: string): Result<Draft | undefined> {
  const styled = readStyled(text);
  return styled.ok ? ok(styled.value?.root) : styled;
}

/**
 * Puts `value` where `path` leads through a text in `target` that is YAML or JSON, and writes that text anew. False when it does not lead through one,
 * or anything is in the way: then nothing has happened. Source: kustomize api/filters/replacement, setValueInStructuredData.
 */
export function replaceInText(target: Draft, path: readonly string[], value: Draft, create: Creation): boolean {
  const found = findText(target, path);
  if (found === undefined) return false;
  const places = matchPath(found.styled.root, found.rest, create, readText);
  if (!places.ok || places.value.length === 0) return false;
  for (const place of places.value) {
    if (kindOfDraft(place) === "ScalarNode") setText(place, textOfDraft(value));
    else if (!putCopy(place, value).ok) return false;
  }
  const written = write(found.styled, textOfDraft(found.field));
  if (written === undefined) return false;
  setText(found.field, written);
  return true;
}

type Found = { readonly field: Draft; readonly styled: StyledText; readonly rest: readonly string[] };

/** The first scalar on the way that can be read; nearly every text can. */
function findText(target: Draft, path: readonly string[]): Found | undefined {
  for (let length = 1; length < path.length; length++) {
    const field = lookUp(target, path.slice(0, length));
    if (!field.ok || field.value === undefined || kindOfDraft(field.value) !== "ScalarNode") continue;
    const styled = readStyled(textOfDraft(field.value));
    if (styled.ok && styled.value !== undefined) return { field: field.value, styled: styled.value, rest: path.slice(length) };
  }
  return undefined;
}

/** Undefined when a text in it does not fit its type. */
function write(styled: StyledText, original: string): string | undefined {
  if (!/^\s*[{[]/.test(original)) return writeStyled(styled).trim();
  const finished = finishDraft(styled.root);
  return hasMisfit(finished) ? undefined : writeJson(finished, original.includes("\n") && original.includes("  "));
}
