import { configDigest } from "../../build/helm/values/config-digest.ts";
import type { HelmRelease } from "../../flux/helm-release-object.ts";
import { latestOf } from "../../release/history.ts";
import { resetRequest } from "../../release/requests.ts";
import { withoutFailures } from "../../release/retries.ts";
import { composeValues } from "./compose-values.ts";
import { PREREQUISITES } from "./conclude.ts";
import type { End } from "./end.ts";
import { kubeConfigEnd } from "./kube-config.ts";
import { createLoader } from "./load-chart.ts";
import { type ActionKind, releaseLoop } from "./release-loop.ts";
import type { ChartSource } from "./source.ts";
import { movedEnd } from "./take-action.ts";
import type { Material, Turn } from "./turn.ts";
import { uninstallKnown } from "./uninstall.ts";

/** From a chart that is there to a release that is made of it. `taken`: what this pass has gone on with. Source: reference 3.4 steps 8 to 15. */
export async function attempt(turn: Turn, source: ChartSource, taken: ReadonlySet<ActionKind>): Promise<End> {
  const { deps, draft } = turn;
  const object = draft.object();
  const values = await composeValues(deps.cluster, object);
  if (!values.ok) return { kind: "failed", cause: { reason: "ValuesError", message: values.problem }, event: "Warning" };
  const load = createLoader(deps, source.artifact);
  const chart = source.chart ?? (await chartIn(load));
  if ("kind" in chart) return chart;
  const unreachable = await kubeConfigEnd(deps, object);
  if (unreachable !== undefined) return unreachable;
  const { value, integers, hidden } = values;
  const material: Material = { values: value, integers, hidden, valuesDigest: configDigest(value), load };
  const moved = isTargetChanged(object, chart.name) ? await leaveTarget(turn) : undefined;
  if (moved !== undefined) return moved;
  noteAttempt(turn, chart.version, material.valuesDigest);
  return releaseLoop(turn, { material, chart, taken: new Set(taken) });
}

/** What the chart says of itself, where its source does not. */
async function chartIn(load: Material["load"]): Promise<NonNullable<ChartSource["chart"]> | End> {
  const loaded = await load();
  return loaded.kind === "end" ? loaded.end : { name: loaded.chart.metadata.name, version: loaded.chart.metadata.version };
}

/** The release that the status knows is not the one that the spec wants. Source: fluxcd/helm-controller, ReleaseTargetChanged. */
function isTargetChanged({ spec, status }: HelmRelease, chartName: string): boolean {
  const known = latestOf(status.history ?? []);
  if (status.storageNamespace === undefined || known === undefined) return false;
  const isElsewhere = spec.storageNamespace !== status.storageNamespace || spec.releaseNamespace !== known.namespace || spec.releaseName !== known.name;
  return isElsewhere || (spec.upgrade.chartNameChangeStrategy === "Reinstall" && chartName !== known.chartName);
}

/** The old release goes first, or its objects would stand in the way. Then it is as if there had been none. */
async function leaveTarget(turn: Turn): Promise<End | undefined> {
  const { draft } = turn;
  const uninstalled = await uninstallKnown(turn);
  if (uninstalled.kind === "in-progress") {
    draft.mark("Reconciling", PREREQUISITES);
    return movedEnd(await draft.writeOver()) ?? { kind: "in-progress", retryIn: uninstalled.retryIn };
  }
  if (uninstalled.kind === "failed") return { kind: "action-failed", cause: { reason: "UninstallFailed", message: uninstalled.message } };
  const { history: _history, storageNamespace: _storage, ...status } = withoutFailures(draft.object().status);
  draft.change(status);
  return movedEnd(await draft.write());
}

/** Whatever is tried now, and the failures that count for it. Source: reference 3.4 steps 13 and 14. */
function noteAttempt({ draft }: Turn, version: string, valuesDigest: string): void {
  const object = draft.object();
  const { metadata, spec, status } = object;
  const reset = resetRequest(object);
  const isOther =
    status.lastAttemptedGeneration !== metadata.generation ||
    status.lastAttemptedRevision !== version ||
    (status.lastAttemptedConfigDigest !== undefined && status.lastAttemptedConfigDigest !== valuesDigest);
  const { lastAttemptedRevisionDigest: _oci, lastAttemptedValuesChecksum: _sum, lastReleaseRevision: _revision, ...kept } = status;
  draft.change({
    ...(isOther || reset.is ? withoutFailures(kept) : kept),
    ...reset.handled,
    storageNamespace: spec.storageNamespace,
    lastAttemptedGeneration: metadata.generation,
    lastAttemptedRevision: version,
    lastAttemptedConfigDigest: valuesDigest,
  });
}
