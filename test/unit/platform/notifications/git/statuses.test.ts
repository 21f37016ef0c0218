import type { NotifiedEvent } from "@sluice/engine/domain/notified-event.ts";
import { COMMIT_STATUS_TYPES } from "@sluice/engine/domain/provider-type.ts";
import type { NotifierAnswer } from "@sluice/engine/ports/notifier.ts";
import type { HttpRequest } from "@sluice/platform/http/exchange.ts";
import { createHttp } from "@sluice/platform/http/http.ts";
import { createGitSenders } from "@sluice/platform/notifications/git/git-senders.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aNotification, worldOf } from "../../../../support/notifications/notification.ts";
import { type StartedGitServer, startGitServer } from "../../../../support/notifications/start-git-server.ts";

const SHA = "a1b2c3d4e5f60718293a4b5c6d7e8f9001122334";
const ID = "kustomization/backend/0f2b3c4d";

type StatusType = (typeof COMMIT_STATUS_TYPES)[number];
const PATHS: { readonly [Type in StatusType]: string } = {
  github: "/acme/shop",
  gitlab: "/acme/team/shop",
  gitea: "/acme/shop",
  bitbucket: "/acme/shop",
  bitbucketserver: "/scm/acme/shop.git",
  azuredevops: "/org/project/_git/shop",
};
const TYPES = [...COMMIT_STATUS_TYPES];

const http = createHttp();
let git: StartedGitServer;
let sent: HttpRequest[];
let senders: ReturnType<typeof createGitSenders>;

beforeEach(async () => {
  git = await startGitServer();
  senders = createGitSenders();
  sent = [];
});
afterEach(() => git.web.close());

/** Bitbucket's cloud is here, too. */
const world = worldOf({
  http: {
    send: (request) => {
      sent.push(request);
      return http.send({ ...request, url: request.url.replace("https://api.bitbucket.org", git.web.url) });
    },
  },
});

/** Nobody answers; what was asked is noted. */
const offlineWorld = (asked: HttpRequest[]) =>
  worldOf({
    http: {
      send: async (request) => {
        asked.push(request);
        return { kind: "silent", why: "unreachable", message: "offline" };
      },
    },
  });

const SUCCEEDED = { reason: "ReconciliationSucceeded", severity: "info" } as const;
const FAILED = { reason: "HealthCheckFailed", severity: "error" } as const;
const PROGRESSING = { reason: "Progressing", severity: "info" } as const;
const PENDING = { "sluice.dev/commit-status": "pending" };

type Given = {
  readonly type: StatusType;
  readonly event?: Partial<NotifiedEvent>;
  readonly annotations?: { readonly [name: string]: string };
  readonly address?: string;
  readonly secrets?: { readonly [key: string]: string };
};

function send({ type, event = SUCCEEDED, annotations = {}, address, secrets = { token: "ada:token-canary" } }: Given): Promise<NotifierAnswer> {
  const notification = aNotification({
    provider: {
      type,
      address: address ?? `${git.web.url}${PATHS[type]}`,
      statusId: ID,
      annotations,
      tls: { ca: "CA" },
      proxy: { address: "http://proxy.test:3128" },
    },
    secrets,
    event: { metadata: { revision: `main@sha1:${SHA}` }, timestamp: "2026-01-02T03:04:05Z", ...event },
    done: 3,
  });
  return senders[type](notification, type === "gitea" ? worldOf({ http: { send: ({ proxy: _, ...request }) => http.send(request) } }) : world);
}

const states = (): readonly unknown[] => git.statuses.map((status) => status.state ?? status.status);
const posts = (): readonly string[] => git.lines.filter((line) => line.startsWith("POST"));

