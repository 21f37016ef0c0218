import { createHash } from "node:crypto";
import type { Revision } from "../../domain/artifact.ts";
import { findCondition } from "../../domain/condition.ts";
import type { Health } from "../../domain/health.ts";
import { entryOf, type InventoryEntry, refOfEntry } from "../../domain/inventory.ts";
import { type Manifest, refOf } from "../../domain/manifest.ts";
import { ownerSelector } from "../../domain/owner.ts";
import { parseTime } from "../../domain/time.ts";
import type { Kustomization } from "../../flux/kustomization-object.ts";
import { ABSENT } from "../../health/answers.ts";
import { awaited } from "../../health/awaited.ts";
import { computeHealth } from "../../health/compute.ts";
import type { CustomHealth } from "../../health/expressions.ts";
import { applyEventText, type Change, inventoryOf, pruneEventText } from "../../plan/change.ts";
import { nextTurn, turnWindow } from "../../plan/due.ts";
import { type IgnoreRule, parseIgnoreRules } from "../../plan/ignore.ts";
import { inStages, type Stage } from "../../plan/order.ts";
import { leftInventory, mergedInventory } from "../../plan/prune.ts";
import type { Cluster } from "../../ports/cluster.ts";
import { impersonatedUser } from "../identity.ts";
import { isInstalled } from "../installed.ts";
import { applyStage } from "./apply-stage.ts";
import { type Confirmations, loadConfirmations } from "./confirmations.ts";
import { CRD, type KustomizationDeps } from "./deps.ts";
import { desiredObjects } from "./desired.ts";
import type { End, Work } from "./end.ts";
import { type Applied, checkHealth } from "./health.ts";
import { createLiveObjects, type LiveObjects } from "./live-objects.ts";
import { type PlanContext, planStage, type Step } from "./plan-stage.ts";
import { pruneObjects } from "./prune.ts";
import { say } from "./say.ts";
import type { StatusOwner } from "./status-owner.ts";
import { summarise } from "./summarise.ts";

/** What a build handed on. */
export type ToApply = {
  readonly revision: Revision;
  readonly manifests: readonly Manifest[];
  readonly digest: string;
  /** The health that the Kustomization's own expressions tell. */
  readonly custom: CustomHealth;
};

/** What one run over the cluster works with. */
type Run = {
  readonly deps: KustomizationDeps;
  /** As it was when the run began. */
  readonly object: Kustomization;
  readonly status: StatusOwner;
  readonly revision: Revision;
  readonly digest: string;
  readonly cluster: Cluster;
  readonly live: LiveObjects;
  readonly confirmations: Confirmations;
  readonly plan: PlanContext;
  readonly custom: CustomHealth;
};

/** Makes the cluster have the manifests, and no more: stage by stage, then prune, then a look at health. Source: reference 2.3 steps 17-22. */
export async function applyRendered(deps: KustomizationDeps, status: StatusOwner, { revision, manifests, digest, custom }: ToApply): Promise<End> {
  const object = status.current();
  const desired = desiredObjects(manifests, object);
  const ignore = parseIgnoreRules(object.spec.ignore);
  if (!ignore.ok) return { kind: "failed", revision, phase: "detecting", cause: { reason: "ReconciliationFailed", message: ignore.problem }, work: { digest } };
  const run = await begin(deps, status, { revision, digest, desired, ignore: ignore.value, custom });
  const applied = await applyAll(run, inStages(desired, deps.settings.customStageKinds));
  if (applied.kind === "end") return applied.end;
  const changes = applied.done.map(({ step }) => step.change);
  if (hasChanged(changes)) await say(deps, object, { type: "Normal", reason: "Progressing", message: applyEventText(changes), revision });
  if (applied.kind === "settling") return settle(run, applied.done, applied.left);
  const pruned = await pruneLeft(run, inventoryOf(changes));
  if (pruned.problem !== undefined) return failed(run, "PruneFailed", pruned.problem, { digest, inventory: pruned.inventory });
  await run.confirmations.confirm(desired);
  return endOf(run, applied.done, { applied: hasChanged(changes), pruned: pruned.changed }, pruned.inventory);
}

const hasChanged = (changes: readonly Change[]): boolean => changes.some(({ kind }) => kind === "create" || kind === "configure" || kind === "recreate");

type Beginning = {
  readonly revision: Revision;
  readonly digest: string;
  readonly desired: readonly Manifest[];
  readonly ignore: readonly IgnoreRule[];
  readonly custom: CustomHealth;
};

