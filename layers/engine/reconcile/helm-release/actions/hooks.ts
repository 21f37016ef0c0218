import type { HelmHook, HelmHookEvent, HelmHookRun } from "../../../domain/helm-release.ts";
import type { Milliseconds } from "../../../domain/time.ts";
import type { ReleaseSecret } from "../../../release/secret.ts";
import { deleteObjects } from "./delete-objects.ts";
import { lookAtHook, lookForGone } from "./look.ts";
import { type Resource, readResources } from "./resources.ts";
import { inPart, isOver, keep, nowText, type PartEnd, type Run, withProgress, withRelease } from "./run.ts";
import { createResources } from "./write-resources.ts";
import type { Writer } from "./writer.ts";

export type HookPlan = {
  readonly event: HelmHookEvent;
  readonly timeout: Milliseconds;
  /** False where nothing but the end of hooks is waited for. */
  readonly waitsForDeletion: boolean;
  readonly writer: Writer;
  /** Absent: all hooks of the event. */
  readonly included?: (hook: HelmHook) => boolean;
};

/**
 * The hooks of one event, one after the other. Where it stands is in the progress: `hook` counts them, and `part` is `clear` (what is left of its last run is
 * deleted), `run`, `watch` or `failed` of that hook, and `tidy` behind the last. That a hook runs is stored before it is created, as in Helm.
 * Source: Helm 4, pkg/action/hooks.go.
 */
export async function runHooks(run: Run, from: ReleaseSecret, plan: HookPlan): Promise<PartEnd> {
  const order = executed(from.release.hooks ?? [], plan);
  if (order.length === 0) return { kind: "done", secret: from };
  let secret = from;
  for (let count = numberOf(from, "hook"); count < order.length; count++) {
    const end = await runHook(run, secret, plan, { order, count });
    if (end.kind !== "done") return end;
    secret = end.secret;
  }
  return tidy(run, secret, plan, order);
}

/** What an annotation can hold of a message, and a condition shows of it. */
const LONGEST = 32_768;

/** `order`: the places of the hooks in the release; `count`: which of them it is. */
type Place = { readonly order: readonly number[]; readonly count: number };

/** By weight, then name; those of both in the order of the release. */
function executed(hooks: readonly HelmHook[], { event, included = () => true }: HookPlan): readonly number[] {
  return hooks
    .map((hook, index) => ({ hook, index }))
    .filter(({ hook }) => hook.events.includes(event) && included(hook))
    .toSorted((a, b) => (a.hook.weight ?? 0) - (b.hook.weight ?? 0) || (a.hook.name < b.hook.name ? -1 : a.hook.name > b.hook.name ? 1 : 0))
    .map(({ index }) => index);
}

async function runHook(run: Run, from: ReleaseSecret, plan: HookPlan, place: Place): Promise<PartEnd> {
  const index = place.order[place.count] ?? 0;
  const begun = numberOf(from, "hook") === place.count && textOf(from, "part") !== "";
  let secret = begun ? from : inPart(run, withDefaultPolicy(from, index), { hook: place.count, part: "clear" });
  const hook = hookAt(secret, index);
  if (textOf(secret, "part") === "failed") return shutDown(run, secret, plan, place, textOf(secret, "failure"));
  if (textOf(secret, "part") === "clear") {
    const cleared = await clear(run, secret, hook, plan);
    if (cleared.kind !== "done") return cleared;
  }
  const resources = await readResources(run.deps.kinds, hook.manifest, secret.release.namespace);
  if (!resources.ok) return { kind: "failed", secret, message: `unable to build kubernetes object for ${plan.event} hook ${hook.path}: ${resources.problem}` };
  if (textOf(secret, "part") === "clear") {
    const running = withRun(secret, index, { started_at: nowText(run), phase: "Running" });
    secret = await keep(run, inPart(run, running, { part: "run" }));
  }
  return watchHook(run, secret, plan, place, resources.value);
}

/** What is left of the last time is deleted, and gone, before it is created anew. */
async function clear(run: Run, secret: ReleaseSecret, hook: HelmHook, plan: HookPlan): Promise<PartEnd> {
  if (!isDeletedBy(hook, "before-hook-creation")) return { kind: "done", secret };
  const resources = await readResources(run.deps.kinds, hook.manifest, secret.release.namespace);
  if (!resources.ok) return { kind: "failed", secret, message: `unable to build kubernetes object for deleting hook ${hook.path}: ${resources.problem}` };
  const { problems, gone } = await deleteObjects(run, resources.value, "Background");
  if (problems.length > 0) return { kind: "failed", secret, message: problems.join("; ") };
  if (gone || !plan.waitsForDeletion) return { kind: "done", secret };
  const look = await lookForGone(run, resources.value, isOver(run, secret, plan.timeout));
  if (look.kind === "waiting") return { kind: "waiting", secret };
  return look.kind === "failed" ? { kind: "failed", secret, message: look.message } : { kind: "done", secret };
}

