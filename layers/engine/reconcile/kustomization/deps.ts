import type { Kustomization } from "../../flux/kustomization-object.ts";
import type { ArtifactStore, RenderStore } from "../../ports/artifact-store.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Cluster } from "../../ports/cluster.ts";
import type { EventSink } from "../../ports/event-sink.ts";
import type { Kinds } from "../../ports/kinds.ts";
import type { Kustomize } from "../../ports/kustomize.ts";
import type { Log } from "../../ports/log.ts";
import type { Settings } from "../settings.ts";

export type KustomizationDeps = {
  /** As ourselves: Flux objects, references, status. */
  readonly cluster: Cluster;
  /** As the user that counts for what is applied; undefined is ourselves. */
  as(user: string | undefined): Cluster;
  readonly kinds: Kinds;
  readonly artifacts: ArtifactStore;
  readonly renders: RenderStore;
  readonly kustomize: Kustomize;
  readonly events: EventSink;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: Settings;
};

export const CONTROLLER = "kustomize-controller";
export const CRD = "kustomizations.kustomize.toolkit.fluxcd.io";

/** The user whose rights count for everything that is applied, or undefined for our own. Source: reference 7.1. */
export function impersonatedUser(object: Kustomization, settings: Settings): string | undefined {
  const account = object.spec.serviceAccountName ?? settings.defaultServiceAccount;
  return account === undefined ? undefined : `system:serviceaccount:${object.metadata.namespace}:${account}`;
}
