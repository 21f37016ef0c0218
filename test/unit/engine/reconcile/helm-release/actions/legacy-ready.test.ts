import type { JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { legacyReadiness } from "@sluice/engine/reconcile/helm-release/actions/legacy-ready.ts";
import { describe, expect, it } from "vitest";

const object = (apiVersion: string, kind: string, spec: JsonObject, status: JsonObject, metadata: JsonObject = {}): Manifest =>
  ({ apiVersion, kind, metadata: { name: "a", namespace: "n", generation: 2, ...metadata }, spec, status }) as Manifest;
const SEEN = { observedGeneration: 2 };
const REVISION = { annotations: { "deployment.kubernetes.io/revision": "3" } };
const replicaSet = (readyReplicas: number, metadata: JsonObject = REVISION): Manifest =>
  object("apps/v1", "ReplicaSet", {}, { ...SEEN, readyReplicas }, metadata);
const ROLLING = { updateStrategy: { type: "RollingUpdate" } };
const podReady = (status: string): Manifest => object("v1", "Pod", {}, { conditions: [{ type: "Ready", status }] });

describe("Helm 3's readiness", () => {
  it.each<{ name: string; manifest: Manifest; owned?: readonly Manifest[]; jobs?: boolean; want: string }>([
    { name: "a Pod that is ready", manifest: podReady("True"), want: "ready" },
    { name: "a Pod that is not", manifest: podReady("False"), want: "not-ready" },
    { name: "a Job that nobody asks about", manifest: object("batch/v1", "Job", { completions: 1 }, {}), want: "ready" },
    { name: "a Job that runs", manifest: object("batch/v1", "Job", { completions: 1 }, {}), jobs: true, want: "not-ready" },
    { name: "a Job that is done", manifest: object("batch/v1", "Job", { completions: 1 }, { succeeded: 1 }), jobs: true, want: "ready" },
    {
      name: "a Job that has failed",
      manifest: object("batch/v1", "Job", { completions: 1, backoffLimit: 0 }, { failed: 1 }),
      jobs: true,
      want: "failed: job is failed: n/a",
    },
    {
      name: "a Deployment whose newest ReplicaSet is ready",
      manifest: object("apps/v1", "Deployment", { replicas: 2 }, SEEN, REVISION),
      owned: [replicaSet(2)],
      want: "ready",
    },
    { name: "one whose newest is not", manifest: object("apps/v1", "Deployment", { replicas: 2 }, SEEN, REVISION), owned: [replicaSet(1)], want: "not-ready" },
    {
      name: "one that may lack some",
      manifest: object(
        "apps/v1",
        "Deployment",
        { replicas: 4, strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "25%", maxSurge: 1 } } },
        SEEN,
        REVISION,
      ),
      owned: [replicaSet(3)],
      want: "ready",
    },
    {
      name: "one with an older ReplicaSet only",
      manifest: object("apps/v1", "Deployment", { replicas: 1 }, SEEN, REVISION),
      owned: [replicaSet(1, {})],
      want: "not-ready",
    },
    { name: "one that was not observed", manifest: object("apps/v1", "Deployment", { replicas: 1 }, {}, REVISION), owned: [replicaSet(1)], want: "not-ready" },
    {
      name: "one that is paused",
      manifest: object("apps/v1", "Deployment", { replicas: 1, paused: true }, SEEN, REVISION),
      owned: [replicaSet(1)],
      want: "not-ready",
    },
    { name: "a claim that is bound", manifest: object("v1", "PersistentVolumeClaim", {}, { phase: "Bound" }), want: "ready" },
    { name: "a claim that is not", manifest: object("v1", "PersistentVolumeClaim", {}, { phase: "Pending" }), want: "not-ready" },
    { name: "a Service", manifest: object("v1", "Service", { clusterIP: "10.0.0.1" }, {}), want: "ready" },
    { name: "a Service without address", manifest: object("v1", "Service", {}, {}), want: "not-ready" },
    { name: "a Service somewhere else", manifest: object("v1", "Service", { type: "ExternalName" }, {}), want: "ready" },
    { name: "a load balancer that comes", manifest: object("v1", "Service", { type: "LoadBalancer", clusterIP: "10.0.0.1" }, {}), want: "not-ready" },
    {
      name: "a load balancer",
      manifest: object("v1", "Service", { type: "LoadBalancer", clusterIP: "10.0.0.1" }, { loadBalancer: { ingress: [{ ip: "1.2.3.4" }] } }),
      want: "ready",
    },
    {
      name: "a DaemonSet",
      manifest: object("apps/v1", "DaemonSet", ROLLING, { ...SEEN, desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberReady: 2 }),
      want: "ready",
    },
    {
      name: "a DaemonSet that lacks one",
      manifest: object("apps/v1", "DaemonSet", ROLLING, { ...SEEN, desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberReady: 1 }),
      want: "not-ready",
    },
    { name: "a DaemonSet that is updated by hand", manifest: object("apps/v1", "DaemonSet", { updateStrategy: { type: "OnDelete" } }, SEEN), want: "ready" },
    {
      name: "a StatefulSet",
      manifest: object("apps/v1", "StatefulSet", { ...ROLLING, replicas: 2 }, { ...SEEN, updatedReplicas: 2, readyReplicas: 2 }),
      want: "ready",
    },
    {
      name: "a StatefulSet on its way",
      manifest: object("apps/v1", "StatefulSet", { ...ROLLING, replicas: 2 }, { ...SEEN, updatedReplicas: 1, readyReplicas: 2 }),
      want: "not-ready",
    },
    {
      name: "a StatefulSet of two revisions",
      manifest: object(
        "apps/v1",
        "StatefulSet",
        { ...ROLLING, replicas: 1 },
        { ...SEEN, updatedReplicas: 1, readyReplicas: 1, currentRevision: "a", updateRevision: "b" },
      ),
      want: "not-ready",
    },
    {
      name: "a definition",
      manifest: object("apiextensions.k8s.io/v1", "CustomResourceDefinition", {}, { conditions: [{ type: "Established", status: "True" }] }),
      want: "ready",
    },
    { name: "a definition that is new", manifest: object("apiextensions.k8s.io/v1", "CustomResourceDefinition", {}, {}), want: "not-ready" },
    { name: "all else", manifest: object("v1", "ConfigMap", {}, {}), want: "ready" },
  ])("$name: $want", ({ manifest, owned = [], jobs = false, want }) => {
    const answer = legacyReadiness(manifest, { replicaSets: owned, pods: [] }, jobs);
    expect(answer.kind === "failed" ? `failed: ${answer.message}` : answer.kind).toBe(want);
  });

  it("a ReplicaSet is as its Pods are", () => {
    const set = object("apps/v1", "ReplicaSet", {}, SEEN);
    expect(legacyReadiness(set, { replicaSets: [], pods: [podReady("True")] }, false).kind).toBe("ready");
    expect(legacyReadiness(set, { replicaSets: [], pods: [podReady("True"), podReady("False")] }, false).kind).toBe("not-ready");
  });
});
