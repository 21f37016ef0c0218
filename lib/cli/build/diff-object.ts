import { type Manifest, type ObjectRef, refOf, subjectOf } from "@sluice/engine/domain/manifest.ts";
import { jsonOf, manifestOf } from "@sluice/engine/domain/manifest-json.ts";
import { hasDrifted } from "@sluice/engine/plan/compare.ts";
import { controlsOf } from "@sluice/engine/plan/controls.ts";
import { withoutPaths } from "@sluice/engine/plan/ignore.ts";
import { type Pointer, putAt, readAt } from "@sluice/engine/plan/json-pointer.ts";
import { maskedPair } from "@sluice/engine/plan/mask.ts";
import { dryRunRefusal } from "@sluice/engine/reconcile/kustomization/dry-run-refusal.ts";
import type { Session } from "../cli.ts";
import { renderDifferences } from "../render/differences.ts";

/**
 * `changed`: an apply would create, change or delete something. Objects that the server refuses are in `problems`, and hide nothing of the others.
 * `remarks`: what was not compared, and why.
 */
export type Difference = { readonly text: string; readonly changed: boolean; readonly problems: readonly string[]; readonly remarks: readonly string[] };

export type DiffRules = {
  readonly manager: string;
  /** Whether labels and annotations say what becomes of an object, as those of Kustomizations do. */
  readonly steered: boolean;
  /** Whether a change of the spec shows as a new generation, too, as in `flux diff kustomization`. */
  readonly showsGeneration: boolean;
  /** The fields to leave alone, by what the server says an apply would make. */
  ignored(wouldBe: Manifest): readonly Pointer[];
  /** Fields that are other ones in every revision: what the cluster has there stands, and that is said. */
  readonly chance?: readonly Pointer[];
};

export const NOTHING: Difference = { text: "", changed: false, problems: [], remarks: [] };

export const joined = (all: readonly Difference[]): Difference => ({
  text: all.map(({ text }) => text).join(""),
  changed: all.some(({ changed }) => changed),
  problems: all.flatMap(({ problems }) => problems),
  remarks: all.flatMap(({ remarks }) => remarks),
});

export const createdOf = (ref: Pick<ObjectRef, "kind" | "namespace" | "name">): Difference => ({
  ...NOTHING,
  text: `► ${subjectOf(ref)} created\n`,
  changed: true,
});

/** What an apply of `manifest` would do to the cluster, by a server-side dry-run as the engine makes it. */
export async function diffObject(session: Session, manifest: Manifest, { manager, steered, showsGeneration, ignored, chance }: DiffRules): Promise<Difference> {
  const ref = refOf(manifest);
  const subject = subjectOf(ref);
  const answer = await session.cluster.get(ref);
  const live = answer.kind === "found" ? answer.object : undefined;
  const controls = controlsOf(manifest, live);
  if (steered && controls.skip !== undefined) return { ...NOTHING, text: `► ${subject} skipped\n` };
  const wouldBe = await session.cluster.apply(manifest, { manager, force: true, dryRun: true });
  if (wouldBe.kind === "refused") {
    if (steered && controls.force && live !== undefined && wouldBe.why === "immutable") return createdOf(ref);
    return { ...NOTHING, problems: [await dryRunRefusal(session.kinds, manifest, wouldBe)] };
  }
  if (answer.kind === "refused") return { ...NOTHING, problems: [`${subject}: ${answer.message}`] };
  if (live === undefined) return createdOf(ref);
  const kept = (chance ?? []).filter((path) => readAt(jsonOf(live), path) !== undefined);
  const remarks = kept.length === 0 ? [] : [`${subject}: not compared, since it is another one in every revision: ${kept.map(placeText).join(", ")}`];
  const paths = ignored(wouldBe.object);
  const [before, after] = [withoutPaths(live, paths), withoutPaths(keeping(wouldBe.object, live, kept), paths)];
  if (!hasDrifted(before, after)) return { ...NOTHING, remarks };
  const pair = maskedPair(before, after);
  const text = renderDifferences(shown(pair.live, showsGeneration), shown(pair.desired, showsGeneration));
  return { ...NOTHING, text: `► ${subject} drifted\n${text}`, changed: true, remarks };
}

const keeping = (wouldBe: Manifest, live: Manifest, paths: readonly Pointer[]): Manifest =>
  manifestOf(paths.reduce((object, path) => putAt(object, path, readAt(jsonOf(live), path) ?? null), jsonOf(wouldBe)));

/** As the names of fields stand above a difference. */
const placeText = (path: Pointer): string => path.join(".");

/** What the server keeps for itself says nothing. */
function shown(object: Manifest, showsGeneration: boolean): Manifest {
  const { managedFields: _managedFields, resourceVersion: _resourceVersion, generation, ...metadata } = object.metadata;
  return { ...object, metadata: { ...metadata, ...(showsGeneration && generation !== undefined && { generation }) } };
}
