import { ok, type Result } from "../../../domain/result.ts";
import { type BuildProblem, problemBelow } from "../build-problem.ts";
import type { Var } from "../kustomization/kustomization.ts";
import { effectiveNamespace, type Gvk, type ResourceId } from "../resource/id.ts";
import { currentId, isEmptyResource, previousIds, type Resource } from "../resource/resource.ts";
import type { Schema } from "../schema/schema.ts";
import { gvkOfVar, showVar } from "./show-var.ts";

/**
 * `resources`, where each one that a var means, by an id that it has or had, knows the name of the var. A var without a namespace means an object in any.
 * A var without an object is no problem yet. Source: kustomize api/internal/accumulator, MergeVars.
 */
export function matchVars(resources: readonly Resource[], vars: readonly Var[], schema: Schema): Result<readonly Resource[], BuildProblem> {
  if (vars.length === 0) return ok(resources);
  const byName = indexed(resources, schema);
  const matched = [...resources];
  for (const [position, given] of vars.entries()) {
    const { name, namespace } = given.objref;
    const known = byName.get(keyOf(gvkOfVar(given), name)) ?? [];
    const wanted = effectiveNamespace({ ...gvkOfVar(given), name, namespace, isClusterScoped: false });
    const found = new Set(known.filter(({ id }) => namespace === "" || effectiveNamespace(id) === wanted).map(({ index }) => index));
    if (found.size > 1) return problemBelow(["vars", position], `found ${found.size} resId matches for var ${showVar(given)} (unable to disambiguate)`);
    for (const index of found) {
      const resource = matched[index];
      if (resource !== undefined) matched[index] = { ...resource, vars: [...resource.vars, given.name] };
    }
  }
  return ok(matched);
}

type Known = { readonly index: number; readonly id: ResourceId };

function indexed(resources: readonly Resource[], schema: Schema): ReadonlyMap<string, readonly Known[]> {
  const byName = new Map<string, Known[]>();
  for (const [index, resource] of resources.entries()) {
    if (isEmptyResource(resource)) continue;
    for (const id of [...previousIds(resource), currentId(resource, schema)]) {
      const key = keyOf(id, id.name);
      const others = byName.get(key);
      if (others === undefined) byName.set(key, [{ index, id }]);
      else others.push({ index, id });
    }
  }
  return byName;
}

const keyOf = ({ group, version, kind }: Gvk, name: string): string => [group, version, kind, name].join("\0");
