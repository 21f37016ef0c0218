import { ok, problem, type Result } from "../../../domain/result.ts";
import { trimSpace } from "../../text/trim-space.ts";
import { spend } from "../../work.ts";
import { type Draft, entriesOf, isNullDraft, itemsOf, kindOfDraft, textOfDraft } from "./draft.ts";
import { wrongDraft } from "./show-draft.ts";

/**
 * What stands at a path; undefined when there is nothing. A part is a field, an index, `-` for the last item, or `[name=web]` for the first item whose
 * field has exactly that text. Source: kyaml PathGetter.
 */
export function lookUp(draft: Draft, path: readonly string[]): Result<Draft | undefined> {
  let found = draft;
  for (const part of path.map(trimSpace).filter((text) => text !== "")) {
    const next = step(found, part);
    if (!next.ok || next.value === undefined) return next;
    found = next.value;
  }
  return ok(found);
}

type Found = Result<Draft | undefined>;

function step(draft: Draft, part: string): Found {
  const index = readIndex(part);
  if (index !== undefined) return index < 0n ? problem(`array index ${index} cannot be negative`) : itemAt(draft, (items) => items[Number(index)]);
  if (part === "-") return itemAt(draft, (items) => items.at(-1));
  if (part === "*") return problem("wildcard is not supported in PathGetter");
  if (!isItemPart(part)) return fieldAt(draft, part);
  const wanted = splitItemPart(part);
  return wanted.ok ? itemAt(draft, (items) => find(items, wanted.value)) : wanted;
}

const itemAt = (draft: Draft, choose: (items: readonly Draft[]) => Draft | undefined): Found => {
  if (isNullDraft(draft)) return ok(undefined);
  const items = itemsOf(draft);
  return items === undefined ? problem(wrongDraft("SequenceNode", draft)) : ok(choose(items));
};

/** Nothing is in null. */
export function fieldAt(draft: Draft, name: string): Found {
  if (isNullDraft(draft)) return ok(undefined);
  const entries = entriesOf(draft);
  return entries === undefined ? problem(wrongDraft("MappingNode", draft)) : ok(entries.get(name));
}

/** `field` is "" for `[=text]`, which means an item that is a text itself. */
export type ItemPart = { readonly field: string; readonly text: string };

export const isItemPart = (part: string): boolean => part.startsWith("[") && part.endsWith("]");

/** Source: kyaml SplitIndexNameValue. */
export function splitItemPart(part: string): Result<ItemPart> {
  const inner = part.replace(/\]$/, "").replace(/^\[/, "");
  const at = inner.indexOf("=");
  if (at < 0) return problem("list path element must contain fieldName=fieldValue for element to match");
  return ok({ field: inner.slice(0, at), text: inner.slice(at + 1) });
}

function find(items: readonly Draft[], wanted: ItemPart): Draft | undefined {
  spend(items.length);
  return items.find((item) => isWanted(item, wanted));
}

function isWanted(item: Draft, { field, text }: ItemPart): boolean {
  if (field === "") return textOfDraft(item) === text;
  const value = kindOfDraft(item) === "MappingNode" ? entriesOf(item)?.get(field) : undefined;
  return value !== undefined && textOfDraft(value) === text;
}

const MAX_INT64 = 2n ** 63n - 1n;
const LONGEST_INDEX = 40;

/** As Go's Atoi. */
export function readIndex(part: string): bigint | undefined {
  if (part.length > LONGEST_INDEX || !/^[-+]?[0-9]+$/.test(part)) return undefined;
  const index = BigInt(part.startsWith("+") ? part.slice(1) : part);
  return index <= MAX_INT64 && index >= -MAX_INT64 - 1n ? index : undefined;
}
