import { randomBytes } from "node:crypto";
import { createPostRender } from "@sluice/engine/build/helm/post-render.ts";
import type { HelmRenderAnswer } from "@sluice/engine/build/helm/render.ts";
import { renderChart } from "@sluice/engine/build/helm/render-chart.ts";
import type { HelmStoredRelease } from "@sluice/engine/domain/helm-release.ts";
import { type HelmRelease, parseHelmRelease } from "@sluice/engine/flux/helm-release-object.ts";
import { renderRelease } from "@sluice/engine/reconcile/helm-release/actions/render-release.ts";
import { createRun } from "@sluice/engine/reconcile/helm-release/actions/run.ts";
import { composeValues } from "@sluice/engine/reconcile/helm-release/compose-values.ts";
import { releaseSettingsOf } from "@sluice/engine/reconcile/helm-release/release-settings-of.ts";
import { createReleaseStorage } from "@sluice/engine/reconcile/helm-release/storage.ts";
import { DEFAULT_SETTINGS } from "@sluice/engine/reconcile/settings.ts";
import { findObject } from "../build/find-object.ts";
import type { Cli, Session, Settings } from "../cli.ts";
import { Failure } from "../failure.ts";
import { TYPES } from "../flux-types.ts";
import { openChart } from "./open-chart.ts";
import type { ReleaseFlags } from "./release-flags.ts";

export type RenderedRelease = {
  readonly object: HelmRelease;
  /** The revision that there is now. */
  readonly stored: HelmStoredRelease | undefined;
  readonly rendered: Extract<HelmRenderAnswer, { readonly kind: "rendered" }>;
};

/** What the next revision of a release would be, rendered for the cluster as the one who types may see it. */
export async function renderNext(cli: Cli, session: Session, settings: Settings, name: string, flags: ReleaseFlags): Promise<RenderedRelease> {
  const { cluster, kinds } = session;
  const file = flags.helmreleaseFile === undefined ? {} : { file: flags.helmreleaseFile };
  const found = { name, namespace: settings.namespace, cluster, mayBeNew: flags.ignoreNotFound === true, ...file };
  const object = parsed(parseHelmRelease(await findObject(TYPES.HelmRelease, found)), name);
  const values = await composeValues(cluster, object);
  if (!values.ok) throw new Failure(values.problem);
  const path = flags.chart === undefined ? {} : { path: flags.chart };
  const chart = await openChart({ cli, session, release: object, ...path });
  const stored = await storedNow(session, cli, object);
  const { postRenderStrategy: strategy, postRenderers: renderers, commonMetadata } = object.spec;
  const { name: origin, namespace } = object.metadata;
  const postRender = createPostRender({ strategy, renderers, ...(commonMetadata !== undefined && { commonMetadata }), origin: { name: origin, namespace } });
  const deps = { kinds, clock: cli.clock, randomBytes: (count: number) => new Uint8Array(randomBytes(count)), settings: DEFAULT_SETTINGS };
  const run = createRun(deps, releaseSettingsOf(object, { cluster, customHealth: () => undefined, postRender }), renderChart, false);
  const isUpgrade = stored !== undefined && stored.info.status !== "uninstalled";
  const { disableSchemaValidation: skipSchemaValidation } = isUpgrade ? object.spec.upgrade : object.spec.install;
  const rendered = await renderRelease(run, { chart, values: values.value, revision: (stored?.version ?? 0) + 1, isUpgrade, skipSchemaValidation });
  if (rendered.kind === "failed") throw new Failure(rendered.message);
  return { object, stored, rendered };
}

async function storedNow({ cluster }: Session, { clock }: Cli, { spec, status }: HelmRelease): Promise<HelmStoredRelease | undefined> {
  const latest = await createReleaseStorage(cluster, spec, clock).latest(status.history?.[0]?.version);
  if (latest.kind === "failed") throw new Failure(latest.message);
  return latest.kind === "found" ? latest.secret.release : undefined;
}

function parsed(read: ReturnType<typeof parseHelmRelease>, name: string): HelmRelease {
  if (!read.ok) throw new Failure(`HelmRelease ${name} is invalid: ${read.problem}`);
  return read.value;
}
