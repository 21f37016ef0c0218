import { findCondition } from "../../domain/condition.ts";
import { refOfEntry } from "../../domain/inventory.ts";
import { type ObjectRef, subjectOf } from "../../domain/manifest.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { ownerSelector } from "../../domain/owner.ts";
import { type EpochMs, ms, parseTime } from "../../domain/time.ts";
import type { Kustomization } from "../../flux/kustomization-object.ts";
import { terminated } from "../../health/awaited.ts";
import { pruneEventText } from "../../plan/change.ts";
import { deletionVerdict } from "../../plan/prune.ts";
import type { Cluster } from "../../ports/cluster.ts";
import { impersonatedUser, isIdentityGone } from "../identity.ts";
import { isInstalled } from "../installed.ts";
import { removeFinalizer } from "../object-status.ts";
import { CRD, type KustomizationDeps } from "./deps.ts";
import { createLiveObjects } from "./live-objects.ts";
import { type Pruned, pruneObjects } from "./prune.ts";
import { say } from "./say.ts";
import { createStatusOwner, STATUS_MANAGER } from "./status-owner.ts";

const LONGEST_LOOK_MS = 2000;

/** One pass over a Kustomization that is being deleted: prunes as its policy says, then lets it go. Source: reference 2.6.5. */
export async function finalize(deps: KustomizationDeps, object: Kustomization): Promise<Outcome> {
  const verdict = deletionVerdict(object.spec);
  const entries = object.status.inventory?.entries ?? [];
  if (verdict === "leave" || entries.length === 0 || !(await isInstalled(deps.cluster, deps.settings, CRD))) return letGo(deps, object);
  if (await isIdentityGone(deps.cluster, object, deps.settings)) {
    const names = entries.flatMap((entry) => refOfEntry(entry) ?? []).map(subjectOf);
    await say(deps, object, { type: "Warning", reason: readyReason(object), message: `unable to prune objects: \n${names.join("\n")}` });
    return letGo(deps, object);
  }
  const cluster = deps.as(impersonatedUser(object, deps.settings));
  const live = createLiveObjects(cluster, deps.kinds, ownerSelector(object.metadata));
  await live.prepare(entries.flatMap((entry) => refOfEntry(entry) ?? []));
  const pruned = await pruneObjects(cluster, live, entries, object.metadata);
  if (pruned.problem !== undefined) return pruneFailed(deps, object, pruned.problem);
  if (pruned.deletedNow && pruned.changes.length > 0)
    await say(deps, object, { type: "Normal", reason: readyReason(object), message: pruneEventText(pruned.changes) });
  return verdict === "delete-and-wait" ? awaitTermination(deps, object, cluster, pruned) : letGo(deps, object);
}

async function letGo(deps: KustomizationDeps, object: Kustomization): Promise<Outcome> {
  const answer = await removeFinalizer(deps.cluster, object, STATUS_MANAGER);
  if (answer.kind === "refused") return { kind: "failed", cause: { reason: answer.reason, message: answer.message } };
  return { kind: "skipped", why: "deleted", ...(answer.kind === "moved" && { again: true }) };
}

/** Tried again with back-off; `observedGeneration` moves on if Ready is True, that of Ready stays behind. Source: reference 2.2. */
async function pruneFailed(deps: KustomizationDeps, object: Kustomization, problem: string): Promise<Outcome> {
  const { metadata, status } = object;
  await say(deps, object, { type: "Warning", reason: readyReason(object), message: "pruning for deleted resource failed" });
  if (findCondition(status.conditions ?? [], "Ready")?.status === "True") {
    await createStatusOwner(deps.cluster, object).write({ ...status, observedGeneration: metadata.generation });
  }
  return { kind: "failed", cause: { reason: "PruneFailed", message: problem } };
}

/** Waits, look by look, until what was deleted is gone; the time runs from the deletion of the Kustomization. */
async function awaitTermination(deps: KustomizationDeps, object: Kustomization, cluster: Cluster, { changes }: Pruned): Promise<Outcome> {
  const left = await stillThere(
    cluster,
    changes.filter(({ kind }) => kind === "delete").map(({ ref }) => ref),
  );
  const waited = ms(deps.clock.now() - deletedAt(object, deps.clock.now()));
  const state = terminated(left, waited >= object.spec.timeout);
  switch (state.kind) {
    case "done":
      return letGo(deps, object);
    case "failed":
      await say(deps, object, { type: "Warning", reason: readyReason(object), message: "failed to wait for resources termination" });
      return letGo(deps, object);
    case "waiting":
      return {
        kind: "progressing",
        cause: { reason: "Progressing", message: "waiting for termination" },
        retryIn: ms(Math.min(LONGEST_LOOK_MS, Math.max(250, waited / 2))),
      };
  }
}

async function stillThere(cluster: Cluster, refs: readonly ObjectRef[]): Promise<readonly ObjectRef[]> {
  const left: ObjectRef[] = [];
  for (const ref of refs) if ((await cluster.get(ref)).kind === "found") left.push(ref);
  return left;
}

const deletedAt = ({ metadata }: Kustomization, now: EpochMs): EpochMs => parseTime(metadata.deletionTimestamp) ?? now;

/** Events about a deletion carry whatever reason Ready has at that time. Source: reference 2.3. */
const readyReason = ({ status }: Kustomization): string => findCondition(status.conditions ?? [], "Ready")?.reason ?? "Progressing";
