import { randomBytes } from "node:crypto";
import { crdFiles } from "@sluice/engine/build/helm/chart/crd-files.ts";
import { createPostRender } from "@sluice/engine/build/helm/post-render.ts";
import type { HelmRenderAnswer } from "@sluice/engine/build/helm/render.ts";
import { renderChart } from "@sluice/engine/build/helm/render-chart.ts";
import { hideValues } from "@sluice/engine/build/hide-secrets.ts";
import type { HelmStoredRelease } from "@sluice/engine/domain/helm-release.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { epochMs } from "@sluice/engine/domain/time.ts";
import { type HelmRelease, parseHelmRelease } from "@sluice/engine/flux/helm-release-object.ts";
import { readDefinitions } from "@sluice/engine/reconcile/helm-release/actions/crds.ts";
import { type RenderRequest, renderRelease } from "@sluice/engine/reconcile/helm-release/actions/render-release.ts";
import { reuseValues } from "@sluice/engine/reconcile/helm-release/actions/reuse-values.ts";
import { createRun, type Run } from "@sluice/engine/reconcile/helm-release/actions/run.ts";
import { composeValues } from "@sluice/engine/reconcile/helm-release/compose-values.ts";
import { releaseSettingsOf } from "@sluice/engine/reconcile/helm-release/release-settings-of.ts";
import { DEFAULT_SETTINGS } from "@sluice/engine/reconcile/settings.ts";
import { findObject } from "../build/find-object.ts";
import type { Cli, Session, Settings } from "../cli.ts";
import { Failure } from "../failure.ts";
import { TYPES } from "../flux-types.ts";
import { withDefinitions } from "./coming-kinds.ts";
import { openChart } from "./open-chart.ts";
import type { ReleaseFlags } from "./release-flags.ts";

type Rendered = Extract<HelmRenderAnswer, { readonly kind: "rendered" }>;

export type RenderedRelease = {
  readonly object: HelmRelease;
  /** The revision whose place the next one takes; none: there will be an install. */
  readonly current: HelmStoredRelease | undefined;
  /** What the chart's folder `crds` puts into the cluster before anything else. */
  readonly definitions: readonly Manifest[];
  readonly rendered: Rendered;
  /** With another seed at another time: what differs then is chance. */
  again(): Promise<Rendered>;
  /** Knows the kinds that the definitions bring. */
  readonly run: Run;
};

/** What the next revision of a release would be, rendered for the cluster as the one who types may see it. */
export async function renderNext(cli: Cli, session: Session, settings: Settings, name: string, flags: ReleaseFlags): Promise<RenderedRelease> {
  const object = await findRelease(cli, session, settings, name, flags);
  if (object.spec.kubeConfig !== undefined) throw new Failure(`HelmRelease/${settings.namespace}/${name} is for a remote cluster, which is not supported here`);
  const values = await composeValues(session.cluster, object);
  if (!values.ok) throw new Failure(values.problem);
  const chart = await openChart({ cli, session, release: object, ...(flags.chart !== undefined && { path: flags.chart }) });
  const seen = createRunFor(cli, session, object);
  const stored = await storedOf(seen, object);
  const current = stored.at(-1);
  const actions = current === undefined ? object.spec.install : object.spec.upgrade;
  const definitions = actions.crds === "Skip" ? [] : await definitionsOf(seen, chart);
  const run = { ...seen, deps: { ...seen.deps, kinds: withDefinitions(session.kinds, definitions) } };
  const reused = current !== undefined && object.spec.upgrade.preserveValues ? reuseValues(current, chart, values.value) : undefined;
  if (reused?.ok === false) throw new Failure(reused.problem);
  const request: RenderRequest = {
    ...(reused?.value ?? { chart, values: values.value }),
    integers: values.integers,
    revision: current === undefined ? 1 : (stored.at(0)?.version ?? 0) + 1,
    isUpgrade: current !== undefined,
    skipSchemaValidation: actions.disableSchemaValidation,
  };
  const render = async (by: Run): Promise<Rendered> => {
    const answer = await renderRelease(by, request);
    if (answer.kind === "failed") throw new Failure(hideValues(answer.message, values.hidden, HIDDEN));
    return answer;
  };
  return { object, current, definitions, rendered: await render(run), again: () => render(atAnotherTime(run)), run };
}

const HIDDEN = "*****";
const LONG_AFTER = 400 * 24 * 3600 * 1000 + 3_723_000;

function atAnotherTime(run: Run): Run {
  const { clock } = run.deps;
  return { ...run, deps: { ...run.deps, clock: { ...clock, now: () => epochMs(clock.now() + LONG_AFTER) } } };
}

async function findRelease(cli: Cli, { cluster }: Session, { namespace }: Settings, name: string, flags: ReleaseFlags): Promise<HelmRelease> {
  const { helmreleaseFile: file, ignoreNotFound } = flags;
  const wanted = { name, namespace, cluster, mayBeNew: ignoreNotFound === true, workingFolder: cli.workingFolder, ...(file !== undefined && { file }) };
  const read = parseHelmRelease(await findObject(TYPES.HelmRelease, wanted));
  if (!read.ok) throw new Failure(`HelmRelease ${name} is invalid: ${read.problem}`);
  return read.value;
}

function createRunFor({ clock }: Cli, { cluster, kinds }: Session, object: HelmRelease): Run {
  const { postRenderStrategy: strategy, postRenderers: renderers, commonMetadata } = object.spec;
  const { name, namespace } = object.metadata;
  const postRender = createPostRender({ strategy, renderers, ...(commonMetadata !== undefined && { commonMetadata }), origin: { name, namespace } });
  const deps = { kinds, clock, randomBytes: (count: number) => new Uint8Array(randomBytes(count)), settings: DEFAULT_SETTINGS };
  return createRun(deps, releaseSettingsOf(object, { cluster, customHealth: () => undefined, postRender }), renderChart, false);
}

/**
 * The newest revision and, behind it, the one that the cluster has: the newest that was deployed, or the newest where none was. Nothing: an install comes.
 * Source: Helm 4, Upgrade.prepareUpgrade.
 */
async function storedOf({ storage }: Run, { status }: HelmRelease): Promise<readonly HelmStoredRelease[]> {
  const latest = await storage.latest(status.history?.[0]?.version);
  if (latest.kind === "failed") throw new Failure(latest.message);
  if (latest.kind === "absent" || latest.secret.release.info.status === "uninstalled") return [];
  const { release } = latest.secret;
  if (release.info.status === "deployed") return [release];
  const deployed = await storage.list("deployed");
  if (deployed.kind === "failed") throw new Failure(deployed.message);
  return [release, deployed.secrets.at(-1)?.release ?? release];
}

async function definitionsOf(run: Run, chart: Rendered["chart"]): Promise<readonly Manifest[]> {
  const read = await readDefinitions(run, crdFiles(chart, new Map()));
  if ("message" in read) throw new Failure(`failed to apply CustomResourceDefinitions: ${read.message}`);
  return read.map(({ manifest }) => manifest);
}
