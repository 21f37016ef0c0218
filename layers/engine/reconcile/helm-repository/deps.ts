import type { ArtifactStore, RenderStore } from "../../ports/artifact-store.ts";
import type { ChartRepositories } from "../../ports/chart-repositories.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Cluster } from "../../ports/cluster.ts";
import type { EventSink } from "../../ports/event-sink.ts";
import type { Log } from "../../ports/log.ts";
import type { Settings } from "../settings.ts";

export type HelmRepositoryDeps = {
  readonly cluster: Cluster;
  readonly charts: ChartRepositories;
  readonly artifacts: ArtifactStore;
  /** Shards of indexes, and what servers said of their versions. */
  readonly renders: RenderStore;
  readonly events: EventSink;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: Settings;
};

export const CRD = "helmrepositories.source.toolkit.fluxcd.io";
