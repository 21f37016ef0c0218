import { ok, type Result } from "../../../domain/result.ts";
import { type BuildProblem, buildProblem } from "../build-problem.ts";
import type { NodeMap } from "../node/node.ts";
import type { Resource } from "../resource/resource.ts";

/** Changes the value of one object after the other; the first that cannot be changed is the problem. */
export function changeEach(resources: readonly Resource[], change: (node: NodeMap) => Result<NodeMap>): Result<readonly Resource[], BuildProblem> {
  const changed: Resource[] = [];
  for (const resource of resources) {
    const next = changeNode(resource, change);
    if (!next.ok) return next;
    changed.push(next.value);
  }
  return ok(changed);
}

export function changeNode(resource: Resource, change: (node: NodeMap) => Result<NodeMap>): Result<Resource, BuildProblem> {
  const next = change(resource.node);
  if (!next.ok) return buildProblem(next.problem, resource.from);
  return ok(next.value === resource.node ? resource : { ...resource, node: next.value });
}