async function begin(deps: KustomizationDeps, status: StatusOwner, { revision, digest, desired, ignore, custom }: Beginning): Promise<Run> {
  const object = status.current();
  const cluster = deps.as(impersonatedUser(object, deps.settings));
  const live = createLiveObjects(cluster, deps.kinds, ownerSelector(object.metadata));
  const entries = object.status.inventory?.entries ?? [];
  const before = entries.flatMap((entry) => refOfEntry(entry) ?? []);
  const known = new Set(entries.map(({ id }) => id));
  const [schemas] = await Promise.all([deps.kinds.schemas(), live.prepare([...desired.map(refOf), ...before])]);
  const { uid } = object.metadata;
  const confirmations = await loadConfirmations(deps.renders, `confirmed/${uid}${rulesKey(object.spec.ignore)}`, schemas);
  const { parallel, fullLookEvery } = deps.settings;
  const window = turnWindow(uid, object.spec.interval, deps.clock.now());
  const plan: PlanContext = {
    cluster,
    kinds: deps.kinds,
    schemas,
    live,
    known,
    ignore,
    confirmations,
    force: object.spec.force,
    parallel,
    isFullLook: nextTurn(uid, fullLookEvery, window.from) <= window.to,
  };
  return { deps, object, status, revision, digest, cluster, live, confirmations, plan, custom };
}

/** What was found right under rules that ignore something is not right without them. */
const rulesKey = (rules: Kustomization["spec"]["ignore"]): string =>
  rules.length === 0 ? "" : `/${createHash("sha256").update(JSON.stringify(rules)).digest("hex")}`;

type AppliedAll =
  | { readonly kind: "applied"; readonly done: readonly Applied[] }
  /** A stage is not established yet; `left` is what still is to come. */
  | { readonly kind: "settling"; readonly done: readonly Applied[]; readonly left: readonly Manifest[] }
  | { readonly kind: "end"; readonly end: End };

async function applyAll(run: Run, stages: readonly Stage[]): Promise<AppliedAll> {
  const done: Applied[] = [];
  let announced = false;
  for (const [index, stage] of stages.entries()) {
    const planned = await planStage(run.plan, stage.manifests);
    if (planned.kind === "refused") return { kind: "end", end: applyFailed(run, planned.texts.join("\n"), done, []) };
    if (!announced && planned.steps.some(isNew(run))) {
      const moved = await announce(
        run,
        stages.slice(index).flatMap(({ manifests }) => manifests),
      );
      if (moved !== undefined)
        return { kind: "end", end: { kind: "moved", why: moved, work: { inventory: inventoryOf(done.map(({ step }) => step.change)) } } };
      announced = true;
    }
    const result = await applyStage(run.cluster, planned.steps, run.plan.parallel);
    if (result.end.kind === "refused") return { kind: "end", end: applyFailed(run, result.end.text, done, result.done) };
    done.push(...result.done);
    const left = stages.slice(index + 1).flatMap(({ manifests }) => manifests);
    const waits = result.end.kind === "terminating" || (stage.awaited && left.length > 0 && !(await isEstablished(run, result.done)));
    if (waits) return { kind: "settling", done, left: result.end.kind === "terminating" ? [...stage.manifests, ...left] : left };
  }
  return { kind: "applied", done };
}

/** It will exist because of us, and the inventory does not say so yet. */
function isNew({ object }: Run): (step: Step) => boolean {
  const known = new Set((object.status.inventory?.entries ?? []).map(({ id }) => id));
  return ({ change }) => change.kind !== "unchanged" && !known.has(entryOf(change.ref).id);
}

/**
 * Writes down what this run may create before it creates anything: a run that is cut off leaves nothing that nobody would ever prune.
 * Says so when the object has moved on meanwhile.
 */
async function announce({ deps, object, status, revision }: Run, coming: readonly Manifest[]): Promise<"moved" | "gone" | undefined> {
  const planned = coming.map((manifest) => entryOf(refOf(manifest)));
  const inventory = mergedInventory(object.status.inventory?.entries ?? [], planned);
  const now = deps.clock.now();
  const { status: next } = summarise(object, { kind: "settling", revision, work: { inventory } }, { started: now, now });
  const written = next === undefined ? "unchanged" : await status.write(next);
  return written === "moved" || written === "gone" ? written : undefined;
}

/** Looks a few times in a row: being established takes the server milliseconds, and then the stages are one story. */
const LOOKS = 40;

