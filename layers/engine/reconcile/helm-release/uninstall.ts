import { findCondition } from "../../domain/condition.ts";
import { type Milliseconds, parseTime } from "../../domain/time.ts";
import type { Snapshot } from "../../flux/helm-release-object.ts";
import { latestOf } from "../../release/history.ts";
import { releaseText } from "../../release/snapshot.ts";
import type { ActionEnd, ReleaseProgress } from "./action.ts";
import { composeValues } from "./compose-values.ts";
import { recordUninstallEnd } from "./record.ts";
import { summarise } from "./summarise.ts";
import { noteEnd, type Taken, withoutValues } from "./take-action.ts";
import * as texts from "./texts.ts";
import { settingsFor, storageOf, type Target, type Turn } from "./turn.ts";

export type Uninstalled =
  /** Also where there was nothing to uninstall. */
  { readonly kind: "done" } | { readonly kind: "in-progress"; readonly retryIn: Milliseconds } | { readonly kind: "failed"; readonly message: string };

const KIND: { readonly [Action in ReleaseProgress["action"]]: Taken["kind"] } = {
  install: "install",
  upgrade: "upgrade",
  rollback: "rollback",
  test: "test",
  uninstall: "uninstall-remediation",
  "uninstall-remediation": "uninstall-remediation",
};

/** Takes away the release that the status knows, wherever it stands. Source: fluxcd/helm-controller, internal/reconcile/uninstall.go. */
export async function uninstallKnown(turn: Turn): Promise<Uninstalled> {
  const { draft } = turn;
  const { status, spec } = draft.object();
  const known = latestOf(status.history ?? []);
  if (known === undefined) return { kind: "done" };
  const target = { releaseName: known.name, releaseNamespace: known.namespace, storageNamespace: status.storageNamespace ?? spec.storageNamespace };
  const found = await storageOf(turn, target).latest(known.version);
  if (found.kind === "failed") return failed(turn, known, found.message);
  if (found.kind === "absent") return unmade(turn, texts.alreadyGone(known));
  const { release, progress } = found.secret;
  if (progress === undefined && release.info.status === "uninstalled" && spec.uninstall.keepHistory) return unmade(turn, texts.alreadyUninstalled(known));
  const { runAction } = await import("./actions/run-action.ts");
  const isUnderWay = progress?.action === "uninstall" || progress?.action === "uninstall-remediation";
  if (progress !== undefined && !isUnderWay) {
    // To its end first: until then nobody knows what belongs to the release.
    const ended = await runAction(turn.deps, await settingsFor(turn, target), { kind: "continue", release, progress });
    if (ended.kind === "in-progress") return { kind: "in-progress", retryIn: ended.retryIn };
    await noteEnd(
      turn,
      target,
      { kind: KIND[progress.action], hidden: await hiddenOf(turn, ended) },
      ended,
      parseTime(progress.began) ?? turn.deps.clock.now(),
    );
    return uninstallKnown(turn);
  }
  const action = isUnderWay ? ({ kind: "continue", release, progress } as const) : ({ kind: "uninstall", release } as const);
  const end = await runAction(turn.deps, await settingsFor(turn, target), action);
  if (end.kind === "in-progress") return { kind: "in-progress", retryIn: end.retryIn };
  const shown = withoutValues(end, await hiddenOf(turn, end));
  const told = release.version === known.version ? shown : mismatch(known, { ...target, version: release.version }, shown);
  recordUninstallEnd(draft, told, known);
  return told.kind === "failed" ? { kind: "failed", message: told.message } : { kind: "done" };
}

/** Hooks have values, too, and a server quotes them. */
const hiddenOf = async ({ deps, draft }: Turn, { kind }: ActionEnd): Promise<readonly string[]> =>
  kind === "failed" ? (await composeValues(deps.cluster, draft.object())).hidden : [];

/** Helm uninstalls the latest revision, whoever made it. Source: reference 3.5, "Two HelmReleases with one release name". */
function mismatch(
  known: Snapshot,
  { releaseNamespace, releaseName, version }: Target & { readonly version: number },
  end: Exclude<ActionEnd, { kind: "in-progress" }>,
) {
  if (end.kind === "failed") return end;
  const gone = releaseText({ namespace: releaseNamespace, name: releaseName, version });
  return { ...end, kind: "failed" as const, message: `release mismatch: uninstalled release ${gone} != current release ${releaseText(known)}` };
}

function unmade({ draft }: Turn, message: string): Uninstalled {
  draft.mark("Released", { status: "False", reason: "UninstallSucceeded", message });
  summarise(draft);
  return { kind: "done" };
}

function failed({ draft }: Turn, known: Snapshot, problem: string): Uninstalled {
  recordUninstallEnd(draft, { kind: "failed", message: problem, releases: [], logs: [] }, known);
  return { kind: "failed", message: findCondition(draft.object().status.conditions ?? [], "Released")?.message ?? problem };
}
