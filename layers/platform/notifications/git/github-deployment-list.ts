import type { JsonObject } from "@sluice/engine/domain/json.ts";
import { type EpochMs, parseTime } from "@sluice/engine/domain/time.ts";
import { type ApiFailure, askForList, numberOf, textOf } from "./exchange.ts";
import type { GitHubApi } from "./github-access.ts";

/** What one object (`task`) runs in one cluster (`environment`). */
export type Task = { readonly task: string; readonly environment: string };

export type Deployment = {
  readonly id: string;
  readonly sha: string;
  /** When that which made it happened. GitHub's own time says when it heard of it, and deliveries that were tried again overtake each other. */
  readonly happened: EpochMs | undefined;
};

type Listed = { readonly kind: "listed"; readonly deployments: readonly Deployment[] };

/** The time of the event, in what GitHub keeps of a deployment unread. */
export const payloadOf = (timestamp: string): { readonly timestamp: string } => ({ timestamp });

/** The deployments of a task, in the order in which they happened; of very many the newest hundred, as GitHub lists them. */
export async function listDeployments({ api, path }: GitHubApi, { task, environment }: Task): Promise<Listed | ApiFailure> {
  const query = { task, environment, per_page: "100" };
  const listed = await askForList(api, { path: `${path}/deployments`, query, failing: "could not list deployments: " });
  if (listed.kind !== "listed") return listed;
  const own = listed.items.filter((item) => textOf(item, "task") === task && textOf(item, "environment") === environment);
  return { kind: "listed", deployments: own.flatMap(deploymentOf).toSorted(byTime) };
}

/**
 * The deployment of `sha` that an event of the time `at` is about: among those of that commit with no other commit in between, the oldest, which two
 * that were made at once agree on. `followed`: other commits have been deployed since.
 */
export function findDeployment(deployments: readonly Deployment[], sha: string, at: EpochMs): { readonly id: string | undefined; readonly followed: boolean } {
  const after = deployments.findIndex(({ happened }) => happened !== undefined && happened > at);
  const end = after < 0 ? deployments.length : after;
  const near = [end - 1, end].find((index) => deployments[index]?.sha === sha);
  if (near === undefined) return { id: undefined, followed: end < deployments.length };
  const first = deployments.slice(0, near).findLastIndex((each) => each.sha !== sha) + 1;
  const next = deployments.findIndex((each, index) => index > near && each.sha !== sha);
  const run = deployments.slice(first, next < 0 ? deployments.length : next);
  return { id: run.map(({ id }) => id).toSorted((a, b) => Number(a) - Number(b))[0], followed: next >= 0 };
}

function deploymentOf(item: JsonObject): readonly Deployment[] {
  const id = numberOf(item, "id");
  const said = parseTime(textOf(item.payload, "timestamp"));
  return id === undefined ? [] : [{ id, sha: textOf(item, "sha"), happened: said ?? parseTime(textOf(item, "created_at")) }];
}

const byTime = (a: Deployment, b: Deployment): number => (a.happened ?? 0) - (b.happened ?? 0) || Number(a.id) - Number(b.id);
