import type { Chart } from "../../build/helm/chart/chart.ts";
import { configDigest } from "../../build/helm/values/config-digest.ts";
import { hideValues } from "../../build/hide-secrets.ts";
import type { HelmStoredRelease } from "../../domain/helm-release.ts";
import { type EpochMs, elapsed, type Milliseconds, parseTime } from "../../domain/time.ts";
import type { HelmRelease, Snapshot } from "../../flux/helm-release-object.ts";
import { given } from "../../flux/reader.ts";
import { type History, latestOf, previousOf, recordRelease, recordRollback, recordUninstall } from "../../release/history.ts";
import type { ReleaseProgress } from "../../release/progress.ts";
import { secretValuesOfRelease } from "../../release/secret-values.ts";
import type { ActionEnd, ReleaseAction } from "./action.ts";
import { type ActionName, runningText } from "./announced.ts";
import type { End } from "./end.ts";
import { noteInventory } from "./inventory-after.ts";
import { type Ended, recordReleaseEnd, recordRemediationEnd, recordRollbackEnd, recordTestEnd, triedChart } from "./record.ts";
import { settingsFor, storageOf, type Target, type Turn } from "./turn.ts";

/** An action on a release that the HelmRelease still wants. */
export type Taken = {
  readonly kind: Exclude<ReleaseProgress["action"], "uninstall">;
  readonly action: ReleaseAction;
  /** What no message of a failure may show: the server quotes what it will not have, and knows no secret in it. */
  readonly hidden: readonly string[];
  /** Of what is tried; absent where what is stored tells. */
  readonly tried?: { readonly chart: Chart; readonly valuesDigest: string };
  /** Which history the action begins with; absent: the one that there is. */
  readonly history?: History;
  /** When it began, if a pass before this one began it. */
  readonly began?: string;
};

/** How a pass goes on after an action: it ends with `end`, or looks again. `written`: the newest revision that was stored. */
export type Taking = { readonly end?: End; readonly written?: HelmStoredRelease };

/** Announces an action, takes it as far as it goes now, and notes what came of it. */
export async function takeAction(turn: Turn, target: Target, taken: Taken): Promise<Taking> {
  const { deps, draft } = turn;
  const moved = await announce(turn, taken);
  if (moved !== undefined) return { end: moved };
  const started = parseTime(taken.began) ?? deps.clock.now();
  const { runAction } = await import("./actions/run-action.ts");
  const settings = await settingsFor(turn, target);
  const end = await runAction(deps, settings, taken.action);
  if (end.kind === "in-progress") return { end: await underWay(turn, taken, end) };
  await noteEnd(turn, target, taken, end, started);
  const [written] = end.releases;
  const isLost = end.kind === "failed" && (taken.kind === "test" ? isUntested(draft.object()) : written === undefined);
  if (isLost) return { end: { kind: "action-failed", cause: causeOf(draft.object(), end.message) } };
  return written === undefined ? {} : { written };
}

/** A test of which nothing was observed is tried again. */
const isUntested = ({ status }: HelmRelease): boolean => latestOf(status.history ?? [])?.testHooks === undefined;

const causeOf = ({ status }: HelmRelease, message: string): { readonly reason: string; readonly message: string } => {
  const ready = (status.conditions ?? []).find(({ type }) => type === "Ready");
  return { reason: ready?.reason ?? "ReconcileError", message: ready?.message ?? message };
};

/** Says what is about to be done, before it is: should this process end in between, the next one knows. */
async function announce({ draft }: Turn, { kind, history }: Taken): Promise<End | undefined> {
  const { spec } = draft.object();
  const message = runningText(nameOf(kind), timeoutOf(spec, kind));
  draft.mark("Reconciling", { status: "True", reason: "Progressing", message });
  if (kind === "install" || kind === "upgrade") {
    draft.mark("Ready", { status: "Unknown", reason: "Progressing", message });
    draft.unmark("TestSuccess", "Remediated");
    draft.change({ ...draft.object().status, lastAttemptedReleaseAction: kind });
  }
  if (history !== undefined) draft.change(withHistory(draft.object(), history));
  return movedEnd(await draft.write());
}

export function movedEnd(written: "written" | "unchanged" | "moved" | "gone"): End | undefined {
  switch (written) {
    case "written":
    case "unchanged":
      return undefined;
    case "moved":
      return { kind: "moved", why: "the object has moved on" };
    case "gone":
      return { kind: "moved", why: "gone" };
  }
}