async function isEstablished(run: Run, done: readonly Applied[]): Promise<boolean> {
  const refs = done.filter(({ step }) => step.change.kind !== "skip").map(({ step }) => step.change.ref);
  let pending = refs.filter((_, index) => !isCurrent(run, done[index]?.object));
  for (let look = 0; look < LOOKS && pending.length > 0; look++) {
    const answers = await Promise.all(pending.map(async (ref) => ({ ref, answer: await run.cluster.get(ref) })));
    pending = answers.filter(({ answer }) => answer.kind !== "found" || !isCurrent(run, answer.object)).map(({ ref }) => ref);
  }
  return pending.length === 0;
}

const healthOf = ({ deps, custom }: Run, object: Manifest): Health => custom(object) ?? computeHealth(object, { now: deps.clock.now() });
const isCurrent = (run: Run, object: Manifest | undefined): boolean => object !== undefined && healthOf(run, object).kind === "current";

/** A stage that does not settle in its time has failed. */
async function settle(run: Run, done: readonly Applied[], left: readonly Manifest[]): Promise<End> {
  const { deps, object, revision, digest } = run;
  const inventory = mergedInventory(object.status.inventory?.entries ?? [], [
    ...inventoryOf(done.map(({ step }) => step.change)),
    ...left.map((manifest) => entryOf(refOf(manifest))),
  ]);
  const since = findCondition(object.status.conditions ?? [], "Reconciling");
  const waited = deps.clock.now() - (since?.reason === "Progressing" ? (parseTime(since.lastTransitionTime) ?? deps.clock.now()) : deps.clock.now());
  if (waited < deps.settings.stageTimeout) return { kind: "settling", revision, work: { inventory } };
  const watched = done.map(({ step, object: found }) => ({
    ref: step.change.ref,
    health: found === undefined ? ABSENT : healthOf(run, found),
  }));
  const state = awaited(watched, { timedOut: true, failFast: false });
  return failed(run, "ReconciliationFailed", state.kind === "failed" ? state.message : "a stage did not settle in its time", { digest, inventory });
}

/** What is left in the inventory and not in the plan goes, if the spec says so. */
async function pruneLeft(
  run: Run,
  inventory: readonly InventoryEntry[],
): Promise<{ readonly inventory: readonly InventoryEntry[]; readonly changed: boolean; readonly problem?: string }> {
  const { deps, object, revision } = run;
  const left = leftInventory(object.status.inventory?.entries ?? [], inventory);
  if (left.length === 0 || !object.spec.prune) return { inventory, changed: false };
  if (!(await isInstalled(deps.cluster, deps.settings, CRD))) return { inventory: mergedInventory(inventory, left), changed: false };
  const pruned = await pruneObjects(run.cluster, run.live, left, object.metadata);
  if (pruned.changes.length > 0) await say(deps, object, { type: "Normal", reason: "Progressing", message: pruneEventText(pruned.changes), revision });
  const remaining = mergedInventory(inventory, pruned.left);
  return { inventory: remaining, changed: pruned.deletedNow, ...(pruned.problem !== undefined && { problem: pruned.problem }) };
}

/** Objects that only went are no change that health is awaited anew for, or told of. */
type Changed = { readonly applied: boolean; readonly pruned: boolean };

async function endOf(run: Run, done: readonly Applied[], changed: Changed, inventory: readonly InventoryEntry[]): Promise<End> {
  const { deps, object, revision, digest, cluster } = run;
  const work: Work = { digest, inventory };
  const context = { cluster, kinds: deps.kinds, clock: deps.clock, now: deps.clock.now(), parallel: run.plan.parallel, custom: run.custom };
  const health = await checkHealth(context, object, revision, done, changed.applied || changed.pruned);
  switch (health.kind) {
    case "nothing-to-check":
      return { kind: "succeeded", revision, changed: changed.applied, work };
    case "passed":
      return { kind: "succeeded", revision, changed: changed.applied, checked: health.took, work };
    case "waiting":
      return { kind: "checking", revision, work };
    case "failed":
      return { kind: "unhealthy", revision, message: health.message, since: health.took, work };
  }
}

/** What was applied before the error is kept in the inventory, whatever stage it was in: nothing that exists is forgotten. */
function applyFailed(run: Run, text: string, done: readonly Applied[], partly: readonly Applied[]): End {
  const log = applyEventText(done.map(({ step }) => step.change));
  const exists = inventoryOf([...done, ...partly].map(({ step }) => step.change));
  const inventory = mergedInventory(run.object.status.inventory?.entries ?? [], exists);
  return failed(run, "ReconciliationFailed", `${text}\n${log}`, { digest: run.digest, ...(inventory.length > 0 && { inventory }) });
}

const failed = ({ revision }: Run, reason: string, message: string, work: Work): End => ({
  kind: "failed",
  revision,
  phase: "detecting",
  cause: { reason, message },
  work,
});
