import { secret } from "@sluice/engine/domain/secret.ts";
import { ms } from "@sluice/engine/domain/time.ts";
import type { GitTarget } from "@sluice/engine/ports/git-remote.ts";
import { createSmartRemotes, DEFAULT_SMART_CAPS } from "@sluice/platform/git/smart-remotes.ts";
import { createHttp } from "@sluice/platform/http/http.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LocalServer, startLocalServer, treeLines } from "../../support/git/local-server.ts";

const UNKNOWN = "0123456789abcdef0123456789abcdef01234567";
const user = { name: "ada", password: "correct horse" };

/** What any git server must be to the engine: once as version 2 speaks, once as servers do that know only the older protocol. */
describe.each([{ name: "protocol version 2" }, { name: "the older protocol", protocol: "old" as const }])("a git remote, $name", (options) => {
  let server: LocalServer;
  const http = createHttp();
  const remotes = createSmartRemotes({ http });
  const open = (name: string, more: Partial<GitTarget> = {}) => remotes.open({ url: `${server.url}/${name}.git`, timeout: ms(20_000), ...more });
  const ids: { one: string; two: string; aside: string } = { one: "", two: "", aside: "" };

  beforeAll(async () => {
    server = await startLocalServer(options);
    await server.create("app");
    await server.create("empty");
    ids.one = await server.commit("app", "main", "one\n\nbody", {
      "app/a.yaml": "a: 1",
      "app/run.sh": { text: "echo", executable: true },
      "app/link": { symlink: "a.yaml" },
      "deep/er/file.txt": "text\n".repeat(2000),
      "größe.txt": "ü",
    });
    ids.two = await server.commit("app", "main", "two", { "app/a.yaml": "a: 2", "deep/er/file.txt": `${"text\n".repeat(2000)}more` });
    ids.aside = await server.commit("app", "aside", "aside", { "b.txt": "b" });
    await server.git("app", "tag", "-a", "v1.0.0", "-m", "tagged", ids.one);
    await server.git("app", "tag", "light", ids.two);
    await server.git("app", "update-ref", "refs/pull/4/head", ids.aside);
  });
  afterAll(async () => {
    http.close();
    await server.close();
  });

  it.each([
    { ref: "refs/heads/main", want: () => ids.two },
    { ref: "refs/tags/v1.0.0", want: () => ids.one },
    { ref: "refs/tags/light", want: () => ids.two },
    { ref: "refs/pull/4/head", want: () => ids.aside },
  ])("resolves $ref", async ({ ref, want }) => {
    expect(await open("app").resolve(ref)).toEqual({ kind: "found", commit: want() });
  });

  it.each(["refs/heads/gone", "refs/heads/mai", "refs/tags/v1.0.0^{}"])("knows that %s is not there", async (ref) => {
    expect(await open("app").resolve(ref)).toEqual({ kind: "no-such-ref" });
  });

  it("tells an empty repository from a missing reference", async () => {
    expect(await open("empty").resolve("refs/heads/main")).toEqual({ kind: "empty" });
    expect(await open("empty").tags()).toEqual({ kind: "empty" });
    expect(await open("app").tags()).toEqual({
      kind: "listed",
      tags: expect.arrayContaining([
        { name: "v1.0.0", commit: ids.one },
        { name: "light", commit: ids.two },
      ]),
    });
  });

  it("says that a repository is not there, with the server's words", async () => {
    expect(await open("gone").resolve("refs/heads/main")).toEqual({ kind: "failed", why: "not-found", message: "repository not found: no such repository\n" });
  });

  it("fetches the files of a tip: executable bits stay, links go", async () => {
    const answer = await open("app").fetch(ids.two);
    if (answer.kind !== "fetched") throw new Error(JSON.stringify(answer));
    expect(answer.commit).toMatchObject({ id: ids.two, message: "two\n" });
    expect(answer.commit.time).toBeGreaterThan(1_600_000_000_000);
    expect(treeLines(answer.tree).map((line) => line.slice(0, 20))).toEqual(["app/a.yaml a: 2", "app/run.sh* echo", "deep/er/file.txt tex", "größe.txt ü"]);
  });

  it("keeps to a timeout, also one of half a millisecond", async () => {
    const url = `${server.url}/app.git`;
    const message = `Get "${url}/info/refs?service=git-upload-pack": context deadline exceeded`;
    expect(
      await createSmartRemotes({ http })
        .open({ url, timeout: ms(0.5) })
        .resolve("refs/heads/main"),
    ).toEqual({ kind: "failed", why: "timeout", message });
    expect((await open("app", { timeout: ms(20_000.5) }).resolve("refs/heads/main")).kind).toBe("found");
  });

  it("fetches a commit by its id, also one that is no tip", async () => {
    const answer = await open("app").fetch(ids.one);
    expect(answer).toMatchObject({ kind: "fetched", commit: { message: "one\n\nbody\n" } });
  });

  it.each([
    { what: "unknown", commit: () => UNKNOWN, branch: undefined, want: "no-such-commit" },
    { what: "unknown on a branch", commit: () => UNKNOWN, branch: "refs/heads/main", want: "no-such-commit" },
    { what: "shortened", commit: () => "0123456", branch: undefined, want: "no-such-commit" },
    { what: "on another branch", commit: () => ids.one, branch: "refs/heads/aside", want: "no-such-commit" },
    { what: "aside of the branch", commit: () => ids.aside, branch: "refs/heads/main", want: "no-such-commit" },
    { what: "behind the tip of the branch", commit: () => ids.one, branch: "refs/heads/main", want: "fetched" },
    { what: "the tip of the branch", commit: () => ids.two, branch: "refs/heads/main", want: "fetched" },
    { what: "on a branch that is not there", commit: () => ids.one, branch: "refs/heads/gone", want: "no-such-commit" },
  ])("a commit that is $what: $want", async ({ commit, branch, want }) => {
    expect((await open("app").fetch(commit(), branch)).kind).toBe(want);
  });

  it("refuses more than its caps", async () => {
    const tight = createSmartRemotes({ http, caps: { ...DEFAULT_SMART_CAPS, files: 2 } });
    const answer = await tight.open({ url: `${server.url}/app.git`, timeout: ms(20_000) }).fetch(ids.two);
    expect(answer).toMatchObject({ kind: "failed", message: expect.stringContaining("more than 2 f") });
    const few = createSmartRemotes({ http, caps: { ...DEFAULT_SMART_CAPS, objects: 3 } });
    expect(await few.open({ url: `${server.url}/app.git`, timeout: ms(20_000) }).fetch(ids.two)).toMatchObject({
      kind: "failed",
      message: expect.stringContaining("more than 3"),
    });
    const small = createSmartRemotes({ http, caps: { ...DEFAULT_SMART_CAPS, answerBytes: 40 } });
    expect(await small.open({ url: `${server.url}/app.git`, timeout: ms(20_000) }).resolve("refs/heads/main")).toMatchObject({
      kind: "failed",
      why: "too-large",
    });
  });
});

