import { createVerify, generateKeyPairSync } from "node:crypto";
import { gzipSync } from "node:zlib";
import { secret } from "@sluice/engine/domain/secret.ts";
import { epochMs, ms } from "@sluice/engine/domain/time.ts";
import type { GitCredentials, GitHubApp, GitRemotes, GitTarget } from "@sluice/engine/ports/git-remote.ts";
import { packArtifact } from "@sluice/engine/source/archive.ts";
import { objectId } from "@sluice/platform/git/pack.ts";
import { createGitHubRemotes } from "@sluice/platform/github/github-remotes.ts";
import { createHttp } from "@sluice/platform/http/http.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Seen, startWebServer, type WebServer } from "../../../support/git/web-server.ts";

const ID = "0123456789abcdef0123456789abcdef01234567";
const NOW = Date.parse("2030-01-01T00:00:00Z");
const { privateKey, publicKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});
const token: GitCredentials = { kind: "basic", username: "ada", password: secret("ghp_canary") };
const app = (more: Partial<GitHubApp> = {}): GitHubApp => ({
  kind: "github-app",
  appId: "7",
  installation: { kind: "id", id: "42" },
  privateKey: secret(privateKey),
  ...more,
});

type Answer = {
  readonly status?: number;
  readonly json?: unknown;
  readonly text?: string;
  readonly bytes?: Uint8Array;
  readonly headers?: { readonly [name: string]: string };
};
let github: WebServer;
let codeload: WebServer;
let routes: Map<string, Answer | ((seen: Seen) => Answer)>;
let asked: string[];
let now: number;
let remotes: GitRemotes;
const http = createHttp();

beforeEach(async () => {
  routes = new Map();
  asked = [];
  now = NOW;
  codeload = await startWebServer((_, response) => void response.end(tarball()));
  github = await startWebServer((seen, response) => {
    const found = routes.get(`${seen.method} ${seen.url}`);
    const answer = typeof found === "function" ? found(seen) : (found ?? { status: 404, json: { message: "Not Found" } });
    response.writeHead(answer.status ?? 200, answer.headers).end(answer.bytes ?? answer.text ?? (answer.json === undefined ? "" : JSON.stringify(answer.json)));
  });
  const smart: GitRemotes = {
    open: ({ credentials }) => {
      const say = (what: string): void =>
        void asked.push(`${what} as ${credentials?.kind === "basic" ? `${credentials.username}:${credentials.password.reveal()}` : "nobody"}`);
      return {
        resolve: async (ref) => {
          say(`resolve ${ref}`);
          return { kind: "found", commit: ID };
        },
        tags: async () => {
          say("tags");
          return { kind: "listed", tags: [] };
        },
        fetch: async (commit) => {
          say("fetch");
          return { kind: "fetched", commit: { id: commit, message: "by git", time: epochMs(0) }, tree: new Map() };
        },
      };
    },
  };
  remotes = createGitHubRemotes({ http, smart, clock: { now: () => epochMs(now) }, hosts: new Map([[new URL(github.url).host, `${github.url}/api`]]) });
});
afterEach(async () => {
  await github.close();
  await codeload.close();
});
const open = (credentials?: GitCredentials, more: Partial<GitTarget> = {}) =>
  remotes.open({ url: `${github.url}/ada/app.git`, timeout: ms(20_000), ...(credentials !== undefined && { credentials }), ...more });

const files = { "app/a.yaml": "a: 1", "run.sh": "echo" };
const tarball = (): Uint8Array =>
  packArtifact(new Map(Object.entries(files).map(([path, text]) => [`ada-app-0123456/${path}`, { bytes: Buffer.from(text), executable: false }])));
const blob = (path: string, mode: string, text: string) => ({ path, mode, type: "blob", sha: objectId({ type: "blob", bytes: Buffer.from(text) }) });
const listing = {
  truncated: false,
  tree: [
    { path: "app", mode: "040000", type: "tree", sha: ID },
    blob("app/a.yaml", "100644", "a: 1"),
    blob("run.sh", "100755", "echo"),
    { path: "link", mode: "120000", type: "blob", sha: ID },
    { path: "module", mode: "160000", type: "commit", sha: ID },
  ],
};
function serveCommit(tree: unknown = listing): void {
  routes.set(`GET /api/repos/ada/app/git/commits/${ID}`, { json: { message: "one\n\nbody", committer: { date: "2029-12-31T00:00:00Z" } } });
  routes.set(`GET /api/repos/ada/app/git/trees/${ID}?recursive=1`, { json: tree });
  routes.set(`GET /api/repos/ada/app/tarball/${ID}`, { status: 302, headers: { location: `${codeload.url}/x.tar.gz` } });
}

