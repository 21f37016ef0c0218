import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { describe, expect, it } from "vitest";
import * as resources from "../../../../../lib/local/sandbox/controllers/resources.ts";
import { createTestCluster, type TestCluster } from "./cluster.ts";

const { DEPLOYMENTS, REPLICA_SETS, PODS, STATEFUL_SETS, DAEMON_SETS, JOBS, CLAIMS, SERVICES, CONFIG_MAPS, NAMESPACES, BUDGETS, ENDPOINT_SLICES } = resources;
const { QUOTAS, AUTOSCALERS, VOLUMES } = resources;

const template = (name: string, image = "i:1") => ({ metadata: { labels: { a: name } }, spec: { containers: [{ name: "c", image }] } });
const workload = (kind: string, name: string, spec: object = {}, image?: string): Manifest => ({
  apiVersion: kind === "Job" ? "batch/v1" : "apps/v1",
  kind,
  metadata: { name, namespace: "n" },
  spec: { ...(kind !== "Job" && { selector: { matchLabels: { a: name } } }), template: template(name, image), ...spec },
});
const deployment = (name: string, replicas: number, image?: string): Manifest => workload("Deployment", name, { replicas }, image);
const ROLLING = { strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" } }, progressDeadlineSeconds: 600 };

const statusOf = (object: Manifest | undefined): unknown => object?.status;
/** Without what hangs on names and times that chance makes. */
const plain = (status: unknown): unknown =>
  JSON.parse(
    JSON.stringify(status)
      .replace(/"(\w+)-[bcdfghjklmnpqrstvwxz2456789]{10}"/g, '"$1-HASH"')
      .replace(/\\"(\w+)-[bcdfghjklmnpqrstvwxz2456789]{10}\\"/g, '\\"$1-HASH\\"')
      .replace(/"2030-[^"]*"/g, '"T"'),
  );

const available = (status: "True" | "False") => ({
  type: "Available",
  status,
  reason: status === "True" ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
  message: status === "True" ? "Deployment has minimum availability." : "Deployment does not have minimum availability.",
  lastTransitionTime: "T",
  lastUpdateTime: "T",
});
const progressing = (reason: string, words: string) => ({
  type: "Progressing",
  status: "True",
  reason,
  message: `ReplicaSet "d-HASH" ${words}`,
  lastTransitionTime: "T",
  lastUpdateTime: "T",
});

async function settled(nodes: boolean, resource: (typeof resources)["PODS"], object: Manifest): Promise<TestCluster> {
  const cluster = createTestCluster(nodes);
  cluster.create(resource, object);
  await cluster.settle();
  return cluster;
}

describe("status on a cluster without nodes, as kube-controller-manager 1.35 writes it", () => {
  it.each([
    [
      "a Deployment with 0 replicas",
      DEPLOYMENTS,
      workload("Deployment", "d", { replicas: 0, ...ROLLING }),
      { conditions: [available("True"), progressing("NewReplicaSetAvailable", "has successfully progressed.")], observedGeneration: 1, terminatingReplicas: 0 },
    ],
    [
      "a Deployment with 1",
      DEPLOYMENTS,
      workload("Deployment", "d", { replicas: 1, ...ROLLING }),
      {
        conditions: [available("False"), progressing("ReplicaSetUpdated", "is progressing.")],
        observedGeneration: 1,
        replicas: 1,
        terminatingReplicas: 0,
        unavailableReplicas: 1,
        updatedReplicas: 1,
      },
    ],
    [
      "a StatefulSet with 1",
      STATEFUL_SETS,
      workload("StatefulSet", "d", { replicas: 1, serviceName: "s" }),
      {
        availableReplicas: 0,
        collisionCount: 0,
        currentReplicas: 1,
        currentRevision: "d-HASH",
        observedGeneration: 1,
        replicas: 1,
        updateRevision: "d-HASH",
        updatedReplicas: 1,
      },
    ],
    [
      "a StatefulSet with 0",
      STATEFUL_SETS,
      workload("StatefulSet", "d", { replicas: 0, serviceName: "s" }),
      { availableReplicas: 0, collisionCount: 0, currentRevision: "d-HASH", observedGeneration: 1, replicas: 0, updateRevision: "d-HASH" },
    ],
    [
      "a DaemonSet",
      DAEMON_SETS,
      workload("DaemonSet", "d"),
      { currentNumberScheduled: 0, desiredNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0, observedGeneration: 1 },
    ],
    [
      "a Job",
      JOBS,
      workload("Job", "d", { completions: 1, parallelism: 1 }),
      { active: 1, ready: 0, startTime: "T", terminating: 0, uncountedTerminatedPods: {} },
    ],
    ["a Job that somebody else looks after", JOBS, workload("Job", "d", { managedBy: "example.com/by-hand" }), {}],
    [
      "a suspended Job",
      JOBS,
      workload("Job", "d", { suspend: true }),
      {
        conditions: [{ lastProbeTime: "T", lastTransitionTime: "T", message: "Job suspended", reason: "JobSuspended", status: "True", type: "Suspended" }],
        ready: 0,
        terminating: 0,
        uncountedTerminatedPods: {},
      },
    ],
  ] as const)("%s", async (_, resource, object, want) => {
    const cluster = await settled(false, resource, object);
    expect(plain(statusOf(cluster.get(resource, "d")))).toEqual(want);
  });

  it("a disruption budget counts what is not there", async () => {
    const cluster = await settled(false, DEPLOYMENTS, deployment("d", 1));
    cluster.create(BUDGETS, {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata: { name: "b", namespace: "n" },
      spec: { minAvailable: 1, selector: { matchLabels: { a: "d" } } },
    });
    await cluster.settle();
    expect(statusOf(cluster.get(BUDGETS, "b"))).toMatchObject({
      currentHealthy: 0,
      desiredHealthy: 1,
      disruptionsAllowed: 0,
      expectedPods: 1,
      observedGeneration: 1,
    });
  });
  it("a quota shows what is used", async () => {
    const cluster = await settled(false, DEPLOYMENTS, deployment("d", 2));
    cluster.create(QUOTAS, {
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: { name: "q", namespace: "n" },
      spec: { hard: { pods: "5", configmaps: "10" } },
    });
    await cluster.settle();
    expect(statusOf(cluster.get(QUOTAS, "q"))).toEqual({ hard: { pods: "5", configmaps: "10" }, used: { pods: "2", configmaps: "1" } });
  });
  it("an autoscaler without its target says so", async () => {
    const spec = { maxReplicas: 3, scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "none" } };
    const cluster = await settled(false, AUTOSCALERS, {
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: { name: "h", namespace: "n" },
      spec,
    });
    expect(statusOf(cluster.get(AUTOSCALERS, "h"))).toMatchObject({
      conditions: [
        {
          type: "AbleToScale",
          status: "False",
          reason: "FailedGetScale",
          message: `the HPA controller was unable to get the target's current scale: deployments.apps "none" not found`,
        },
      ],
    });
  });
  it("every namespace has its account and the CA", () => {
    const cluster = createTestCluster(false);
    return cluster.settle().then(() => {
      expect(cluster.get(resources.SERVICE_ACCOUNTS, "default")).toBeDefined();
      expect(cluster.get(CONFIG_MAPS, "kube-root-ca.crt")).toMatchObject({ data: { "ca.crt": "CA" } });
    });
  });
});

