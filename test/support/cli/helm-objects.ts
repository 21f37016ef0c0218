import type { HelmReleaseStatus } from "@sluice/engine/domain/helm-release.ts";
import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { epochMs } from "@sluice/engine/domain/time.ts";
import { formatReleaseSecret } from "@sluice/engine/release/secret.ts";

const NAMESPACE = "cli-helm";
const THEN = "2030-01-02T03:04:05Z";
const DIGEST = `sha256:${"4f".repeat(32)}`;

const condition = (type: string, status: "True" | "False", reason: string, message: string): JsonObject => ({
  type,
  status,
  reason,
  message,
  observedGeneration: 1,
  lastTransitionTime: THEN,
});

const object = (apiVersion: string, kind: string, name: string, more: object = {}, metadata: object = {}): Manifest => ({
  apiVersion,
  kind,
  metadata: { name, namespace: NAMESPACE, ...metadata },
  ...more,
});
const SOURCE = "source.toolkit.fluxcd.io/v1";
const HELM = "helm.toolkit.fluxcd.io/v2";

const MANIFEST = `---
# Source: shop/templates/all.yaml
apiVersion: v1
kind: ServiceAccount
metadata:
  name: shop
---
# Source: shop/templates/all.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: shop
---
# Source: shop/templates/all.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: elsewhere
  namespace: cli-other
---
# Source: shop/templates/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
`;

/** A revision as the engine stores it. */
const stored = (version: number, status: HelmReleaseStatus, manifest: string): Manifest =>
  formatReleaseSecret(
    {
      release: {
        name: "shop",
        namespace: NAMESPACE,
        version,
        info: { status, description: "" },
        chart: { metadata: { name: "shop", version: "1.2.3" } },
        manifest,
        apply_method: "ssa",
      },
      labels: {},
    },
    NAMESPACE,
    { createdAt: epochMs(0) },
  );

const snapshot = (version: number, status: string): JsonObject => ({
  name: "shop",
  namespace: NAMESPACE,
  version,
  chartName: "shop",
  chartVersion: "1.2.3",
  configDigest: DIGEST,
  digest: DIGEST,
  firstDeployed: THEN,
  lastDeployed: THEN,
  status,
});

const chart = (name: string): Json => ({ spec: { chart: name, version: "1.x", sourceRef: { kind: "HelmRepository", name: "charts" } } });
const OWNED_BY_SHOP = { labels: { "helm.toolkit.fluxcd.io/name": "shop", "helm.toolkit.fluxcd.io/namespace": NAMESPACE } };

const event = (name: string, kind: string, type: "Normal" | "Warning", reason: string, message: string): Manifest =>
  object("v1", "Event", `${name}.${reason.toLowerCase()}`, {
    involvedObject: { apiVersion: kind === "HelmRelease" ? HELM : SOURCE, kind, name, namespace: NAMESPACE },
    type,
    reason,
    message,
    firstTimestamp: THEN,
    lastTimestamp: THEN,
    count: 1,
    source: { component: "helm-controller" },
  });

