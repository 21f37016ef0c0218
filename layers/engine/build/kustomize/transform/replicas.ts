import { ok, type Result } from "../../../domain/result.ts";
import { type BuildProblem, buildProblem } from "../build-problem.ts";
import type { FieldSpec } from "../config/config.ts";
import { atFieldSpec } from "../fields/at-field-spec.ts";
import { setInteger } from "../fields/setters.ts";
import type { Replica } from "../kustomization/kustomization.ts";
import { isSelectedBy, type ResourceId, showGvk } from "../resource/id.ts";
import { currentId, isEmptyResource, previousIds, type Resource } from "../resource/resource.ts";
import type { Schema } from "../schema/schema.ts";
import { changeNode } from "./each.ts";
import type { Transformer } from "./transformer.ts";

/** Sets the number of replicas of what has, or ever had, the name; there must be one. Source: kustomize ReplicaCountTransformer, api/filters/replicacount. */
export const createReplicaTransformer =
  ({ replica, fieldSpecs }: { readonly replica: Replica; readonly fieldSpecs: readonly FieldSpec[] }): Transformer =>
  (resources, schema) => {
    let found = false;
    const scaled: Resource[] = [];
    for (const resource of resources) {
      const specs = fieldSpecsFor(resource, replica.name, fieldSpecs, schema);
      found ||= specs.length > 0;
      const next = scale(resource, replica.count, specs);
      if (!next.ok) return next;
      scaled.push(next.value);
    }
    if (found) return ok(scaled);
    const gvks = fieldSpecs.map(showGvk).join(" ");
    return buildProblem(`resource with name ${replica.name} does not match a config with the following GVK [${gvks}]`);
  };

function fieldSpecsFor(resource: Resource, name: string, fieldSpecs: readonly FieldSpec[], schema: Schema): readonly FieldSpec[] {
  if (isEmptyResource(resource)) return [];
  const ids: readonly ResourceId[] = [...previousIds(resource), currentId(resource, schema)].filter((id) => id.name === name);
  return ids.length === 0 ? [] : fieldSpecs.filter((fieldSpec) => ids.some((id) => isSelectedBy(id, fieldSpec)));
}

function scale(resource: Resource, count: bigint, fieldSpecs: readonly FieldSpec[]): Result<Resource, BuildProblem> {
  let current = resource;
  for (const fieldSpec of fieldSpecs) {
    const next = changeNode(current, (node) => atFieldSpec(node, fieldSpec, setInteger(count), "text"));
    if (!next.ok) return next;
    current = next.value;
  }
  return ok(current);
}
