import type { HelmStoredRelease } from "../domain/helm-release.ts";
import type { Snapshot } from "../flux/helm-release-object.ts";
import { hasFailedTest, isOf, type SnapshotOptions, snapshotOf, testHooksOf } from "./snapshot.ts";

/** Newest first. */
export type History = readonly Snapshot[];

/** What is kept where nothing was ever deployed. */
const KEPT = 5;

export const latestOf = (history: History): Snapshot | undefined => sorted(history)[0];

/** The newest before the latest to which one could go back. */
export const previousOf = (history: History, ignoreTests: boolean): Snapshot | undefined => sorted(history).slice(1).find(canBeRolledBackTo(ignoreTests));

/** Up to and with the one that could be gone back to; the five newest where there is none. Source: fluxcd/helm-controller, api/v2 Snapshots.Truncate. */
export function truncate(history: History, ignoreTests: boolean): History {
  const newestFirst = sorted(history);
  const index = newestFirst.slice(1).findIndex(canBeRolledBackTo(ignoreTests));
  return newestFirst.slice(0, index < 0 ? KEPT : index + 2);
}

/** The five newest, whatever they are. Source: reference 3.2, "with RetryOnFailure". */
export const truncateToNewest = (history: History): History => sorted(history).slice(0, KEPT);

const canBeRolledBackTo =
  (ignoreTests: boolean) =>
  (snapshot: Snapshot): boolean =>
    (snapshot.status === "deployed" || snapshot.status === "superseded") && (ignoreTests || !hasFailedTest(snapshot));

type Recording = Pick<SnapshotOptions, "configDigest"> & {
  /** What the action wrote, newest first. */
  readonly releases: readonly HelmStoredRelease[];
};

/**
 * After an install or upgrade: the newest revision comes in front; of the older ones that Helm wrote beside it (superseded, or still deployed) the first that is
 * known is told anew, without the action that had made it. Source: fluxcd/helm-controller, observedReleases.recordOnObject; recorded in helm/upgrade-failed-stays.
 */
export function recordRelease(
  history: History,
  { releases, configDigest, action, ociDigest = "" }: Recording & Pick<SnapshotOptions, "action" | "ociDigest">,
): History {
  const [newest, ...older] = sortedReleases(releases);
  if (newest === undefined) return history;
  const known = older.find((release) => history.some((snapshot) => isOf(snapshot, release)));
  const others = history.filter((snapshot) => !isOf(snapshot, newest));
  const retold = known === undefined ? others : replace(others, known, (before) => again(known, before, configDigest));
  return sorted([snapshotOf(newest, { configDigest, ociDigest, ...(action !== undefined && { action }) }), ...retold]);
}

/** After a rollback: everything that was written is its doing. Source: fluxcd/helm-controller, observeRollback. */
export function recordRollback(history: History, { releases, configDigest }: Recording): History {
  const [newest] = sortedReleases(releases);
  const retold = releases.reduce((all, release) => replace(all, release, (before) => again(release, before, configDigest, "rollback")), history);
  if (newest === undefined || retold.some((snapshot) => isOf(snapshot, newest))) return sorted(retold);
  return sorted([snapshotOf(newest, { configDigest, action: "rollback" }), ...retold]);
}

/** After an uninstall: only what is known is told of. Source: fluxcd/helm-controller, observeUninstall. */
export const recordUninstall = (history: History, { releases, configDigest }: Recording, action: "uninstall" | "uninstall-remediation"): History =>
  releases.reduce((all, release) => replace(all, release, (before) => again(release, before, configDigest, action)), history);

/** After tests: results count for the latest only. Source: fluxcd/helm-controller, observeTest. */
export function recordTest(history: History, { releases, configDigest }: Recording): History {
  const latest = latestOf(history);
  const tested = releases.find((release) => latest !== undefined && isOf(latest, release));
  if (tested === undefined) return history;
  return replace(history, tested, (before) => ({ ...again(tested, before, configDigest, before.action), testHooks: testHooksOf(tested) }));
}

/** After an unlock: the revision stays what it was, but for its status. Source: fluxcd/helm-controller, observeUnlock. */
export const recordUnlock = (history: History, { releases, configDigest }: Recording): History =>
  releases.reduce((all, release) => replace(all, release, ({ testHooks: _, ...before }) => again(release, before, configDigest, before.action)), history);

function again(release: HelmStoredRelease, { testHooks, ociDigest = "" }: Snapshot, configDigest: SnapshotOptions["configDigest"], action?: string): Snapshot {
  return snapshotOf(release, { configDigest, ociDigest, ...(action !== undefined && { action }), ...(testHooks !== undefined && { testHooks }) });
}

const replace = (history: History, release: HelmStoredRelease, make: (before: Snapshot) => Snapshot): History =>
  history.map((snapshot) => (isOf(snapshot, release) ? make(snapshot) : snapshot));

const sorted = (history: History): History => history.toSorted((a, b) => b.version - a.version);
const sortedReleases = (releases: readonly HelmStoredRelease[]): readonly HelmStoredRelease[] => releases.toSorted((a, b) => b.version - a.version);
