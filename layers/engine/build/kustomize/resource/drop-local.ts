import { ok, type Result } from "../../../domain/result.ts";
import { type BuildProblem, buildProblem } from "../build-problem.ts";
import { annotate, internalAnnotations } from "./internal-annotations.ts";
import { metadataProblem } from "./read-resources.ts";
import { isEmptyResource, metaMap, type Resource } from "./resource.ts";

const LOCAL = "config.kubernetes.io/local-config";

/** Without the objects that are there for kustomize alone. What is left must still name itself. Source: kustomize api/resource/factory.go, DropLocalNodes. */
export function dropLocal(resources: readonly Resource[]): Result<readonly Resource[], BuildProblem> {
  const kept: Resource[] = [];
  for (const resource of resources) {
    if (isEmptyResource(resource)) continue;
    const wrong = metadataProblem(resource.node) && metadataProblem(annotate(resource.node, internalAnnotations(resource)));
    if (wrong !== undefined) return buildProblem(wrong, resource.from);
    const local = metaMap(resource, "annotations").get(LOCAL);
    if (local === undefined || local === "false") kept.push(resource);
  }
  return ok(kept);
}