/** What is in storage by now stands in the status, too: from there the next pass knows where to look. */
async function underWay(turn: Turn, taken: Taken, end: ActionEnd & { readonly kind: "in-progress" }): Promise<End> {
  const { draft } = turn;
  const { releases } = end;
  const before = draft.object().status.history ?? [];
  const [newest] = releases;
  switch (taken.kind) {
    case "install":
    case "upgrade":
      draft.change(withHistory(draft.object(), recordRelease(before, { releases, configDigest, action: taken.kind })));
      break;
    case "rollback":
      draft.change(withHistory(draft.object(), recordRollback(before, { releases, configDigest })));
      break;
    case "uninstall-remediation":
      draft.change(withHistory(draft.object(), recordUninstall(before, { releases, configDigest }, taken.kind)));
      break;
    case "test":
      break;
  }
  if (newest !== undefined && taken.tried !== undefined) await noteInventory(turn.deps, draft, newest, taken.tried.chart);
  const written = await draft.writeOver();
  return movedEnd(written) ?? { kind: "in-progress", retryIn: end.retryIn };
}

/** `end` as it is told: with the revision before, where an upgrade or rollback has written that in a pass of its own. */
export async function noteEnd(turn: Turn, target: Target, taken: Omit<Taken, "action">, ended: Ended, started: EpochMs): Promise<void> {
  const end = withoutValues(ended, taken.hidden);
  const { deps, draft } = turn;
  const took: Milliseconds = elapsed(started, deps.clock.now());
  const known = draft.object().status.history ?? [];
  switch (taken.kind) {
    case "install":
    case "upgrade": {
      const whole = taken.kind === "upgrade" ? await withDeployed(turn, target, end) : end;
      const [newest] = whole.releases;
      const chart = newest === undefined ? taken.tried?.chart.metadata : triedChart(newest);
      const values = newest === undefined ? (taken.tried?.valuesDigest ?? "") : configDigest(newest.config ?? {});
      recordReleaseEnd(draft, taken.kind, { end: whole, chart: chart ?? { name: "", version: "" }, values, took });
      if (newest !== undefined) await noteInventory(deps, draft, newest, taken.tried?.chart ?? "stored chart");
      return;
    }
    case "test":
      return recordTestEnd(draft, end);
    case "rollback": {
      const whole = await withDeployed(turn, target, end);
      const goal = rollbackGoal(draft.object(), whole.releases[0]);
      if (goal === undefined) throw new Error("a rollback without anything to go back to");
      recordRollbackEnd(draft, whole, goal);
      const [newest] = whole.releases;
      if (newest !== undefined) await noteInventory(deps, draft, newest, "no chart");
      return;
    }
    case "uninstall-remediation":
      if (latestOf(known) !== undefined) recordRemediationEnd(draft, end);
      return;
  }
}

const HIDDEN = "*****";

/** What an end says that was found in storage stands there in Helm's words, with whatever they quote. */
export function withoutValues(end: Ended, hidden: readonly string[]): Ended {
  if (end.kind === "succeeded") return end;
  const values = [...hidden, ...end.releases.flatMap(secretValuesOfRelease)];
  const hide = (text: string): string => hideValues(text, values, HIDDEN);
  return { ...end, message: hide(end.message), logs: end.logs.map(hide) };
}

/** The revision that was deployed before, as it stands now: a pass before this one may have written it. */
async function withDeployed(turn: Turn, target: Target, end: Ended): Promise<Ended> {
  const [newest, ...older] = end.releases;
  if (newest === undefined || older.length > 0) return end;
  const before = (turn.draft.object().status.history ?? []).find(({ version, status }) => version < newest.version && status === "deployed");
  if (before === undefined) return end;
  const answer = await storageOf(turn, target).read(before.version);
  return answer.kind === "found" ? { ...end, releases: [newest, answer.secret.release] } : end;
}

/** To what it went back: the newest that was good before the rollback's own revision. */
function rollbackGoal({ spec, status }: HelmRelease, made: HelmStoredRelease | undefined): Snapshot | undefined {
  const before = (status.history ?? []).filter(({ version }) => version !== made?.version);
  return previousOf(before, spec.upgrade.remediation.ignoreTestFailures);
}

const withHistory = ({ status }: HelmRelease, history: History): HelmRelease["status"] =>
  given({ ...status, history: history.length === 0 ? undefined : [...history] });

const nameOf = (kind: Taken["kind"]): ActionName => (kind === "uninstall-remediation" ? "uninstall" : kind);

const timeoutOf = (spec: HelmRelease["spec"], kind: Taken["kind"]): Milliseconds =>
  spec[nameOf(kind) as Exclude<ActionName, "unlock" | "correct cluster drift">].timeout;
