import { parseRepositoryAddress, partsOf } from "@sluice/platform/notifications/git/repository-address.ts";
import { commitIn } from "@sluice/platform/notifications/git/revision.ts";
import { describe, expect, it } from "vitest";

const SHA = "a1b2c3d4e5f60718293a4b5c6d7e8f9001122334";
const OTHER = "ffffc3d4e5f60718293a4b5c6d7e8f9001122334";

describe("the commit of an event", () => {
  it.each<[{ readonly [key: string]: string } | undefined, string]>([
    [{ revision: `main@sha1:${SHA}` }, SHA],
    [{ revision: `feature/x@sha1:${SHA}` }, SHA],
    [{ revision: `sha1:${SHA}` }, SHA],
    [{ revision: `main/${SHA}` }, SHA],
    [{ revision: `feature/x/${SHA}` }, SHA],
    [{ revision: SHA }, SHA],
    [{ revision: `main@sha1:${SHA}`, originRevision: `v1@sha1:${OTHER}` }, OTHER],
    [{ revision: `main@sha1:${SHA}`, originRevision: "v1@sha1:x", commit: `sha1:${OTHER}` }, OTHER],
    [{ revision: `main@sha1:${SHA}`, commit: "" }, "failed to extract commit hash from '' revision"],
    [{ revision: `main@sha1:${SHA}0` }, `failed to extract commit hash from 'main@sha1:${SHA}0' revision`],
    [{ revision: "latest@sha256:7d9c1e" }, "failed to extract commit hash from 'latest@sha256:7d9c1e' revision"],
    [{ revision: `${SHA}/../x` }, `failed to extract commit hash from '${SHA}/../x' revision`],
    [{ team: "blue" }, "missing revision metadata"],
    [undefined, "missing revision metadata"],
  ])("%o: %s", (metadata, want) => {
    const commit = commitIn(metadata);
    expect(commit.ok ? commit.value : commit.problem).toBe(want);
  });
});

describe("the address of a repository", () => {
  it.each([
    ["https://github.com/acme/shop", "https://github.com acme/shop"],
    ["https://github.com/acme/shop.git", "https://github.com acme/shop"],
    ["http://git.example.com:8080/acme/team/shop.git", "http://git.example.com:8080 acme/team/shop"],
    ["https://user:secret@git.example.com/acme/shop", "https://git.example.com acme/shop"],
    ["https://dev.azure.com/org/my%20project/_git/shop", "https://dev.azure.com org/my project/_git/shop"],
    ["ssh://git@github.com/acme/shop", "https://github.com acme/shop"],
    ["git@github.com:acme/shop.git", "https://github.com acme/shop"],
    ["github.com:acme/shop", "https://github.com acme/shop"],
    ["", 'failed parsing URL "": no http, https or ssh address of a repository'],
    ["file:///etc/passwd", 'failed parsing URL "file:///etc/passwd": no http, https or ssh address of a repository'],
    ["https:///acme/shop", 'failed parsing URL "https:///acme/shop": no http, https or ssh address of a repository'],
    ["acme/shop", 'failed parsing URL "acme/shop": no http, https or ssh address of a repository'],
    ["https://github.com/acme/100%", 'failed parsing URL "https://github.com/acme/100%": invalid URL escape'],
  ])("%s", (address, want) => {
    const parsed = parseRepositoryAddress(address);
    expect(parsed.ok ? `${parsed.value.origin} ${parsed.value.id}` : parsed.problem).toBe(want);
  });

  it.each([
    ["https://github.com/acme/shop", 2, "acme shop"],
    ["https://github.com/acme/shop/tree", 2, 'invalid repository id "acme/shop/tree"'],
    ["https://github.com/acme", 2, 'invalid repository id "acme"'],
    ["https://github.com/acme/%2e%2e%2fshop", 2, 'invalid repository id "acme/../shop"'],
    ["https://github.com/acme%2F..", 2, 'invalid repository id "acme/.."'],
    ["https://gitlab.com/a/b/c", undefined, "a b c"],
    ["https://gitlab.com/", undefined, 'invalid repository id ""'],
    ["https://gitlab.com/a//b", undefined, 'invalid repository id "a//b"'],
  ])("%s in %s parts", (address, count, want) => {
    const parsed = parseRepositoryAddress(address);
    const parts = parsed.ok ? partsOf(parsed.value, count) : parsed;
    expect(parts.ok ? parts.value.join(" ") : parts.problem).toBe(want);
  });
});
