import type { Result } from "../../../domain/result.ts";
import { type BuildProblem, buildProblem } from "../build-problem.ts";
import type { Schema } from "../schema/schema.ts";
import { annotate, internalAnnotations } from "./internal-annotations.ts";
import { metadataProblem } from "./read-resources.ts";
import { isEmptyResource, metaMap, type Resource } from "./resource.ts";
import { appendAll } from "./resource-list.ts";

const LOCAL = "config.kubernetes.io/local-config";

/**
 * Without the objects that are there for kustomize alone. What is left must still name itself, and no two may have the same id: a JSON patch can have done that unseen.
 * Source: kustomize api/resource/factory.go, DropLocalNodes; api/resmap/factory.go, FromResourceSlice, which panics.
 */
export function dropLocal(resources: readonly Resource[], schema: Schema): Result<readonly Resource[], BuildProblem> {
  const kept: Resource[] = [];
  for (const resource of resources) {
    if (isEmptyResource(resource)) continue;
    const wrong = metadataProblem(resource.node) && metadataProblem(annotate(resource.node, internalAnnotations(resource)));
    if (wrong !== undefined) return buildProblem(wrong, resource.from);
    const local = metaMap(resource, "annotations").get(LOCAL);
    if (local === undefined || local === "false") kept.push(resource);
  }
  return appendAll([], kept, schema);
}
