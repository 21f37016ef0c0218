import { ok, problem, type Result } from "../../../domain/result.ts";
import { isMap, type NodeMap } from "../../node/node.ts";
import { wrongKind } from "../fields/wrong-kind.ts";
import type { Schema, SchemaNode } from "../schema/schema.ts";
import { type Directive, takeMapDirective } from "./directive.ts";
import { type Draft, draftOf, fieldsOf, isNull, kindOfDraft, nodeOf, textIn } from "./draft.ts";
import { isSettled, schemaByTexts } from "./is-settled.ts";
import { fail, type Merge } from "./merge.ts";
import { isMergedList, mergeList } from "./merge-list.ts";
import { quoteUntouched, setField } from "./set-field.ts";

/**
 * Merges a strategic merge patch into an object, as kustomize does: not in every way as a Kubernetes API server would. Undefined when the patch says that the whole object
 * goes. Source: kustomize api/filters/patchstrategicmerge; kyaml yaml/walk and yaml/merge2.
 *
 * - Maps merge field by field; null deletes a field. What the target lacks is taken from the patch, without its nulls and directives.
 * - Lists are replaced as they stand, unless the schema gives them the patch strategy `merge`; see `mergeList`.
 * - `$patch` may be `delete`, `replace` or `merge`. `$setElementOrder/…`, `$deleteFromPrimitiveList/…` and `$retainKeys` mean nothing to kustomize: they become fields.
 * - The target is walked where the patch says nothing, too: its lists with merge keys lose items that repeat a key.
 */
export function strategicMerge(patch: NodeMap, target: NodeMap, schema: Schema): Result<NodeMap | undefined> {
  const merge: Merge = { schema, values: (one, other, at) => mergeValues(merge, one, other, at), problem: undefined };
  const draft = draftOf(target);
  const merged = mergeValues(merge, draft, draftOf(patch), undefined);
  if (merge.problem !== undefined) return problem(merge.problem);
  if (merged === undefined) return ok(undefined);
  // A patch that replaces the whole object changes nothing: kustomize drops what its filter returns and keeps the object that it gave in.
  const node = nodeOf(draft);
  return ok(isMap(node) ? node : undefined);
}

/** Undefined is "nothing there" on both sides and in the result; a null in the result is one of the target that stays. */
function mergeValues(merge: Merge, target: Draft | undefined, patch: Draft | undefined, at: SchemaNode | undefined): Draft | undefined {
  const schema = at ?? schemaOfObject(merge, target) ?? schemaOfObject(merge, patch);
  if (target !== undefined && patch === undefined && isSettled(target, schema, merge.schema)) return target;
  const kind = (target && kindOfDraft(target)) ?? (patch && kindOfDraft(patch));
  if (kind === undefined) return patch === undefined ? target : undefined;
  if (patch !== undefined && !isNull(patch) && kindOfDraft(patch) !== kind) return fail(merge, wrongKind(kind, nodeOf(patch)));
  switch (kind) {
    case "MappingNode":
      return mergeMaps(merge, target, patch, schema);
    case "SequenceNode":
      return isMergedList(schema) ? mergeList(merge, target, patch, schema) : notNull(patch ?? target);
    case "ScalarNode":
      return notNull(patch ?? target);
  }
}

const notNull = (draft: Draft | undefined): Draft | undefined => (draft === undefined || isNull(draft) ? undefined : draft);

/** An object inside of an object, where the schema knows nothing, has the schema of its kind. Source: kyaml walk.Walker.GetSchema. */
function schemaOfObject({ schema }: Merge, draft: Draft | undefined): SchemaNode | undefined {
  return draft === undefined ? undefined : schemaByTexts(schema, textIn(draft, "apiVersion"), textIn(draft, "kind"));
}

function mergeMaps(merge: Merge, target: Draft | undefined, patch: Draft | undefined, schema: SchemaNode | undefined): Draft | undefined {
  const result = chooseMap(merge, target, patch);
  if (result === undefined) return undefined;
  const fields = fieldsOf(result);
  const changes = patch === undefined || patch === result ? fields : fieldsOf(patch);
  for (const name of [...new Set([...fields.keys(), ...changes.keys()])].toSorted()) {
    const existing = fields.get(name);
    const change = patch === undefined ? undefined : changes.get(name);
    const value = change === undefined && existing?.isUnwritten === true ? undefined : mergeValues(merge, existing, change, schema?.field(name));
    if (merge.problem !== undefined) return undefined;
    if (value !== existing) setField(result, name, value, patch);
    else if (existing !== undefined) quoteUntouched(result, name, existing);
  }
  return result;
}

/** Into which of the two maps the fields of the patch go. Source: kyaml merge2.Merger.VisitMap. */
function chooseMap(merge: Merge, target: Draft | undefined, patch: Draft | undefined): Draft | undefined {
  if (target === undefined || isNull(target)) {
    // A directive that nobody knows is a field like any other where there is nothing to patch.
    const directive: Directive = patch === undefined ? "merge" : takeMapDirective(patch);
    return directive === "delete" ? undefined : patch;
  }
  if (patch === undefined) return target;
  if (isNull(patch)) return undefined;
  const directive = takeMapDirective(patch);
  if (typeof directive === "object") return fail(merge, directive.problem);
  if (directive === "delete") return undefined;
  return directive === "replace" ? patch : target;
}
