import type { Tree } from "@sluice/engine/domain/tree.ts";
import { includeTree } from "@sluice/engine/source/include.ts";
import { parseRemoteUrl } from "@sluice/engine/source/remote-url.ts";
import { commitOf, gitRevision, shortMessage } from "@sluice/engine/source/revision.ts";
import { chooseRef, isRefName } from "@sluice/engine/source/select-ref.ts";
import { sparseTree } from "@sluice/engine/source/sparse.ts";
import { describe, expect, it } from "vitest";

const ID = "0123456789abcdef0123456789abcdef01234567";
const tree = (...paths: readonly string[]): Tree => new Map(paths.map((path) => [path, { bytes: new Uint8Array(), executable: false }]));

describe("revisions", () => {
  it.each([
    { ref: "refs/heads/main", absolute: false, want: `main@sha1:${ID}` },
    { ref: "refs/heads/feature/x", absolute: false, want: `feature/x@sha1:${ID}` },
    { ref: "refs/tags/v1", absolute: false, want: `v1@sha1:${ID}` },
    { ref: "refs/pull/4/head", absolute: true, want: `refs/pull/4/head@sha1:${ID}` },
    { ref: undefined, absolute: false, want: `sha1:${ID}` },
  ])("$want", ({ ref, absolute, want }) => {
    expect(gitRevision(ID, ref, absolute)).toBe(want);
    expect(commitOf(want)).toBe(ID);
  });
  it("of a short hash", () => expect(gitRevision("0123456", undefined)).toBe("<unknown>:0123456"));
});

describe("commit messages in events", () => {
  it.each([
    ["A subject that is a good deal longer than the fifty characters that git likes\n\nAnd a body.", "A subject that is a good deal longer than the fift..."],
    ["exactly fifty characters are not cut, or are they?\nsecond line", "exactly fifty characters are not cut, or are they?"],
    ["größer als fünfzig Zeichen, aber äöü zählen doppelt – oder?", "größer als fünfzig Zeichen, aber äöü zählen doppel..."],
    ["", ""],
  ])("%j", (message, want) => expect(shortMessage(message)).toBe(want));
});

describe("which reference counts", () => {
  const all = { branch: "b", tag: "t", semver: "1.x", name: "refs/heads/n", commit: ID };
  const { commit: _, ...noCommit } = all;
  const { name: __, ...noName } = noCommit;
  const { tag: ___, ...noTag } = noName;
  it.each([
    { ref: all, want: { kind: "commit", commit: ID, label: "refs/heads/n", absolute: true, branch: "refs/heads/b" } },
    { ref: noCommit, want: { kind: "name", ref: "refs/heads/n" } },
    { ref: noName, want: { kind: "tag", ref: "refs/tags/t" } },
    { ref: noTag, want: { kind: "semver", range: "1.x" } },
    { ref: { branch: "b" }, want: { kind: "branch", ref: "refs/heads/b" } },
    { ref: {}, want: { kind: "branch", ref: "refs/heads/master" } },
    { ref: undefined, want: { kind: "branch", ref: "refs/heads/master" } },
    { ref: { commit: ID }, want: { kind: "commit", commit: ID, absolute: false } },
  ])("$want.kind", ({ ref, want }) => expect(chooseRef(ref)).toEqual(want));

  it.each([
    "refs/heads/a..b",
    "refs/heads/a b",
    "refs/heads/a\n",
    "refs/heads/a~1",
    "refs/heads/.a",
    "refs/heads/a.lock",
    "refs//a",
    "-x",
    "@",
    "refs/heads/a@{1}",
    "refs/heads/a\\b",
    "refs/heads/",
  ])("%j is no name", (ref) => expect(isRefName(ref)).toBe(false));
  it.each(["refs/heads/main", "refs/heads/feature/x.y-z", "refs/pull/4/head", "refs/heads/größe"])("%s is one", (ref) => expect(isRefName(ref)).toBe(true));
});

