import { randomBytes } from "node:crypto";
import type { HelmPlace } from "@sluice/engine/build/helm/helm-memory.ts";
import type { Kustomizer } from "@sluice/engine/build/kustomize/build.ts";
import type { ClusterItem, PushItem, WorkItem } from "@sluice/engine/domain/work-item.ts";
import type { ArtifactStore, RenderStore } from "@sluice/engine/ports/artifact-store.ts";
import type { ChartRepositories } from "@sluice/engine/ports/chart-repositories.ts";
import type { EventSink } from "@sluice/engine/ports/event-sink.ts";
import type { GitRemotes } from "@sluice/engine/ports/git-remote.ts";
import type { Queue } from "@sluice/engine/ports/queue.ts";
import { createOpenArtifacts } from "@sluice/engine/reconcile/kustomization/open-artifacts.ts";
import type { ReceiverIndex } from "@sluice/engine/reconcile/receive/receiver-index.ts";
import { createEngine, type EngineDeps, type RunEnd } from "@sluice/engine/reconcile/run.ts";
import { DEFAULT_SETTINGS, type Settings } from "@sluice/engine/reconcile/settings.ts";
import { createEventSink } from "../kubernetes/events.ts";
import { loggingEvents } from "../log/logging-events.ts";
import { createAlignedLooks } from "../sqs/aligned-looks.ts";
import type { ClusterAccess, OpenCluster } from "./cluster-access.ts";
import type { HostSettings } from "./cluster-config.ts";
import type { FunctionHost } from "./function-host.ts";
import { followUps, measuredEvents } from "./run-metrics.ts";

export type EngineHostDeps = {
  readonly host: FunctionHost;
  readonly access: ClusterAccess;
  /** The names of all clusters of the installation. */
  readonly clusters: readonly string[];
  readonly queue: Queue;
  readonly git: GitRemotes;
  readonly artifacts: ArtifactStore;
  readonly renders: RenderStore;
  readonly charts: ChartRepositories;
  /** Parts of the indexes of Helm repositories. */
  readonly indexes: RenderStore;
  readonly kustomizer: Kustomizer;
  /** Where events of a cluster go beside the cluster itself. */
  readonly topicOf: (cluster: string) => EventSink;
  readonly settings: HostSettings;
  /** Whose which webhook is; absent in a function that looks at no Receivers. */
  readonly receiverIndex?: ReceiverIndex;
};

export type EngineHost = {
  /** One run over what the item names, in whichever cluster that is; `signal` ends what it asks of clusters, and so does its end. Throws when it is not to count as done. */
  run(item: WorkItem, signal: AbortSignal): Promise<void>;
};

/** The engine over every cluster of the installation. What is dear to get (connections, discovery, artifacts) is kept for as long as the sandbox lives. */
export function createEngineHost(deps: EngineHostDeps): EngineHost {
  const { host, access } = deps;
  const openArtifacts = createOpenArtifacts(deps.artifacts);
  const helm: HelmPlace = {};

  async function runIn(name: string, item: WorkItem, signal: AbortSignal): Promise<void> {
    // A sandbox is frozen when its function has answered: what a run had left would go on later, beside the next run over the same object.
    const over = new AbortController();
    const opened = await access.open(name, AbortSignal.any([signal, over.signal]));
    if (opened.kind === "unknown") {
      host.log.error("no such cluster", { cluster: name, item: item.kind });
      return; // it was taken out of the configuration, and nothing is owed to it any more
    }
    const before = requestsOf(opened);
    try {
      const engine = createEngine({ ...engineDeps(deps, name, opened, item), openArtifacts, helm });
      const end = await engine.run(item);
      count(host, name, end);
      // What may not be listed is not looked after: that the cluster answered must not keep the alarm quiet.
      if (item.kind === "cluster" && end.kind === "cluster" && end.report.refused === 0) countSwept(host, item);
    } finally {
      over.abort();
      host.metrics.count("ApiRequests", requestsOf(opened) - before, { cluster: name });
    }
  }

  /** One message for each cluster, so that one that does not answer delays no other; a single one is looked into at once. */
  async function runPush(item: PushItem, signal: AbortSignal): Promise<void> {
    const [first, ...others] = deps.clusters;
    if (first !== undefined && others.length === 0) return runIn(first, item, signal);
    await Promise.all(deps.clusters.map((cluster) => deps.queue.send({ ...item, cluster })));
  }

  return {
    run: (item, signal) => {
      switch (item.kind) {
        case "object":
          return runIn(item.key.cluster, item, signal);
        case "cluster":
          return runIn(item.cluster, item, signal);
        case "push":
          return item.cluster === undefined ? runPush(item, signal) : runIn(item.cluster, item, signal);
      }
    },
  };
}

function engineDeps(deps: EngineHostDeps, clusterName: string, { http, cluster, kinds, as }: OpenCluster, item: WorkItem): EngineDeps {
  const { host, git, artifacts, renders, charts, indexes, kustomizer } = deps;
  const log = host.logOf(clusterName);
  const told = loggingEvents(both(createEventSink(http, host.clock), deps.topicOf(clusterName)), log, clusterName);
  return {
    cluster,
    as,
    kinds,
    queue: followUps(createAlignedLooks(deps.queue, host.clock), item),
    git,
    artifacts,
    renders,
    charts,
    indexes,
    kustomizer,
    events: measuredEvents(told, item, { metrics: host.metrics, clock: host.clock, cluster: clusterName }),
    clock: host.clock,
    randomBytes,
    log,
    settings: engineSettings(deps.settings),
    clusterName,
    ...(deps.receiverIndex !== undefined && { receiverIndex: deps.receiverIndex }),
  };
}

const engineSettings = ({ noCrossNamespaceRefs, defaultServiceAccount }: HostSettings): Settings => ({
  ...DEFAULT_SETTINGS,
  ...(noCrossNamespaceRefs !== undefined && { noCrossNamespaceRefs }),
  ...(defaultServiceAccount !== undefined && { defaultServiceAccount }),
});

/** The topic hears of an event also when the cluster does not take it. */
const both = (cluster: EventSink, topic: EventSink): EventSink => ({
  emit: async (event) => {
    const ends = await Promise.allSettled([cluster.emit(event), topic.emit(event)]);
    for (const end of ends) if (end.status === "rejected") throw end.reason;
  },
});

const requestsOf = ({ http }: OpenCluster): number => [...http.sent.values()].reduce((sum, sent) => sum + sent, 0);

const PASS_METRICS = {
  succeeded: "PassSucceeded",
  progressing: "PassProgressing",
  waiting: "PassWaiting",
  failed: "PassFailed",
  stalled: "PassStalled",
  skipped: "PassSkipped",
} as const;

function count({ metrics }: FunctionHost, cluster: string, end: RunEnd): void {
  switch (end.kind) {
    case "object":
      metrics.count(PASS_METRICS[end.outcome.kind], 1, { cluster });
      return;
    case "push":
      return;
    case "cluster": {
      const { listed, due, sent } = end.report;
      metrics.count("SweepListed", listed, { cluster });
      metrics.count("SweepDue", due, { cluster });
      metrics.count(
        "SweepSent",
        Object.values(sent).reduce((sum, times) => sum + times, 0),
        { cluster },
      );
    }
  }
}

function countSwept({ metrics, clock }: FunctionHost, { cluster, until }: ClusterItem): void {
  metrics.count("Swept", 1, { cluster });
  metrics.milliseconds("SweepAge", clock.now() - until, { cluster });
}