describe("commit statuses", () => {
  it.each(TYPES)("of %s are posted once, whatever is delivered twice", async (type) => {
    for (const event of [SUCCEEDED, SUCCEEDED, FAILED, FAILED, SUCCEEDED]) {
      // GitLab alone is content with any equal one, however old.
      expect(await send({ type, event })).toEqual({ kind: "sent" });
    }
    expect(posts().length).toBe(type === "gitlab" ? 2 : 3);
  });

  it.each(TYPES)("of %s are told apart by their state alone, too", async (type) => {
    for (const severity of ["info", "error"] as const) await send({ type, event: { reason: "Finished", severity } });
    expect(posts().length).toBe(2);
  });

  it.each(TYPES)("of %s are told apart by their description alone, too", async (type) => {
    for (const reason of ["BuildFailed", "PruneFailed"]) await send({ type, event: { reason, severity: "error" } });
    expect(posts().length).toBe(2);
  });

  it.each(TYPES)("of %s are posted once when the answer to the first is lost", async (type) => {
    let times = 0;
    git.failing = (line) => (line.startsWith("POST") && times++ === 0 ? { status: 504, text: "", after: true } : undefined);
    expect(await send({ type })).toMatchObject({ kind: "unavailable", done: 3 });
    expect(await send({ type })).toEqual({ kind: "sent" });
    expect(git.statuses.length).toBe(1);
  });

  it.each<[StatusType, readonly string[]]>([
    ["github", ["pending", "failure", "pending", "success"]],
    // One that runs becomes its own end.
    ["gitlab", ["failed", "success"]],
    ["gitea", ["pending", "failure", "pending", "success"]],
    ["bitbucket", ["SUCCESSFUL"]],
    ["bitbucketserver", ["SUCCESSFUL"]],
    ["azuredevops", ["pending", "error", "pending", "succeeded"]],
  ])("of %s are pending on the way where the Provider says so", async (type, want) => {
    for (const [index, event] of [PROGRESSING, PROGRESSING, FAILED, PROGRESSING, SUCCEEDED].entries()) {
      const time = `2026-01-02T03:04:${10 + index}Z`;
      git.now = time;
      expect(await send({ type, event: { ...event, timestamp: time }, annotations: PENDING })).toEqual({ kind: "sent" });
    }
    expect(posts().length).toBe(4);
    expect(states()).toEqual(want);
  });

  it.each<[StatusType, string]>([
    ["github", '"state":"pending"'],
    ["gitlab", '"state":"running"'],
    ["gitea", '"state":"pending"'],
    ["bitbucket", '"state":"INPROGRESS"'],
    ["bitbucketserver", '"state":"INPROGRESS"'],
    ["azuredevops", '"state":"pending"'],
  ])("of %s: pending is %s", async (type, want) => {
    await send({ type, event: PROGRESSING, annotations: PENDING });
    expect(posts()[0]).toContain(want);
  });

  it.each(TYPES)("of %s do not become pending by what came late", async (type) => {
    await send({ type, event: { ...SUCCEEDED, timestamp: "2026-01-02T03:04:05Z" }, annotations: PENDING });
    expect(await send({ type, event: { ...PROGRESSING, timestamp: "2026-01-02T03:04:01Z" }, annotations: PENDING })).toMatchObject({ kind: "dropped" });
    expect(posts().length).toBe(1);
  });

  it.each(TYPES)("of %s succeed again after they were on the way again", async (type) => {
    for (const [index, event] of [SUCCEEDED, PROGRESSING, SUCCEEDED].entries()) {
      git.now = `2026-01-02T03:04:${10 + index}Z`;
      await send({ type, event: { ...event, timestamp: git.now }, annotations: PENDING });
    }
    expect(posts().length).toBe(3);
    expect(String(states().at(-1))).toMatch(/^succe/i);
  });

  it.each(TYPES)("of %s stay at their end, whenever they had begun", async (type) => {
    for (const [event, time] of [
      [PROGRESSING, "2026-01-02T03:04:10Z"],
      [FAILED, "2026-01-02T03:04:30Z"],
    ] as const) {
      git.now = time;
      await send({ type, event: { ...event, timestamp: time }, annotations: PENDING });
    }
    expect(await send({ type, event: { ...PROGRESSING, timestamp: "2026-01-02T03:04:20Z" }, annotations: PENDING })).toMatchObject({ kind: "dropped" });
  });

  // GitLab would refuse it.
  it.each(TYPES.filter((type) => type !== "gitlab"))("of %s that are pending are no end", async (type) => {
    await send({ type, event: PROGRESSING, annotations: PENDING });
    git.statuses[0] = { ...git.statuses[0], description: "by hand" };
    expect(await send({ type, event: { ...PROGRESSING, timestamp: "2026-01-02T03:04:01Z" }, annotations: PENDING })).toEqual({ kind: "sent" });
    expect(posts().length).toBe(2);
  });

  it.each(TYPES.filter((type) => type !== "gitea"))("of %s are not pending otherwise", async (type) => {
    expect(await send({ type, event: PROGRESSING })).toMatchObject({ kind: "dropped" });
    expect(git.lines).toEqual([]);
  });

  it.each<[StatusType, string]>([
    ["github", '"target_url":"https://ci.example.com/1"'],
    ["gitlab", '"target_url":"https://ci.example.com/1"'],
    ["gitea", '"target_url":"https://ci.example.com/1"'],
    ["bitbucket", '"url":"https://ci.example.com/1"'],
    ["bitbucketserver", '"url":"https://ci.example.com/1"'],
    ["azuredevops", '"targetUrl":"https://ci.example.com/1"'],
  ])("of %s lead to where the Provider says: %s", async (type, want) => {
    await send({ type, annotations: { "sluice.dev/target-url": "https://ci.example.com/1" } });
    expect(posts()[0]).toContain(want);
  });

  it.each(["javascript:alert(1)", "ftp://x/y", "https://", "//ci.example.com", "ci.example.com", "https://a b", ""])("lead nowhere else: %j", async (url) => {
    for (const type of TYPES) {
      expect(await send({ type, annotations: { "sluice.dev/target-url": url } })).toEqual({
        kind: "misconfigured",
        message: `invalid annotation sluice.dev/target-url: expected an http or https URL, got ${JSON.stringify(url)}`,
      });
    }
    expect(git.lines).toEqual([]);
  });

  it("have a summary in their genre on Azure DevOps, where it asks for its version once", async () => {
    const metadata = { revision: `main@sha1:${SHA}`, summary: "north" };
    for (const event of [SUCCEEDED, FAILED]) await send({ type: "azuredevops", event: { ...event, metadata } });
    expect(git.lines.map((line) => line.split(" ")[0])).toEqual(["OPTIONS", "GET", "POST", "GET", "POST"]);
    expect(posts()[0]).toContain(`{"context":{"genre":"fluxcd:north","name":"${ID}"}`);
  });

  it("are others' on Azure DevOps where the genre is another", async () => {
    git.statuses.push({ sha: SHA, context: { genre: "ci", name: ID }, state: "succeeded", description: "reconciliation succeeded" });
    await send({ type: "azuredevops" });
    expect(posts().length).toBe(1);
  });

  it("do not take a page to sign in at for Azure DevOps' versions", async () => {
    git.failing = (line) => (line.startsWith("OPTIONS") ? { status: 203, text: "<html>sign in" } : undefined);
    for (const event of [SUCCEEDED, SUCCEEDED]) await send({ type: "azuredevops", event });
    expect(git.lines.filter((line) => line.startsWith("OPTIONS")).length).toBe(3);
  });

  it("ask GitLab for a project with a dot", async () => {
    await send({ type: "gitlab", address: `${git.web.url}/acme/my.shop` });
    expect(posts()[0]).toContain("POST /api/v4/projects/acme%2Fmy%2Eshop/statuses/");
  });

  it.each([
    ["5.1", "5.1"],
    ["6.0", "6.0"],
    ["7.2", "6.0"],
  ])("ask an Azure DevOps that knows %s for %s", async (maxVersion, want) => {
    git.failing = (line) =>
      line.startsWith("OPTIONS") ? { status: 200, json: { value: [{ id: "428dd4fb-fda5-4722-af02-9313b80305da", maxVersion }] } } : undefined;
    await send({ type: "azuredevops" });
    expect(git.web.seen[1]?.headers.accept).toBe(`application/json;api-version=${want}`);
  });

  it.each([
    ["github.com by the API's own host", "https://github.com/acme/shop", "https://api.github.com/"],
    ["an API's host", "https://api.acme.ghe.com/acme/shop", "https://api.acme.ghe.com/repos"],
    ["another host", "https://git.example.com/acme/shop", "https://git.example.com/api/v3/repos"],
  ])("ask GitHub: %s", async (_, address, want) => {
    const asked: HttpRequest[] = [];
    const offline = offlineWorld(asked);
    await senders.github(aNotification({ provider: { type: "github", address }, secrets: { token: "t" }, event: { metadata: { revision: SHA } } }), offline);
    expect(asked[0]?.url).toContain(want);
  });
});

