import type { HelmPlace } from "../../build/helm/helm-memory.ts";
import type { ArtifactStore, RenderStore } from "../../ports/artifact-store.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Cluster } from "../../ports/cluster.ts";
import type { EventSink } from "../../ports/event-sink.ts";
import type { Kinds } from "../../ports/kinds.ts";
import type { Log } from "../../ports/log.ts";
import type { Settings } from "../settings.ts";

/** Everything that a pass over a HelmRelease needs of the world, its actions included. */
export type HelmReleaseDeps = {
  /** As ourselves: Flux objects, references, status. */
  readonly cluster: Cluster;
  /** As the user that counts for the release, its storage included; undefined is ourselves. */
  as(user: string | undefined): Cluster;
  readonly kinds: Kinds;
  readonly artifacts: ArtifactStore;
  /** For what the server has said of drift. */
  readonly renders: RenderStore;
  /** What passes before this one know of charts. */
  readonly helm?: HelmPlace;
  readonly events: EventSink;
  readonly clock: Clock;
  /** Nobody can foresee them: charts make passwords of what is drawn from them. */
  randomBytes(count: number): Uint8Array;
  readonly log: Log;
  readonly settings: Settings;
};

export const CONTROLLER = "helm-controller";
export const CRD = "helmreleases.helm.toolkit.fluxcd.io";
