import type { Chart } from "../../build/helm/chart/chart.ts";
import type { JsonObject } from "../../domain/json.ts";
import type { HelmRelease } from "../../flux/helm-release-object.ts";
import type { CustomHealth } from "../../health/expressions.ts";
import type { Cluster } from "../../ports/cluster.ts";
import { impersonatedUser } from "../identity.ts";
import type { HelmReleaseDeps } from "./deps.ts";
import type { Draft } from "./draft.ts";
import type { End } from "./end.ts";
import type { ReleaseSettings } from "./release-settings.ts";
import { releaseSettingsOf } from "./release-settings-of.ts";
import { createReleaseStorage, type ReleaseStorage } from "./storage.ts";

/** Which release a pass is about: what the spec says, or what the status still knows of one that the spec says no more. */
export type Target = Pick<ReleaseSettings, "releaseName" | "releaseNamespace" | "storageNamespace">;

/** What one pass works with, from the moment on when nothing stands in its way to act. */
export type Turn = {
  readonly deps: HelmReleaseDeps;
  readonly draft: Draft;
  /** As the identity that counts for the release. */
  readonly cluster: Cluster;
  readonly customHealth: CustomHealth;
};

/** The chart and the values that the release should be made of. `load` reads the chart, which a release at rest has no need of. */
export type Material = {
  readonly values: JsonObject;
  /** JSON pointers of the values that are int64s to the chart. */
  readonly integers: readonly string[];
  readonly valuesDigest: string;
  /** What has come out of Secrets, which no message may show. */
  readonly hidden: readonly string[];
  load(): Promise<{ readonly kind: "loaded"; readonly chart: Chart } | { readonly kind: "end"; readonly end: End }>;
};

export const createTurn = (deps: HelmReleaseDeps, draft: Draft, customHealth: CustomHealth): Turn => ({
  deps,
  draft,
  cluster: deps.as(impersonatedUser(draft.object(), deps.settings)),
  customHealth,
});

export const targetOf = ({ spec }: HelmRelease): Target => spec;

export const storageOf = ({ cluster, deps }: Turn, target: Target): ReleaseStorage => createReleaseStorage(cluster, target, deps.clock);

/** What actions need to know, of a target; loads what only they need. */
export async function settingsFor({ draft, cluster, customHealth }: Turn, target: Target): Promise<ReleaseSettings> {
  const object = draft.object();
  const { spec, metadata } = object;
  const { createPostRender } = await import("../../build/helm/post-render.ts");
  const postRender = createPostRender({
    strategy: spec.postRenderStrategy,
    renderers: spec.postRenderers,
    ...(spec.commonMetadata !== undefined && { commonMetadata: spec.commonMetadata }),
    origin: { name: metadata.name, namespace: metadata.namespace },
  });
  const { releaseName, releaseNamespace, storageNamespace } = target;
  return { ...releaseSettingsOf(object, { cluster, customHealth, postRender }), releaseName, releaseNamespace, storageNamespace };
}
