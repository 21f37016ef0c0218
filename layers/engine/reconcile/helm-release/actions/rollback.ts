import type { HelmStoredRelease } from "../../../domain/helm-release.ts";
import type { ReleaseSecret } from "../../../release/secret.ts";
import type { ActionEnd, ReleaseAction } from "../action.ts";
import { hookWriter, isServerSide } from "./apply-method.ts";
import { createClientSideWriter } from "./client-side-writer.ts";
import { storeRevision } from "./new-revision.ts";
import { originalObjects, originalOf } from "./original.ts";
import { firstStep, type Performance, performanceStages } from "./perform.ts";
import { performRevision } from "./perform-revision.ts";
import { beginProgress, failedWith, keepOther, nowText, type PartEnd, type Run, resourcesOf, withProgress } from "./run.ts";
import { createServerSideWriter } from "./server-side-writer.ts";
import { supersede, supersedeDeployed } from "./supersede.ts";
import { updateResources } from "./write-resources.ts";

const PHASES = { before: "pre-rollback", after: "post-rollback" } as const;

/** A new revision out of the one to go back to. Source: Helm 4, pkg/action/rollback.go. */
export async function rollback(run: Run, { target }: Extract<ReleaseAction, { readonly kind: "rollback" }>): Promise<ActionEnd> {
  const { rollback: settings, releaseName, maxHistory } = run.settings;
  run.journal.log("preparing rollback", { name: releaseName });
  const last = await run.storage.latest(target.version);
  if (last.kind === "failed") return failedWith(run, last.message);
  if (last.kind === "absent") return failedWith(run, "release: not found");
  const there = last.secret.release.version === target.version ? last : await run.storage.read(target.version);
  if (there.kind === "failed") return failedWith(run, there.message);
  if (there.kind === "absent") return failedWith(run, `release has no ${target.version} version`);
  const current = last.secret;
  const built = await resourcesOf(run, current.release.manifest, current.release.namespace);
  if (!built.ok) return failedWith(run, `unable to build kubernetes objects from current release manifest: ${built.problem}`);
  const release = revisionOf(run, current.release, there.secret.release, isServerSide(settings.serverSideApply, there.secret.release));
  const progress = { ...beginProgress(run, "rollback", firstStep(PHASES)), from: current.release.version };
  run.journal.log("creating rolled back release", { name: releaseName });
  return performRollback(run, await storeRevision(run, { release, labels: there.secret.labels, progress }, maxHistory), current);
}

function revisionOf(run: Run, current: HelmStoredRelease, target: HelmStoredRelease, serverSide: boolean): HelmStoredRelease {
  const { first_deployed } = current.info;
  const { notes } = target.info;
  return {
    ...target,
    namespace: current.namespace,
    version: current.version + 1,
    info: {
      ...(first_deployed !== undefined && { first_deployed }),
      last_deployed: nowText(run),
      status: "pending-rollback",
      description: `Rollback to ${target.version}`,
      ...(notes !== undefined && { notes }),
    },
    apply_method: serverSide ? "ssa" : "csa",
  };
}

/** From wherever the stored revision is. */
export async function performRollback(run: Run, from: ReleaseSecret, known?: ReleaseSecret): Promise<ActionEnd> {
  const current = known ?? (await originalOf(run, from));
  return performRevision(run, from, {
    stages: performanceStages(run, performanceOf(run, from, current)),
    cleansUp: run.settings.rollback.cleanupOnFail,
    // Helm leaves the revision pending when a hook fails; here it ends.
    described: (secret, message) => describedBy(secret) ?? `Rollback ${JSON.stringify(secret.release.name)} failed: ${message}`,
    completed: async ({ release }) => {
      await supersedeDeployed(run);
      return { ...release, info: { ...release.info, status: "deployed" } };
    },
  });
}

const describedBy = ({ progress }: ReleaseSecret): string | undefined => (typeof progress?.description === "string" ? progress.description : undefined);

function performanceOf(run: Run, { release }: ReleaseSecret, current: ReleaseSecret | undefined): Performance {
  const { rollback: settings } = run.settings;
  const isSsa = release.apply_method === "ssa";
  const named = JSON.stringify(release.name);
  return {
    settings,
    ...PHASES,
    hookFailure: () => "",
    hookWriter: hookWriter(run, isSsa),
    remembersCreated: settings.cleanupOnFail,
    write: async (_secret, targets) => {
      const originals = await originalObjects(run, current);
      const writer = isSsa
        ? createServerSideWriter(run.cluster, { force: true, takeUpdates: true })
        : createClientSideWriter(run.cluster, { force: settings.force, owner: release, resumed: run.resumed });
      return updateResources(run.cluster, writer, originals, targets, run.deps.settings.parallel);
    },
    failed: async (secret, where, message): Promise<PartEnd> => {
      if (where === "write") {
        if (current !== undefined) await supersede(run, current);
        return { kind: "failed", secret, message };
      }
      if (current !== undefined) await keepOther(run, current);
      const described = withProgress(secret, { description: `Release ${named} failed: ${message}` });
      return { kind: "failed", secret: described, message: `release ${release.name} failed: ${message}` };
    },
  };
}
