import { ok, type Result } from "../../../domain/result.ts";
import { isMap, type NodeMap } from "../../node/node.ts";
import { spend } from "../../work.ts";
import { type BuildProblem, buildProblem, type Place } from "../build-problem.ts";
import { splitPath } from "../fields/split-path.ts";
import { annotate, internalAnnotations, withoutInternalAnnotations } from "../resource/internal-annotations.ts";
import type { Resource } from "../resource/resource.ts";

type Change = (node: NodeMap) => Result<NodeMap>;

/** Changes the value of one object after the other; the first that cannot be changed is the problem. */
export function changeEach(
  resources: readonly Resource[],
  change: Change,
  changeOne: typeof changeNode = changeNode,
): Result<readonly Resource[], BuildProblem> {
  const changed: Resource[] = [];
  for (const resource of resources) {
    const next = changeOne(resource, change);
    if (!next.ok) return next;
    changed.push(next.value);
  }
  return ok(changed);
}

export function changeNode(resource: Resource, change: Change): Result<Resource, BuildProblem> {
  spend(10);
  const next = change(resource.node);
  if (!next.ok) return buildProblem(next.problem, fieldPlace(resource, next.problem));
  return ok(next.value === resource.node ? resource : { ...resource, node: next.value });
}

const SUBJECTS = /\(cluster\)role binding subject/;

/** The field of a resource that the words name, as all do that come of a field spec: lists on the way to it are left out there, so it ends at the first one. */
export function fieldPlace({ from }: Resource, message: string): Place | undefined {
  const [, path = SUBJECTS.test(message) ? "subjects" : undefined] = /considering field '(.*?)' of object /.exec(message) ?? [];
  if (from === undefined || path === undefined || from.isMade === true) return from;
  const steps = splitPath(path).map((step) => step.replace(/\[\]$/, ""));
  return { ...from, path: [...(from.path ?? []), ...steps] };
}

/** As `changeNode`, on the object as kustomize has it: with annotations of its own where there are no others. */
export function changeAnnotated(resource: Resource, change: Change): Result<Resource, BuildProblem> {
  const { metadata } = resource.node;
  const internal = isMap(metadata) && isMap(metadata.annotations) ? NONE : internalAnnotations(resource);
  if (internal.size === 0) return changeNode(resource, change);
  const changed = changeNode({ ...resource, node: annotate(resource.node, internal) }, change);
  return changed.ok ? ok(withoutInternalAnnotations(changed.value.node, resource)) : changed;
}

const NONE: ReadonlyMap<string, string> = new Map();
