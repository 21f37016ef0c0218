import { ok, type Result } from "../../../domain/result.ts";
import { isMap, type Node, type NodeMap } from "../../node/node.ts";
import { type BuildProblem, buildProblem } from "../build-problem.ts";
import { keepShared } from "../fields/shared-text.ts";
import { strategicMerge } from "../merge/strategic-merge.ts";
import { ALLOW_KIND_CHANGE, ALLOW_NAME_CHANGE, annotate, ENABLED, internalAnnotations, withoutInternalAnnotations } from "../resource/internal-annotations.ts";
import { withHistory, withKind, withName, withNamespace } from "../resource/renamed.ts";
import { apiVersionOf, isEmptyResource, kindOf, nameOf, namespaceOf, type Resource, textOf } from "../resource/resource.ts";
import type { Schema } from "../schema/schema.ts";

/** A strategic merge patch. Names and kinds of objects stay as they are unless it may change them; namespaces always do. */
export type MergePatch = { readonly patch: Resource; readonly mayChangeName: boolean; readonly mayChangeKind: boolean };

/**
 * The object with the patch merged into it; undefined when nothing is left of it.
 * Source: kustomize api/resource, Resource.ApplySmPatch.
 */
export function applyMergePatch(
  { patch, mayChangeName, mayChangeKind }: MergePatch,
  target: Resource,
  schema: Schema,
): Result<Resource | undefined, BuildProblem> {
  const resource = mayChangeName || mayChangeKind ? withHistory(target, schema) : target;
  const merged = strategicMerge(patch.node, annotate(resource.node, internalAnnotations(resource)), schema);
  if (!merged.ok) return buildProblem(merged.problem, patch.from);
  if (merged.value === undefined) return ok(undefined);
  const patched = withoutInternalAnnotations(keepShared(resource.node, merged.value), resource);
  if (isEmptyResource(patched)) return ok(undefined);
  const ofKind = mayChangeKind ? patched : withKind(patched, kindOf(target));
  const named = mayChangeName ? ofKind : withName(ofKind, nameOf(target));
  return ok(withNamespace(named, namespaceOf(target)));
}

/** The patch that a text says, with what its options allow: kustomize notes that in an annotation, and thereby makes texts of all annotations. */
export function newMergePatch(patch: Resource, mayChangeName: boolean, mayChangeKind: boolean): MergePatch {
  if (!mayChangeName && !mayChangeKind) return { patch, mayChangeName, mayChangeKind };
  const allowed = [mayChangeName ? ALLOW_NAME_CHANGE : "", mayChangeKind ? ALLOW_KIND_CHANGE : ""].filter((key) => key !== "");
  const node = annotate(withTexts(patch.node, ["annotations"]), new Map(allowed.map((key) => [key, ENABLED])));
  return { patch: { ...patch, node }, mayChangeName, mayChangeKind };
}

/**
 * The object with the patch merged into it that a target has selected it for: its group and version stay, and the labels and annotations of the patch become texts. So a null
 * among these does not take a label away, but sets it to `null`, and a null instead of them says nothing. Source: kustomize api/resmap, ApplySmPatch.
 */
export function applyToSelected(merge: MergePatch, selected: Resource, schema: Schema): Result<Resource | undefined, BuildProblem> {
  const apiVersion = apiVersionOf(selected);
  const node = { ...withTexts(merge.patch.node, ["labels", "annotations"]), apiVersion };
  const patched = applyMergePatch({ ...merge, patch: { ...merge.patch, node } }, selected, schema);
  if (!patched.ok || patched.value === undefined || apiVersion !== "") return patched;
  // What kyaml writes for a version that is not there reads as null.
  return ok({ ...patched.value, node: { ...patched.value.node, apiVersion: null } });
}

function withTexts(node: NodeMap, fields: readonly ("labels" | "annotations")[]): NodeMap {
  const { metadata } = node;
  if (!isMap(metadata)) return node;
  const present = fields.filter((field) => metadata[field] !== undefined);
  if (present.length === 0) return node;
  const rest = Object.entries(metadata).filter(([key]) => !present.some((field) => field === key));
  const texts = present.map((field): [string, Node] => [field, textsOf(metadata[field])]).filter(([, value]) => isMap(value) && Object.keys(value).length > 0);
  return { ...node, metadata: Object.fromEntries([...rest, ...texts]) };
}

/** A null has the text that it is mostly written with; how it was written is not known here. */
const textsOf = (map: Node | undefined): NodeMap =>
  isMap(map) ? Object.fromEntries(Object.entries(map).map(([key, value]) => [key, value === null ? "null" : textOf(value)])) : {};
