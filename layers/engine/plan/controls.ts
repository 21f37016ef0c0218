import type { Manifest } from "../domain/manifest.ts";

const GROUP = "kustomize.toolkit.fluxcd.io";

/** Labels or annotations by which a user steers single objects. Source: reference 2.6.4. */
export const RECONCILE = `${GROUP}/reconcile`;
export const SSA = `${GROUP}/ssa`;
export const FORCE = `${GROUP}/force`;
export const PRUNE = `${GROUP}/prune`;

/** What the labels and annotations of one object, in Git and in the cluster, say about its apply. */
export type Controls = {
  /** Why the object is neither applied nor pruned, or undefined when it is applied. */
  readonly skip: "reconcile-disabled" | "ssa-ignore" | "present" | undefined;
  /** Fields of other managers stay theirs: no clean-up. */
  readonly merge: boolean;
  /** Deleted and created again when the server refuses the change. */
  readonly force: boolean;
};

/** True when `key` has `value`, in whatever case, as a label or as an annotation. A manifest may say `labels: null`. */
const says = (manifest: Manifest | undefined, key: string, value: string): boolean =>
  [manifest?.metadata.labels ?? {}, manifest?.metadata.annotations ?? {}].some(
    (texts) => Object.hasOwn(texts, key) && String(texts[key]).toLowerCase() === value,
  );

/** Source: reference 2.6.4: `reconcile`, `Ignore`, `Merge` and `force` count on either side, `IfNotPresent` on the desired one only. */
export function controlsOf(desired: Manifest, live: Manifest | undefined): Controls {
  const either = (key: string, value: string): boolean => says(desired, key, value) || says(live, key, value);
  return { skip: skipOf(desired, live, either), merge: either(SSA, "merge"), force: either(FORCE, "enabled") };
}

function skipOf(desired: Manifest, live: Manifest | undefined, either: (key: string, value: string) => boolean): Controls["skip"] {
  if (either(RECONCILE, "disabled")) return "reconcile-disabled";
  if (either(SSA, "ignore")) return "ssa-ignore";
  return live !== undefined && says(desired, SSA, "ifnotpresent") ? "present" : undefined;
}

/** True when a live object says that it must not be deleted by us. Source: reference 2.6.4, 2.6.5. */
export const isKeptFromPrune = (live: Manifest): boolean => says(live, PRUNE, "disabled") || says(live, RECONCILE, "disabled") || says(live, SSA, "ignore");
