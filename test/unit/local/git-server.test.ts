import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { git, listReferences } from "../../../lib/local/git-server/git.ts";
import { createGitServer, gitVersion } from "../../../lib/local/git-server/git-server.ts";
import { type LocalServer, startLocalServer } from "../../support/git/local-server.ts";

const ZERO = "0".repeat(40);
let server: LocalServer;
let work = "";
beforeEach(async () => {
  server = await startLocalServer();
  work = await mkdtemp(join(tmpdir(), "sluice-clone-"));
});
afterEach(async () => {
  await server.close();
  await rm(work, { recursive: true, force: true });
});
const push = (...args: readonly string[]): Promise<string> => git(work, "push", "--quiet", `${server.url}/app.git`, ...args);
const commit = async (text: string): Promise<string> => {
  await writeFile(join(work, "a.txt"), text);
  await git(work, "add", ".");
  await git(work, "commit", "-qm", text.slice(0, 20));
  return (await git(work, "rev-parse", "HEAD")).trim();
};

describe("the git server", () => {
  it("tells of every reference that a push moved, made or removed", async () => {
    await server.create("app");
    await git(work, "init", "-q");
    const one = await commit("one");
    await push("HEAD:refs/heads/main", "HEAD:refs/heads/other");
    const two = await commit("two");
    await push("HEAD:refs/heads/main", ":refs/heads/other");
    await push("HEAD:refs/heads/main");
    expect(server.pushes).toEqual([
      { repository: "app", ref: "refs/heads/main", before: ZERO, after: one },
      { repository: "app", ref: "refs/heads/other", before: ZERO, after: one },
      { repository: "app", ref: "refs/heads/main", before: one, after: two },
      { repository: "app", ref: "refs/heads/other", before: one, after: ZERO },
    ]);
  });

  it("takes a force push and a large one, and serves a clone", async () => {
    await server.create("app");
    await git(work, "init", "-q");
    await commit(Array.from({ length: 60_000 }, (_, line) => `line ${line * 7919}`).join("\n"));
    await push("HEAD:refs/heads/main");
    await git(work, "commit", "-q", "--amend", "-m", "amended");
    await push("--force", "HEAD:refs/heads/main");
    const clone = join(work, "clone");
    await git(work, "clone", "-q", `${server.url}/app.git`, clone);
    expect((await git(clone, "log", "--format=%s", "-1")).trim()).toBe("amended");
  });

  it("makes a repository from a folder, with one commit on main, and leaves it alone the next time", async () => {
    await writeFile(join(work, "a.txt"), "a");
    await writeFile(join(work, ".gitignore"), "*.txt");
    const own = createGitServer({ root: server.root });
    const path = await own.create("team/examples", work);
    const before = await listReferences(path);
    expect([...before.keys()]).toEqual(["refs/heads/main"]);
    expect((await git(path, "ls-tree", "-r", "--name-only", "main")).trim().split("\n")).toEqual([".gitignore", "a.txt"]);
    await own.create("team/examples", work);
    expect(await listReferences(path)).toEqual(before);
  });

  it.each(["../x", "a/../b", "", "-x", ".git", "a//b", "/a"])("makes no repository named %j", async (name) => {
    await expect(server.create(name)).rejects.toThrow("not a name for a repository");
  });

  it.each([
    "/app.git/../../etc/passwd",
    "/app.git/config",
    "/app.git/objects/info/packs",
    "/..%2fapp.git/info/refs?service=git-upload-pack",
    "/gone.git/info/refs?service=git-upload-pack",
  ])("serves nothing at %s", async (path) => {
    await server.create("app");
    expect((await fetch(server.url + path)).status).toBe(404);
  });

  it("limits what one request may bring", async () => {
    await server.close();
    server = await startLocalServer({ maxBytes: 100 });
    await server.create("app");
    const answer = await fetch(`${server.url}/app.git/git-receive-pack`, {
      method: "POST",
      body: "x".repeat(5000),
      headers: { "content-type": "application/x-git-receive-pack-request" },
    });
    expect(answer.status).toBe(413);
  });

  it("knows which git there is", async () => {
    expect(await gitVersion()).toMatch(/^\d+\.\d+/);
  });

  it("wants its user where there is one", async () => {
    const root = server.root;
    const guarded = createGitServer({ root, user: { name: "ada", password: "secret" } });
    await guarded.create("app");
    const listener = createServer((request, response) => void (guarded.serve(request, response) || response.end()));
    await new Promise<void>((done) => listener.listen(0, "127.0.0.1", done));
    const address = listener.address();
    const at = (user: string): string => `http://${user}127.0.0.1:${typeof address === "object" ? address?.port : ""}/app.git`;
    await expect(git(work, "ls-remote", at(""))).rejects.toThrow();
    await expect(git(work, "ls-remote", at("ada:guess@"))).rejects.toThrow();
    expect(await git(work, "ls-remote", at("ada:secret@"))).toBe("");
    listener.closeAllConnections();
    await new Promise((done) => listener.close(done));
  });
});
