import type { Json } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { epochMs } from "@sluice/engine/domain/time.ts";
import { artifactOf } from "@sluice/engine/flux/artifact-object.ts";
import { parseGitRepository } from "@sluice/engine/flux/git-repository-object.ts";
import { parseKustomization } from "@sluice/engine/flux/kustomization-object.ts";
import { conditionsOf, isSuspended } from "@sluice/engine/flux/object.ts";
import { computeHealth } from "@sluice/engine/health/compute.ts";
import { isDue } from "@sluice/engine/plan/due.ts";
import { dueInputOf } from "@sluice/engine/reconcile/due-input.ts";
import { describe, expect, it } from "vitest";

const DEEP: Json = JSON.parse(`${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`);
const OWN_PROTOTYPE: Json = JSON.parse('{"__proto__":{"suspend":true},"constructor":1,"prototype":{}}');
const ODD: readonly [string, Json][] = [
  ["null", null],
  ["a number", 1e308],
  ["less than nothing", -1],
  ["a flag", true],
  ["a text", "x"],
  ["nothing", ""],
  ["a list", [1, null, [], {}]],
  ["a map", {}],
  ["names of JavaScript", OWN_PROTOTYPE],
  ["a hundred thousand levels", DEEP],
  ["a duration of no form", "5x"],
  ["no time", "0s"],
  ["back in time", "-5m"],
  ["for ever", "99999999999h"],
  ["a long text", "9".repeat(100_000)],
];
const FIELDS = [
  "spec",
  "status",
  "spec.interval",
  "spec.retryInterval",
  "spec.timeout",
  "spec.suspend",
  "spec.ref",
  "spec.url",
  "spec.sourceRef",
  "spec.dependsOn",
  "spec.patches",
  "spec.postBuild",
  "status.conditions",
  "status.observedGeneration",
  "status.artifact",
  "status.inventory",
  "status.history",
  "status.lastHandledReconcileAt",
];

const base = {
  apiVersion: "kustomize.toolkit.fluxcd.io/v1",
  kind: "Kustomization",
  metadata: { name: "a", namespace: "a", uid: "u", generation: 1 },
  spec: { interval: "1m", prune: true, sourceRef: { kind: "GitRepository", name: "a" }, url: "https://a/b" },
  status: {},
};

function poisoned(field: string, value: Json): Manifest {
  const [part = "", name] = field.split(".");
  if (name === undefined) return { ...base, [part]: value };
  return { ...base, [part]: { ...(part === "spec" ? base.spec : {}), [name]: value } };
}

/** CVE-2022-39272 (Flux): one duration of no form stopped all objects of its kind; CVE-2026-40886 (argo-workflows): one poisoned object, a crash loop. */
describe.each(FIELDS)("whatever stands in %s", (field) => {
  it.each(ODD)("%s: everybody who sees the objects of a kind goes on", (_, value) => {
    const object = poisoned(field, value);
    const at = epochMs(Date.UTC(2030, 0, 1));
    const seen = [
      isDue(dueInputOf(object), { from: at, to: at }).kind,
      typeof isSuspended(object),
      Array.isArray(conditionsOf(object)),
      typeof artifactOf(object),
      typeof parseKustomization(object).ok,
      typeof parseGitRepository({ ...object, kind: "GitRepository" }).ok,
      typeof computeHealth(object, { now: at }).kind,
    ];
    expect(seen).toEqual([
      expect.stringMatching(/^(?:due|not-due|idle|later)$|./),
      "boolean",
      true,
      expect.stringMatching(/object|undefined/),
      "boolean",
      "boolean",
      "string",
    ]);
    expect(({} as { suspend?: boolean }).suspend).toBeUndefined();
  });
});
