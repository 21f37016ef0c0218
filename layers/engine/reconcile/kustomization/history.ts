import { formatDuration } from "../../domain/duration.ts";
import { type EpochMs, formatTime, type Milliseconds } from "../../domain/time.ts";

export type HistoryEntry = {
  readonly digest: string;
  readonly firstReconciled: string;
  readonly lastReconciled: string;
  readonly lastReconciledDuration: string;
  readonly lastReconciledStatus: string;
  readonly totalReconciliations: number;
  readonly metadata?: { readonly [key: string]: string };
};

const MOST = 5;

/**
 * `history` with a run in it that ended as `status` (a reason) with manifests of `digest`: newest first, at most five.
 * A run that ended like the newest one, at the same revision, changes nothing: history moves only when status or revision do.
 * Source: reference 2.2.
 */
export function recordRun(
  history: readonly HistoryEntry[],
  run: { readonly digest: string; readonly status: string; readonly revision: string; readonly now: EpochMs; readonly took: Milliseconds },
): readonly HistoryEntry[] {
  const isSame = (entry: HistoryEntry): boolean => entry.digest === run.digest && entry.lastReconciledStatus === run.status;
  const [newest] = history;
  if (newest !== undefined && isSame(newest) && newest.metadata?.revision === run.revision) return history;
  const before = history.find(isSame);
  const now = formatTime(run.now);
  const entry: HistoryEntry = {
    digest: run.digest,
    firstReconciled: before?.firstReconciled ?? now,
    lastReconciled: now,
    lastReconciledDuration: formatDuration(run.took),
    lastReconciledStatus: run.status,
    totalReconciliations: (before?.totalReconciliations ?? 0) + 1,
    metadata: { revision: run.revision },
  };
  return [entry, ...history.filter((other) => !isSame(other))].slice(0, MOST);
}
