import type { JsonObject } from "@sluice/engine/domain/json.ts";
import { parseTime } from "@sluice/engine/domain/time.ts";
import type { Notification, NotifierAnswer, ProviderSettings } from "@sluice/engine/ports/notifier.ts";
import type { AppTokens } from "../../github/app-tokens.ts";
import type { Sender } from "../sender.ts";
import { type CommitStatus, commitStatusOf, isOvertaken, isProgressing, type Stage } from "./commit-status.ts";
import { type ApiFailure, ask, askForList, numberOf, textOf } from "./exchange.ts";
import { connectGitHub, type GitHubApi, gitHubAccess } from "./github-access.ts";
import { GITHUB_STATUS_WORDS, gitHubJson } from "./github-words.ts";

/** Ours: a Provider of type github with it shows on GitHub what runs in which cluster. */
const DEPLOYMENTS_ANNOTATION = "sluice.dev/deployments";

const STATE: { readonly [stage in Stage]: string } = { pending: "in_progress", success: "success", failure: "failure" };
/** Which GitHub itself gives to the deployments before one that succeeded: it says nothing about how that one went. */
const INACTIVE = "inactive";
const MAX_DESCRIPTION = 140;

export const sendsDeployments = ({ annotations }: ProviderSettings): boolean => annotations[DEPLOYMENTS_ANNOTATION] === "enabled";

export function deploymentsProblem({ annotations }: ProviderSettings): string | undefined {
  const value = annotations[DEPLOYMENTS_ANNOTATION];
  if (value === undefined || value === "enabled") return undefined;
  return `invalid annotation ${DEPLOYMENTS_ANNOTATION}: expected "enabled", got ${JSON.stringify(value)}`;
}

/**
 * Keeps one deployment for each commit, environment (the cluster) and task (the status' id), and its status. Both are looked for before they are made,
 * so a delivery that is tried again makes nothing twice. Source: GitHub REST, "Deployments" and "Deployment statuses".
 */
export function createDeploymentSender(tokens: AppTokens): Sender {
  return async (notification, world) => {
    const access = gitHubAccess(notification.provider);
    if (!access.ok) return { kind: "misconfigured", message: access.problem };
    const status = commitStatusOf(notification, GITHUB_STATUS_WORDS);
    if (!status.ok) return isProgressing(notification.event) ? { kind: "dropped", why: status.problem } : { kind: "refused", message: status.problem };
    const gitHub = await connectGitHub(access.value, notification, world, tokens);
    if (gitHub.kind !== "connected") return gitHub;

    const deployment = await findOrCreate(gitHub, notification, status.value);
    return deployment.kind === "deployment" ? keepStatus(gitHub, notification, status.value, deployment) : deployment;
  };
}

type Deployment = { readonly kind: "deployment"; readonly id: string; readonly isNew: boolean };

async function findOrCreate({ api, path }: GitHubApi, { cluster, event }: Notification, { commit, id: task }: CommitStatus): Promise<Deployment | ApiFailure> {
  const listed = await askForList(api, {
    path: `${path}/deployments`,
    query: { sha: commit, task, environment: cluster, per_page: "100" },
    failing: "could not list deployments: ",
  });
  if (listed.kind !== "listed") return listed;
  const present = oldestId(
    listed.items.filter((item) => textOf(item, "sha") === commit && textOf(item, "task") === task && textOf(item, "environment") === cluster),
  );
  if (present !== undefined) return { kind: "deployment", id: present, isNew: false };

  const { kind, namespace, name } = event.involvedObject;
  const failing = "could not create deployment: ";
  const body = {
    ref: commit,
    task,
    // It runs already: GitHub is neither to merge something for it, nor to wait for checks.
    auto_merge: false,
    required_contexts: [],
    environment: cluster,
    description: `${kind}/${namespace}/${name}`.slice(0, MAX_DESCRIPTION),
  };
  const answer = await ask(api, {
    method: "POST",
    path: `${path}/deployments`,
    headers: { "content-type": "application/json" },
    body: gitHubJson(body),
    failing,
  });
  if (answer.kind !== "answered") return answer;
  const id = numberOf(answer.json, "id");
  return id === undefined ? { kind: "refused", message: `${failing}the answer names no deployment` } : { kind: "deployment", id, isNew: true };
}

async function keepStatus({ api, path }: GitHubApi, { event }: Notification, status: CommitStatus, { id, isNew }: Deployment): Promise<NotifierAnswer> {
  const state = STATE[status.stage];
  const description = status.description.slice(0, MAX_DESCRIPTION);
  const statuses = `${path}/deployments/${id}/statuses`;
  const listed = isNew
    ? { kind: "listed" as const, items: [] }
    : await askForList(api, { path: statuses, query: { per_page: "100" }, failing: "could not list deployment statuses: " });
  if (listed.kind !== "listed") return listed;
  const newest = newestOf(listed.items.filter((item) => textOf(item, "state") !== INACTIVE));
  if (newest !== undefined && textOf(newest, "state") === state && textOf(newest, "description") === description) return { kind: "sent" };
  const endedAt = textOf(newest, "state") === STATE.pending ? undefined : parseTime(textOf(newest, "created_at"));
  if (isOvertaken(status, event, endedAt)) return { kind: "dropped", why: "the deployment has had its end since" };

  const answer = await ask(api, {
    method: "POST",
    path: statuses,
    headers: { "content-type": "application/json" },
    body: gitHubJson({ state, ...(status.targetUrl !== undefined && { log_url: status.targetUrl }), description, auto_inactive: true }),
    failing: "could not create deployment status: ",
  });
  return answer.kind === "answered" ? { kind: "sent" } : answer;
}

/** Should two have been made at the same moment, everybody goes on with the same one. */
const oldestId = (items: readonly JsonObject[]): string | undefined =>
  items.flatMap((item) => numberOf(item, "id") ?? []).toSorted((a, b) => Number(a) - Number(b))[0];

/** Ids grow; how GitHub sorts this list is not documented. */
const newestOf = (items: readonly JsonObject[]): JsonObject | undefined =>
  items.toSorted((a, b) => Number(numberOf(b, "id") ?? 0) - Number(numberOf(a, "id") ?? 0))[0];
