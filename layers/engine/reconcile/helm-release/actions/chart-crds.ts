import type { Chart } from "../../../build/helm/chart/chart.ts";
import { crdFiles } from "../../../build/helm/chart/crd-files.ts";
import { ms } from "../../../domain/time.ts";
import type { ActionEnd } from "../action.ts";
import { applyCrds } from "./crds.ts";
import { failedWith, inProgress, type Run, retryAfter } from "./run.ts";

/** Undefined: go on. Nothing of the release is stored yet. */
export async function applyChartCrds(
  run: Run,
  chart: Chart,
  { crds, disableWait }: Run["settings"]["install"] | Run["settings"]["upgrade"],
): Promise<ActionEnd | undefined> {
  const end = await applyCrds(run, crdFiles(chart, new Map()), crds, !disableWait);
  if (end.kind === "failed") return failedWith(run, end.message);
  if (end.kind === "waiting") return inProgress(run, retryAfter(ms(Math.max(0, run.deps.clock.now() - end.since))));
  return undefined;
}
