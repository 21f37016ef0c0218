import { sortByKind, UNINSTALL_ORDER } from "../../../build/helm/manifest/kind-order.ts";
import type { HelmStoredRelease } from "../../../domain/helm-release.ts";
import type { ReleaseSecret } from "../../../release/secret.ts";
import type { ActionEnd, ReleaseAction } from "../action.ts";
import { hookWriter } from "./apply-method.ts";
import { deleteObjects } from "./delete-objects.ts";
import { type HookPlan, runHooks } from "./hooks.ts";
import { lookForGone } from "./look.ts";
import { isKept } from "./ownership.ts";
import type { Resource } from "./resources.ts";
import {
  atRest,
  beginProgress,
  failedWith,
  inProgress,
  isOver,
  keep,
  lookAgainIn,
  nowText,
  type PartEnd,
  type Run,
  resourcesOf,
  StorageProblem,
  succeeded,
  withProgress,
  withRelease,
  withStatus,
} from "./run.ts";
import { done, runStages, type Stage } from "./stages.ts";
import { supersedeDeployed } from "./supersede.ts";

type Uninstall = Extract<ReleaseAction, { readonly kind: "uninstall" | "uninstall-remediation" | "test" }>;

const FIRST = "pre-delete hooks";

/** Source: Helm 4, pkg/action/uninstall.go. What is to be uninstalled is the newest revision, whichever was asked for; that it was another one is told at the end. */
export async function uninstall(run: Run, { kind, release }: Uninstall): Promise<ActionEnd> {
  const { keepHistory } = run.settings.uninstall;
  const latest = await run.storage.latest(release.version);
  if (latest.kind === "failed") return failedWith(run, `uninstall: Release not loaded: ${release.name}: ${latest.message}`);
  if (latest.kind === "absent") return failedWith(run, `uninstall: Release not loaded: ${release.name}: release: not found`);
  const { secret } = latest;
  if (secret.release.info.status === "uninstalled" && keepHistory)
    return failedWith(run, `the release named ${JSON.stringify(release.name)} is already deleted`);
  const isGone = secret.release.info.status === "uninstalled";
  const action = kind === "uninstall-remediation" ? "uninstall-remediation" : "uninstall";
  const progress = { ...beginProgress(run, action, isGone ? "purge" : FIRST), wanted: release.version };
  run.journal.log("uninstall: deleting release", { name: release.name });
  const leaving: HelmStoredRelease = {
    ...secret.release,
    info: { ...secret.release.info, status: "uninstalling", deleted: nowText(run), description: "Deletion in progress (or silently failed)" },
  };
  return performUninstall(run, isGone ? { ...secret, progress } : await keep(run, { ...withRelease(secret, leaving), progress }));
}

/** From wherever the stored revision is. */
export async function performUninstall(run: Run, from: ReleaseSecret): Promise<ActionEnd> {
  const end = await runStages(run, stages(run), from);
  switch (end.kind) {
    case "waiting":
      return inProgress(run, lookAgainIn(run, end.secret));
    case "failed":
      run.journal.log("warning: uninstall failed", { name: from.release.name, error: end.message });
      // It stays as Helm leaves it, and can be begun anew.
      await keep(run, atRest(end.secret));
      return failedWith(run, end.message);
    case "done": {
      const problems = [end.secret.progress?.waited, end.secret.progress?.hooked].filter((problem) => typeof problem === "string");
      if (problems.length > 0) return failedWith(run, `uninstallation completed with ${problems.length} error(s): ${problems.join("; ")}`);
      const mismatch = mismatchOf(end.secret);
      return mismatch === undefined ? succeeded(run) : failedWith(run, mismatch);
    }
  }
}

