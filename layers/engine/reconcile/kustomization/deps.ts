import type { Kustomizer } from "../../build/kustomize/build.ts";
import type { Kustomization } from "../../flux/kustomization-object.ts";
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

/** Why nothing may be done in the name of the account that the object, or the host for it, names. Source: security.md, impersonation. */
export function identityProblem({ spec }: Kustomization, { defaultServiceAccount }: Settings): string | undefined {
  const account = spec.serviceAccountName ?? defaultServiceAccount;
  if (account === undefined || (/^[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?$/.test(account) && account.length <= 253)) return undefined;
  return `${JSON.stringify(account.slice(0, 253))} names no service account: nothing is done with other rights in its place`;
}

/** The user whose rights count for everything that is applied, or undefined for our own. Source: reference 7.1. */
export function impersonatedUser(object: Kustomization, settings: Settings): string | undefined {
  const account = object.spec.serviceAccountName ?? settings.defaultServiceAccount;
  return account === undefined ? undefined : `system:serviceaccount:${object.metadata.namespace}:${account}`;
}