describe("certificates and proxies", () => {
  it.each(TYPES.filter((type) => type !== "gitea"))("%s heeds certSecretRef, and no proxySecretRef", async (type) => {
    await send({ type });
    expect(sent.length).toBeGreaterThan(1);
    expect(sent.every(({ tls, proxy }) => tls?.ca === "CA" && proxy === undefined)).toBe(true);
  });

  it("gitea heeds both", async () => {
    const seen: HttpRequest[] = [];
    const offline = offlineWorld(seen);
    const provider = { type: "gitea", address: "http://git.test/acme/shop", tls: { ca: "CA" }, proxy: { address: "http://proxy.test:3128" } } as const;
    await senders.gitea(aNotification({ provider, secrets: { token: "t" } }), offline);
    expect(seen[0]).toMatchObject({ tls: provider.tls, proxy: provider.proxy });
  });
});

describe("what git servers refuse", () => {
  it.each<[StatusType, "GET" | "POST", number, string, string]>([
    [
      "github",
      "GET",
      401,
      '{"message":"Bad credentials"}',
      "could not list commit statuses: GET $URL/api/v3/repos/acme/shop/commits/$SHA/statuses?per_page=50: 401 Bad credentials []",
    ],
    [
      "github",
      "POST",
      422,
      '{"message":"Validation Failed","errors":[{"resource":"Status","code":"custom","field":"sha","message":"no such commit"},"x"]}',
      "could not create commit status: POST $URL/api/v3/repos/acme/shop/statuses/$SHA: 422 Validation Failed [{Resource:Status Field:sha Code:custom Message:no such commit} x]",
    ],
    ["github", "GET", 501, "<html>", "could not list commit statuses: GET $URL/api/v3/repos/acme/shop/commits/$SHA/statuses?per_page=50: 501  []"],
    [
      "github",
      "GET",
      200,
      "<html>",
      "could not list commit statuses: GET $URL/api/v3/repos/acme/shop/commits/$SHA/statuses?per_page=50: the answer is no list",
    ],
    ["gitlab", "GET", 404, '{"message":"404 Project Not Found"}', "unable to list commit status: 404 Not Found"],
    [
      "gitlab",
      "GET",
      401,
      '{"message":"401 Unauthorized"}',
      "unable to list commit status: GET $URL/api/v4/projects/acme/team/shop/repository/commits/$SHA/statuses: 401 {message: 401 Unauthorized}",
    ],
    [
      "gitlab",
      "POST",
      400,
      '{"message":{"state":["is invalid"],"name":"x"},"a":1}',
      "POST $URL/api/v4/projects/acme/team/shop/statuses/$SHA: 400 {a: failed to parse unexpected error type: float64}, {message: {name: x}, {state: [is invalid]}}",
    ],
    ["gitlab", "POST", 403, "no", "POST $URL/api/v4/projects/acme/team/shop/statuses/$SHA: 403 failed to parse unknown error format: no"],
    ["gitea", "GET", 401, '{"message":"invalid username, password or token"}', "failed creating Gitea client: invalid username, password or token"],
    ["gitea", "POST", 404, "<p>", "404 Not Found: <p>"],
    ["bitbucket", "GET", 401, "", "could not get commit status: 401 Unauthorized"],
    ["bitbucket", "POST", 403, "", "403 Forbidden"],
    ["bitbucketserver", "GET", 401, "", "could not get existing commit status: failed api call to check duplicate commit status: 401 - Unauthorized"],
    ["bitbucketserver", "POST", 409, "", "could not post build status: could not post build commit status: 409 - Conflict"],
    ["azuredevops", "GET", 404, '{"message":"TF401019: no repository"}', "could not list commit statuses: TF401019: no repository"],
    ["azuredevops", "GET", 404, '{"value":{"Message":"no project"}}', "could not list commit statuses: no project"],
    ["azuredevops", "GET", 203, "<html>sign in", "could not list commit statuses: the answer is no list"],
    ["azuredevops", "POST", 403, "", "could not create commit status: Request returned status: 403 Forbidden"],
  ])("%s to %s: %i %s", async (type, method, status, text, message) => {
    git.failing = (line) => (line.startsWith(method) ? { status, text } : undefined);
    const kind = message.startsWith("failed creating") ? "misconfigured" : "refused";
    expect(await send({ type })).toEqual({ kind, message: message.replaceAll("$URL", git.web.url).replaceAll("$SHA", SHA) });
  });

  it.each(TYPES)("%s may say back what it was sent: nobody sees it", async (type) => {
    const secrets = { token: type === "bitbucket" ? "ada:token-canary" : "token-canary" };
    git.failing = (line) => {
      const seen = git.web.seen.at(-1)?.headers;
      const said = `${seen?.authorization} ${seen?.["private-token"]} token-canary\u001b[2J`;
      return line.startsWith("POST") ? { status: 400, json: { message: said } } : undefined;
    };
    const answer = await send({ type, secrets });
    expect(answer.kind).toBe("refused");
    expect(JSON.stringify(answer)).not.toMatch(/token-canary|YWRhOn|dG9rZW4t|\\u001b/);
  });
});