describe("a second look changes nothing", () => {
  it.each([true, false])("nodes: %s", async (nodes) => {
    const cluster = await settled(nodes, DEPLOYMENTS, deployment("d", 2));
    cluster.create(STATEFUL_SETS, workload("StatefulSet", "s", { replicas: 2, serviceName: "s" }));
    cluster.create(DAEMON_SETS, workload("DaemonSet", "e"));
    cluster.create(JOBS, workload("Job", "j", { completions: 2, parallelism: 1 }));
    await cluster.settle();
    const before = cluster.store.resourceVersion();
    await cluster.settle();
    expect(cluster.store.resourceVersion()).toBe(before);
  });
});

describe("a cluster with nodes", () => {
  it("Deployments become available", async () => {
    const cluster = await settled(true, DEPLOYMENTS, deployment("d", 3));
    expect(statusOf(cluster.get(DEPLOYMENTS, "d"))).toMatchObject({ availableReplicas: 3, readyReplicas: 3, replicas: 3, updatedReplicas: 3 });
  });
  it("an image *:broken never runs, and the deadline passes", async () => {
    const cluster = await settled(true, DEPLOYMENTS, workload("Deployment", "d", { replicas: 1, progressDeadlineSeconds: 10 }, "i:broken"));
    const [pod] = cluster.list(PODS);
    expect(pod).toMatchObject({ status: { phase: "Pending", containerStatuses: [{ state: { waiting: { reason: "ImagePullBackOff" } } }] } });
    await cluster.settle(20_000);
    expect(statusOf(cluster.get(DEPLOYMENTS, "d"))).toMatchObject({
      conditions: expect.arrayContaining([expect.objectContaining({ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" })]),
    });
  });
  it("a new template is rolled out, and the old ReplicaSet stays with 0", async () => {
    const cluster = await settled(true, DEPLOYMENTS, deployment("d", 2));
    const before = cluster.get(DEPLOYMENTS, "d");
    if (before === undefined) throw new Error("gone");
    cluster.store.update(DEPLOYMENTS, { ...before, ...deployment("d", 2, "i:2"), metadata: before.metadata }, { manager: "test" });
    await cluster.settle();
    expect(cluster.get(DEPLOYMENTS, "d")).toMatchObject({
      metadata: { annotations: { "deployment.kubernetes.io/revision": "2" } },
      status: { observedGeneration: 2, availableReplicas: 2, updatedReplicas: 2, replicas: 2 },
    });
    expect(
      cluster
        .list(REPLICA_SETS)
        .map(({ spec }) => (spec as { replicas: number }).replicas)
        .toSorted(),
    ).toEqual([0, 2]);
    expect(cluster.list(PODS)).toHaveLength(2);
  });
  it("scaling down takes Pods away", async () => {
    const cluster = await settled(true, DEPLOYMENTS, deployment("d", 3));
    const before = cluster.get(DEPLOYMENTS, "d");
    if (before === undefined) throw new Error("gone");
    cluster.store.update(DEPLOYMENTS, { ...before, ...deployment("d", 1), metadata: before.metadata }, { manager: "test" });
    await cluster.settle();
    expect(cluster.list(PODS)).toHaveLength(1);
  });
  it("no more Pods than a machine can hold", async () => {
    const cluster = await settled(false, DEPLOYMENTS, deployment("d", 2_000_000_000));
    expect(cluster.list(PODS)).toHaveLength(500);
  });
  it("Jobs complete", async () => {
    const cluster = await settled(true, JOBS, workload("Job", "j", { completions: 2, parallelism: 1 }));
    expect(statusOf(cluster.get(JOBS, "j"))).toMatchObject({
      succeeded: 2,
      conditions: [{ type: "SuccessCriteriaMet" }, { type: "Complete", status: "True", reason: "CompletionsReached" }],
    });
  });
  it.each([
    {
      name: "a command that is there to fail",
      command: ["false"],
      want: { failed: 2, conditions: ["FailureTarget BackoffLimitExceeded", "Failed BackoffLimitExceeded"] },
    },
    {
      name: "a script that ends so",
      command: ["sh", "-c", "echo no; exit 3"],
      want: { failed: 2, conditions: ["FailureTarget BackoffLimitExceeded", "Failed BackoffLimitExceeded"] },
    },
    {
      name: "one that ends well",
      command: ["sh", "-c", "exit 0"],
      want: { failed: undefined, conditions: ["SuccessCriteriaMet CompletionsReached", "Complete CompletionsReached"] },
    },
  ])("a Job with $name", async ({ command, want }) => {
    const spec = { backoffLimit: 1, completions: 1, template: { spec: { restartPolicy: "Never", containers: [{ name: "c", image: "i:1", command }] } } };
    const status = (await settled(true, JOBS, workload("Job", "j", spec))).get(JOBS, "j")?.status as {
      failed?: number;
      conditions: { type: string; reason: string }[];
    };
    expect({ failed: status.failed, conditions: status.conditions.map(({ type, reason }) => `${type} ${reason}`) }).toEqual(want);
  });
  it("a Job is removed with its Pods when the time is over for which it was to be kept", async () => {
    const cluster = await settled(true, JOBS, workload("Job", "j", { completions: 1, ttlSecondsAfterFinished: 10 }));
    expect(cluster.get(JOBS, "j")).toBeDefined();
    await cluster.settle(10_000);
    expect([cluster.get(JOBS, "j"), cluster.list(PODS)]).toEqual([undefined, []]);
  });
  it("a Job whose Pods never start fails when its deadline is over", async () => {
    const cluster = await settled(false, JOBS, workload("Job", "j", { completions: 1, activeDeadlineSeconds: 8 }));
    expect(statusOf(cluster.get(JOBS, "j"))).not.toHaveProperty("conditions");
    await cluster.settle(10_000);
    expect(statusOf(cluster.get(JOBS, "j"))).toMatchObject({ conditions: [{ type: "FailureTarget" }, { type: "Failed", reason: "DeadlineExceeded" }] });
    expect(cluster.list(PODS)).toEqual([]);
  });
  it.each([
    { restartPolicy: "Never", command: ["true"], phase: "Succeeded" },
    { restartPolicy: "Never", command: ["/bin/false"], phase: "Failed" },
    { restartPolicy: "Always", command: ["true"], phase: "Running" },
  ])("a Pod of nobody's with restartPolicy $restartPolicy and command $command: $phase", async ({ restartPolicy, command, phase }) => {
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "p", namespace: "n" },
      spec: { restartPolicy, containers: [{ name: "c", image: "i:1", command }] },
    };
    expect(statusOf((await settled(true, PODS, pod)).get(PODS, "p"))).toMatchObject({ phase });
  });
  it("StatefulSets and DaemonSets run, claims are bound", async () => {
    const claim = { metadata: { name: "data" }, spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } } };
    const cluster = await settled(true, STATEFUL_SETS, workload("StatefulSet", "s", { replicas: 2, serviceName: "s", volumeClaimTemplates: [claim] }));
    cluster.create(DAEMON_SETS, workload("DaemonSet", "e"));
    await cluster.settle();
    expect(statusOf(cluster.get(STATEFUL_SETS, "s"))).toMatchObject({ readyReplicas: 2, availableReplicas: 2 });
    expect(statusOf(cluster.get(DAEMON_SETS, "e"))).toMatchObject({ desiredNumberScheduled: 1, numberReady: 1, numberAvailable: 1 });
    expect(cluster.get(CLAIMS, "data-s-1")).toMatchObject({ status: { phase: "Bound", capacity: { storage: "1Gi" } } });
  });
  it.each([
    ["Delete", []],
    ["Retain", ["Released"]],
  ])("a volume whose claim is gone goes, too, unless it is kept: %s", async (policy, want) => {
    const cluster = await settled(true, CLAIMS, {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name: "c", namespace: "n" },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    });
    const [volume] = cluster.store.list(VOLUMES);
    if (volume === undefined) throw new Error("no volume");
    const spec = volume.spec as object;
    cluster.store.update(VOLUMES, { ...volume, spec: { ...spec, persistentVolumeReclaimPolicy: policy } }, { manager: "test" });
    cluster.remove(CLAIMS, "c");
    await cluster.settle();
    expect(cluster.list(CLAIMS)).toEqual([]);
    expect(cluster.store.list(VOLUMES).map((one) => (one.status as { phase: string }).phase)).toEqual(want);
  });
  it("Services get endpoints, and an address when they are load balancers", async () => {
    const cluster = await settled(true, DEPLOYMENTS, deployment("d", 1));
    cluster.create(SERVICES, {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "s", namespace: "n" },
      spec: { type: "LoadBalancer", selector: { a: "d" }, ports: [{ port: 80 }] },
    });
    await cluster.settle();
    expect(cluster.list(ENDPOINT_SLICES)).toMatchObject([{ endpoints: [{ conditions: { ready: true } }] }]);
    expect(statusOf(cluster.get(SERVICES, "s"))).toEqual({ loadBalancer: { ingress: [{ ip: "192.0.2.1", ipMode: "VIP" }] } });
  });
});

