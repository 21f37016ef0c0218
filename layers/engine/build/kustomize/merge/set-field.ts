import { isScalar, isText, type Node, tagged } from "../../node/node.ts";
import { isFolded, type Written } from "../../node/written.ts";
import { resolveScalar } from "../../yaml/scalar.ts";
import { scalarOf } from "../../yaml/scalar-of.ts";
import { hasIndicator } from "../../yaml/write-text.ts";
import { isShared } from "../fields/shared-text.ts";
import { tagOf } from "../replace/tag.ts";
import { textOf } from "../resource/resource.ts";
import { type Draft, draftOf, fieldsOf } from "./draft.ts";

/**
 * Puts `value` into a field, or takes the field away. A field that is there keeps its quotes: a patch that says `1` where the target writes `"25%"` makes it the
 * text `"1"`. A new field is written as `from` writes it. Source: kyaml FieldSetter ("keep the original style if it exists").
 */
export function setField(map: Draft, name: string, value: Draft | undefined, from: Draft | undefined): void {
  const fields = fieldsOf(map);
  const existing = fields.get(name);
  if (value === undefined) {
    fields.delete(name);
    map.written?.delete(name);
  } else if (existing === undefined) {
    fields.set(name, value);
    note(map, name, OLD_WORDS.has(value.node) ? "quoted" : from?.written?.get(name));
  } else {
    const written = map.written?.get(name);
    const isQuoted = isQuotedText(existing.node, written);
    const next =
      isQuoted && isBareWord(value.node)
        ? draftOf(tagged(textOf(value.node), textOf(value.node), tagOf(value.node)))
        : unfolded(value, written, from?.written?.get(name));
    fields.set(name, next);
    note(map, name, writtenAs(next.node, isQuoted));
  }
}

/** A text of a folded block that takes the place of another one is not written as such a block, and keeps its line breaks. */
const unfolded = (value: Draft, before: Written | undefined, given: Written | undefined): Draft =>
  isFolded(given) && !isFolded(before) ? draftOf(given.folded) : value;

function note(map: Draft, name: string, written: Written | undefined): void {
  if (written === undefined) map.written?.delete(name);
  else map.written?.set(name, written);
}

const isBareWord = (node: Node): boolean => typeof node === "number" || typeof node === "boolean" || (isScalar(node) && !isText(node));

/** A text that needs quotes has them, unless the contrary is known. */
const isQuotedText = (node: Node, written: Written | undefined): boolean =>
  isText(node) && (written === "quoted" || (written !== "bare" && needsQuotes(textOf(node)) && !isShared(node)));

function writtenAs(node: Node, isQuoted: boolean): Written | undefined {
  if (typeof node !== "string" || isQuoted === needsQuotes(node)) return undefined;
  return isQuoted ? "quoted" : "bare";
}

/** What is text since YAML 1.2 and was true or false before. Source: kyaml IsYaml1_1NonString. */
const OLD_WORDS: ReadonlySet<Node> = new Set([...["y", "Y", "yes", "Yes", "YES", "on", "On", "ON"], ...["n", "N", "no", "No", "NO", "off", "Off", "OFF"]]);

/** A text that was none in YAML 1.1 and has no quotes gets some from a merge that leaves it as it is. Source: kyaml FieldSetter. */
export function getsQuotes(node: Node, written: Written | undefined): boolean {
  if (written === "bare") return typeof node === "string" && node !== "" && !node.includes("\n") && resolveScalar(node) !== undefined;
  return OLD_WORDS.has(node) && written !== "quoted";
}

export function quoteUntouched(map: Draft, name: string, { node }: Draft): void {
  if (getsQuotes(node, map.written?.get(name))) note(map, name, writtenAs(node, true));
}

const needsQuotes = (text: string): boolean => text.includes("\n") || scalarOf(text) !== text || hasIndicator(text);
