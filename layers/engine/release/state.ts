import type { HelmStoredRelease } from "../domain/helm-release.ts";
import { isObject } from "../domain/json.ts";
import type { HelmRelease } from "../flux/helm-release-object.ts";
import { latestOf } from "./history.ts";
import { releaseDigest } from "./observation.ts";
import type { ReleaseProgress } from "./progress.ts";
import { activeHandling } from "./retries.ts";
import type { ReleaseSecret } from "./secret.ts";
import { hasFailedTest } from "./snapshot.ts";

/** How Helm's storage stands to what the HelmRelease asks for. That the cluster has drifted shows only beyond `in-sync`. Source: reference 3.5. */
export type ReleaseState =
  | { readonly kind: "absent"; readonly reason: string; readonly release?: HelmStoredRelease }
  /** An action of ours that is not at its end. */
  | { readonly kind: "in-progress"; readonly release: HelmStoredRelease; readonly progress: ReleaseProgress }
  /** Somebody else left it in the middle of an action. */
  | { readonly kind: "locked"; readonly release: HelmStoredRelease }
  | { readonly kind: "unmanaged" | "out-of-sync" | "failed"; readonly release: HelmStoredRelease; readonly reason: string }
  | { readonly kind: "untested" | "in-sync"; readonly release: HelmStoredRelease }
  | { readonly kind: "unknown"; readonly message: string };

/** What the release should be made of. */
export type Desired = {
  readonly chartName: string;
  readonly chartVersion: string;
  readonly configDigest: string;
  readonly postRenderersDigest: string | undefined;
  readonly commonMetadataDigest: string | undefined;
};

const PENDING: readonly HelmStoredRelease["info"]["status"][] = ["pending-install", "pending-upgrade", "pending-rollback"];

/** `latest`: the newest revision in storage. Source: fluxcd/helm-controller, DetermineReleaseState. */
export function releaseState(object: HelmRelease, latest: ReleaseSecret | undefined, desired: Desired): ReleaseState {
  if (latest === undefined) return { kind: "absent", reason: "no release in storage for object" };
  const { release, progress } = latest;
  if (progress !== undefined) return { kind: "in-progress", release, progress };
  if (PENDING.includes(release.info.status)) return { kind: "locked", release };
  const current = latestOf(object.status.history ?? []);
  if (current === undefined && release.info.status !== "uninstalled") return { kind: "unmanaged", release, reason: "found existing release in storage" };
  if (current !== undefined && current.digest !== releaseDigest(release, current.ociDigest))
    return { kind: "unmanaged", release, reason: "release not observed to be made for object" };
  switch (release.info.status) {
    case "uninstalled":
      return { kind: "absent", reason: "found uninstalled release in storage", release };
    case "failed":
      return { kind: "failed", release, reason: "" };
    case "deployed":
      return deployedState(object, release, desired);
    case "unknown":
    case "superseded":
    case "uninstalling":
    case "pending-install":
    case "pending-upgrade":
    case "pending-rollback":
      return { kind: "unknown", message: `unable to determine state for release with status '${release.info.status}'` };
  }
}

function deployedState(object: HelmRelease, release: HelmStoredRelease, desired: Desired): ReleaseState {
  const changed = difference(object, release, desired);
  if (changed !== undefined) return { kind: "out-of-sync", release, reason: changed };
  const { enable } = object.spec.test;
  const current = latestOf(object.status.history ?? []);
  if (!enable || current === undefined) return { kind: "in-sync", release };
  if (current.testHooks === undefined) return { kind: "untested", release };
  const handling = activeHandling(object);
  const counts = handling !== undefined && !handling.remediation.ignoreTestFailures;
  return counts && hasFailedTest(current) ? { kind: "failed", release, reason: "release has test in failed phase" } : { kind: "in-sync", release };
}

/** Post-renderers and common metadata are only looked at with a new generation: they cannot change without one. Recorded in helm/common-metadata-changes-later. */
function difference({ metadata, status }: HelmRelease, { chart }: HelmStoredRelease, desired: Desired): string | undefined {
  const { name, version } = isObject(chart.metadata) ? chart.metadata : {};
  if (name !== desired.chartName || version !== desired.chartVersion) return "release chart changed";
  if (latestOf(status.history ?? [])?.configDigest !== desired.configDigest) return "release config values changed";
  if (status.observedGeneration === metadata.generation) return undefined;
  if (status.observedPostRenderersDigest !== desired.postRenderersDigest) return "postrenderers digest has changed";
  return status.observedCommonMetadataDigest === desired.commonMetadataDigest ? undefined : "common metadata digest has changed";
}
