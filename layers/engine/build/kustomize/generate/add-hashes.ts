import { ok, type Result } from "../../../domain/result.ts";
import { type BuildProblem, buildProblem } from "../build-problem.ts";
import { withHistory, withName } from "../resource/renamed.ts";
import { nameOf, type Resource } from "../resource/resource.ts";
import type { Schema } from "../schema/schema.ts";
import { hashOf } from "./hash.ts";

/** Puts the hash of its content behind the name of each generated object that wants it. Source: kustomize api/internal/builtins/HashTransformer.go. */
export function addHashes(resources: readonly Resource[], schema: Schema): Result<readonly Resource[], BuildProblem> {
  const hashed: Resource[] = [];
  for (const resource of resources) {
    if (resource.generated?.needsHash !== true) {
      hashed.push(resource);
      continue;
    }
    const hash = hashOf(resource);
    if (!hash.ok) return buildProblem(hash.problem, resource.from);
    hashed.push(withName(withHistory(resource, schema), `${nameOf(resource)}-${hash.value}`));
  }
  return ok(hashed);
}
