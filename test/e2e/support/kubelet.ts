import { setTimeout as delay } from "node:timers/promises";
import type { shellFor } from "./shell.ts";

type Pod = {
  readonly metadata: { readonly namespace: string; readonly name: string };
  readonly spec: { readonly restartPolicy?: string };
  readonly status: { readonly phase?: string };
};

const PAUSE_MS = 200;

/** What a node would do to Pods, on an API server without nodes: those that are to end have succeeded, all others run and are ready. Ends with `stop`. */
export function startKubelet(shell: ReturnType<typeof shellFor>): { stop(): Promise<void> } {
  const over = new AbortController();
  const turning = turn(shell, over.signal);
  return {
    stop: async () => {
      over.abort();
      await turning;
    },
  };
}

async function turn(shell: ReturnType<typeof shellFor>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const { code, out } = await shell.sh("kubectl get pods -A -o json");
    const pods: readonly Pod[] = code === 0 ? JSON.parse(out).items : [];
    for (const pod of pods.filter(({ status }) => status.phase === "Pending")) await move(shell, pod);
    await delay(PAUSE_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function move(shell: ReturnType<typeof shellFor>, { metadata, spec }: Pod): Promise<void> {
  const ends = spec.restartPolicy === "Never" || spec.restartPolicy === "OnFailure";
  const ready = ["Initialized", "PodScheduled", "ContainersReady", "Ready"].map((type) => ({ type, status: ends ? "False" : "True" }));
  const status = { phase: ends ? "Succeeded" : "Running", conditions: ready };
  await shell.sh(`kubectl -n ${metadata.namespace} patch pod ${metadata.name} --subresource=status --type=merge -p '${JSON.stringify({ status })}'`);
}
