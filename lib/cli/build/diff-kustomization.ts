import { entryOf } from "@sluice/engine/domain/inventory.ts";
import { type Manifest, refOf, subjectOf } from "@sluice/engine/domain/manifest.ts";
import type { Kustomization } from "@sluice/engine/flux/kustomization-object.ts";
import { KUSTOMIZE_MANAGER } from "@sluice/engine/plan/clean-up.ts";
import { ignoredPaths, parseIgnoreRules } from "@sluice/engine/plan/ignore.ts";
import type { Pointer } from "@sluice/engine/plan/json-pointer.ts";
import { normalise } from "@sluice/engine/plan/normalise.ts";
import { leftInventory, pruneRefs } from "@sluice/engine/plan/prune.ts";
import type { Session } from "../cli.ts";
import { Failure } from "../failure.ts";
import { readObject } from "../read-object.ts";
import { isKustomization } from "./build-local.ts";
import { type Difference, diffObject, joined, NOTHING } from "./diff-object.ts";
import type { LocalBuilder } from "./local-builder.ts";

export type DiffDeps = { readonly session: Session; readonly builder: LocalBuilder; readonly recursive: boolean };

const MAX_DEPTH = 50;

/** What would happen to the cluster if the local folder were what is in Git, found by server-side dry-runs as the engine makes them. Source: reference 6.10. */
export async function diffKustomization(deps: DiffDeps, kustomization: Kustomization, path: string, depth = 0): Promise<Difference> {
  if (depth > MAX_DEPTH) throw new Failure(`Kustomizations are nested deeper than ${MAX_DEPTH}`);
  const manifests = (await deps.builder.build(kustomization, path)).map(normalise);
  const rules = parseIgnoreRules(kustomization.spec.ignore ?? []);
  if (!rules.ok) throw new Failure(rules.problem);
  const ignored = (wouldBe: Manifest): readonly Pointer[] => ignoredPaths(rules.value, wouldBe);
  const found: Difference[] = [];
  for (const manifest of manifests) {
    found.push(await diffObject(deps.session, manifest, { manager: KUSTOMIZE_MANAGER, steered: true, showsGeneration: true, ignored }));
    if (deps.recursive && isKustomization(manifest)) found.push(await diffInside(deps, manifest, kustomization, depth));
  }
  const refused = found.some(({ problems }) => problems.length > 0);
  return joined([...found, ...(kustomization.spec.prune && !refused ? [deleted(kustomization, manifests)] : [])]);
}

/** A Kustomization among the objects, if the cluster has it: one that is new would be created with all that it brings. */
async function diffInside({ session, builder, recursive }: DiffDeps, manifest: Manifest, self: Kustomization, depth: number): Promise<Difference> {
  const [child] = builder.inside([manifest], self);
  if (child === undefined) return NOTHING;
  const { apiVersion, kind, name, namespace } = refOf(manifest);
  const live = await session.cluster.get(refOf(manifest));
  if (live.kind !== "found") return NOTHING;
  const subject = subjectOf({ kind, name, ...(namespace !== undefined && { namespace }) });
  if (child.kustomization.spec.kubeConfig !== undefined) return { ...NOTHING, text: `⚠️ ${subject} skipped: diff not supported for remote clusters\n` };
  const { parsed } = await import("./find-kustomization.ts");
  const seen = parsed(await readObject(session.cluster, { apiVersion, kind, name, ...(namespace !== undefined && { namespace }) }));
  const inside = await diffKustomization({ session, builder, recursive }, seen, child.path, depth + 1);
  return inside.changed ? { ...inside, text: `📁 ${subject} changed\n${inside.text}` } : { ...inside, text: "" };
}

function deleted({ status }: Kustomization, manifests: readonly Manifest[]): Difference {
  const left = leftInventory(status.inventory?.entries ?? [], manifests.map(refOf).map(entryOf));
  const refs = pruneRefs(left).toReversed();
  return { ...NOTHING, text: refs.map((ref) => `► ${subjectOf(ref)} deleted\n`).join(""), changed: refs.length > 0 };
}