/** Helm as the engine leaves it: its sources and releases, ready, failed, suspended and new, and what it keeps in Secrets. */
export const helmObjects = (): readonly Manifest[] => [
  { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } },
  object(SOURCE, "HelmRepository", "charts", {
    spec: { interval: "1h", url: "https://charts.example.com" },
    status: {
      observedGeneration: 1,
      artifact: { path: "x", url: "http://127.0.0.1/x", revision: DIGEST, digest: DIGEST, lastUpdateTime: THEN, size: 12800 },
      conditions: [condition("Ready", "True", "Succeeded", `stored artifact: revision '${DIGEST}'`)],
    },
  }),
  object(SOURCE, "HelmRepository", "gone", {
    spec: { interval: "1h", url: "https://gone.example.com" },
    status: {
      observedGeneration: 1,
      conditions: [condition("Ready", "False", "FetchFailed", "failed to fetch Helm repository index: 404 Not Found")],
    },
  }),
  object(SOURCE, "HelmRepository", "registry", { spec: { type: "oci", url: "oci://registry.example.com/charts" } }),
  object(SOURCE, "HelmChart", `${NAMESPACE}-shop`, {
    spec: { chart: "shop", version: "1.x", interval: "1h", sourceRef: { kind: "HelmRepository", name: "charts" } },
    status: {
      observedGeneration: 1,
      observedChartName: "shop",
      artifact: { path: "x", url: "http://127.0.0.1/x", revision: "1.2.3", digest: DIGEST, lastUpdateTime: THEN, size: 800 },
      conditions: [condition("Ready", "True", "ChartPullSucceeded", "pulled 'shop' chart with version '1.2.3'")],
    },
  }),
  object(SOURCE, "HelmChart", `${NAMESPACE}-broken`, {
    spec: { chart: "broken", version: "1.x", interval: "1h", suspend: true, sourceRef: { kind: "HelmRepository", name: "gone" } },
    status: { observedGeneration: 1, conditions: [condition("Ready", "False", "NoSourceArtifact", "no artifact available for HelmRepository source 'gone'")] },
  }),
  object(HELM, "HelmRelease", "shop", {
    spec: {
      interval: "10m",
      chart: chart("shop"),
      install: { crds: "Create" },
      values: { colour: "green", nested: { a: 1, b: [true, 2.5, "3"] }, empty: {} },
      valuesFrom: [
        { kind: "ConfigMap", name: "given" },
        { kind: "Secret", name: "given", valuesKey: "password", targetPath: "auth.password" },
        { kind: "Secret", name: "none", optional: true },
      ],
    },
    status: {
      observedGeneration: 1,
      helmChart: `${NAMESPACE}/${NAMESPACE}-shop`,
      storageNamespace: NAMESPACE,
      lastAttemptedRevision: "1.2.3",
      history: [snapshot(2, "deployed"), snapshot(1, "superseded")],
      conditions: [
        condition("Ready", "True", "UpgradeSucceeded", `Helm upgrade succeeded for release ${NAMESPACE}/shop.v2 with chart shop@1.2.3`),
        condition("Released", "True", "UpgradeSucceeded", `Helm upgrade succeeded for release ${NAMESPACE}/shop.v2 with chart shop@1.2.3`),
      ],
    },
  }),
  object(HELM, "HelmRelease", "broken", {
    spec: {
      interval: "10m",
      chart: chart("broken"),
      valuesFrom: [{ kind: "Secret", name: "none" }],
    },
    status: {
      observedGeneration: 1,
      conditions: [condition("Ready", "False", "InstallFailed", "Helm install failed for release cli-helm/broken with chart broken@1.0.0: timed out")],
    },
  }),
  object(HELM, "HelmRelease", "paused", { spec: { interval: "10m", suspend: true, chartRef: { kind: "HelmChart", name: `${NAMESPACE}-shop` } } }),
  object(HELM, "HelmRelease", "new", { spec: { interval: "10m", chart: chart("new") } }),
  object("v1", "ConfigMap", "given", { data: { "values.yaml": "colour: red\nfrom: config\n" } }),
  object("v1", "Secret", "given", { data: { password: Buffer.from("hunter2 and more").toString("base64") } }),
  stored(1, "superseded", ""),
  stored(2, "deployed", MANIFEST),
  object("v1", "ServiceAccount", "shop", {}, OWNED_BY_SHOP),
  {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: { name: "helm", namespace: NAMESPACE },
    spec: {
      interval: "10m",
      prune: true,
      path: "./",
      sourceRef: { kind: "GitRepository", name: "repo", namespace: "cli-apps" },
      postBuild: { substitute: { region: "eu", quote: 'a "b" $c' }, substituteFrom: [{ kind: "Secret", name: "given" }] },
    },
    status: {
      observedGeneration: 1,
      inventory: { entries: ["shop", "broken", "new"].map((name) => ({ id: `${NAMESPACE}_${name}_helm.toolkit.fluxcd.io_HelmRelease`, v: "v2" })) },
      conditions: [condition("Ready", "True", "ReconciliationSucceeded", "Applied revision: main@sha1:1f0c3d2b")],
    },
  },
  event("shop", "HelmRelease", "Normal", "UpgradeSucceeded", `Helm upgrade succeeded for release ${NAMESPACE}/shop.v2 with chart shop@1.2.3`),
  event("broken", "HelmRelease", "Warning", "InstallFailed", "Helm install failed: timed out"),
  event(`${NAMESPACE}-shop`, "HelmChart", "Normal", "ChartPullSucceeded", "pulled 'shop' chart with version '1.2.3'"),
  event("charts", "HelmRepository", "Normal", "NewArtifact", "stored fetched index of size 12kB from 'https://charts.example.com'"),
];
