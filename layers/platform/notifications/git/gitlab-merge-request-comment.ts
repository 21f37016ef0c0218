import { goJson } from "../message/go-json.ts";
import type { Sender } from "../sender.ts";
import { type Comments, comment } from "./change-request-comment.ts";
import { type Api, type ApiFailure, ask, askForList, textOf } from "./exchange.ts";
import { gitLabAccess, gitLabApi } from "./gitlab-access.ts";

/** Recorded in providers/gitlabmergerequestcomment-*. */
export function createGitLabCommentSender(): Sender {
  return async (notification, world) => {
    const access = gitLabAccess(notification.provider);
    if (!access.ok) return { kind: "misconfigured", message: access.problem };
    const comments = await connect(gitLabApi(access.value, notification, world), access.value.path);
    if (comments.kind !== "connected") return comments;
    return comment(notification, comments, { marker: "flux-mr-comment-key", parser: "ParseInt" });
  };
}

async function connect(api: Api, path: string): Promise<Comments | ApiFailure> {
  const user = await ask(api, { path: "/user", failing: "failed to get authenticated user info: ", isSetUp: true });
  if (user.kind !== "answered") return user;
  const headers = { "content-type": "application/json" };
  const notes = (request: string): string => `${path}/merge_requests/${request}/notes`;
  return {
    kind: "connected",
    login: textOf(user.json, "username"),
    list: (request) =>
      askForList(api, {
        path: notes(request),
        query: { order_by: "created_at", per_page: "100", sort: "asc" },
        failing: "failed to list merge request notes: ",
      }),
    authorOf: ({ author }) => textOf(author, "username"),
    edit: async (request, id, body) => {
      const failing = "failed to update merge request note: ";
      const answer = await ask(api, { method: "PUT", path: `${notes(request)}/${id}`, headers, body: goJson({ body }), failing });
      return answer.kind === "answered" ? undefined : answer;
    },
    create: async (request, body) => {
      const failing = "failed to create merge request note: ";
      const answer = await ask(api, { method: "POST", path: notes(request), headers, body: goJson({ body }), failing });
      return answer.kind === "answered" ? undefined : answer;
    },
  };
}
