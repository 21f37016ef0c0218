import { type Manifest, refOf, subjectOf } from "@sluice/engine/domain/manifest.ts";
import { hasDrifted } from "@sluice/engine/plan/compare.ts";
import { controlsOf } from "@sluice/engine/plan/controls.ts";
import { type IgnoreRule, ignoredPaths, withoutPaths } from "@sluice/engine/plan/ignore.ts";
import { maskedPair } from "@sluice/engine/plan/mask.ts";
import { dryRunRefusal } from "@sluice/engine/reconcile/kustomization/dry-run-refusal.ts";
import type { Session } from "../cli.ts";
import { renderDifferences } from "../render/differences.ts";

/** `changed`: an apply would create, change or delete something. Objects that the server refuses are in `problems`, and hide nothing of the others. */
export type Difference = { readonly text: string; readonly changed: boolean; readonly problems: readonly string[] };

export type DiffRules = { readonly manager: string; readonly ignore: readonly IgnoreRule[] };

export const NOTHING: Difference = { text: "", changed: false, problems: [] };

export const joined = (all: readonly Difference[]): Difference => ({
  text: all.map(({ text }) => text).join(""),
  changed: all.some(({ changed }) => changed),
  problems: all.flatMap(({ problems }) => problems),
});

/** What an apply of `manifest` would do to the cluster, by a server-side dry-run as the engine makes it. */
export async function diffObject(session: Session, manifest: Manifest, { manager, ignore }: DiffRules): Promise<Difference> {
  const ref = refOf(manifest);
  const subject = subjectOf(ref);
  const answer = await session.cluster.get(ref);
  const live = answer.kind === "found" ? answer.object : undefined;
  const controls = controlsOf(manifest, live);
  if (controls.skip !== undefined) return { ...NOTHING, text: `► ${subject} skipped\n` };
  const wouldBe = await session.cluster.apply(manifest, { manager, force: true, dryRun: true });
  if (wouldBe.kind === "refused") {
    if (controls.force && live !== undefined && wouldBe.why === "immutable") return { ...NOTHING, text: `► ${subject} created\n`, changed: true };
    return { ...NOTHING, problems: [await dryRunRefusal(session.kinds, manifest, wouldBe)] };
  }
  if (live === undefined) return { ...NOTHING, text: `► ${subject} created\n`, changed: true };
  const ignored = ignoredPaths(ignore, wouldBe.object);
  const pair = maskedPair(withoutPaths(live, ignored), withoutPaths(wouldBe.object, ignored));
  if (!hasDrifted(withoutPaths(live, ignored), withoutPaths(wouldBe.object, ignored))) return NOTHING;
  return { ...NOTHING, text: `► ${subject} drifted\n${renderDifferences(shown(pair.live), shown(pair.desired))}`, changed: true };
}

/** What the server keeps for itself says nothing. */
function shown(object: Manifest): Manifest {
  const { managedFields: _managedFields, resourceVersion: _resourceVersion, ...metadata } = object.metadata;
  return { ...object, metadata };
}
