import type { Kustomizer } from "../../build/kustomize/build.ts";
import type { RenderStore } from "../../ports/artifact-store.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Cluster } from "../../ports/cluster.ts";
import type { EventSink } from "../../ports/event-sink.ts";
import type { Kinds } from "../../ports/kinds.ts";
import type { Log } from "../../ports/log.ts";
import type { Settings } from "../settings.ts";
import type { OpenArtifacts } from "./open-artifacts.ts";

export type KustomizationDeps = {
  /** As ourselves: Flux objects, references, status. */
  readonly cluster: Cluster;
  /** As the user that counts for what is applied; undefined is ourselves. */
  as(user: string | undefined): Cluster;
  readonly kinds: Kinds;
  readonly openArtifacts: OpenArtifacts;
  readonly renders: RenderStore;
  readonly kustomizer: Kustomizer;
  readonly events: EventSink;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: Settings;
};

export const CONTROLLER = "kustomize-controller";
export const CRD = "kustomizations.kustomize.toolkit.fluxcd.io";
