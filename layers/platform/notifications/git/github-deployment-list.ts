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

/** `followed`: there is none, and other commits have been deployed since. */
export type FoundDeployment = { readonly kind: "present"; readonly id: string } | { readonly kind: "absent" | "followed" };

/**
 * The deployment of `sha` that an event of the time `at` is about: among those of that commit with no other commit in between, the oldest, which two
 * that were made at once agree on. Events have whole seconds: within one, a commit comes once.
 */
export function findDeployment(deployments: readonly Deployment[], sha: string, at: EpochMs): FoundDeployment {
  const before = deployments.findLastIndex(({ happened }) => happened === undefined || happened < at);
  const after = deployments.findIndex(({ happened }) => happened !== undefined && happened > at);
  const near = deployments.findLastIndex((each, index) => each.sha === sha && index >= before && (after < 0 || index <= after));
  if (near < 0) return { kind: after < 0 ? "absent" : "followed" };
  const first = deployments.slice(0, near).findLastIndex((each) => each.sha !== sha) + 1;
  const next = deployments.findIndex((each, index) => index > near && each.sha !== sha);
  const ids = deployments.slice(first, next < 0 ? deployments.length : next).map(({ id }) => id);
  return { kind: "present", id: ids.reduce((oldest, id) => (Number(id) < Number(oldest) ? id : oldest)) };
}

function deploymentOf(item: JsonObject): readonly Deployment[] {
  const id = numberOf(item, "id");
  const said = parseTime(textOf(item.payload, "timestamp"));
  return id === undefined ? [] : [{ id, sha: textOf(item, "sha"), happened: said ?? parseTime(textOf(item, "created_at")) }];
}

const byTime = (a: Deployment, b: Deployment): number => (a.happened ?? 0) - (b.happened ?? 0) || Number(a.id) - Number(b.id);
