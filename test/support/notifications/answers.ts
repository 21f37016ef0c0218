import { createHash } from "node:crypto";
import type { JsonObject } from "@sluice/engine/domain/json.ts";
import { createGitServer, type GitServer } from "./git-server.ts";
import type { Recording } from "./recording.ts";
import { jsonOr, type SeenRequest } from "./seen-request.ts";

export type Answer = { readonly status: number; readonly headers?: { readonly [name: string]: string }; readonly body?: string };

/** What the recorder's server answered, by the name of the recording, its `there` and its type. `count`: requests before this one. */
export type Answers = (request: SeenRequest, count: number) => Answer;

const always = (answer: Answer) => (): Answer => answer;
const json = (body: JsonObject, status = 200): Answer => ({ status, body: JSON.stringify(body), headers: { "content-type": "application/json" } });

/** Answers that are not fine, by the name of the file. */
const NOT_FINE: { readonly [name: string]: Answers } = {
  "generic-answer-302": ({ target }) => (target === "/hook" ? { status: 302, headers: { location: "/moved" } } : { status: 200 }),
  "generic-answer-500-always": always({ status: 500 }),
  "generic-answer-500-default-timeout": always({ status: 500 }),
  "generic-answer-500-then-200": (_, count) => ({ status: count < 2 ? 500 : 200 }),
  "generic-timeout": always({ status: 500 }),
  "generic-answer-501": always({ status: 501, body: "never" }),
  "github-answer-401-commit-status": always(json({ message: "Bad credentials" }, 401)),
  "slack-api-not-ok": always(json({ ok: false, error: "channel_not_found" })),
  "token-in-error": always({ status: 400, body: "token s3cr3t-t0ken is wrong" }),
};

const isGit = (type: string): boolean => /^(?:github|gitlab|gitea|bitbucket|azuredevops)/.test(type);

export function answersOf(recording: Recording, uid: string): Answers {
  const own = NOT_FINE[recording.name];
  if (own !== undefined) return own;
  const { type } = recording.given.provider;
  if (!isGit(type)) return always(json(type === "slack" ? { ok: true } : {}));
  const server = createGitServer({ now: () => "2026-01-01T00:00:00Z" });
  prepare(server, recording.given, uid);
  return ({ method, target, body }) => {
    const [path = "", query = ""] = target.split("?", 2);
    const answer = server.answer({ method, path, query: new URLSearchParams(query), body: body.length === 0 ? undefined : jsonOr(body.toString()) });
    const text = answer.text ?? (answer.json === undefined ? "" : JSON.stringify(answer.json));
    return { status: answer.status, headers: { "content-type": "application/json", ...answer.headers }, body: text };
  };
}

const SAME = "reconciliation succeeded";

/** Puts there what `there` says. */
function prepare({ statuses, comments }: GitServer, { there, provider: { type } }: Recording["given"], uid: string): void {
  const context = `kustomization/backend/${uid.split("-")[0]}`;
  const ok = type === "bitbucket" ? "SUCCESSFUL" : "success";
  const status = (id: number, name: string, state: string, description: string): JsonObject => ({
    id,
    sha: "ffffc3d4e5f60718293a4b5c6d7e8f9001122334",
    context: name,
    name,
    key: createHash("sha1").update(name).digest("hex"),
    [type === "gitlab" || type === "gitea" ? "status" : "state"]: state,
    description,
  });
  const comment = (id: number, login: string): JsonObject => ({
    id,
    user: { login },
    body: `<!-- flux-pr-comment-key:${uid}/Kustomization/apps/backend -->\n\nold`,
  });
  switch (there) {
    case undefined:
      return;
    case "the same status":
      statuses.push(status(1, context, ok, SAME));
      return;
    case "the same status, behind one that differs":
      statuses.push(status(2, context, "failed", "other"), status(1, context, ok, SAME));
      return;
    case "a status with another context, then one with this context, state and description, then an older one that differs":
      statuses.push(status(1, context, "failure", "other"), status(2, context, ok, SAME), status(3, "other", "failure", "other"));
      return;
    case "a status with this context that differs, then an older one that is the same":
      statuses.push(status(1, context, ok, SAME), status(2, context, "failure", "other"));
      return;
    case "comment 1 of flux-app[bot] with the marker":
      comments.push(comment(1, "flux-app[bot]"));
      return;
    case "comment 5 of the own user with the marker":
      comments.push(comment(5, "flux"));
      return;
    default:
      throw new Error(`nothing is known about: ${there}`);
  }
}
