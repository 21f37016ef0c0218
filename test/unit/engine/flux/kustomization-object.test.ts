import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { parseKustomization } from "@sluice/engine/flux/parse.ts";
import { describe, expect, it } from "vitest";
import { EXAMPLES } from "../../../support/flux/examples.ts";

const LEAST = { interval: "10m", prune: true, sourceRef: { kind: "GitRepository", name: "repo" } };
const of = (spec: object, status?: unknown): Manifest =>
  JSON.parse(
    JSON.stringify({ apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization", metadata: { name: "web", namespace: "apps" }, spec, status }),
  );
const specOf = (spec: object) => {
  const parsed = parseKustomization(of(spec));
  return parsed.ok ? parsed.value.spec : parsed.problem;
};
const statusOf = (status: unknown) => {
  const parsed = parseKustomization(of(LEAST, status));
  return parsed.ok ? parsed.value.status : parsed.problem;
};

describe("parseKustomization: spec", () => {
  it("applies the engine's defaults to the least that is valid", () => {
    expect(specOf(LEAST)).toEqual({
      sourceRef: { kind: "GitRepository", name: "repo", namespace: "apps" },
      interval: 600_000,
      retryInterval: 600_000,
      timeout: 570_000,
      path: "",
      prune: true,
      deletionPolicy: "MirrorPrune",
      dependsOn: [],
      healthChecks: [],
      wait: false,
      healthCheckExprs: [],
      force: false,
      ignore: [],
      components: [],
      ignoreMissingComponents: false,
      patches: [],
      images: [],
      buildMetadata: [],
      suspend: false,
    });
  });

  it("keeps every field that is given", () => {
    expect(parseKustomization(EXAMPLES.Kustomization)).toMatchObject({
      ok: true,
      value: {
        spec: {
          sourceRef: { kind: "GitRepository", name: "repo", namespace: "other" },
          interval: 600_000,
          retryInterval: 120_000,
          timeout: 300_000,
          path: "./deploy",
          deletionPolicy: "WaitForTermination",
          dependsOn: [
            { name: "base", namespace: "apps" },
            { name: "db", namespace: "data", readyExpr: "dep.status.ready == true" },
          ],
          healthChecks: [
            { apiVersion: "apps/v1", kind: "Deployment", name: "web", namespace: "apps" },
            { apiVersion: "v1", kind: "ConfigMap", name: "c" },
          ],
          healthCheckExprs: [{ apiVersion: "example.com/v1", kind: "Thing", current: "true", inProgress: "false", failed: "false" }],
          force: true,
          ignore: [{ paths: ["/spec/replicas"], target: { kind: "Deployment", labelSelector: "a=b" } }],
          targetNamespace: "apps",
          namePrefix: "pre-",
          nameSuffix: "-suf",
          commonMetadata: { labels: { a: "b" }, annotations: { c: "d" } },
          components: ["../component"],
          ignoreMissingComponents: true,
          patches: [{ patch: "- {op: add, path: /a, value: b}", target: { kind: "ConfigMap", name: "c" } }],
          images: [{ name: "a", newName: "b", newTag: "c", digest: "sha256:11" }],
          buildMetadata: ["originAnnotations"],
          postBuild: {
            substitute: { a: "b" },
            substituteFrom: [
              { kind: "Secret", name: "s", optional: false },
              { kind: "ConfigMap", name: "c", optional: true },
            ],
            substituteStrategy: "Always",
          },
          decryption: { provider: "sops", secretRef: "keys", serviceAccountName: "robot" },
          serviceAccountName: "robot",
          kubeConfig: { secretRef: { name: "k", key: "value" } },
          suspend: true,
        },
      },
    });
  });

  it.each([
    { interval: "10m", timeout: undefined, want: 570_000 },
    { interval: "45s", timeout: undefined, want: 30_000 },
    { interval: "10m", timeout: "1m", want: 60_000 },
    { interval: "10m", timeout: "5s", want: 30_000 },
    { interval: "10m", timeout: "1h", want: 3_600_000 },
  ])("timeout of interval $interval and timeout $timeout", ({ interval, timeout, want }) => {
    expect(specOf({ ...LEAST, interval, timeout })).toMatchObject({ timeout: want });
  });

  it.each([
    [{ path: "", targetNamespace: "" }, { path: "" }],
    [{ sourceRef: { kind: "Bucket", name: "b", namespace: "" } }, { sourceRef: { kind: "Bucket", name: "b", namespace: "apps" } }],
    [{ postBuild: {} }, { postBuild: { substitute: {}, substituteFrom: [], substituteStrategy: "WithVariables" } }],
    [{ commonMetadata: { labels: null } }, { commonMetadata: { labels: {}, annotations: {} } }],
    [
      { dependsOn: null, wait: null },
      { dependsOn: [], wait: false },
    ],
  ])("%j", (given, want) => {
    const spec = specOf({ ...LEAST, ...given });
    expect(spec).toMatchObject(want);
    expect(spec).not.toHaveProperty("targetNamespace");
    expect(spec).not.toHaveProperty("serviceAccountName");
  });

  it.each<[object, string]>([
    [{}, "spec.interval: required value; spec.sourceRef: required value; spec.prune: required value"],
    [{ ...LEAST, interval: "ten minutes" }, 'spec.interval: expected a duration such as "10m0s", got "ten minutes"'],
    [{ ...LEAST, interval: 10 }, "spec.interval: expected a text, got a number"],
    [{ ...LEAST, prune: "yes" }, "spec.prune: expected true or false, got a text"],
    [{ ...LEAST, sourceRef: "repo" }, "spec.sourceRef: expected a map, got a text; spec.sourceRef.kind: required value; spec.sourceRef.name: required value"],
    [{ ...LEAST, deletionPolicy: "Keep" }, 'spec.deletionPolicy: expected one of MirrorPrune, Delete, WaitForTermination, Orphan, got "Keep"'],
    [{ ...LEAST, dependsOn: {} }, "spec.dependsOn: expected a list, got a map"],
    [{ ...LEAST, dependsOn: [null, {}] }, "spec.dependsOn[0].name: required value; spec.dependsOn[1].name: required value"],
    [{ ...LEAST, components: ["a", 1] }, "spec.components[1]: expected a text, got a number"],
    [{ ...LEAST, buildMetadata: ["managedByLabel"] }, 'spec.buildMetadata: expected one of originAnnotations, transformerAnnotations, got "managedByLabel"'],
    [{ ...LEAST, postBuild: { substitute: { token: { hidden: "s3cret" } } } }, "spec.postBuild.substitute.token: expected a text, got a map"],
  ])("%j is malformed", (spec, want) => expect(specOf(spec)).toBe(want));

  it.each(["__proto__", "constructor", "prototype"])("takes no variable named %s", (name) => {
    const manifest = of(LEAST);
    const spec = JSON.parse(`{"interval":"10m","prune":true,"sourceRef":{"kind":"Bucket","name":"b"},"postBuild":{"substitute":{"${name}":"x"}}}`);
    expect(parseKustomization({ ...manifest, spec })).toEqual({
      ok: false,
      problem: `spec.postBuild.substitute: the key "${name}" cannot be used`,
    });
  });

  it("says what is wrong when there is no spec, and when it is no map", () => {
    const none = { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization", metadata: { name: "web" } };
    expect(parseKustomization(none)).toMatchObject({ ok: false, problem: expect.stringContaining("spec.interval: required value") });
    expect(parseKustomization({ ...none, spec: [] })).toMatchObject({ ok: false, problem: expect.stringContaining("spec: expected a map, got a list") });
  });
});

describe("parseKustomization: status", () => {
  it("is read as it is written", () => {
    const parsed = parseKustomization(EXAMPLES.Kustomization);
    expect(parsed.ok && parsed.value.status).toEqual(EXAMPLES.Kustomization.status);
  });

  it.each([
    ["nothing", undefined, {}],
    ["a text", "broken", {}],
    ["an unobserved one", { observedGeneration: -1 }, { observedGeneration: -1 }],
    [
      "wrong types",
      { conditions: "x", inventory: 3, history: {}, observedGeneration: "1", lastAppliedRevision: 7 },
      { conditions: [], inventory: { entries: [] }, history: [] },
    ],
    ["broken conditions", { conditions: [null, 1, { type: "Ready" }, { type: "Ready", status: "Perhaps" }] }, { conditions: [] }],
    [
      "one sound condition among them",
      { conditions: [{}, { type: "Ready", status: "True", reason: 3 }, { type: "Other", status: "False" }] },
      { conditions: [{ type: "Other", status: "False", reason: "", message: "", lastTransitionTime: "" }] },
    ],
    [
      "broken entries",
      {
        inventory: {
          entries: [
            { id: 1, v: "v1" },
            { id: "a_b__C", v: "v1" },
          ],
        },
      },
      { inventory: { entries: [{ id: "a_b__C", v: "v1" }] } },
    ],
    ["an empty inventory", { inventory: { entries: [] } }, { inventory: { entries: [] } }],
    ["broken history", { history: [{ digest: "sha256:1" }] }, { history: [] }],
    ["unknown fields", { foreign: true }, {}],
  ])("%s", (_, status, want) => expect(statusOf(status)).toEqual(want));
});
