import { Webhooks } from "@octokit/webhooks";
import { secret } from "@sluice/engine/domain/secret.ts";
import { epochMs, ms } from "@sluice/engine/domain/time.ts";
import type { GitRemote } from "@sluice/engine/ports/git-remote.ts";
import { createSmartRemotes } from "@sluice/platform/git/smart-remotes.ts";
import { createGitHubRemotes } from "@sluice/platform/github/github-remotes.ts";
import { createHttp } from "@sluice/platform/http/http.ts";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type GitHubServer, startGitHub } from "../../../support/git/github-server.ts";
import { treeLines } from "../../../support/git/local-server.ts";

let github: GitHubServer;
const http = createHttp();
beforeAll(async () => {
  github = await startGitHub();
  await github.create("ada/app");
  await github.create("ada/empty");
});
afterAll(async () => {
  http.close();
  await github.stop();
});
let asked = 0;
beforeEach(() => {
  asked = github.requests.length;
});
const requests = (): readonly string[] => github.requests.slice(asked).map(({ method, path, status }) => `${method} ${path.split("?")[0]} ${status}`);

/** Through the adapters that a function uses, so that a server that GitHub's adapter would not understand shows here. */
const open = (name: string, password = "ghp_test"): GitRemote => {
  const remotes = createGitHubRemotes({
    http,
    smart: createSmartRemotes({ http }),
    clock: { now: () => epochMs(Date.now()) },
    hosts: new Map(Object.entries(github.hosts)),
  });
  return remotes.open({ url: `${github.url}/${name}.git`, timeout: ms(20_000), credentials: { kind: "basic", username: "git", password: secret(password) } });
};

describe("the server", () => {
  it("tells a commit once, and then that it is still that", async () => {
    const { commit } = await github.push("ada/app", { "a.yaml": "a: 1" });
    asked = github.requests.length;
    expect(await open("ada/app").resolve("refs/heads/main")).toEqual({ kind: "found", commit });
    expect(await open("ada/app").resolve("refs/heads/main", commit)).toEqual({ kind: "found", commit });
    expect(requests()).toEqual(["GET /api/v3/repos/ada/app/commits/heads/main 200", "GET /api/v3/repos/ada/app/commits/heads/main 304"]);
  });

  it("gives a commit's files as a tarball, by way of another address", async () => {
    const { commit } = await github.push("ada/app", { "a.yaml": "a: 2", "bin/run": { text: "echo", executable: true } }, { message: "two\n\nmore" });
    asked = github.requests.length;
    const answer = await open("ada/app").fetch(commit);
    if (answer.kind !== "fetched") throw new Error(JSON.stringify(answer));
    expect(treeLines(answer.tree)).toEqual(["a.yaml a: 2", "bin/run* echo"]);
    expect(answer.commit).toMatchObject({ id: commit, message: "two\n\nmore" });
    expect(requests().toSorted()).toEqual(
      [
        `GET /api/v3/repos/ada/app/git/commits/${commit} 200`,
        `GET /api/v3/repos/ada/app/git/trees/${commit} 200`,
        `GET /api/v3/repos/ada/app/tarball/${commit} 302`,
        `GET /codeload/ada/app/legacy.tar.gz/${commit} 200`,
      ].toSorted(),
    );
  });

  it.each([
    { name: "ada/app", ref: "refs/heads/none", want: { kind: "no-such-ref" } },
    { name: "ada/empty", ref: "refs/heads/main", want: { kind: "empty" } },
    { name: "ada/other", ref: "refs/heads/main", want: { kind: "failed", why: "not-found" } },
    { name: "ada/app", ref: "refs/heads/main", password: "wrong", want: { kind: "failed", why: "authentication" } },
  ])("$name $ref $password: $want.kind", async ({ name, ref, password, want }) => {
    expect(await open(name, password).resolve(ref)).toMatchObject(want);
  });

  it("refuses as GitHub does when it is asked too often", async () => {
    github.refuse(1);
    expect(await open("ada/app").resolve("refs/heads/main")).toMatchObject({ kind: "failed", why: "rate-limited" });
    expect(await open("ada/app").resolve("refs/heads/main")).toMatchObject({ kind: "found" });
  });

  it("is disturbed as a test says: another answer, or one that breaks off, for as often as it says", async () => {
    const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "4102444800" };
    const effect = { kind: "answer", status: 403, headers, message: "API rate limit exceeded" } as const;
    github.disturb({ path: /^\/api\/v3\//, times: 1, effect });
    expect(await open("ada/app").resolve("refs/heads/main")).toMatchObject({ kind: "failed", why: "rate-limited" });
    const found = await open("ada/app").resolve("refs/heads/main");
    if (found.kind !== "found") throw new Error(found.kind);
    github.disturb({ path: /^\/codeload\//, effect: { kind: "cut", after: 20 } });
    expect(await open("ada/app").fetch(found.commit)).toMatchObject({ kind: "failed" });
    github.disturb();
    expect(await open("ada/app").fetch(found.commit)).toMatchObject({ kind: "fetched" });
  });

  it("speaks git, too", async () => {
    expect(await open("ada/app").tags()).toEqual({ kind: "listed", tags: [] });
  });
});

describe("a delivery", () => {
  it("says what moved, and is signed", async () => {
    const first = await github.push("ada/app", { "b.yaml": "b: 1" }, { branch: "next" });
    const second = await github.push("ada/app", { "b.yaml": "b: 2" }, { branch: "next" });
    expect(first.payload).toMatchObject({ ref: "refs/heads/next", before: "0".repeat(40), after: first.commit, created: true });
    expect(second.payload).toMatchObject({ before: first.commit, after: second.commit, repository: { clone_url: `${github.url}/ada/app.git` } });
    const { headers, body } = github.delivery("push", second.payload, "s3cret");
    expect(headers).toMatchObject({ "x-github-event": "push" });
    const signature = headers["x-hub-signature-256"] ?? "";
    expect(await new Webhooks({ secret: "s3cret" }).verify(body, signature)).toBe(true);
    expect(await new Webhooks({ secret: "other" }).verify(body, signature)).toBe(false);
  });
});
