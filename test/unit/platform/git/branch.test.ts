import { secret } from "@sluice/engine/domain/secret.ts";
import { epochMs, seconds } from "@sluice/engine/domain/time.ts";
import { type BranchState, type GitBranch, openBranch } from "@sluice/platform/git/branch.ts";
import type { CommitChange } from "@sluice/platform/git/write-commit.ts";
import { createHttp } from "@sluice/platform/http/http.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LocalServer, startLocalServer } from "../../../support/git/local-server.ts";
import { startWebServer } from "../../../support/git/web-server.ts";

const http = createHttp();
const CHANGE = { message: "Add Flux", author: { name: "Flux", email: "" }, time: epochMs(Date.parse("2030-01-01T00:00:00Z")) };
const bytes = (text: string): Uint8Array => Buffer.from(text);
const change = (files: { readonly [path: string]: string }): CommitChange => ({
  ...CHANGE,
  files: new Map(Object.entries(files).map(([path, text]) => [path, bytes(text)])),
});

describe.each([{ protocol: "version 2" }, { protocol: "old" as const }])("a branch, by protocol $protocol", ({ protocol }) => {
  let server: LocalServer;
  beforeAll(async () => {
    server = await startLocalServer(protocol === "old" ? { protocol } : {});
  });
  afterAll(() => server.close());

  const open = (name: string, branch = "main"): GitBranch => openBranch({ http, branch, target: { url: `${server.url}/${name}.git`, timeout: seconds(20) } });
  async function readState(branch: GitBranch): Promise<BranchState> {
    const state = await branch.read();
    if (state.kind !== "found" && state.kind !== "empty") throw new Error(JSON.stringify(state));
    return state;
  }

  it("gets its first commit in an empty repository", async () => {
    await server.create("empty");
    const branch = open("empty");
    expect(await branch.read()).toEqual({ kind: "empty" });
    const pushed = await branch.commit({ kind: "empty" }, change({ "clusters/prod/a.yaml": "a" }));
    expect(pushed.kind).toBe("pushed");
    expect(await server.git("empty", "log", "--format=%s|%an|%ae|%at|%P", "main")).toBe("Add Flux|Flux||1893456000|\n");
    expect(await server.git("empty", "fsck", "--strict")).toBe("");
  });

  it("keeps everything else as it was, to the byte: names, modes, links", async () => {
    await server.create("full");
    await server.commit("full", "main", "first", {
      "clusters/prod/x.yaml": "x",
      "clusters/other": "o",
      "clusters.txt": "sorted before the folder's slash",
      "run.sh": { text: "#!/bin/sh", executable: true },
      link: { symlink: "run.sh" },
      "ä/ö.txt": "umlaut",
    });
    const before = await server.git("full", "ls-tree", "-r", "main");
    const branch = open("full");
    const pushed = await branch.commit(await readState(branch), change({ "clusters/prod/flux-system/a.yaml": "a", "clusters/prod/x.yaml": "new" }));
    expect(pushed.kind).toBe("pushed");
    const after = (await server.git("full", "ls-tree", "-r", "main")).split("\n");
    const untouched = (line: string): boolean => !line.endsWith("clusters/prod/x.yaml");
    expect(after.filter((line) => untouched(line) && !line.includes("flux-system"))).toEqual(before.split("\n").filter(untouched));
    expect(await server.git("full", "show", "main:clusters/prod/x.yaml")).toBe("new");
    expect(await server.git("full", "show", "main:clusters/prod/flux-system/a.yaml")).toBe("a");
    expect(await server.git("full", "fsck", "--strict")).toBe("");
  });

  it("is not pushed over somebody who was faster", async () => {
    await server.create("race");
    await server.commit("race", "main", "first", { a: "1" });
    const branch = open("race");
    const seen = await readState(branch);
    await server.commit("race", "main", "second", { a: "2" });
    expect(await branch.commit(seen, change({ b: "1" }))).toMatchObject({ kind: "moved" });
    expect(await server.git("race", "show", "main:a")).toBe("2");
  });

  it("says what cannot be", async () => {
    await server.create("odd");
    await server.commit("odd", "main", "first", { file: "1", "folder/x": "1" });
    expect(await open("odd", "other").read()).toEqual({ kind: "no-such-branch" });
    expect(await open("missing").read()).toMatchObject({ kind: "failed", why: "not-found" });
    const branch = open("odd");
    expect(await branch.commit(await readState(branch), change({ "file/below": "1" }))).toEqual({ kind: "rejected", message: "file is no folder" });
    expect(await branch.commit(await readState(branch), change({ folder: "1" }))).toEqual({ kind: "rejected", message: "folder is no file" });
  });
});

describe("a push that a server does not take", () => {
  const line = (text: string): string => (Buffer.byteLength(text) + 4).toString(16).padStart(4, "0") + text;
  it.each<{ what: string; status?: number; report: string; want: object }>([
    {
      what: "protected",
      report: line("unpack ok\n") + line("ng refs/heads/main protected branch hook declined\n"),
      want: { kind: "rejected", message: "protected branch hook declined" },
    },
    { what: "moved", report: line("unpack ok\n") + line("ng refs/heads/main fetch first\n"), want: { kind: "moved", message: "fetch first" } },
    { what: "broken", report: line("unpack index-pack abnormal exit\n"), want: { kind: "rejected", message: "index-pack abnormal exit" } },
    { what: "silent", report: line("unpack ok\n"), want: { kind: "rejected", message: "the server did not say that it took the push" } },
    { what: "no packets", report: "hello", want: { kind: "rejected", message: "invalid pkt-len found" } },
    { what: "echoes", report: line("unpack s3cret-token no\n"), want: { kind: "rejected", message: "*** no" } },
    { what: "401", status: 401, report: "no s3cret-token", want: { kind: "failed", why: "authentication", message: "authentication required: no ***" } },
    { what: "403", status: 403, report: "no", want: { kind: "failed", why: "forbidden", message: "authorization failed: no" } },
    { what: "404", status: 404, report: "no", want: { kind: "failed", why: "not-found", message: "repository not found: no" } },
  ])("$what", async ({ status = 200, report, want }) => {
    const server = await startWebServer((_, response) => response.writeHead(status).end(`${report}${status === 200 && report.startsWith("0") ? "0000" : ""}`));
    const credentials = { kind: "basic" as const, username: "git", password: secret("s3cret-token") };
    const branch = openBranch({ http, branch: "main", target: { url: `${server.url}/a.git`, credentials, timeout: seconds(20) } });
    expect(await branch.commit({ kind: "empty" }, change({ a: "1" }))).toEqual(want);
    await server.close();
  });
});
