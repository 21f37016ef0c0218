import { type EpochMs, parseTime } from "@sluice/engine/domain/time.ts";
import type { Notification, NotifierAnswer, ProviderSettings } from "@sluice/engine/ports/notifier.ts";
import type { AppTokens } from "../../github/app-tokens.ts";
import type { Sender } from "../sender.ts";
import { type CommitStatus, commitStatusOf, isOvertaken, isProgressing, type Stage } from "./commit-status.ts";
import { type ApiFailure, ask, numberOf, textOf } from "./exchange.ts";
import { connectGitHub, type GitHubApi, gitHubAccess } from "./github-access.ts";
import { type Deployment, findDeployment, listDeployments, payloadOf } from "./github-deployment-list.ts";
import { listStatuses, postStatus, stateOf } from "./github-deployment-statuses.ts";
import { GITHUB_STATUS_WORDS, gitHubJson } from "./github-words.ts";
import { endSuperseded, INACTIVE } from "./superseded-deployments.ts";

/** Ours: a Provider of type github with it shows on GitHub what runs in which cluster. */
const DEPLOYMENTS_ANNOTATION = "sluice.dev/deployments";

const STATE: { readonly [stage in Stage]: string } = { pending: "in_progress", success: "success", failure: "failure" };
const MAX_DESCRIPTION = 140;

export const sendsDeployments = ({ annotations }: ProviderSettings): boolean => annotations[DEPLOYMENTS_ANNOTATION] === "enabled";

export function deploymentsProblem({ annotations }: ProviderSettings): string | undefined {
  const value = annotations[DEPLOYMENTS_ANNOTATION];
  if (value === undefined || value === "enabled") return undefined;
  return `invalid annotation ${DEPLOYMENTS_ANNOTATION}: expected "enabled", got ${JSON.stringify(value)}`;
}

/**
 * Keeps one deployment each time a commit comes to an environment (the cluster) by a task (the status' id), and its status; when it has succeeded, what ran
 * before it ends. All of it is looked for before it is made, so a delivery that is tried again makes nothing twice.
 * Source: GitHub REST, "Deployments" and "Deployment statuses".
 */
export function createDeploymentSender(tokens: AppTokens): Sender {
  return async (notification, world) => {
    const access = gitHubAccess(notification.provider);
    if (!access.ok) return { kind: "misconfigured", message: access.problem };
    const status = commitStatusOf(notification, GITHUB_STATUS_WORDS);
    if (!status.ok) return isProgressing(notification.event) ? { kind: "dropped", why: status.problem } : { kind: "refused", message: status.problem };
    const gitHub = await connectGitHub(access.value, notification, world, tokens);
    if (gitHub.kind !== "connected") return gitHub;

    const place = { notification, status: status.value, at: parseTime(notification.event.timestamp) ?? world.now() };
    const found = await findOrCreate(gitHub, place);
    if (found.kind !== "deployment") return found;
    const kept = await keepStatus(gitHub, place, found);
    if (kept.kind !== "sent" || status.value.stage !== "success") return kept;
    return (await endSuperseded(gitHub, found.deployments, found.id)) ?? kept;
  };
}

type Place = { readonly notification: Notification; readonly status: CommitStatus; readonly at: EpochMs };
/** `deployments`: of its task, itself among them. */
type Found = { readonly kind: "deployment"; readonly id: string; readonly isNew: boolean; readonly deployments: readonly Deployment[] };

async function findOrCreate(gitHub: GitHubApi, place: Place): Promise<Found | NotifierAnswer> {
  const { notification, status, at } = place;
  const task = { task: status.id, environment: notification.cluster };
  const listed = await listDeployments(gitHub, task);
  if (listed.kind !== "listed") return listed;
  const present = findDeployment(listed.deployments, status.commit, at);
  if (present.kind === "present") return { kind: "deployment", id: present.id, isNew: false, deployments: listed.deployments };
  if (present.kind === "followed") return { kind: "dropped", why: "another commit has been deployed since" };
  const own = await create(gitHub, place);
  if (own.kind !== "created") return own;

  // A change and its end may be on their way at once, each of which found nothing: the older deployment is everybody's.
  const again = await listDeployments(gitHub, task);
  if (again.kind !== "listed") return again;
  const shared = findDeployment(again.deployments, status.commit, at);
  if (shared.kind !== "present" || shared.id === own.id) return { kind: "deployment", id: own.id, isNew: true, deployments: again.deployments };
  const failure = await postStatus(gitHub, own.id, { state: INACTIVE, description: "" });
  return failure ?? { kind: "deployment", id: shared.id, isNew: false, deployments: again.deployments };
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
    payload: payloadOf(event.timestamp),
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

async function keepStatus(gitHub: GitHubApi, { notification: { event }, status }: Place, { id, isNew }: Found): Promise<NotifierAnswer> {
  const state = STATE[status.stage];
  const description = status.description.slice(0, MAX_DESCRIPTION);
  const listed = isNew ? undefined : await listStatuses(gitHub, id);
  if (listed !== undefined && listed.kind !== "listed") return listed;
  // That it has ended since says nothing about how it went.
  const present = listed?.statuses.find((each) => stateOf(each) !== INACTIVE);
  if (present !== undefined && stateOf(present) === state && textOf(present, "description") === description) return { kind: "sent" };
  const endedAt = stateOf(present) === STATE.pending ? undefined : parseTime(textOf(present, "created_at"));
  if (isOvertaken(status, event, endedAt)) return { kind: "dropped", why: "the deployment has had its end since" };
  const target = status.targetUrl === undefined ? {} : { log_url: status.targetUrl };
  return (await postStatus(gitHub, id, { state, ...target, description })) ?? { kind: "sent" };
}
