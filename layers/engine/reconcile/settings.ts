import type { ObjectRef } from "../domain/manifest.ts";
import { hours, type Milliseconds, seconds } from "../domain/time.ts";

/** What a host decides for all objects of a cluster; Flux has most of it as controller flags (reference 0.10, 2.9, 7). */
export type Settings = {
  /** References into other namespaces stall the object. */
  readonly noCrossNamespaceRefs: boolean;
  /** The ServiceAccount to impersonate where an object names none; undefined: our own identity. */
  readonly defaultServiceAccount: string | undefined;
  /** Stage 3 of an apply: `group/Kind`. */
  readonly customStageKinds: ReadonlySet<string>;
  /** The Deployment that `sluice install` leaves: while it is not there, nothing is pruned and no finalizer is added. */
  readonly marker: ObjectRef;
  /** Requests side by side within one run. */
  readonly parallel: number;
  /** How long a stage may take to be established. */
  readonly stageTimeout: Milliseconds;
  /**
   * So often the server is asked about every object: a policy or webhook that came later shows only there. All objects of a Kustomization are asked about in one
   * pass, at a time of its own, since where passes are found out by a sweep each turn is an invocation. Source: design §6.
   */
  readonly fullLookEvery: Milliseconds;
};

export const DEFAULT_SETTINGS: Settings = {
  noCrossNamespaceRefs: false,
  defaultServiceAccount: undefined,
  customStageKinds: new Set(),
  marker: { apiVersion: "apps/v1", kind: "Deployment", namespace: "flux-system", name: "sluice" },
  parallel: 8,
  stageTimeout: seconds(60),
  fullLookEvery: hours(24),
};
