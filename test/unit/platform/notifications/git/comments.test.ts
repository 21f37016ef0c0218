import { generateKeyPairSync } from "node:crypto";
import type { JsonObject } from "@sluice/engine/domain/json.ts";
import type { NotifierAnswer } from "@sluice/engine/ports/notifier.ts";
import { createGitSenders } from "@sluice/platform/notifications/git/git-senders.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aNotification, worldOf } from "../../../../support/notifications/notification.ts";
import { type StartedGitServer, startGitServer } from "../../../../support/notifications/start-git-server.ts";

const TYPES = ["githubpullrequestcomment", "gitlabmergerequestcomment", "giteapullrequestcomment"] as const;
type CommentType = (typeof TYPES)[number];

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});

const world = worldOf();
let git: StartedGitServer;
let senders: ReturnType<typeof createGitSenders>;

beforeEach(async () => {
  git = await startGitServer();
  senders = createGitSenders();
});
afterEach(() => git.web.close());

type Given = {
  readonly type: CommentType;
  readonly message?: string;
  readonly request?: string;
  readonly uid?: string;
  readonly secrets?: { readonly [key: string]: string };
};

function send({ type, message = "first", request = "42", uid = "provider-uid", secrets = { token: "t-canary" } }: Given): Promise<NotifierAnswer> {
  const notification = aNotification({
    provider: { type, address: `${git.web.url}/acme/shop`, uid },
    secrets,
    event: { message, metadata: { change_request: request, revision: "main@sha1:a1b2" } },
  });
  return senders[type](notification, world);
}

const bodies = (): readonly unknown[] => git.comments.map(({ body }) => body);
const author = (type: CommentType, login: string): JsonObject => (type === "gitlabmergerequestcomment" ? { author: { username: login } } : { user: { login } });
const markerOf = (type: CommentType, uid = "provider-uid"): string =>
  `<!-- flux-${type === "gitlabmergerequestcomment" ? "mr" : "pr"}-comment-key:${uid}/Kustomization/apps/backend -->`;

describe("comments in pull and merge requests", () => {
  it.each(TYPES)("%s: one for each Provider and object, which says the last that happened", async (type) => {
    for (const message of ["first", "second", "second"]) expect(await send({ type, message })).toEqual({ kind: "sent" });
    expect(await send({ type, uid: "other-uid" })).toEqual({ kind: "sent" });
    const body = (uid: string, message: string): string =>
      `${markerOf(type, uid)}\n\n## Flux Status\n\n⚠️ Kustomization/apps/backend\n\n${message}\n\nMetadata:\n* \`revision\`: main@sha1:a1b2\n`;
    expect(bodies()).toEqual([body("provider-uid", "second"), body("other-uid", "first")]);
  });

  it.each(TYPES)("%s: what somebody else has written is left alone", async (type) => {
    git.comments.push({ id: 1, ...author(type, "mallory"), body: markerOf(type) }, { id: 2, ...author(type, "flux"), body: "no marker" });
    await send({ type });
    expect(git.comments.length).toBe(3);
    expect(bodies().slice(0, 2)).toEqual([markerOf(type), "no marker"]);
  });

  it.each(TYPES)("%s: not two when the answer to the first is lost", async (type) => {
    let times = 0;
    git.failing = (line) => (line.startsWith("POST") && times++ === 0 ? { status: 502, text: "", after: true } : undefined);
    expect(await send({ type })).toMatchObject({ kind: "unavailable" });
    expect(await send({ type })).toEqual({ kind: "sent" });
    expect(git.comments.length).toBe(1);
  });

  it.each<[CommentType, string, string]>([
    ["githubpullrequestcomment", "main", 'invalid "change_request" metadata value "main": strconv.Atoi: parsing "main": invalid syntax'],
    ["gitlabmergerequestcomment", "../1", 'invalid "change_request" metadata value "../1": strconv.ParseInt: parsing "../1": invalid syntax'],
    [
      "giteapullrequestcomment",
      "9223372036854775808",
      'invalid "change_request" metadata value "9223372036854775808": strconv.Atoi: parsing "9223372036854775808": value out of range',
    ],
  ])("%s: a number that is none: %s", async (type, request, message) => {
    expect(await send({ type, request })).toEqual({ kind: "refused", message });
  });

  it("take a number as Go does", async () => {
    await send({ type: "githubpullrequestcomment", request: "+042" });
    expect(git.lines.at(-1)).toMatch(/^POST \/api\/v3\/repos\/acme\/shop\/issues\/42\/comments /);
  });

  it.each<[CommentType, string]>([
    ["githubpullrequestcomment", "failed to get authenticated user info: GET $URL/api/v3/user: 401 no []"],
    ["gitlabmergerequestcomment", "failed to get authenticated user info: GET $URL/api/v4/user: 401 {message: no}"],
    ["giteapullrequestcomment", "failed to get authenticated user info: no"],
  ])("%s: a token that is nobody's", async (type, message) => {
    git.failing = (line) => (line.endsWith("/user") ? { status: 401, json: { message: "no" } } : undefined);
    expect(await send({ type })).toEqual({ kind: "misconfigured", message: message.replace("$URL", git.web.url) });
  });

  it.each<[CommentType, string]>([
    ["githubpullrequestcomment", "failed to create pull request comment: POST $URL/api/v3/repos/acme/shop/issues/42/comments: 403 no []"],
    ["gitlabmergerequestcomment", "failed to create merge request note: POST $URL/api/v4/projects/acme/shop/merge_requests/42/notes: 403 {message: no}"],
    ["giteapullrequestcomment", "failed to create pull request comment: no"],
  ])("%s: what is refused", async (type, message) => {
    git.failing = (line) => (line.startsWith("POST") ? { status: 403, json: { message: "no" } } : undefined);
    expect(await send({ type })).toEqual({ kind: "refused", message: message.replace("$URL", git.web.url) });
  });
});

