import type { Kustomizer } from "@sluice/engine/build/kustomize/build.ts";
import { epochMs } from "@sluice/engine/domain/time.ts";
import type { WorkItem } from "@sluice/engine/domain/work-item.ts";
import { KINDS } from "@sluice/engine/flux/kinds.ts";
import type { ArtifactStore, RenderStore } from "@sluice/engine/ports/artifact-store.ts";
import type { Clock } from "@sluice/engine/ports/clock.ts";
import type { Cluster } from "@sluice/engine/ports/cluster.ts";
import type { EventSink } from "@sluice/engine/ports/event-sink.ts";
import type { GitRemotes } from "@sluice/engine/ports/git-remote.ts";
import type { Kinds } from "@sluice/engine/ports/kinds.ts";
import type { Log } from "@sluice/engine/ports/log.ts";
import { createEngine } from "@sluice/engine/reconcile/run.ts";
import type { Settings } from "@sluice/engine/reconcile/settings.ts";
import { createCluster } from "@sluice/platform/kubernetes/cluster.ts";
import type { Connection } from "@sluice/platform/kubernetes/connection.ts";
import { createEventSink } from "@sluice/platform/kubernetes/events.ts";
import { createHttp, type Http } from "@sluice/platform/kubernetes/http.ts";
import { createKinds } from "@sluice/platform/kubernetes/kinds.ts";
import { loggingEvents } from "@sluice/platform/log/logging-events.ts";
import { createWorkQueue, type WorkQueue } from "@sluice/platform/node/work-queue.ts";

import { systemClock } from "./system-clock.ts";
import { startWatches, type Watches } from "./watches.ts";

export type HostOptions = {
  readonly connection: Connection;
  readonly clusterName: string;
  readonly git: GitRemotes;
  readonly artifacts: ArtifactStore;
  readonly renders: RenderStore;
  readonly kustomizer: Kustomizer;
  readonly log: Log;
  readonly settings: Settings;
  /** Hears every event beside the cluster. */
  readonly listener?: EventSink;
  /** Runs side by side; each is over one object. */
  readonly parallel: number;
};

/** The engine at work on one cluster, in this process. */
export type Host = {
  readonly http: Http;
  readonly cluster: Cluster;
  readonly kinds: Kinds;
  readonly queue: WorkQueue;
  readonly clock: Clock;
  /** Begins to look after every Flux object of the cluster; their CRDs must be there. */
  start(): Promise<void>;
  watches(): Watches | undefined;
  stop(): Promise<void>;
};

const AGAIN_MS = 5000;

export { systemClock };

export function createHost(options: HostOptions): Host {
  const { connection, clusterName, log } = options;
  const http = createHttp(connection);
  const kinds = createKinds(http);
  const cluster = createCluster(http, kinds);
  const queue = createWorkQueue(systemClock, { parallel: options.parallel });
  const events = loggingEvents(createEventSink(http, systemClock), log, clusterName);
  const engine = createEngine({
    ...options,
    cluster,
    as: (user) => (user === undefined ? cluster : createCluster(http, kinds, { user })),
    kinds,
    clock: systemClock,
    queue,
    watchedKustomizations: () => {
      const known = (watches?.objects() ?? []).filter(({ kind }) => kind === KINDS.Kustomization.kind);
      return known.length === 0 ? undefined : known; // none, or the first list has not come in yet
    },
    events: options.listener === undefined ? events : both(events, options.listener),
  });
  let watches: Watches | undefined;

  /** Nobody answered, or a bug: an item is not lost for that, and the process does not end. */
  async function again(item: WorkItem, error: unknown): Promise<void> {
    log.error("run broke off", { item: item.kind, error: error instanceof Error ? error.message : String(error) });
    await queue.send(item, { notBefore: epochMs(systemClock.now() + AGAIN_MS) });
  }

  return {
    http,
    cluster,
    kinds,
    queue,
    clock: systemClock,
    start: async () => {
      watches = await startWatches({ http, kinds, queue, clock: systemClock, log, clusterName });
      queue.start(async (item) => {
        await engine.run(item).catch((error: unknown) => again(item, error));
      });
    },
    watches: () => watches,
    stop: async () => {
      watches?.stop();
      await queue.stop();
      http.close();
    },
  };
}

const both = (first: EventSink, second: EventSink): EventSink => ({
  emit: async (event) => {
    await first.emit(event);
    await second.emit(event);
  },
});
