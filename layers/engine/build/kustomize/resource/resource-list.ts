import { ok, type Result } from "../../../domain/result.ts";
import { type BuildProblem, buildProblem } from "../build-problem.ts";
import type { Schema } from "../schema/schema.ts";
import { idKey, showId } from "./id.ts";
import { currentId, type Resource } from "./resource.ts";

/** `more` behind `resources`; no two may have the same id. Source: kustomize api/resmap, AppendAll. */
export function appendAll(resources: readonly Resource[], more: readonly Resource[], schema: Schema): Result<readonly Resource[], BuildProblem> {
  const taken = new Set(resources.map((resource) => idKey(currentId(resource, schema))));
  for (const resource of more) {
    const id = currentId(resource, schema);
    const key = idKey(id);
    if (taken.has(key)) return buildProblem(`may not add resource with an already registered id: ${showId(id)}`, resource.from);
    taken.add(key);
  }
  return ok(resources.length === 0 ? more : [...resources, ...more]);
}
