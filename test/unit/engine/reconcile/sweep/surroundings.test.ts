import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import type { FluxObjects } from "@sluice/engine/reconcile/sweep/flux-objects.ts";
import { createAllowances, surroundingsOf } from "@sluice/engine/reconcile/sweep/surroundings.ts";
import { describe, expect, it } from "vitest";

const DIGEST = `sha256:${"0".repeat(64)}`;
const SOURCE: Manifest = {
  apiVersion: "source.toolkit.fluxcd.io/v1",
  kind: "GitRepository",
  metadata: { name: "repo", namespace: "flux-system" },
  status: { artifact: { revision: "main@sha1:1", digest: DIGEST, url: "http://x", path: "x", lastUpdateTime: "2030-01-01T00:00:00Z" } },
};
const BASE: Manifest = {
  apiVersion: "kustomize.toolkit.fluxcd.io/v1",
  kind: "Kustomization",
  metadata: { name: "base", namespace: "flux-system" },
  status: { inventory: Array.from({ length: 1500 }, (_, index) => index) },
};
const FLUX: FluxObjects = { all: [], refused: [], find: ({ kind }) => (kind === "GitRepository" ? SOURCE : BASE) };

const waiting = (namespace: string, readyExpr: string): Manifest => ({
  apiVersion: "kustomize.toolkit.fluxcd.io/v1",
  kind: "Kustomization",
  metadata: { name: "apps", namespace },
  spec: {
    interval: "10m",
    prune: true,
    sourceRef: { kind: "GitRepository", name: "repo", namespace: "flux-system" },
    dependsOn: [{ name: "base", namespace: "flux-system", readyExpr }],
  },
  status: { conditions: [{ type: "Ready", status: "False", reason: "DependencyNotReady", message: "", lastTransitionTime: "2030-01-01T00:00:00Z" }] },
});
/** 1,500 times 1,500 comparisons are too much for one evaluation. */
const COSTLY = waiting("tenant", "dep.status.inventory.all(a, dep.status.inventory.all(b, a + b >= 0.0))");

describe("surroundingsOf, of what waits for a readyExpr", () => {
  it("is unblocked when it is true", async () =>
    expect(await surroundingsOf(FLUX, waiting("tenant", "dep.metadata.name == 'base'"), createAllowances())).toEqual({ unblocked: true }));

  it("costs a sweep so much for each namespace, however many there are", async () => {
    const allowances = createAllowances();
    for (let times = 0; times < 10; times++) await surroundingsOf(FLUX, COSTLY, allowances);
    expect(await surroundingsOf(FLUX, waiting("tenant", "true"), allowances)).toEqual({});
    expect(await surroundingsOf(FLUX, waiting("other", "true"), allowances)).toEqual({ unblocked: true });
  });
});
