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

const CHART_STATUS = {
  observedGeneration: 1,
  artifact: { revision: "1.2.0", digest: DIGEST, url: "http://x", path: "x", lastUpdateTime: "2030-01-01T00:00:00Z" },
};
const CHART: Manifest = { ...SOURCE, kind: "HelmChart", metadata: { name: "apps-web", namespace: "charts", generation: 1 }, status: CHART_STATUS };
const REPOSITORY: Manifest = { ...SOURCE, kind: "HelmRepository", metadata: { name: "repo", namespace: "apps" } };
const condition = (status: string, reason: string) => [{ type: "Ready", status, reason, message: "", lastTransitionTime: "2030-01-01T00:00:00Z" }];
const release = (name: string, reason: string, { status = "False", spec = {} } = {}): Manifest => ({
  apiVersion: "helm.toolkit.fluxcd.io/v2",
  kind: "HelmRelease",
  metadata: { name, namespace: "apps", generation: 1 },
  spec: { interval: "1h", chart: { spec: { chart: "web", sourceRef: { kind: "HelmRepository", name: "repo", namespace: "charts" } } }, ...spec },
  status: { observedGeneration: 1, conditions: condition(status, reason) },
});

describe("surroundingsOf, of releases and their charts", () => {
  const around = (manifest: Manifest, listed: readonly Manifest[]) => {
    const find: FluxObjects["find"] = (ref) =>
      listed.find(({ kind, metadata }) => kind === ref.kind && metadata.name === ref.name && metadata.namespace === ref.namespace);
    return surroundingsOf({ all: [], refused: [], find }, manifest, createAllowances());
  };
  const ahead = { ...CHART, metadata: { ...CHART.metadata, generation: 2 } };
  const stalled = { ...CHART, status: { ...CHART_STATUS, conditions: [{ ...condition("True", "InvalidChartReference")[0], type: "Stalled" }] } };
  const chart = (name: string): Manifest => ({
    apiVersion: "source.toolkit.fluxcd.io/v1",
    kind: "HelmChart",
    metadata: { name, namespace: "apps" },
    spec: { chart: "web", interval: "1h", sourceRef: { kind: "HelmRepository", name: "repo" } },
  });

  it.each<{ name: string; of: Manifest; listed: readonly Manifest[]; want: object }>([
    { name: "a chart goes by its repository", of: chart("web"), listed: [REPOSITORY], want: { sourceRevision: "main@sha1:1" } },
    { name: "of a repository without an index nothing is known", of: chart("web"), listed: [{ ...REPOSITORY, status: {} }], want: {} },
    {
      name: "a release goes by the chart that is made for it, beside its repository",
      of: release("web", "R", { status: "True" }),
      listed: [CHART],
      want: { sourceRevision: "1.2.0" },
    },
    {
      name: "or by the one that it names",
      of: release("other", "R", { status: "True", spec: { chart: undefined, chartRef: { kind: "HelmChart", name: "apps-web", namespace: "charts" } } }),
      listed: [CHART],
      want: { sourceRevision: "1.2.0" },
    },
    { name: "one that failed, too", of: release("web", "UpgradeFailed"), listed: [CHART], want: { sourceRevision: "1.2.0" } },
    { name: "one whose values are wrong tries no chart", of: release("web", "ValuesError"), listed: [CHART], want: {} },
    { name: "one that waits for its chart goes on when that is ready", of: release("web", "SourceNotReady"), listed: [CHART], want: { unblocked: true } },
    { name: "and not before it speaks of what it is now", of: release("web", "SourceNotReady"), listed: [ahead], want: {} },
    { name: "nor while nothing but a change of it helps", of: release("web", "SourceNotReady"), listed: [stalled], want: {} },
    {
      name: "one that waits for another goes on when that is ready",
      of: release("web", "DependencyNotReady", { spec: { dependsOn: [{ name: "db" }] } }),
      listed: [CHART, release("db", "R", { status: "True" })],
      want: { unblocked: true },
    },
    {
      name: "and not while it is not",
      of: release("web", "DependencyNotReady", { spec: { dependsOn: [{ name: "db" }] } }),
      listed: [CHART, release("db", "R")],
      want: {},
    },
    {
      name: "or its readyExpr says no",
      of: release("web", "DependencyNotReady", { spec: { dependsOn: [{ name: "db", readyExpr: "dep.metadata.name != 'db'" }] } }),
      listed: [CHART, release("db", "R", { status: "True" })],
      want: {},
    },
  ])("$name", async ({ of, listed, want }) => expect(await around(of, listed)).toEqual(want));
});
