import { inParallel } from "../../in-parallel.ts";
import { ownershipProblem, resourceText } from "./ownership.ts";
import type { Resource } from "./resources.ts";
import type { Run } from "./run.ts";

/** The first object that is somebody else's, in Helm's words. Source: Helm 4, pkg/action/validate.go. */
export async function findForeign(run: Run, resources: readonly Resource[]): Promise<string | undefined> {
  const { releaseName: name, releaseNamespace: namespace } = run.settings;
  const found = await inParallel(resources, run.deps.settings.parallel, ({ ref }) => run.cluster.get(ref));
  for (const [index, { ref }] of resources.entries()) {
    const answer = found[index];
    if (answer === undefined || answer.kind === "absent") continue;
    if (answer.kind === "refused") return `could not get information about the resource ${resourceText(ref)}: ${answer.message}`;
    const problem = ownershipProblem(answer.object, { name, namespace });
    if (problem !== undefined) return `${resourceText(ref)} exists and cannot be imported into the current release: ${problem}`;
  }
  return undefined;
}