async function watchHook(run: Run, from: ReleaseSecret, plan: HookPlan, place: Place, resources: readonly Resource[]): Promise<PartEnd> {
  const index = place.order[place.count] ?? 0;
  const hook = hookAt(from, index);
  const creates = textOf(from, "part") === "run";
  const written = creates ? await createResources(plan.writer, resources, run.deps.settings.parallel) : undefined;
  if (written?.problem !== undefined) {
    const secret = withRun(from, index, { ...hook.last_run, completed_at: nowText(run), phase: "Failed" });
    return { kind: "failed", secret, message: `warning: Hook ${plan.event} ${hook.path} failed: ${written.problem}` };
  }
  const secret = creates ? withProgress(from, { part: "watch" }) : from;
  const wanted = resources.map((resource, at) => ({ resource, index: at, object: written?.objects[at] }));
  const look = await lookAtHook(run, wanted, isOver(run, secret, plan.timeout));
  switch (look.kind) {
    case "waiting":
      return { kind: "waiting", secret };
    case "failed":
      return hookFailed(run, secret, plan, place, look.message);
    case "done":
      return { kind: "done", secret: withRun(secret, index, { ...hook.last_run, completed_at: nowText(run), phase: "Succeeded" }) };
  }
}

/** That it has failed is stored before anything of it is deleted: a look at what is gone would say something else. */
async function hookFailed(run: Run, from: ReleaseSecret, plan: HookPlan, place: Place, message: string): Promise<PartEnd> {
  const index = place.order[place.count] ?? 0;
  const secret = withRun(from, index, { ...hookAt(from, index).last_run, completed_at: nowText(run), phase: "Failed" });
  if (failedOnes(secret, place).length === 0) return { kind: "failed", secret, message };
  return shutDown(run, await keep(run, withProgress(secret, { part: "failed", failure: message.slice(0, LONGEST) })), plan, place, message);
}

/** The failed hook by its own policy, those that succeeded before it by theirs. */
function failedOnes(secret: ReleaseSecret, { order, count }: Place): readonly HelmHook[] {
  const before = order.slice(0, count).map((index) => hookAt(secret, index));
  const own = hookAt(secret, order[count] ?? 0);
  return [...(isDeletedBy(own, "hook-failed") ? [own] : []), ...before.filter((hook) => isDeletedBy(hook, "hook-succeeded"))];
}

async function shutDown(run: Run, secret: ReleaseSecret, _plan: HookPlan, place: Place, message: string): Promise<PartEnd> {
  for (const hook of failedOnes(secret, place)) {
    const resources = await readResources(run.deps.kinds, hook.manifest, secret.release.namespace);
    if (resources.ok) await deleteObjects(run, resources.value, "Background");
  }
  return { kind: "failed", secret, message };
}

/** Behind the last hook: those that are to go when they have succeeded, the last first. */
async function tidy(run: Run, from: ReleaseSecret, plan: HookPlan, order: readonly number[]): Promise<PartEnd> {
  const hooks = order
    .toReversed()
    .map((index) => hookAt(from, index))
    .filter((hook) => isDeletedBy(hook, "hook-succeeded"));
  if (hooks.length === 0) return { kind: "done", secret: from };
  const began = textOf(from, "part") === "tidy";
  const secret = began ? from : await keep(run, inPart(run, from, { hook: order.length, part: "tidy" }));
  for (const hook of hooks) {
    const resources = await readResources(run.deps.kinds, hook.manifest, secret.release.namespace);
    if (!resources.ok) return { kind: "failed", secret, message: `unable to build kubernetes object for deleting hook ${hook.path}: ${resources.problem}` };
    const { problems, gone } = await deleteObjects(run, resources.value, "Background");
    if (problems.length > 0) return { kind: "failed", secret, message: problems.join("; ") };
    if (gone || !plan.waitsForDeletion) continue;
    const look = await lookForGone(run, resources.value, isOver(run, secret, plan.timeout));
    if (look.kind === "waiting") return { kind: "waiting", secret };
    if (look.kind === "failed") return { kind: "failed", secret, message: look.message };
  }
  return { kind: "done", secret };
}

/** A CRD is never deleted: what is made by it would go with it. */
const isDeletedBy = ({ kind, delete_policies = [] }: HelmHook, policy: string): boolean =>
  kind !== "CustomResourceDefinition" && delete_policies.includes(policy);

function hookAt({ release }: ReleaseSecret, index: number): HelmHook {
  const hook = release.hooks?.[index];
  if (hook === undefined) throw new Error(`the release has no hook ${index}`);
  return hook;
}

function withHook(secret: ReleaseSecret, index: number, change: (hook: HelmHook) => HelmHook): ReleaseSecret {
  const hooks = (secret.release.hooks ?? []).map((hook, at) => (at === index ? change(hook) : hook));
  return withRelease(secret, { ...secret.release, hooks });
}

const withRun = (secret: ReleaseSecret, index: number, last_run: HelmHookRun): ReleaseSecret => withHook(secret, index, (hook) => ({ ...hook, last_run }));

const withDefaultPolicy = (secret: ReleaseSecret, index: number): ReleaseSecret =>
  (hookAt(secret, index).delete_policies ?? []).length > 0
    ? secret
    : withHook(secret, index, (hook) => ({ ...hook, delete_policies: ["before-hook-creation"] }));

function numberOf({ progress }: ReleaseSecret, key: string): number {
  const value = progress?.[key];
  return typeof value === "number" ? value : 0;
}

function textOf({ progress }: ReleaseSecret, key: string): string {
  const value = progress?.[key];
  return typeof value === "string" ? value : "";
}