describe("a private repository", () => {
  let server: LocalServer;
  const http = createHttp();
  beforeAll(async () => {
    server = await startLocalServer({ user });
    await server.create("app");
    await server.commit("app", "main", "one", { "a.txt": "a" });
  });
  afterAll(async () => {
    http.close();
    await server.close();
  });

  const basic = (password: string) => ({ kind: "basic", username: "ada", password: secret(password) }) as const;
  it.each([
    { what: "no credentials", credentials: undefined, want: "authentication" },
    { what: "a wrong password", credentials: basic("guess"), want: "authentication" },
    { what: "a bearer token", credentials: { kind: "bearer", token: secret("guess") } as const, want: "authentication" },
    { what: "the right password", credentials: basic("correct horse"), want: "found" },
  ])("$what: $want", async ({ credentials, want }) => {
    const remote = createSmartRemotes({ http }).open({ url: `${server.url}/app.git`, timeout: ms(20_000), ...(credentials !== undefined && { credentials }) });
    const answer = await remote.resolve("refs/heads/main");
    expect(answer.kind === "failed" ? answer.why : answer.kind).toBe(want);
    if (answer.kind === "failed") expect(answer.message).toBe("authentication required: authentication required\n");
  });

  it("asks once where version 2 has been met, and twice where not", async () => {
    const remotes = createSmartRemotes({ http });
    const target = { url: `${server.url}/app.git`, timeout: ms(20_000), credentials: basic("correct horse") };
    server.requests.length = 0;
    await remotes.open(target).resolve("refs/heads/main");
    expect(server.requests.map(({ method }) => method)).toEqual(["GET", "POST"]);
    await remotes.open(target).resolve("refs/heads/main");
    expect(server.requests.map(({ method }) => method)).toEqual(["GET", "POST", "POST"]);
  });
});
