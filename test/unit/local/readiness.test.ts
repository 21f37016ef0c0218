import type { JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { describe, expect, it } from "vitest";
import { nameOf, readinessOf } from "../../../lib/local/readiness.ts";

const object = (kind: string, ready?: { status: string; reason?: string; message?: string; observedGeneration?: number }, spec: JsonObject = {}): Manifest => ({
  apiVersion: kind === "Alert" ? "notification.toolkit.fluxcd.io/v1beta3" : "kustomize.toolkit.fluxcd.io/v1",
  kind,
  metadata: { name: "a", namespace: "n", generation: 2 },
  spec,
  status: {
    conditions:
      ready === undefined ? [] : [{ type: "Ready", reason: "R", message: "m", observedGeneration: 2, lastTransitionTime: "2030-01-01T00:00:00Z", ...ready }],
  },
});

describe("readiness", () => {
  it.each<{ name: string; manifest: Manifest; want: string }>([
    { name: "ready", manifest: object("Kustomization", { status: "True" }), want: "ready" },
    { name: "ready, of an older generation", manifest: object("Kustomization", { status: "True", observedGeneration: 1 }), want: "working" },
    { name: "never looked at", manifest: object("Kustomization"), want: "working" },
    { name: "at work", manifest: object("Kustomization", { status: "Unknown" }), want: "working" },
    { name: "failed", manifest: object("Kustomization", { status: "False", reason: "BuildFailed" }), want: "failed" },
    { name: "failed, of an older generation", manifest: object("Kustomization", { status: "False", observedGeneration: 1 }), want: "working" },
    { name: "waits for a dependency", manifest: object("Kustomization", { status: "False", reason: "DependencyNotReady" }), want: "blocked" },
    {
      name: "waits for its source",
      manifest: object("Kustomization", { status: "False", reason: "ArtifactFailed", message: "Source artifact not found, retrying in 30s" }),
      want: "blocked",
    },
    { name: "has no source", manifest: object("Kustomization", { status: "False", reason: "ArtifactFailed", message: "not found" }), want: "failed" },
    { name: "suspended", manifest: object("Kustomization", { status: "False" }, { suspend: true }), want: "ready" },
    { name: "without a status", manifest: object("Alert"), want: "ready" },
    { name: "of no kind of Flux's", manifest: object("ConfigMap"), want: "ready" },
  ])("$name: $want", ({ manifest, want }) => expect(readinessOf(manifest).kind).toBe(want));

  it("names an object by kind, namespace and name", () => expect(nameOf(object("Kustomization"))).toBe("Kustomization/n/a"));
});