const map = (name: string, owner?: Manifest, more: object = {}): Manifest => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: {
    name,
    namespace: "n",
    ...(owner !== undefined && {
      ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap", name: owner.metadata.name ?? "", uid: owner.metadata.uid ?? "", blockOwnerDeletion: true }],
    }),
    ...more,
  },
});

describe("garbage collection", () => {
  async function family(childMeta: object = {}): Promise<TestCluster> {
    const cluster = await settled(false, CONFIG_MAPS, map("owner"));
    cluster.create(CONFIG_MAPS, map("child", cluster.get(CONFIG_MAPS, "owner"), childMeta));
    await cluster.settle();
    return cluster;
  }
  const names = (cluster: TestCluster): readonly string[] =>
    cluster
      .list(CONFIG_MAPS)
      .map(({ metadata }) => metadata.name ?? "")
      .filter((name) => name !== "kube-root-ca.crt");

  it("in the background", async () => {
    const cluster = await family();
    cluster.remove(CONFIG_MAPS, "owner", { propagationPolicy: "Background" });
    expect(names(cluster)).toEqual(["child"]);
    await cluster.settle();
    expect(names(cluster)).toEqual([]);
  });
  it("in the foreground the owner waits for a dependent that is held", async () => {
    const cluster = await family({ finalizers: ["test/hold"] });
    cluster.remove(CONFIG_MAPS, "owner", { propagationPolicy: "Foreground" });
    await cluster.settle();
    expect(names(cluster)).toEqual(["child", "owner"]);
    const child = cluster.get(CONFIG_MAPS, "child");
    if (child === undefined) throw new Error("gone");
    cluster.store.update(
      CONFIG_MAPS,
      { ...child, metadata: { ...child.metadata, finalizers: (child.metadata.finalizers ?? []).filter((one) => one !== "test/hold") } },
      { manager: "test" },
    );
    await cluster.settle();
    expect(names(cluster)).toEqual([]);
  });
  it("orphans stay without their owner", async () => {
    const cluster = await family();
    cluster.remove(CONFIG_MAPS, "owner", { propagationPolicy: "Orphan" });
    await cluster.settle();
    expect(names(cluster)).toEqual(["child"]);
    expect(cluster.get(CONFIG_MAPS, "child")?.metadata.ownerReferences).toBeUndefined();
  });
  it("an object whose owner never was goes", async () => {
    const cluster = await settled(false, CONFIG_MAPS, map("child", { ...map("none"), metadata: { name: "none", uid: "no-such-uid" } }));
    expect(names(cluster)).toEqual([]);
  });
  it("a Deployment takes its ReplicaSets and Pods along", async () => {
    const cluster = await settled(true, DEPLOYMENTS, deployment("d", 2));
    cluster.remove(DEPLOYMENTS, "d", { propagationPolicy: "Background" });
    await cluster.settle();
    expect([...cluster.list(REPLICA_SETS), ...cluster.list(PODS)]).toEqual([]);
  });
});

