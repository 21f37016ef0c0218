import { isRemoteFile, isRepository, withoutCredentials } from "@sluice/engine/build/kustomize/load/remote.ts";
import { describe, expect, it } from "vitest";

/** Checked with NewRepoSpecFromURL of kustomize api 0.21.1. */
describe("a repository", () => {
  it.each([
    "github.com/org/repo",
    "gitHub.com/org/repo?ref=main",
    "github.com:org/repo",
    "https://github.com/org/repo.git//path",
    "hTTps://example.com/org/repo",
    "http://example.com/org/repo/path",
    "ssh://git.example.com:7999/org/repo",
    "git::https://example.com/org/repo",
    "git@github.com:org/repo",
    "git::git@example.com:org/repo.git",
    "org-12345@github.com/org/repo",
    "https://dev.azure.com/org/_git/repo/path",
    "file:///srv/repo",
    "https://github.com/org/repo.git//path/..",
  ])("is %s", (path) => expect(isRepository(path)).toBe(true));

  it.each([
    "",
    ".",
    "../base",
    "/srv/base",
    "a.yaml",
    "src/github.com/org/repo/path",
    "htxxxtp://github.com/org/repo",
    "ssh://git.example.com",
    "git::___",
    "https://host?ref=a/b",
    "https://github.com/org/repo.git//path/../../exits/repo",
    "https://github.com/org/repo.git//path/../..",
    "https://github.com/org/repo//..",
    "github.com!org/repo",
  ])("is not %j", (path) => expect(isRepository(path)).toBe(false));
});

it.each<[string, boolean]>([
  ["https://example.com/a.yaml", true],
  ["HTTP://example.com/a.yaml", true],
  ["https:a.yaml", true],
  ["httpss://example.com/a.yaml", false],
  ["ftp://example.com/a.yaml", false],
  ["a.yaml", false],
  ["./https:/a.yaml", false],
])("a remote file? %s: %s", (path, is) => expect(isRemoteFile(path)).toBe(is));

it.each([
  ["https://user:secret@example.com/a?token=secret", "https://example.com/a"],
  ["https://secret@example.com/a", "https://example.com/a"],
  ["https://user:sec@ret@example.com/a@b", "https://example.com/a@b"],
  ["git@github.com:org/repo", "git@github.com:org/repo"],
])("credentials are taken out of %s", (url, want) => expect(withoutCredentials(url)).toBe(want));
