import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { artifactOf, parseGitRepository, toPathOf } from "@sluice/engine/flux/parse.ts";
import { describe, expect, it } from "vitest";
import { EXAMPLES } from "../../../support/flux/examples.ts";

const LEAST = { url: "https://example.com/a.git", interval: "1m" };
const of = (spec: object, status?: unknown): Manifest =>
  JSON.parse(JSON.stringify({ apiVersion: "source.toolkit.fluxcd.io/v1", kind: "GitRepository", metadata: { name: "repo", namespace: "apps" }, spec, status }));
const specOf = (spec: object) => {
  const parsed = parseGitRepository(of(spec));
  return parsed.ok ? parsed.value.spec : parsed.problem;
};
const statusOf = (status: unknown) => {
  const parsed = parseGitRepository(of(LEAST, status));
  return parsed.ok ? parsed.value.status : parsed.problem;
};
const artifact = {
  path: "gitrepository/apps/repo/1.tar.gz",
  url: "http://127.0.0.1/1.tar.gz",
  revision: "main@sha1:11",
  digest: "sha256:22",
  lastUpdateTime: "2030-01-01T00:00:00Z",
  size: 10,
  metadata: { a: "b" },
};

describe("parseGitRepository: spec", () => {
  it("applies the engine's defaults to the least that is valid", () => {
    expect(specOf(LEAST)).toEqual({
      url: "https://example.com/a.git",
      interval: 60_000,
      timeout: 60_000,
      ref: { branch: "master" },
      provider: "generic",
      suspend: false,
      recurseSubmodules: false,
      include: [],
      sparseCheckout: [],
    });
  });

  it("keeps every field that is given", () => {
    expect(parseGitRepository(EXAMPLES.GitRepository)).toMatchObject({
      ok: true,
      value: {
        spec: {
          url: "https://example.com/org/repo",
          interval: 90_000,
          timeout: 20_000,
          ref: { branch: "main", tag: "v1.0.0", semver: ">=1.0.0", name: "refs/heads/main", commit: "1111111111111111111111111111111111111111" },
          secretRef: "login",
          provider: "aws",
          serviceAccountName: "robot",
          proxySecretRef: "proxy",
          verify: { mode: "TagAndHEAD", secretRef: "keys" },
          ignore: "/*",
          recurseSubmodules: true,
          include: [{ repository: { name: "base" }, fromPath: "deploy", toPath: "base" }],
          sparseCheckout: ["apps"],
        },
      },
    });
  });

  it.each([
    [{ ref: {} }, { ref: { branch: "master" } }],
    [{ ref: { branch: "", tag: "v1" } }, { ref: { tag: "v1" } }],
    [{ ref: { commit: "abc" } }, { ref: { commit: "abc" } }],
    [{ ignore: "" }, { ignore: "" }],
    [{ verify: { secretRef: { name: "k" } } }, { verify: { mode: "HEAD", secretRef: "k" } }],
    [{ include: [{ repository: { name: "base" }, fromPath: "" }] }, { include: [{ repository: { name: "base" } }] }],
  ])("%j", (given, want) => {
    const spec = specOf({ ...LEAST, ...given });
    for (const [field, value] of Object.entries(want)) expect(spec).toHaveProperty(field, value);
  });

  it.each<[object, string]>([
    [{}, "spec.url: required value; spec.interval: required value"],
    [{ ...LEAST, url: "" }, "spec.url: required value"],
    [{ ...LEAST, timeout: "soon" }, 'spec.timeout: expected a duration such as "10m0s", got "soon"'],
    [{ ...LEAST, secretRef: {} }, "spec.secretRef.name: required value"],
    [{ ...LEAST, include: [{}] }, "spec.include[0].repository: required value"],
    [{ ...LEAST, verify: { mode: "HEAD" } }, "spec.verify.secretRef: required value"],
    [{ ...LEAST, provider: "gcp" }, 'spec.provider: expected one of generic, aws, azure, github, got "gcp"'],
    [{ ...LEAST, sparseCheckout: "apps" }, "spec.sparseCheckout: expected a list, got a text"],
    [{ ...LEAST, ref: [], suspend: 1 }, "spec.ref: expected a map, got a list; spec.suspend: expected true or false, got a number"],
  ])("%j is malformed", (spec, want) => expect(specOf(spec)).toBe(want));

  it.each([
    [{ repository: { name: "base" } }, "base"],
    [{ repository: { name: "base" }, toPath: "lib" }, "lib"],
  ])("an include %j goes to %s", (include, want) => expect(toPathOf(include)).toBe(want));
});

describe("parseGitRepository: status", () => {
  const full = {
    observedGeneration: 2,
    conditions: [{ type: "Ready", status: "True", reason: "Succeeded", message: "stored", observedGeneration: 2, lastTransitionTime: "2030-01-01T00:00:00Z" }],
    artifact,
    includedArtifacts: [artifact],
    observedIgnore: "",
    observedInclude: [{ repository: { name: "base" }, toPath: "lib" }],
    observedRecurseSubmodules: true,
    observedSparseCheckout: ["apps"],
    sourceVerificationMode: "HEAD",
    lastHandledReconcileAt: "now",
  };
  it("is read as it is written", () => expect(statusOf(full)).toEqual(full));

  it.each([
    ["nothing", undefined, {}],
    ["a list", [], {}],
    ["an artifact without a digest", { artifact: { ...artifact, digest: undefined } }, {}],
    ["an artifact that is a text", { artifact: "x" }, {}],
    [
      "an artifact without a size",
      { artifact: { ...artifact, size: undefined, metadata: undefined } },
      { artifact: { ...artifact, size: 0, metadata: undefined } },
    ],
    ["broken includes", { includedArtifacts: [{}], observedInclude: [3] }, { includedArtifacts: [], observedInclude: [] }],
  ])("%s", (_, status, want) => expect(statusOf(status)).toEqual(want));

  it.each([
    ["a sound one", { artifact }, artifact],
    ["none", {}, undefined],
    ["no status", undefined, undefined],
    ["one without a url", { artifact: { ...artifact, url: 3 } }, undefined],
  ])("artifactOf: %s", (_, status, want) => expect(artifactOf(of(LEAST, status))).toEqual(want));
});
