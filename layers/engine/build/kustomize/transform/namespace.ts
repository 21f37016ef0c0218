import { ok, type Result } from "../../../domain/result.ts";
import { type BuildProblem, buildProblem } from "../build-problem.ts";
import type { FieldSpec } from "../config/config.ts";
import { idKey } from "../resource/id.ts";
import { withHistory } from "../resource/renamed.ts";
import { currentId, isEmptyResource, metaMap, type Resource } from "../resource/resource.ts";
import { showResources } from "../resource/shown-json.ts";
import type { Schema } from "../schema/schema.ts";
import { changeNode } from "./each.ts";
import { type NamespaceRules, setNamespace } from "./set-namespace.ts";
import type { Transformer } from "./transformer.ts";

export type NamespaceConfig = {
  readonly namespace: string;
  readonly fieldSpecs: readonly FieldSpec[];
  readonly unsetOnly?: boolean | undefined;
  /** `defaultOnly` (as ""), `allServiceAccounts` or `none`. */
  readonly setRoleBindingSubjects?: string | undefined;
};

/** Source: kustomize NamespaceTransformer. */
export function createNamespaceTransformer({ namespace, fieldSpecs, unsetOnly = false, setRoleBindingSubjects: subjects = "" }: NamespaceConfig): Transformer {
  const rules: NamespaceRules = { namespace, fieldSpecs, unsetOnly, subjects };
  return (resources, schema) => (namespace === "" ? ok(resources) : moveAll(resources, rules, schema));
}

const BY_HELM = "internal.config.kubernetes.io/helm-generated";

/** One after the other; each must be alone with its new id, also among those that have not been moved yet. */
function moveAll(resources: readonly Resource[], rules: NamespaceRules, schema: Schema): Result<readonly Resource[], BuildProblem> {
  const moved = [...resources];
  const places = placesById(resources, schema);
  for (const [index, resource] of resources.entries()) {
    if (isEmptyResource(resource) || metaMap(resource, "annotations").get(BY_HELM) === "true") continue;
    const next = changeNode(withHistory(resource, schema), (node) => setNamespace(node, rules, schema));
    if (!next.ok) return next;
    moved[index] = next.value;
    places.get(idKey(currentId(resource, schema)))?.delete(index);
    const same = placesAt(places, idKey(currentId(next.value, schema)));
    same.add(index);
    if (same.size === 1) continue;
    const conflicting = moved.filter((_, place) => same.has(place));
    return buildProblem(`namespace transformation produces ID conflict: ${showResources(conflicting)}`, conflicting.at(-1)?.from);
  }
  return ok(moved);
}

function placesById(resources: readonly Resource[], schema: Schema): Map<string, Set<number>> {
  const places = new Map<string, Set<number>>();
  for (const [index, resource] of resources.entries()) placesAt(places, idKey(currentId(resource, schema))).add(index);
  return places;
}

function placesAt(places: Map<string, Set<number>>, key: string): Set<number> {
  const found = places.get(key);
  if (found !== undefined) return found;
  const made = new Set<number>();
  places.set(key, made);
  return made;
}
