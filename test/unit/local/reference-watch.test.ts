import type { JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { describe, expect, it } from "vitest";
import { refersTo } from "../../../lib/local/reference-watch.ts";

const object = (kind: string, spec: JsonObject): Manifest => ({ apiVersion: "x/v1", kind, metadata: { name: "a", namespace: "apps" }, spec });
const changed = (kind: "Secret" | "ConfigMap", name: string, namespace = "apps"): Manifest => ({ apiVersion: "v1", kind, metadata: { name, namespace } });

const RECEIVER = object("Receiver", { type: "generic", resources: [], secretRef: { name: "token" } });
const OIDC = object("Receiver", { type: "generic-oidc", resources: [], oidcProviders: [] });
const KUSTOMIZATION = object("Kustomization", {
  interval: "1m",
  prune: true,
  sourceRef: { kind: "GitRepository", name: "a" },
  postBuild: { substituteFrom: [{ kind: "ConfigMap", name: "values" }] },
});
const RELEASE = object("HelmRelease", {
  interval: "1m",
  chart: { spec: { chart: "web", sourceRef: { kind: "HelmRepository", name: "r" } } },
  valuesFrom: [
    { kind: "ConfigMap", name: "base" },
    { kind: "Secret", name: "values" },
  ],
});

describe("a Secret or ConfigMap that has changed", () => {
  it.each<[string, Manifest, Manifest, boolean]>([
    ["a Receiver's token", RECEIVER, changed("Secret", "token"), true],
    ["another Secret", RECEIVER, changed("Secret", "other"), false],
    ["a ConfigMap of that name", RECEIVER, changed("ConfigMap", "token"), false],
    ["a Secret of that name elsewhere", RECEIVER, changed("Secret", "token", "other"), false],
    ["any Secret, for a Receiver without one", OIDC, changed("Secret", "token"), false],
    ["a Kustomization's values", KUSTOMIZATION, changed("ConfigMap", "values"), true],
    ["a Secret of the name of its values", KUSTOMIZATION, changed("Secret", "values"), false],
    ["a HelmRelease's values", RELEASE, changed("Secret", "values"), true],
    ["a ConfigMap of the name of a HelmRelease's Secret", RELEASE, changed("ConfigMap", "values"), false],
    ["a HelmRelease's values of that name elsewhere", RELEASE, changed("ConfigMap", "base", "other"), false],
    ["what cannot be read", object("Receiver", {}), changed("Secret", "token"), false],
    ["something else", object("Alert", { secretRef: { name: "token" } }), changed("Secret", "token"), false],
  ])("%s", (_, one, other, want) => expect(refersTo(one, other)).toBe(want));
});