describe("the probe", () => {
  it("is one conditional request: 304 means still that", async () => {
    routes.set("GET /api/repos/ada/app/commits/heads/feature/x", ({ headers }) => (headers["if-none-match"] === `"${ID}"` ? { status: 304 } : { text: ID }));
    expect(await open(token).resolve("refs/heads/feature/x", ID)).toEqual({ kind: "found", commit: ID });
    expect(await open(token).resolve("refs/heads/feature/x", "f".repeat(40))).toEqual({ kind: "found", commit: ID });
    expect(github.seen).toHaveLength(2);
    expect(github.seen[0]?.headers).toMatchObject({ accept: "application/vnd.github.sha", authorization: "Bearer ghp_canary" });
  });

  const reset = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(NOW / 1000 + 600) };
  it.each([
    { answer: { status: 422, json: { message: "No commit found for SHA: gone" } }, want: { kind: "no-such-ref" } },
    { answer: { status: 409, json: { message: "Git Repository is empty." } }, want: { kind: "empty" } },
    { answer: { status: 404, json: { message: "Not Found" } }, want: { kind: "failed", why: "not-found", message: "repository not found: Not Found" } },
    {
      answer: { status: 401, json: { message: "Bad credentials" } },
      want: { kind: "failed", why: "authentication", message: "authentication required: Bad credentials" },
    },
    {
      answer: { status: 403, json: { message: "Resource not accessible" } },
      want: { kind: "failed", why: "forbidden", message: "authorization failed: Resource not accessible" },
    },
    {
      answer: { status: 403, headers: reset, json: { message: "API rate limit exceeded" } },
      want: { kind: "failed", why: "rate-limited", message: "GitHub's rate limit is used up, again at 2030-01-01T00:10:00Z: API rate limit exceeded" },
    },
    {
      answer: { status: 429, headers: { "retry-after": "60" }, json: { message: "secondary rate limit" } },
      want: { kind: "failed", why: "rate-limited", message: "GitHub's rate limit is used up, again at 2030-01-01T00:01:00Z: secondary rate limit" },
    },
    { answer: { text: "<html>" }, want: { kind: "failed", why: "protocol", message: "GitHub answered without a commit" } },
  ])("$answer.status $want.kind", async ({ answer, want }) => {
    routes.set("GET /api/repos/ada/app/commits/heads/main", answer);
    expect(await open(token).resolve("refs/heads/main")).toEqual(want);
  });

  it("is not asked again before the moment that a used up limit names, with this token", async () => {
    routes.set("GET /api/repos/ada/app/commits/heads/main", { status: 403, headers: reset, json: { message: "API rate limit exceeded" } });
    const limited = await open(token).resolve("refs/heads/main");
    routes.set("GET /api/repos/ada/app/commits/heads/main", { text: ID });
    expect([await open(token).resolve("refs/heads/main"), github.seen.length]).toEqual([limited, 1]);
    now += 600_000;
    expect([await open(token).resolve("refs/heads/main"), github.seen.length]).toEqual([{ kind: "found", commit: ID }, 2]);
  });

  it("leaves to git what the API does not know, and all of it where there are no credentials", async () => {
    await open(token).resolve("refs/pull/4/head");
    await open().resolve("refs/heads/main");
    await open(token).tags();
    expect(asked).toEqual(["resolve refs/pull/4/head as ada:ghp_canary", "resolve refs/heads/main as nobody", "tags as ada:ghp_canary"]);
    expect(github.seen).toEqual([]);
  });
});

describe("the tarball", () => {
  it("brings the files of the commit, with the modes of its list, and no credentials to where it lies", async () => {
    serveCommit();
    const answer = await open(token).fetch(ID);
    if (answer.kind !== "fetched") throw new Error(JSON.stringify(answer));
    expect(answer.commit).toEqual({ id: ID, message: "one\n\nbody", time: Date.parse("2029-12-31T00:00:00Z") });
    expect([...answer.tree].map(([path, { bytes, executable }]) => `${path} ${executable} ${Buffer.from(bytes)}`)).toEqual([
      "app/a.yaml false a: 1",
      "run.sh true echo",
    ]);
    expect(codeload.seen.map(({ headers }) => headers.authorization)).toEqual([undefined]);
    expect(asked).toEqual([]);
  });

  it.each([
    { what: "a file is missing (export-ignore)", tree: { ...listing, tree: [...listing.tree, blob("hidden", "100644", "x")] } },
    {
      what: "a file differs (export-subst, LFS)",
      tree: { ...listing, tree: listing.tree.map((entry) => (entry.path === "run.sh" ? { ...entry, sha: "f".repeat(40) } : entry)) },
    },
    { what: "the list was cut short", tree: { ...listing, truncated: true } },
  ])("is not taken where $what: then git fetches", async ({ tree }) => {
    serveCommit(tree);
    expect(await open(token).fetch(ID)).toMatchObject({ kind: "fetched", commit: { message: "by git" } });
    expect(asked).toEqual(["fetch as ada:ghp_canary"]);
  });

  it("of a commit that is not there", async () => {
    expect(await open(token).fetch(ID)).toEqual({ kind: "no-such-commit" });
    expect(await open(token).fetch("0123456")).toEqual({ kind: "no-such-commit" });
  });

  it("is refused when it is a bomb or leaves its root", async () => {
    serveCommit();
    routes.set(`GET /api/repos/ada/app/tarball/${ID}`, { bytes: gzipSync("not a tar".padEnd(600, "x")) });
    expect(await open(token).fetch(ID)).toMatchObject({ kind: "failed", message: "the archive has a damaged header" });
  });

  it("is left to git where the commit must be on a branch", async () => {
    await open(token).fetch(ID, "refs/heads/main");
    expect(asked).toEqual(["fetch as ada:ghp_canary"]);
  });
});