describe("as a GitHub App", () => {
  const secrets = () => ({ githubAppID: "12", githubAppInstallationID: "35", githubAppPrivateKey: privateKey, githubAppBaseURL: `${git.web.url}/api/v3/` });

  it("its own comment is found by its name, and it asks for name and token once", async () => {
    git.comments.push({ id: 1, user: { login: "flux-app[bot]" }, body: markerOf("githubpullrequestcomment") });
    for (const message of ["first", "second"]) expect(await send({ type: "githubpullrequestcomment", message, secrets: secrets() })).toEqual({ kind: "sent" });
    expect(git.lines.map((line) => line.split("?")[0]?.split(" ").slice(0, 2).join(" "))).toEqual([
      "GET /api/v3/app",
      "POST /api/v3/app/installations/35/access_tokens",
      "GET /api/v3/repos/acme/shop/issues/42/comments",
      "PATCH /api/v3/repos/acme/shop/issues/comments/1",
      "GET /api/v3/repos/acme/shop/issues/42/comments",
      "PATCH /api/v3/repos/acme/shop/issues/comments/1",
    ]);
  });

  it.each<[string, number, object]>([
    ["GET /api/v3/app", 401, { kind: "misconfigured", message: "authentication required: no" }],
    ["GET /api/v3/app", 503, { kind: "unavailable" }],
    ["POST /api/v3/app/installations", 404, { kind: "misconfigured", message: "could not refresh installation id 35's token: 404: no" }],
    ["POST /api/v3/app/installations", 502, { kind: "unavailable" }],
  ])("%s answers %i", async (failing, status, want) => {
    git.failing = (line) => (line.startsWith(failing) ? { status, json: { message: "no" } } : undefined);
    expect(await send({ type: "githubpullrequestcomment", secrets: secrets() })).toMatchObject(want);
  });

  it("another App's key is not good for the same installation's token", async () => {
    await send({ type: "githubpullrequestcomment", secrets: secrets() });
    const asked = git.lines.length;
    const answer = await send({ type: "githubpullrequestcomment", secrets: { ...secrets(), githubAppPrivateKey: "no key" } });
    expect(answer).toEqual({ kind: "misconfigured", message: "could not parse private key: it must be PEM-encoded" });
    expect(git.lines.length).toBe(asked);
  });
});

describe("repository_dispatch", () => {
  const dispatch = (message: string): Promise<NotifierAnswer> =>
    senders.githubdispatch(
      aNotification({ provider: { type: "githubdispatch", address: `${git.web.url}/acme/shop` }, secrets: { token: "t-canary" }, event: { message } }),
      world,
    );

  it("carries the event as Go writes it, in what go-github writes", async () => {
    expect(await dispatch("<a> & ü")).toEqual({ kind: "sent" });
    const body = git.web.seen[0]?.body ?? "";
    expect(body).toContain('{"event_type":"Kustomization/backend.apps","client_payload":{"involvedObject":{"kind":"Kustomization"');
    expect(body).toContain('"message":"\\u003ca\\u003e \\u0026 ü"');
    expect(body.endsWith("}}\n")).toBe(true);
  });

  it("says what was refused", async () => {
    git.failing = () => ({ status: 404, json: { message: "Not Found" } });
    const message = `Could not send github repository dispatch webhook: POST ${git.web.url}/api/v3/repos/acme/shop/dispatches: 404 Not Found []`;
    expect(await dispatch("x")).toEqual({ kind: "refused", message });
  });
});