describe("what git servers do not answer", () => {
  it.each<[StatusType, string, string]>([
    ["github", "could not list commit statuses: ", "GET $URL/api/v3/repos/acme/shop/commits/$SHA/statuses?per_page=50"],
    [
      "gitlab",
      "unable to list commit status: ",
      "GET $URL/api/v4/projects/acme%2Fteam%2Fshop/repository/commits/$SHA/statuses?name=kustomization%2Fbackend%2F0f2b3c4d",
    ],
    ["gitea", "failed creating Gitea client: ", "GET $URL/api/v1/version"],
    ["azuredevops", "could not list commit statuses: ", "OPTIONS $URL/org/_apis"],
  ])("%s: worth another attempt", async (type, prefix, request) => {
    for (const status of [429, 500, 503]) {
      git.failing = () => ({ status, text: "busy", headers: { "retry-after": "7" } });
      const answer = await send({ type });
      expect(answer).toMatchObject({ kind: "unavailable", prefix, request: request.replace("$URL", git.web.url).replace("$SHA", SHA), done: 3 });
      const isHeeded = status !== 500;
      expect("retryAfter" in answer ? answer.retryAfter : undefined).toBe(isHeeded ? 7000 : undefined);
    }
  });

  it("nobody is there", async () => {
    await git.web.close();
    const answer = await send({ type: "github" });
    expect(answer).toMatchObject({
      kind: "unavailable",
      prefix: "could not list commit statuses: ",
      problem: expect.stringContaining("connect: connection refused"),
    });
  });

  it.each([
    { why: "unreachable", lasting: true, message: "tls: failed to verify certificate" },
    { why: "too-large", message: "the answer is larger than 33554432 bytes" },
  ] as const)("what another attempt would not change: $message", async (silence) => {
    const notification = aNotification({
      provider: { type: "github", address: "https://git.test/acme/shop" },
      secrets: { token: "t" },
      event: { metadata: { revision: SHA } },
    });
    const answer = await senders.github(notification, worldOf({ http: { send: async () => ({ kind: "silent", ...silence }) } }));
    expect(answer).toEqual({ kind: "refused", message: `could not list commit statuses: ${silence.message}` });
  });

  it.each<[number, { readonly [name: string]: string }, object]>([
    [403, { "retry-after": "30" }, { kind: "unavailable", retryAfter: 30_000 }],
    [403, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(Date.UTC(2026, 0, 2, 3, 5, 6) / 1000) }, { kind: "unavailable", retryAfter: 60_000 }],
    [429, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1" }, { kind: "unavailable", retryAfter: 60_000 }],
    [403, { "x-ratelimit-remaining": "12" }, { kind: "refused" }],
  ])("GitHub's rate limit: %i %o", async (status, headers, want) => {
    git.failing = () => ({ status, json: { message: "limit" }, headers });
    expect(await send({ type: "github" })).toMatchObject(want);
  });
});

