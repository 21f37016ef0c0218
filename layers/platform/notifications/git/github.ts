import type { JsonObject } from "@sluice/engine/domain/json.ts";
import { parseTime } from "@sluice/engine/domain/time.ts";
import type { AppTokens } from "../../github/app-tokens.ts";
import type { Sender } from "../sender.ts";
import type { CommitStatus, Stage } from "./commit-status.ts";
import { ask, askForList, textOf } from "./exchange.ts";
import { connectGitHub, type GitHubApi, gitHubAccess } from "./github-access.ts";
import { createDeploymentSender, deploymentsProblem, sendsDeployments } from "./github-deployments.ts";
import { GITHUB_STATUS_WORDS, gitHubJson } from "./github-words.ts";
import { createStatusSender, type Found, type StatusApi } from "./status-sender.ts";

const STATE: { readonly [stage in Stage]: string } = { pending: "pending", success: "success", failure: "failure" };

/** The status of a commit, and a deployment where the Provider asks for it: the status comes first, since it is Flux's. Recorded in providers/github-*. */
export function createGitHubSender(tokens: AppTokens): Sender {
  const sendStatus = createStatusSender({
    words: GITHUB_STATUS_WORDS,
    configure: (notification, world) => {
      const access = gitHubAccess(notification.provider);
      if (!access.ok) return access;
      return {
        ok: true,
        value: async () => {
          const connected = await connectGitHub(access.value, notification, world, tokens);
          return connected.kind === "connected" ? statusApi(connected) : connected;
        },
      };
    },
  });
  const sendDeployment = createDeploymentSender(tokens);
  return async (notification, world) => {
    const problem = deploymentsProblem(notification.provider);
    if (problem !== undefined) return { kind: "misconfigured", message: problem };
    const answer = await sendStatus(notification, world);
    const isOver = answer.kind !== "sent" && answer.kind !== "dropped";
    return isOver || !sendsDeployments(notification.provider) ? answer : sendDeployment(notification, world);
  };
}

function statusApi({ api, path }: GitHubApi): StatusApi {
  return {
    kind: "connected",
    find: async (status) => {
      const listed = await askForList(api, {
        path: `${path}/commits/${status.commit}/statuses`,
        query: { per_page: "50" },
        failing: "could not list commit statuses: ",
      });
      return listed.kind === "listed" ? newestOf(listed.items, status) : listed;
    },
    post: async (status) => {
      const answer = await ask(api, {
        method: "POST",
        path: `${path}/statuses/${status.commit}`,
        headers: { "content-type": "application/json" },
        body: gitHubJson({
          state: STATE[status.stage],
          ...(status.targetUrl !== undefined && { target_url: status.targetUrl }),
          description: status.description,
          context: status.id,
        }),
        failing: "could not create commit status: ",
      });
      return answer.kind === "answered" ? undefined : answer;
    },
  };
}

/** GitHub lists the newest first: what is behind it is history. */
function newestOf(items: readonly JsonObject[], { id, stage, description }: CommitStatus): Found {
  const newest = items.find((item) => textOf(item, "context") === id && typeof item.description === "string");
  const state = textOf(newest, "state");
  const endedAt = state === STATE.pending ? undefined : parseTime(textOf(newest, "created_at"));
  const isSame = newest !== undefined && state === STATE[stage] && textOf(newest, "description") === description;
  return { kind: "found", isSame, ...(endedAt !== undefined && { endedAt }) };
}