describe("a GitHub App", () => {
  const grant = (id = "42"): void =>
    void routes.set(`POST /api/app/installations/${id}/access_tokens`, { status: 201, json: { token: `ghs_${id}`, expires_at: "2030-01-01T01:00:00Z" } });
  const claims = (): { readonly [name: string]: unknown } => {
    const [head = "", body = "", signature = ""] = (github.seen[0]?.headers.authorization ?? "").replace("Bearer ", "").split(".");
    expect(createVerify("RSA-SHA256").update(`${head}.${body}`).verify(publicKey, signature, "base64url")).toBe(true);
    return JSON.parse(Buffer.from(body, "base64url").toString());
  };

  it("gets a token by a signed claim, once for an hour", async () => {
    grant();
    routes.set("GET /api/repos/ada/app/commits/heads/main", { text: ID });
    await open(app()).resolve("refs/heads/main");
    now += 50 * 60_000;
    await open(app()).resolve("refs/heads/main");
    expect(github.seen.map(({ method }) => method)).toEqual(["POST", "GET", "GET"]);
    expect(github.seen.slice(1).map(({ headers }) => headers.authorization)).toEqual(["Bearer ghs_42", "Bearer ghs_42"]);
    expect(claims()).toEqual({ iat: NOW / 1000 - 60, exp: NOW / 1000 + 540, iss: "7" });
    now += 6 * 60_000;
    await open(app()).resolve("refs/heads/main");
    expect(github.seen.filter(({ method }) => method === "POST")).toHaveLength(2);
  });

  it("finds its installation by the owner, an organisation or a user", async () => {
    routes.set("GET /api/users/ada/installation", { json: { id: 43 } });
    grant("43");
    await open(app({ installation: { kind: "owner", owner: "ada" } })).tags();
    expect(asked).toEqual(["tags as x-access-token:ghs_43"]);
  });

  it("serves other servers with its token, and asks its own API for it", async () => {
    grant();
    await remotes
      .open({ url: "http://git.example.com/ada/app.git", timeout: ms(20_000), credentials: app({ baseUrl: `${github.url}/api/` }) })
      .resolve("refs/heads/main");
    expect(asked).toEqual(["resolve refs/heads/main as x-access-token:ghs_42"]);
  });

  it("never uses a token that another key got", async () => {
    grant();
    await open(app()).tags();
    const other = await open(app({ privateKey: secret("guess") })).tags();
    expect(other).toEqual({ kind: "failed", why: "credentials", message: "could not parse private key: it must be PEM-encoded" });
  });

  it.each([
    {
      answer: { status: 401, json: { message: "A JSON web token could not be decoded" } },
      message: "authentication required: A JSON web token could not be decoded",
    },
    { answer: { status: 404, json: { message: "Not Found" } }, message: "could not refresh installation id 42's token: 404: Not Found" },
  ])("that GitHub does not know: $message", async ({ answer, message }) => {
    routes.set("POST /api/app/installations/42/access_tokens", answer);
    expect(await open(app()).resolve("refs/heads/main")).toEqual({ kind: "failed", why: "credentials", message });
  });

  it("that is not installed where it should be", async () => {
    expect(await open(app({ installation: { kind: "owner", owner: "ada" } })).tags()).toMatchObject({
      why: "credentials",
      message: "the app is not installed for owner 'ada'",
    });
  });
});

describe("URLs", () => {
  it.each(["https://git.example.com/ada/app.git", "GITHUB/ada", "GITHUB/ada/app/tree", "GITHUB/../app"])("%s is for git", async (url) => {
    await remotes.open({ url: url.replace("GITHUB", github.url), timeout: ms(20_000), credentials: token }).resolve("refs/heads/main");
    expect(asked).toHaveLength(1);
  });
});