describe("Providers that are not right", () => {
  it.each<
    [
      StatusType,
      { readonly address?: string; readonly secrets?: { readonly [key: string]: string }; readonly annotations?: { readonly [name: string]: string } },
      string,
    ]
  >([
    ["github", { secrets: {} }, "github token or github app details must be specified"],
    ["github", { secrets: { githubAppID: "1" } }, "app installation owner or ID must be provided to use github app authentication"],
    ["github", { secrets: { githubAppID: "1", githubAppInstallationID: "2" } }, "private key must be provided to use github app authentication"],
    ["github", { address: "https://github.com/acme" }, 'invalid repository id "acme"'],
    ["gitlab", { secrets: { username: "u" } }, "gitlab token cannot be empty"],
    ["gitea", { secrets: {} }, "gitea token cannot be empty"],
    ["bitbucket", { secrets: {} }, "bitbucket token cannot be empty"],
    ["bitbucket", { secrets: { token: "a:b:c" } }, "invalid token format, expected to be <user>:<password>"],
    ["bitbucketserver", { secrets: { username: "u" } }, "invalid credentials, expected to be one of username/password or API Token"],
    [
      "bitbucketserver",
      { address: "ssh://git@git.test/scm/a/b" },
      "could not parse git address: unsupported scheme type in address: ssh. Must be http or https",
    ],
    ["bitbucketserver", { address: "https://git.test/scm/a/b/c.git" }, 'could not parse git address: invalid repository id "a/b/c"'],
    ["azuredevops", { secrets: {} }, "azure devops token cannot be empty"],
    ["azuredevops", { address: "https://dev.azure.com/org/project" }, 'invalid repository id "org/project"'],
    ["github", { annotations: { "sluice.dev/commit-status": "on" } }, 'invalid annotation sluice.dev/commit-status: expected "pending", got "on"'],
  ])("%s %o", async (type, given, message) => {
    expect(await send({ type, ...given })).toEqual({ kind: "misconfigured", message });
    expect(git.lines).toEqual([]);
  });

  it.each<[StatusType, string]>([
    ["github", "can't convert to github state"],
    ["gitlab", "can't convert to gitlab state"],
    ["gitea", "can't convert to gitea state"],
    ["bitbucket", "can't convert to bitbucket state"],
    ["bitbucketserver", "couldn't convert to bitbucket server state: bitbucket server state generated on info or error events only"],
    ["azuredevops", "can't convert to azure devops state"],
  ])("%s knows no trace", async (type, message) => {
    expect(await send({ type, event: { severity: "trace", reason: "Found" } })).toEqual({ kind: "refused", message });
  });

  it.each(TYPES)("of %s: what is on its way without a commit is nothing, but for gitea as for Flux", async (type) => {
    const answer = await send({ type, event: { ...PROGRESSING, metadata: { revision: "1.2.3" } }, annotations: PENDING });
    const why = "failed to extract commit hash from '1.2.3' revision";
    expect(answer).toMatchObject(type === "gitea" ? { kind: "refused", message: why } : { kind: "dropped", why: expect.stringContaining(why) });
  });

  it("bitbucketserver says more of a revision", async () => {
    const message = "could not parse revision: failed to extract commit hash from 'x' revision";
    expect(await send({ type: "bitbucketserver", event: { ...SUCCEEDED, metadata: { revision: "x" } } })).toEqual({ kind: "refused", message });
  });
});
