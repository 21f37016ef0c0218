import { ok, type Result } from "../../../domain/result.ts";
import { spend } from "../../work.ts";
import type { ReplacementTarget, Selector } from "../kustomization/kustomization.ts";
import type { ResourceId } from "../resource/id.ts";
import { currentId, previousIds, type Resource } from "../resource/resource.ts";
import type { Schema } from "../schema/schema.ts";
import { type CompiledSelector, compileSelector } from "./selector.ts";

/** Whether a resource is a target of a replacement; the problem is that of a label or annotation selector. */
export type TargetPattern = (resource: Resource, schema: Schema) => Result<boolean>;

/**
 * What `select` means and none of `reject`. One of all ids of a resource is enough for either, and their namespaces count as they are written, so that an absent
 * one is not `default`. A `reject` with labels or annotations rejects by these alone, too, whatever else it names.
 * The problem here is that of a regular expression. Source: kustomize api/types, TargetSelectorRegex; api/filters/replacement, applyReplacement.
 */
export function compileTargetSelector(select: Selector, reject: ReplacementTarget["reject"]): Result<TargetPattern> {
  const selected = compileSelector(select);
  if (!selected.ok) return selected;
  const rejectedByTexts: CompiledSelector[] = [];
  const rejectedById: CompiledSelector[] = [];
  for (const selector of reject) {
    const compiled = compileSelector(selector);
    if (!compiled.ok) return compiled;
    if (selector.annotationSelector !== "" || selector.labelSelector !== "") rejectedByTexts.push(compiled.value);
    if (namesId(selector)) rejectedById.push(compiled.value);
  }
  return ok((resource, schema) => {
    spend(10 + 5 * reject.length);
    const isMeant = matchesTexts(selected.value, resource);
    if (!isMeant.ok || !isMeant.value) return isMeant;
    for (const selector of rejectedByTexts) {
      const isRejected = matchesTexts(selector, resource);
      if (!isRejected.ok) return isRejected;
      if (isRejected.value) return ok(false);
    }
    const ids = [currentId(resource, schema), ...previousIds(resource)];
    return ok(!rejectedById.some((selector) => matchesAny(selector, ids)) && matchesAny(selected.value, ids));
  });
}

const namesId = ({ group, version, kind, name, namespace }: Selector): boolean => [group, version, kind, name, namespace].some((part) => part !== "");

const matchesAny = ({ matchesGvk, matchesName, matchesNamespace }: CompiledSelector, ids: readonly ResourceId[]): boolean =>
  ids.some((id) => matchesGvk(id) && matchesName(id.name) && matchesNamespace(id.namespace));

/** Both are looked at, whatever the first says: a wrong one is found either way. */
function matchesTexts(selector: CompiledSelector, resource: Resource): Result<boolean> {
  const hasAnnotations = selector.matchesAnnotations(resource);
  if (!hasAnnotations.ok) return hasAnnotations;
  const hasLabels = selector.matchesLabels(resource);
  return hasLabels.ok ? ok(hasLabels.value && hasAnnotations.value) : hasLabels;
}
