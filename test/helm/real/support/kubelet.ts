import { setTimeout as delay } from "node:timers/promises";
import type { Cluster } from "@sluice/engine/ports/cluster.ts";

const PAUSE_MS = 100;

/** What nodes would do to Pods: those that are to end have succeeded, all others run and are ready; none that says `waits`. Ends with `stop`. */
export function startKubelet(cluster: Cluster): { stop(): Promise<void> } {
  const over = new AbortController();
  const turning = turn(cluster, over.signal);
  return {
    stop: async () => {
      over.abort();
      await turning;
    },
  };
}

async function turn(cluster: Cluster, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const answer = await cluster.list({ apiVersion: "v1", kind: "Pod" });
    const pods = answer.kind === "listed" ? answer.items : [];
    for (const pod of pods)
      if ((pod.status as { readonly phase?: string } | undefined)?.phase === "Pending" && pod.metadata.labels?.waits !== "true") await move(cluster, pod);
    await delay(PAUSE_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function move(cluster: Cluster, { spec, metadata }: Parameters<Cluster["create"]>[0]): Promise<void> {
  const policy = (spec as { readonly restartPolicy?: string } | undefined)?.restartPolicy ?? "Always";
  const ends = policy !== "Always";
  const conditions = ["Initialized", "PodScheduled", "ContainersReady", "Ready"].map((type) => ({ type, status: ends ? "False" : "True" }));
  const status = { phase: ends ? "Succeeded" : "Running", conditions };
  const ref = { apiVersion: "v1", kind: "Pod", name: metadata.name ?? "", namespace: metadata.namespace ?? "" };
  await cluster.patch(ref, { body: { type: "merge", merge: { status } }, subresource: "status", manager: "kubelet" });
}
