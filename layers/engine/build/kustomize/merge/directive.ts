import { type Draft, draftText, fieldOf, fieldsOf, itemsOf } from "./draft.ts";
import { withoutElement } from "./elements.ts";

/** What `$patch` says; the problem where it says something else. */
export type Directive = "delete" | "replace" | "merge" | { readonly problem: string };

const PATCH = "$patch";

/** The directive of a map, which is taken out of it. Source: kyaml merge2 determineMappingNodePatchStrategy. */
export function takeMapDirective(patch: Draft): Directive {
  const value = fieldOf(patch, PATCH);
  if (value === undefined) return "merge";
  const directive = directiveOf(draftText(value));
  if (typeof directive === "string") fieldsOf(patch).delete(PATCH);
  return directive;
}

/**
 * The directive of a list: that of its first item with `$patch`, when this is all that the item says. Every item with the same directive is taken out, and every empty one.
 * Source: kyaml merge2 determineSequenceNodePatchStrategy.
 */
export function takeListDirective(patch: Draft): Directive {
  const item = itemsOf(patch).find((candidate) => fieldOf(candidate, PATCH) !== undefined);
  const value = item === undefined ? undefined : fieldOf(item, PATCH);
  if (item === undefined || value === undefined || fieldsOf(item).size > 1) return "merge";
  const directive = directiveOf(draftText(value));
  if (typeof directive === "string") patch.items = withoutElement(itemsOf(patch), PATCH, directive);
  return directive;
}

function directiveOf(text: string): Directive {
  return text === "delete" || text === "replace" || text === "merge" ? text : { problem: `unknown patch strategy '${text}'` };
}
