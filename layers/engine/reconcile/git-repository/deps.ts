import type { Milliseconds } from "../../domain/time.ts";
import type { ArtifactStore } from "../../ports/artifact-store.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Cluster } from "../../ports/cluster.ts";
import type { EventSink } from "../../ports/event-sink.ts";
import type { GitRemotes } from "../../ports/git-remote.ts";
import type { Log } from "../../ports/log.ts";
import type { Settings } from "../settings.ts";

export type GitRepositoryDeps = {
  readonly cluster: Cluster;
  readonly git: GitRemotes;
  readonly artifacts: ArtifactStore;
  readonly events: EventSink;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: Settings & {
    /** How soon to look again for an include that is not there. Flux: `--requeue-dependency`, 30 s. */
    readonly requeueDependency?: Milliseconds;
  };
};

export const CRD = "gitrepositories.source.toolkit.fluxcd.io";
export const OWNED_CONDITIONS = [
  "Ready",
  "Reconciling",
  "Stalled",
  "ArtifactInStorage",
  "ArtifactOutdated",
  "FetchFailed",
  "IncludeUnavailable",
  "StorageOperationFailed",
  "SourceVerified",
] as const;
