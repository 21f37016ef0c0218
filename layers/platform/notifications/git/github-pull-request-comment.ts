import type { Notification } from "@sluice/engine/ports/notifier.ts";
import type { AppTokens } from "../../github/app-tokens.ts";
import type { Sender, SenderWorld } from "../sender.ts";
import { type Comments, comment } from "./change-request-comment.ts";
import { type Api, type ApiFailure, ask, askForList, textOf } from "./exchange.ts";
import { appCall, connectGitHub, type GitHubAccess, gitHubAccess } from "./github-access.ts";
import { appFailure } from "./github-app.ts";
import { gitHubJson } from "./github-words.ts";

/** Recorded in providers/githubpullrequestcomment-*. */
export function createGitHubCommentSender(tokens: AppTokens): Sender {
  return async (notification, world) => {
    const access = gitHubAccess(notification.provider);
    if (!access.ok) return { kind: "misconfigured", message: access.problem };
    const comments = await connect(access.value, notification, world, tokens);
    if (comments.kind !== "connected") return comments;
    return comment(notification, comments, { marker: "flux-pr-comment-key", parser: "Atoi" });
  };
}

/** An App's name is asked for before its token, a user's with the token. */
async function connect(access: GitHubAccess, notification: Notification, world: SenderWorld, tokens: AppTokens): Promise<Comments | ApiFailure> {
  const bot = await botOf(access, notification, world, tokens);
  if (bot?.kind === "misconfigured" || bot?.kind === "unavailable" || bot?.kind === "refused") return bot;
  const gitHub = await connectGitHub(access, notification, world, tokens);
  if (gitHub.kind !== "connected") return gitHub;
  const user = bot ?? (await userOf(gitHub.api));
  return user.kind === "login" ? commentsOf(gitHub.api, gitHub.path, user.login) : user;
}

type Login = { readonly kind: "login"; readonly login: string };

/** Undefined where no App asks. */
async function botOf({ credential }: GitHubAccess, notification: Notification, world: SenderWorld, tokens: AppTokens): Promise<Login | ApiFailure | undefined> {
  if (credential.kind === "token") return undefined;
  const answer = await tokens.slugOf(credential, appCall(credential, notification, world));
  return answer.kind === "failed" ? appFailure(answer, notification) : { kind: "login", login: `${answer.slug}[bot]` };
}

async function userOf(api: Api): Promise<Login | ApiFailure> {
  const answer = await ask(api, { path: "/user", failing: "failed to get authenticated user info: ", isSetUp: true });
  return answer.kind === "answered" ? { kind: "login", login: textOf(answer.json, "login") } : answer;
}

function commentsOf(api: Api, path: string, login: string): Comments {
  const headers = { "content-type": "application/json" };
  return {
    kind: "connected",
    login,
    list: (request) =>
      askForList(api, {
        path: `${path}/issues/${request}/comments`,
        query: { direction: "asc", per_page: "100", sort: "created" },
        headers: { accept: "application/vnd.github.squirrel-girl-preview" },
        failing: "failed to list pull request comments: ",
      }),
    authorOf: ({ user }) => textOf(user, "login"),
    edit: async (_, id, body) => {
      const failing = "failed to update pull request comment: ";
      const answer = await ask(api, { method: "PATCH", path: `${path}/issues/comments/${id}`, headers, body: gitHubJson({ body }), failing });
      return answer.kind === "answered" ? undefined : answer;
    },
    create: async (request, body) => {
      const failing = "failed to create pull request comment: ";
      const answer = await ask(api, { method: "POST", path: `${path}/issues/${request}/comments`, headers, body: gitHubJson({ body }), failing });
      return answer.kind === "answered" ? undefined : answer;
    },
  };
}
