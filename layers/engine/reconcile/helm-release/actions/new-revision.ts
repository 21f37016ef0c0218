import type { HelmRenderAnswer } from "../../../build/helm/render.ts";
import type { HelmReleaseStatus, HelmStoredRelease } from "../../../domain/helm-release.ts";
import type { JsonObject } from "../../../domain/json.ts";
import type { ReleaseSecret } from "../../../release/secret.ts";
import { leastRecent } from "../storage.ts";
import { keepNew, nowText, type Run, StorageProblem } from "./run.ts";
import { storedChart } from "./stored-chart.ts";

export type NewRevision = {
  readonly values: JsonObject;
  readonly rendered: Extract<HelmRenderAnswer, { readonly kind: "rendered" }>;
  readonly version: number;
  readonly status: HelmReleaseStatus;
  readonly description: string;
  /** Of the first revision; absent: this is it. */
  readonly firstDeployed?: string;
  readonly serverSide: boolean;
};

export function newRevision(run: Run, { values, rendered, version, status, description, firstDeployed, serverSide }: NewRevision): HelmStoredRelease {
  const now = nowText(run);
  return {
    name: run.settings.releaseName,
    namespace: run.settings.releaseNamespace,
    version,
    info: {
      first_deployed: firstDeployed ?? now,
      last_deployed: now,
      status,
      description,
      ...(rendered.notes !== "" && { notes: rendered.notes }),
    },
    chart: storedChart(rendered.chart),
    ...(Object.keys(values).length > 0 && { config: values }),
    manifest: rendered.manifest,
    hooks: rendered.hooks,
    apply_method: serverSide ? "ssa" : "csa",
  };
}

/**
 * The new revision, for which old ones make place. Without so many revisions none can be too many: nothing is listed then.
 * Source: Helm 4, pkg/storage Create.
 */
export async function storeRevision(run: Run, secret: ReleaseSecret, maxHistory: number): Promise<ReleaseSecret> {
  if (maxHistory > 0 && secret.release.version > maxHistory) {
    const listed = await run.storage.list();
    if (listed.kind === "failed") throw new StorageProblem(listed.message);
    for (const version of leastRecent(
      listed.secrets.map(({ release }) => release),
      maxHistory,
    )) {
      const removed = await run.storage.remove(version);
      if (removed.kind === "failed") throw new StorageProblem(`encountered 1 deletion errors. First is: ${removed.message}`);
    }
  }
  return keepNew(run, secret);
}