describe("a namespace that is deleted", () => {
  it("is emptied, and goes", async () => {
    const cluster = await settled(true, DEPLOYMENTS, deployment("d", 2));
    cluster.store.delete(NAMESPACES, "", "n");
    await cluster.settle();
    expect(cluster.store.get(NAMESPACES, "", "n")).toBeUndefined();
    expect(cluster.list(DEPLOYMENTS)).toEqual([]);
  });
  it("says what holds it", async () => {
    const cluster = await settled(false, CONFIG_MAPS, map("held", undefined, { finalizers: ["test/hold"] }));
    cluster.store.delete(NAMESPACES, "", "n");
    await cluster.settle();
    expect(cluster.store.get(NAMESPACES, "", "n")).toMatchObject({
      status: {
        phase: "Terminating",
        conditions: expect.arrayContaining([
          expect.objectContaining({ type: "NamespaceContentRemaining", message: "Some resources are remaining: configmaps. has 1 resource instances" }),
          expect.objectContaining({
            type: "NamespaceFinalizersRemaining",
            message: "Some content in the namespace has finalizers remaining: test/hold in 1 resource instances",
          }),
        ]),
      },
    });
  });
});

describe("many objects", () => {
  it("1,000 Deployments settle in few rounds and with few writes each", async () => {
    const cluster = createTestCluster(false);
    await cluster.settle();
    const [rounds, writes] = [cluster.rounds(), Number(cluster.store.resourceVersion())];
    for (let index = 0; index < 1000; index += 1) cluster.create(DEPLOYMENTS, deployment(`d${index}`, 0));
    await cluster.settle();
    expect(cluster.get(DEPLOYMENTS, "d999")).toMatchObject({ status: { observedGeneration: 1 } });
    expect(cluster.rounds() - rounds).toBeLessThan(60);
    expect(Number(cluster.store.resourceVersion()) - writes).toBeLessThan(5_001);
  });
});
