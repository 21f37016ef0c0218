import type { HelmStoredRelease } from "../../../domain/helm-release.ts";
import type { ReleaseSecret } from "../../../release/secret.ts";
import type { ActionEnd, ReleaseAction } from "../action.ts";
import type { FindAnswer } from "../storage.ts";
import { hookWriter, isServerSide } from "./apply-method.ts";
import { applyChartCrds } from "./chart-crds.ts";
import { createClientSideWriter } from "./client-side-writer.ts";
import { findForeign } from "./find-foreign.ts";
import { newRevision, storeRevision } from "./new-revision.ts";
import { originalObjects, originalOf } from "./original.ts";
import { firstStep, type Performance, performanceStages } from "./perform.ts";
import { performRevision } from "./perform-revision.ts";
import { renderRelease } from "./render-release.ts";
import { isSameObject } from "./resources.ts";
import { reuseValues } from "./reuse-values.ts";
import { beginProgress, failedWith, keepOther, type Run, resourcesOf, withStatus } from "./run.ts";
import { createServerSideWriter } from "./server-side-writer.ts";
import { supersede } from "./supersede.ts";
import { updateResources } from "./write-resources.ts";

type Upgrade = Extract<ReleaseAction, { readonly kind: "install" | "upgrade" }>;

const PHASES = { before: "pre-upgrade", after: "post-upgrade" } as const;

/** Up to the storing of the new revision. Source: Helm 4, pkg/action/upgrade.go prepareUpgrade, performUpgrade. */
export async function upgrade(run: Run, { chart, values, integers = [], previous, stored }: Upgrade): Promise<ActionEnd> {
  const { upgrade: settings, releaseName, releaseNamespace, maxHistory } = run.settings;
  const crds = await applyChartCrds(run, chart, settings);
  if (crds !== undefined) return crds;
  run.journal.log("preparing upgrade", { name: releaseName });
  // Whether there is a newer one shows when the new revision is stored: one of its number is no other's.
  const last = await lastOf(run, previous, stored);
  if (last.kind === "failed") return failedWith(run, last.message);
  if (last.kind === "absent") return failedWith(run, `${JSON.stringify(releaseName)} has no deployed releases`);
  const current = await currentOf(run, last.secret);
  if ("message" in current) return failedWith(run, current.message);
  const reused = settings.preserveValues ? reuseValues(current.release, chart, values) : { ok: true as const, value: { chart, values } };
  if (!reused.ok) return failedWith(run, reused.problem);
  const version = last.secret.release.version + 1;
  const rendered = await renderRelease(run, {
    ...reused.value,
    integers,
    revision: version,
    isUpgrade: true,
    skipSchemaValidation: settings.disableSchemaValidation,
  });
  if (rendered.kind === "failed") return failedWith(run, rendered.message);
  const originals = await resourcesOf(run, current.release.manifest, releaseNamespace);
  if (!originals.ok) return failedWith(run, removedKinds(originals.problem));
  const targets = await resourcesOf(run, rendered.manifest, releaseNamespace);
  if (!targets.ok) return failedWith(run, `unable to build kubernetes objects from new release manifest: ${targets.problem}`);
  if (settings.disableTakeOwnership) {
    const added = targets.value.filter(({ ref }) => !originals.value.some((original) => isSameObject(original.ref, ref)));
    const foreign = await findForeign(run, added);
    if (foreign !== undefined) return failedWith(run, `unable to continue with update: ${foreign}`);
  }
  const serverSide = isServerSide(settings.serverSideApply, last.secret.release);
  const release = newRevision(run, {
    values: reused.value.values,
    rendered,
    version,
    status: "pending-upgrade",
    description: "Preparing upgrade",
    serverSide,
    ...(current.release.info.first_deployed !== undefined && { firstDeployed: current.release.info.first_deployed }),
  });
  const progress = { ...beginProgress(run, "upgrade", firstStep(PHASES)), from: current.release.version };
  run.journal.log("creating upgraded release", { name: releaseName });
  return performUpgrade(run, await storeRevision(run, { release, labels: last.secret.labels, progress }, maxHistory), current);
}

const lastOf = async (run: Run, previous: HelmStoredRelease | undefined, stored: ReleaseSecret | undefined): Promise<FindAnswer> => {
  if (previous === undefined) return { kind: "absent" };
  return stored?.release === previous ? { kind: "found", secret: stored } : run.storage.read(previous.version);
};

const PENDING: readonly string[] = ["pending-install", "pending-upgrade", "pending-rollback"];

/** The revision that the cluster has: the one deployed last, or the last one where none is. */
async function currentOf(run: Run, last: ReleaseSecret): Promise<ReleaseSecret | { readonly message: string }> {
  const { status } = last.release.info;
  if (PENDING.includes(status)) return { message: "another operation (install/upgrade/rollback) is in progress" };
  if (status === "deployed") return last;
  const deployed = await run.storage.list("deployed");
  if (deployed.kind === "failed") return { message: deployed.message };
  const newest = deployed.secrets.at(-1);
  if (newest !== undefined) return newest;
  return status === "failed" || status === "superseded" ? last : { message: `${JSON.stringify(last.release.name)} has no deployed releases` };
}

const removedKinds = (problem: string): string =>
  problem.includes("no matches for kind")
    ? `current release manifest contains removed kubernetes api(s) for this kubernetes version and it is therefore unable to build the kubernetes objects for performing the diff. error from kubernetes: ${problem}`
    : `unable to build kubernetes objects from current release manifest: ${problem}`;

/** From wherever the stored revision is. */
export async function performUpgrade(run: Run, from: ReleaseSecret, known?: ReleaseSecret): Promise<ActionEnd> {
  const original = known ?? (await originalOf(run, from));
  return performRevision(run, from, {
    stages: performanceStages(run, performanceOf(run, from, original)),
    cleansUp: run.settings.upgrade.cleanupOnFail,
    described: ({ release }, message) => `Upgrade ${JSON.stringify(release.name)} failed: ${message}`,
    completed: async ({ release }) => {
      if (original !== undefined) await supersede(run, original);
      return withStatus(release, "deployed", "Upgrade complete");
    },
  });
}

function performanceOf(run: Run, { release }: ReleaseSecret, original: ReleaseSecret | undefined): Performance {
  const { upgrade: settings } = run.settings;
  const isSsa = release.apply_method === "ssa";
  const wasClientSide = original !== undefined && original.release.apply_method !== "ssa";
  return {
    settings,
    ...PHASES,
    hookFailure: (event) => `${event} hooks failed: `,
    hookWriter: hookWriter(run, isSsa),
    remembersCreated: settings.cleanupOnFail,
    write: async (_secret, targets) => {
      const originals = await originalObjects(run, original);
      const writer = isSsa
        ? createServerSideWriter(run.cluster, { force: true, takeUpdates: wasClientSide })
        : createClientSideWriter(run.cluster, { force: settings.force, owner: release, resumed: run.resumed });
      return updateResources(run.cluster, writer, originals, targets, run.deps.settings.parallel);
    },
    failed: async (secret, _where, message) => {
      if (original !== undefined) await keepOther(run, original);
      return { kind: "failed", secret, message };
    },
  };
}
