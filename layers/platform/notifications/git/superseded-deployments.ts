import type { ApiFailure } from "./exchange.ts";
import type { GitHubApi } from "./github-access.ts";
import type { Deployment } from "./github-deployment-list.ts";
import { listStatuses, postStatus, stateOf } from "./github-deployment-statuses.ts";

/** It runs no more: another commit runs instead. */
export const INACTIVE = "inactive";

/** What is looked at and not live: after a row of commits that failed, an older one may stay shown as the one that runs. */
const MOST = 10;

/**
 * Ends what ran before the newest of a task's deployments that succeeded, which is `succeeded` unless a later one is. Whoever asks, and how often, comes to the
 * same: it goes by what GitHub has. The oldest is ended first, so one that had succeeded and is ended means that all before it are.
 */
export async function endSuperseded(gitHub: GitHubApi, deployments: readonly Deployment[], succeeded: string): Promise<ApiFailure | undefined> {
  const ending = await findSuperseded(gitHub, deployments, succeeded);
  if (ending.kind !== "found") return ending;
  for (const id of ending.ids.toReversed()) {
    const failure = await postStatus(gitHub, id, { state: INACTIVE, description: "" });
    if (failure !== undefined) return failure;
  }
  return undefined;
}

type Found = { readonly kind: "found"; readonly ids: readonly string[] };

async function findSuperseded(gitHub: GitHubApi, deployments: readonly Deployment[], succeeded: string): Promise<Found | ApiFailure> {
  const ids: string[] = [];
  let isAfterLive = false;
  for (const { id } of deployments.toReversed().slice(0, MOST)) {
    if (id === succeeded && !isAfterLive) {
      isAfterLive = true;
      continue;
    }
    const listed = await listStatuses(gitHub, id);
    if (listed.kind !== "listed") return listed;
    const states = listed.statuses.map(stateOf);
    const newest = states[0];
    if (newest === INACTIVE && states.includes("success") && isAfterLive) break;
    // What was on its way when another commit came: it does not arrive any more.
    if (isAfterLive && (newest === "success" || newest === "in_progress")) ids.push(id);
    isAfterLive ||= newest === "success";
  }
  return { kind: "found", ids };
}
