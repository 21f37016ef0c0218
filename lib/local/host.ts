import { randomBytes } from "node:crypto";
import type { Kustomizer } from "@sluice/engine/build/kustomize/build.ts";
import { epochMs } from "@sluice/engine/domain/time.ts";
import type { WorkItem } from "@sluice/engine/domain/work-item.ts";
import { notifiedEvent } from "@sluice/engine/events/notified-event.ts";
import type { ArtifactStore, RenderStore } from "@sluice/engine/ports/artifact-store.ts";
import type { ChartRepositories } from "@sluice/engine/ports/chart-repositories.ts";
import type { Clock } from "@sluice/engine/ports/clock.ts";
import type { Cluster } from "@sluice/engine/ports/cluster.ts";
import type { EventSink } from "@sluice/engine/ports/event-sink.ts";
import type { GitRemotes } from "@sluice/engine/ports/git-remote.ts";
import type { Kinds } from "@sluice/engine/ports/kinds.ts";
import type { Log } from "@sluice/engine/ports/log.ts";
import type { Notifier } from "@sluice/engine/ports/notifier.ts";
import { createNotifications } from "@sluice/engine/reconcile/notify/notifications.ts";
import { createSilences } from "@sluice/engine/reconcile/notify/silence.ts";
import { createEngine } from "@sluice/engine/reconcile/run.ts";
import type { Settings } from "@sluice/engine/reconcile/settings.ts";
import { createCluster } from "@sluice/platform/kubernetes/cluster.ts";
import type { Connection } from "@sluice/platform/kubernetes/connection.ts";
import { createEventSink } from "@sluice/platform/kubernetes/events.ts";
import { createHttp, type Http } from "@sluice/platform/kubernetes/http.ts";
import { createKinds } from "@sluice/platform/kubernetes/kinds.ts";
import { loggingEvents } from "@sluice/platform/log/logging-events.ts";
import { createMemoryNotes } from "@sluice/platform/memory/notes.ts";
import { createWorkQueue, type WorkQueue } from "@sluice/platform/node/work-queue.ts";
import { createDeliveryQueue, type DeliveryQueue } from "./delivery-queue.ts";
import { systemClock } from "./system-clock.ts";
import { startWatches, type Watches } from "./watches.ts";

export type HostOptions = {
  readonly connection: Connection;
  readonly clusterName: string;
  readonly git: GitRemotes;
  readonly artifacts: ArtifactStore;
  readonly renders: RenderStore;
  readonly charts: ChartRepositories;
  readonly kustomizer: Kustomizer;
  readonly log: Log;
  readonly settings: Settings;
  /** Hears every event beside the cluster. */
  readonly listener?: EventSink;
  /** Sends what the cluster's Alerts let through; absent: nobody is told. */
  readonly notifier?: Notifier;
  /** Runs side by side; each is over one object. */
  readonly parallel: number;
};

/** The engine at work on one cluster, in this process. */
export type Host = {
  readonly http: Http;
  readonly cluster: Cluster;
  readonly kinds: Kinds;
  readonly queue: WorkQueue;
  readonly deliveries: DeliveryQueue;
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
  const deliveries = createDeliveryQueue(systemClock, log);
  const told = loggingEvents(createEventSink(http, systemClock), log, clusterName);
  const events = options.listener === undefined ? told : both(told, options.listener);
  const engine = createEngine({
    ...options,
    indexes: options.renders,
    cluster,
    as: (user) => (user === undefined ? cluster : createCluster(http, kinds, { user })),
    kinds,
    clock: systemClock,
    randomBytes,
    queue,
    watched: ({ kind }) => {
      const known = (watches?.objects() ?? []).filter((object) => object.kind === kind);
      return known.length === 0 ? undefined : known; // none, or the first list has not come in yet
    },
    events: options.notifier === undefined ? events : both(events, notifying(deliveries, clusterName)),
  });
  let watches: Watches | undefined;

  function startNotifications(notifier: Notifier): void {
    const notifications = createNotifications({
      clusterName,
      cluster,
      notifier,
      notes: createMemoryNotes({ clock: systemClock }),
      deliveries,
      events,
      clock: systemClock,
      log,
      settings: options.settings,
      channels: {},
      signalAfter: (after) => AbortSignal.timeout(Math.ceil(after)), // it takes whole milliseconds only
      silences: createSilences(),
    });
    deliveries.start(notifications);
  }

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
    deliveries,
    clock: systemClock,
    start: async () => {
      if (options.notifier !== undefined) startNotifications(options.notifier);
      watches = await startWatches({ http, kinds, queue, clock: systemClock, log, clusterName });
      queue.start(async (item) => {
        if (watches?.hasAnswered(item) !== true) await engine.run(item).catch((error: unknown) => again(item, error));
      });
    },
    watches: () => watches,
    stop: async () => {
      watches?.stop();
      await queue.stop();
      await deliveries.stop();
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

/** Returns at once: who is told of an event holds up nobody's work. */
const notifying = (deliveries: DeliveryQueue, cluster: string): EventSink => ({
  emit: (event) => {
    const notified = notifiedEvent(event, { cluster, now: systemClock.now() });
    if (notified !== undefined) deliveries.add(notified);
    return Promise.resolve();
  },
});