/** Source: helm-controller, internal/reconcile/uninstall.go. Recorded: two HelmReleases of one name. */
function mismatchOf({ release, progress }: ReleaseSecret): string | undefined {
  const wanted = progress?.wanted;
  if (typeof wanted !== "number" || wanted === release.version) return undefined;
  const named = `${release.namespace}/${release.name}`;
  return `release mismatch: uninstalled release ${named}.v${release.version} != current release ${named}.v${wanted}`;
}

function stages(run: Run): readonly Stage[] {
  const { timeout, disableHooks, disableWait, deletionPropagation } = run.settings.uninstall;
  const hooks = async (secret: ReleaseSecret, event: HookPlan["event"]): Promise<PartEnd> =>
    disableHooks ? done(secret) : runHooks(run, secret, { event, timeout, waitsForDeletion: !disableWait, writer: hookWriter(run, true) });

  const remove = async (secret: ReleaseSecret): Promise<PartEnd> => {
    const found = await objectsOf(run, secret);
    if ("message" in found) {
      run.journal.log("uninstall: Failed to delete release", { error: found.message });
      return { kind: "failed", secret, message: `failed to delete release: ${secret.release.name}` };
    }
    const { problems } = await deleteObjects(run, found, deletionPropagation);
    for (const error of problems) run.journal.log("uninstall: Failed to delete release", { error });
    return problems.length > 0 ? { kind: "failed", secret, message: `failed to delete release: ${secret.release.name}` } : done(secret);
  };

  const wait = async (secret: ReleaseSecret): Promise<PartEnd> => {
    const found = disableWait ? [] : await objectsOf(run, secret);
    if ("message" in found) return done(secret);
    const look = await lookForGone(run, found, isOver(run, secret, timeout));
    if (look.kind === "waiting") return { kind: "waiting", secret };
    return done(look.kind === "failed" ? withProgress(secret, { waited: look.message }) : secret);
  };

  const after = async (secret: ReleaseSecret): Promise<PartEnd> => {
    const end = await hooks(secret, "post-delete");
    return end.kind === "failed" ? done(withProgress(end.secret, { hooked: end.message })) : end;
  };

  return [
    { name: FIRST, run: (secret) => hooks(secret, "pre-delete") },
    { name: "delete", run: remove },
    { name: "wait", run: wait },
    { name: "post-delete hooks", run: after },
    { name: "purge", run: (secret) => purge(run, secret) },
  ];
}

/** What is to be deleted, in order; what the manifest says is to be kept is not among it. */
async function objectsOf(run: Run, { release }: ReleaseSecret): Promise<readonly Resource[] | { readonly message: string }> {
  const found = await resourcesOf(run, release.manifest, release.namespace);
  if (!found.ok) return { message: `unable to build kubernetes objects for delete: ${found.problem}` };
  const leaving = found.value.filter(({ manifest }) => !isKept(manifest)).map((resource) => ({ resource, kind: resource.ref.kind }));
  return sortByKind(leaving, UNINSTALL_ORDER).map(({ resource }) => resource);
}

/** Out of storage, the oldest first: as long as the newest is there, it tells that the others are to go. */
async function purge(run: Run, secret: ReleaseSecret): Promise<PartEnd> {
  if (run.settings.uninstall.keepHistory) {
    await supersedeDeployed(run);
    const kept = await keep(run, atRest(withRelease(secret, withStatus(secret.release, "uninstalled", "Uninstallation complete"))));
    return done({ ...kept, ...(secret.progress !== undefined && { progress: secret.progress }) });
  }
  run.journal.log("purge requested", { release: secret.release.name });
  const listed = await run.storage.list();
  if (listed.kind === "failed") throw new StorageProblem(listed.message);
  const older = listed.secrets.map(({ release }) => release.version).filter((version) => version !== secret.release.version);
  for (const version of [...older, secret.release.version]) {
    const removed = await run.storage.remove(version);
    if (removed.kind === "failed") return { kind: "failed", secret, message: `uninstall: Failed to purge the release: ${removed.message}` };
  }
  return done(secret);
}
