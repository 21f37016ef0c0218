import { entryOf } from "../../domain/inventory.ts";
import { type Manifest, type ObjectRef, refOf } from "../../domain/manifest.ts";
import type { Change } from "../../plan/change.ts";
import { type CleanUpOperation, cleanUpPatch, KUSTOMIZE_MANAGER } from "../../plan/clean-up.ts";
import { hasDrifted } from "../../plan/compare.ts";
import { type Controls, controlsOf } from "../../plan/controls.ts";
import { decide } from "../../plan/decide.ts";
import { type IgnoreRule, ignoredPaths, keepIgnored, withoutPaths } from "../../plan/ignore.ts";
import { typedFieldsOf } from "../../plan/typed-kinds.ts";
import type { ApplyAnswer, Cluster, Refusal } from "../../ports/cluster.ts";
import type { Kinds } from "../../ports/kinds.ts";
import { inParallel } from "../in-parallel.ts";
import type { Confirmations } from "./confirmations.ts";
import { dryRunRefusal } from "./dry-run-refusal.ts";
import type { LiveObjects } from "./live-objects.ts";

/** What is to be done with one object of a stage. */
export type Step = {
  readonly change: Change;
  /** As it is applied: the object of the build, with the fields that `spec.ignore` leaves alone as the cluster has them. */
  readonly desired: Manifest;
  /** As the cluster has it; undefined when it is not there. */
  readonly live: Manifest | undefined;
  /** Goes ahead of the apply. */
  readonly cleanUp: readonly CleanUpOperation[];
};

/** A stage in which every object was answered for, or all that was refused: nothing of it is written then. */
export type StagePlan = { readonly kind: "planned"; readonly steps: readonly Step[] } | { readonly kind: "refused"; readonly texts: readonly string[] };

export type PlanContext = {
  /** As the identity whose rights count. */
  readonly cluster: Cluster;
  readonly kinds: Kinds;
  /** Every group-version that is served now, with the hash of its schemas. */
  readonly schemas: ReadonlyMap<string, string>;
  readonly live: LiveObjects;
  /** Ids of the inventory. */
  readonly known: ReadonlySet<string>;
  readonly ignore: readonly IgnoreRule[];
  readonly confirmations: Confirmations;
  /** `spec.force`. */
  readonly force: boolean;
  readonly parallel: number;
  /** It is this pass's turn to ask the server about every object, whatever the LIST says. */
  readonly isFullLook: boolean;
};

type Answered = { readonly kind: "step"; readonly step: Step } | { readonly kind: "refused"; readonly text: string };

/** Finds out what a stage has to do: from the LIST where that decides it, from a dry-run where it does not. Writes nothing. */
export async function planStage(context: PlanContext, manifests: readonly Manifest[]): Promise<StagePlan> {
  const answers = await inParallel(manifests, context.parallel, (desired) => planObject(context, desired));
  const texts = answers.flatMap((answer) => (answer.kind === "refused" ? [answer.text] : []));
  if (texts.length > 0) return { kind: "refused", texts };
  return { kind: "planned", steps: answers.flatMap((answer) => (answer.kind === "step" ? [answer.step] : [])) };
}

async function planObject(context: PlanContext, desired: Manifest): Promise<Answered> {
  const ref = refOf(desired);
  const listed = await context.live.listed(ref);
  const live = listed.kind === "found" ? listed.object : undefined;
  const controls = controlsOf(desired, live);
  if (controls.skip !== undefined) return step("skip", desired, live);
  if (live !== undefined) return planListed(context, desired, live, controls);
  return context.known.has(entryOf(ref).id) ? planKnown(context, desired, ref) : planUnlisted(context, desired, ref);
}

