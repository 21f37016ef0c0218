import type { AppTokens } from "../../github/app-tokens.ts";
import { eventJson } from "../message/go-json.ts";
import type { Sender } from "../sender.ts";
import { ask } from "./exchange.ts";
import { connectGitHub, gitHubAccess } from "./github-access.ts";

/** A repository_dispatch event, for workflows. Recorded in providers/githubdispatch-*. */
export function createGitHubDispatchSender(tokens: AppTokens): Sender {
  return async (notification, world) => {
    const access = gitHubAccess(notification.provider);
    if (!access.ok) return { kind: "misconfigured", message: access.problem };
    const gitHub = await connectGitHub(access.value, notification, world, tokens);
    if (gitHub.kind !== "connected") return gitHub;

    const { kind, name, namespace } = notification.event.involvedObject;
    const answer = await ask(gitHub.api, {
      method: "POST",
      path: `${gitHub.path}/dispatches`,
      headers: { "content-type": "application/json" },
      // The event is a part of the text as it stands, escaped for HTML, and what is around it is not.
      body: `{"event_type":${JSON.stringify(`${kind}/${name}.${namespace}`)},"client_payload":${eventJson(notification.event)}}\n`,
      failing: "Could not send github repository dispatch webhook: ",
    });
    return answer.kind === "answered" ? { kind: "sent" } : answer;
  };
}
