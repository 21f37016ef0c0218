import { goJson } from "../message/go-json.ts";
import type { Sender } from "../sender.ts";
import { type Comments, comment } from "./change-request-comment.ts";
import { type Api, type ApiFailure, ask, askForList, textOf } from "./exchange.ts";
import { connectGitea, giteaAccess } from "./gitea-access.ts";

/** Recorded in providers/giteapullrequestcomment-*. */
export function createGiteaCommentSender(): Sender {
  return async (notification, world) => {
    const access = giteaAccess(notification.provider);
    if (!access.ok) return { kind: "misconfigured", message: access.problem };
    const connected = await connectGitea(access.value, notification, world);
    if (connected.kind !== "connected") return connected;
    const comments = await commentsOf(connected.api, access.value.path);
    if (comments.kind !== "connected") return comments;
    return comment(notification, comments, { marker: "flux-pr-comment-key", parser: "Atoi" });
  };
}

async function commentsOf(api: Api, path: string): Promise<Comments | ApiFailure> {
  const user = await ask(api, { path: "/user", failing: "failed to get authenticated user info: ", isSetUp: true });
  if (user.kind !== "answered") return user;
  const headers = { "content-type": "application/json" };
  return {
    kind: "connected",
    login: textOf(user.json, "login"),
    list: (request) =>
      askForList(api, { path: `${path}/issues/${request}/comments`, query: { limit: "100", page: "1" }, failing: "failed to list pull request comments: " }),
    authorOf: ({ user: author }) => textOf(author, "login"),
    edit: async (_, id, body) => {
      const failing = "failed to update pull request comment: ";
      const answer = await ask(api, { method: "PATCH", path: `${path}/issues/comments/${id}`, headers, body: goJson({ body }), failing });
      return answer.kind === "answered" ? undefined : answer;
    },
    create: async (request, body) => {
      const failing = "failed to create pull request comment: ";
      const answer = await ask(api, { method: "POST", path: `${path}/issues/${request}/comments`, headers, body: goJson({ body }), failing });
      return answer.kind === "answered" ? undefined : answer;
    },
  };
}
