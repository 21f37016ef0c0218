import type { JsonObject } from "@sluice/engine/domain/json.ts";
import { parseTime } from "@sluice/engine/domain/time.ts";
import type { Notification, NotifierAnswer, ProviderSettings } from "@sluice/engine/ports/notifier.ts";
import type { AppTokens } from "../../github/app-tokens.ts";
import type { GoJson } from "../go-json.ts";
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
type Place = { readonly notification: Notification; readonly status: CommitStatus };

async function findOrCreate(gitHub: GitHubApi, notification: Notification, status: CommitStatus): Promise<Deployment | ApiFailure> {
  const place = { notification, status };
  const present = await findOldest(gitHub, place);
  if (present.kind !== "found") return present;
  if (present.id !== undefined) return { kind: "deployment", id: present.id, isNew: false };
  const own = await create(gitHub, place);
  if (own.kind !== "created") return own;

  // A change and its end may be on their way at once, each of which found nothing: the older deployment is everybody's.
  const again = await findOldest(gitHub, place);
  if (again.kind !== "found") return again;
  if (again.id === undefined || Number(again.id) >= Number(own.id)) return { kind: "deployment", id: own.id, isNew: true };
  const ended = await postStatus(gitHub, own.id, { state: INACTIVE, description: "" });
  return ended ?? { kind: "deployment", id: again.id, isNew: false };
}

type Oldest = { readonly kind: "found"; readonly id: string | undefined };

async function findOldest({ api, path }: GitHubApi, { notification: { cluster }, status: { commit, id: task } }: Place): Promise<Oldest | ApiFailure> {
  const listed = await askForList(api, {
    path: `${path}/deployments`,
    query: { sha: commit, task, environment: cluster, per_page: "100" },
    failing: "could not list deployments: ",
  });
  if (listed.kind !== "listed") return listed;
  const own = listed.items.filter((item) => textOf(item, "sha") === commit && textOf(item, "task") === task && textOf(item, "environment") === cluster);
  const ids = own.flatMap((item) => numberOf(item, "id") ?? []);
  return { kind: "found", id: ids.toSorted((a, b) => Number(a) - Number(b))[0] };
}

type Created = { readonly kind: "created"; readonly id: string };

async function create({ api, path }: GitHubApi, { notification: { cluster, event }, status: { commit, id: task } }: Place): Promise<Created | ApiFailure> {
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
  return id === undefined ? { kind: "refused", message: `${failing}the answer names no deployment` } : { kind: "created", id };
}

async function keepStatus(gitHub: GitHubApi, { event }: Notification, status: CommitStatus, { id, isNew }: Deployment): Promise<NotifierAnswer> {
  const state = STATE[status.stage];
  const description = status.description.slice(0, MAX_DESCRIPTION);
  const newest = isNew ? undefined : await findNewestStatus(gitHub, id);
  if (newest !== undefined && newest.kind !== "newest") return newest;
  const present = newest?.status;
  if (present !== undefined && textOf(present, "state") === state && textOf(present, "description") === description) return { kind: "sent" };
  const endedAt = textOf(present, "state") === STATE.pending ? undefined : parseTime(textOf(present, "created_at"));
  if (isOvertaken(status, event, endedAt)) return { kind: "dropped", why: "the deployment has had its end since" };
  const target = status.targetUrl === undefined ? {} : { log_url: status.targetUrl };
  return (await postStatus(gitHub, id, { state, ...target, description, auto_inactive: true })) ?? { kind: "sent" };
}

type Newest = { readonly kind: "newest"; readonly status: JsonObject | undefined };

/** Ids grow; how GitHub sorts this list is not documented. */
async function findNewestStatus({ api, path }: GitHubApi, id: string): Promise<Newest | ApiFailure> {
  const failing = "could not list deployment statuses: ";
  const listed = await askForList(api, { path: `${path}/deployments/${id}/statuses`, query: { per_page: "100" }, failing });
  if (listed.kind !== "listed") return listed;
  const said = listed.items.filter((item) => textOf(item, "state") !== INACTIVE);
  return { kind: "newest", status: said.toSorted((a, b) => Number(numberOf(b, "id") ?? 0) - Number(numberOf(a, "id") ?? 0))[0] };
}

/** Undefined when it was taken. */
async function postStatus({ api, path }: GitHubApi, id: string, body: GoJson): Promise<ApiFailure | undefined> {
  const failing = "could not create deployment status: ";
  const headers = { "content-type": "application/json" };
  const answer = await ask(api, { method: "POST", path: `${path}/deployments/${id}/statuses`, headers, body: gitHubJson(body), failing });
  return answer.kind === "answered" ? undefined : answer;
}
