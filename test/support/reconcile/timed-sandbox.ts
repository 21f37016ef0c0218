import { epochMs } from "@sluice/engine/domain/time.ts";
import { createCluster } from "@sluice/platform/kubernetes/cluster.ts";
import { createHttp, type Http } from "@sluice/platform/kubernetes/http.ts";
import { createKinds } from "@sluice/platform/kubernetes/kinds.ts";
import { applyOne, install } from "../../../lib/local/prepare-cluster.ts";
import { createSandbox, type Sandbox } from "../../../lib/local/sandbox/sandbox.ts";
import { connectionTo } from "./connection.ts";

/** What one scenario stands on: a namespace of its own, in a sandbox whose clock only scenarios move. */
export type Ground = { readonly sandbox: Sandbox; readonly http: Http; readonly namespace: string; readonly time: { now: number } };

/** A sandbox without nodes with Sluice installed in it, for all scenarios of one file. */
export type TimedSandbox = { readonly sandbox: Sandbox; readonly http: Http; ground(): Promise<Ground>; stop(): Promise<void> };

const START = Date.parse("2030-01-01T00:00:00Z");

export async function startTimedSandbox(): Promise<TimedSandbox> {
  // Certificates are made with the time of now; everything after that goes by a clock that only scenarios move.
  const time = { now: Date.now() };
  const sandbox = await createSandbox({ nodes: false, clock: { now: () => epochMs(time.now) } });
  const http = createHttp(connectionTo(sandbox));
  const cluster = createCluster(http, createKinds(http));
  await install(cluster, { namespace: "flux-system", version: "v0.0.0", image: "sluice:v0.0.0" });
  time.now = START;
  let scenarios = 0;
  return {
    sandbox,
    http,
    ground: async () => {
      const namespace = `ns-${++scenarios}`;
      await applyOne(cluster, { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
      return { sandbox, http, namespace, time };
    },
    stop: async () => {
      http.close();
      await sandbox.stop();
    },
  };
}