describe("sparse checkout", () => {
  const all = tree("root.yaml", "app/a", "apple/b", "nested/one/e", "nested/two/f");
  it.each([
    { folders: ["app"], want: ["app/a", "apple/b"] },
    { folders: ["app/"], want: ["app/a", "apple/b"] },
    { folders: ["./nested/one"], want: ["nested/one/e"] },
    { folders: ["root.yaml"], want: ["root.yaml"] },
    { folders: ["."], want: ["root.yaml", "app/a", "apple/b", "nested/one/e", "nested/two/f"] },
  ])("$folders", ({ folders, want }) => {
    const cut = sparseTree(all, folders);
    expect(cut.ok && [...cut.value.keys()]).toEqual(want);
  });
  it.each(["gone", "ap", "../app"])("refuses %s", (folder) =>
    expect(sparseTree(all, ["app", folder])).toMatchObject({
      ok: false,
      problem: expect.stringContaining(`sparse checkout dir '${folder}' does not exist in repository: `),
    }));
});

describe("includes", () => {
  const base = tree("b.txt", "deep/er/c.txt");
  const into = tree("app/a.txt");
  it.each([
    { include: {}, want: ["app/a.txt", "base/b.txt", "base/deep/er/c.txt"] },
    { include: { fromPath: "./", toPath: "app/x/y" }, want: ["app/a.txt", "app/x/y/b.txt", "app/x/y/deep/er/c.txt"] },
    { include: { fromPath: "deep/er", toPath: "app/d" }, want: ["app/a.txt", "app/d/c.txt"] },
    { include: { fromPath: "../../deep", toPath: "../../../d" }, want: ["app/a.txt", "d/er/c.txt"] },
    { include: { fromPath: "b.txt", toPath: "c.txt" }, want: ["app/a.txt", "c.txt"] },
    {
      include: { toPath: "app" },
      want: "link error: cannot rename /tmp/flux-include-000000/unpack to /tmp/gitrepository-checkout-000000/app: rename /tmp/flux-include-000000/unpack /tmp/gitrepository-checkout-000000/app: file exists",
    },
    { include: { toPath: "app/a.txt/b" }, want: "'app/a.txt' is a file" },
    {
      include: { fromPath: "gone" },
      want: "cannot stat /tmp/flux-include-000000/unpack/gone: stat /tmp/flux-include-000000/unpack/gone: no such file or directory",
    },
    {
      include: { toPath: "." },
      want: "link error: cannot rename /tmp/flux-include-000000/unpack to /tmp/gitrepository-checkout-000000: rename /tmp/flux-include-000000/unpack /tmp/gitrepository-checkout-000000: file exists",
    },
  ])("$include", ({ include, want }) => {
    const made = includeTree(into, base, { repository: { name: "base" }, ...include });
    expect(made.ok ? [...made.value.keys()] : made.problem).toEqual(want);
  });
});

describe("URLs", () => {
  it.each([
    ["http://[::1", `parse "http://[::1": missing ']' in host`],
    ["http://a:b/x", `parse "http://a:b/x": invalid port ":b" after host`],
    ["http://a/%zz", `parse "http://a/%zz": invalid URL escape "%zz"`],
    ["http://a b/", `parse "http://a b/": invalid character " " in host name`],
    ["http://a/\u0001", `parse "http://a/\\u0001": net/url: invalid control character in URL`],
    ["http://u:secret@[::1", `parse "http://u:***@[::1": missing ']' in host`],
  ])("%s: %s", (text, want) => expect(parseRemoteUrl(text)).toEqual({ ok: false, problem: want }));
  it.each([
    ["http://", { host: "", bare: "http://" }],
    ["https://a.example.com:8443/x.git", { host: "a.example.com:8443", path: "/x.git", bare: "https://a.example.com:8443/x.git" }],
    [
      "https://ada:p%40ss@a.example.com/x.git",
      { username: "ada", password: "p@ss", bare: "https://a.example.com/x.git", shown: "https://ada:***@a.example.com/x.git" },
    ],
    ["https://token@a.example.com/x.git", { username: "token", shown: "https://token@a.example.com/x.git" }],
    ["https://%ff@a.example.com/", { username: "\ufffd" }],
    ["ssh://git@a.example.com/x.git", { scheme: "ssh", username: "git" }],
    ["http://[::1]:80/x", { host: "[::1]:80" }],
  ])("%s", (text, want) => expect(parseRemoteUrl(text)).toMatchObject({ ok: true, value: want }));
});