/** It should be there, and is in no list: listing is forbidden, or somebody took our labels away. A read decides as a LIST would. */
async function planKnown(context: PlanContext, desired: Manifest, ref: ObjectRef): Promise<Answered> {
  const found = await context.cluster.get(ref);
  if (found.kind !== "found") return planUnlisted(context, desired, ref);
  const controls = controlsOf(desired, found.object);
  return controls.skip !== undefined ? step("skip", desired, found.object) : planListed(context, desired, found.object, controls);
}

/** An object with our labels: the LIST has it, and mostly decides. */
async function planListed(context: PlanContext, desired: Manifest, live: Manifest, controls: Controls): Promise<Answered> {
  const cleanUp = controls.merge ? [] : cleanUpPatch(live);
  if (cleanUp.length === 0 && (await isKnownUnchanged(context, desired, live))) return step("unchanged", desired, live);
  return compareByDryRun(context, desired, live, controls, await dryRun(context, desired));
}

async function isKnownUnchanged(context: PlanContext, desired: Manifest, live: Manifest): Promise<boolean> {
  if (live.metadata.deletionTimestamp !== undefined || context.isFullLook) return false;
  const kind = await context.kinds.find(desired.apiVersion, desired.kind);
  const decision = decide(desired, live, {
    builtIn: typedFieldsOf(desired.apiVersion, desired.kind) !== undefined,
    hasStatus: kind?.hasStatus ?? false,
    isServed: (apiVersion) => context.schemas.has(apiVersion),
  });
  return decision.kind === "unchanged" ? context.confirmations.isSchemaKnown(desired) : context.confirmations.isStamped(desired, live);
}

/** An object in no list of ours: new, or somebody else's until now. The dry-run tells which. */
async function planUnlisted(context: PlanContext, desired: Manifest, ref: ObjectRef): Promise<Answered> {
  const answer = await dryRun(context, desired);
  if (answer.kind === "created") return step("create", desired, undefined);
  const found = await context.cluster.get(ref);
  if (found.kind !== "found") return answer.kind === "refused" ? refused(context, desired, answer) : step("create", desired, undefined);
  const controls = controlsOf(desired, found.object);
  if (controls.skip !== undefined) return step("skip", desired, found.object);
  return compareByDryRun(context, desired, found.object, controls, answer);
}

async function compareByDryRun(context: PlanContext, desired: Manifest, live: Manifest, controls: Controls, answer: ApplyAnswer): Promise<Answered> {
  if (answer.kind === "refused") return isForced(context, controls, answer) ? step("recreate", desired, live) : refused(context, desired, answer);
  if (answer.kind === "created") return step("create", desired, undefined);
  const cleanUp = controls.merge ? [] : cleanUpPatch(live);
  const ignored = ignoredPaths(context.ignore, answer.object);
  if (cleanUp.length > 0 || hasDrifted(withoutPaths(live, ignored), withoutPaths(answer.object, ignored)))
    return step("configure", keepIgnored(desired, live, answer.object, ignored), live, cleanUp);
  context.confirmations.stamp(desired, live);
  return step("unchanged", desired, live);
}

const dryRun = (context: PlanContext, desired: Manifest): Promise<ApplyAnswer> =>
  context.cluster.apply(desired, { manager: KUSTOMIZE_MANAGER, force: true, dryRun: true });

/** An object may be deleted and created anew when that was asked for, and the server will not have the change in place. Source: reference 2.6.3. */
const isForced = (context: PlanContext, controls: Controls, { why }: Refusal): boolean =>
  (context.force || controls.force) && (why === "conflict" || why === "invalid" || why === "immutable");

async function refused({ kinds }: PlanContext, desired: Manifest, refusal: Refusal): Promise<Answered> {
  return { kind: "refused", text: await dryRunRefusal(kinds, desired, refusal) };
}

const step = (kind: Change["kind"], desired: Manifest, live: Manifest | undefined, cleanUp: readonly CleanUpOperation[] = []): Answered => ({
  kind: "step",
  step: { change: { ref: refOf(desired), kind }, desired, live, cleanUp },
});
