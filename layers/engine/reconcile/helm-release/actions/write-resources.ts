import type { Manifest } from "../../../domain/manifest.ts";
import type { Cluster } from "../../../ports/cluster.ts";
import { inParallel } from "../../in-parallel.ts";
import { isKept } from "./ownership.ts";
import { isSameObject, kindByKind, type Resource } from "./resources.ts";
import type { Writer, Written } from "./writer.ts";

export type WriteEnd = {
  /** As the server gave them last, in the order of the targets; undefined: not written. */
  readonly objects: readonly (Manifest | undefined)[];
  /** Which of the targets there were none of before, by index. */
  readonly created: readonly number[];
  readonly problem?: string;
};

type Wrote = { readonly index: number; readonly written: Written };

/** All objects as new ones, kind after kind, those of one kind side by side; what is refused holds up nothing else. Source: Helm 4, pkg/kube Client.Create, perform. */
export async function createResources(writer: Writer, targets: readonly Resource[], parallel: number): Promise<WriteEnd> {
  const wrote: Wrote[] = [];
  const places = new Map(targets.map((target, index) => [target, index]));
  for (const batch of kindByKind(targets))
    wrote.push(...(await inParallel(batch, parallel, async (target) => ({ index: places.get(target) ?? 0, written: await writer.create(target) }))));
  const problems = wrote.flatMap(({ written }) => (written.kind === "refused" ? [written.message] : []));
  return { ...endOf(targets, wrote), ...(problems.length > 0 && { problem: problems.join("\n") }) };
}

/**
 * The objects of a release over those of the revision before. An object that cannot be created ends it; one that cannot be changed does not, and is told at the
 * end. Only when all are as they should be, those that the release no longer has are deleted. Source: Helm 4, pkg/kube Client.update.
 */
export async function updateResources(
  cluster: Cluster,
  writer: Writer,
  originals: readonly Resource[],
  targets: readonly Resource[],
  parallel: number,
): Promise<WriteEnd> {
  const wrote: Wrote[] = [];
  const problems: string[] = [];
  const indexed = targets.map((target, index) => ({ target, index, original: originals.find(({ ref }) => isSameObject(ref, target.ref)) }));
  for (const batch of batches(indexed)) {
    const answers = await inParallel(batch, parallel, async ({ target, index, original }) => ({ index, written: await writer.write(target, original) }));
    wrote.push(...answers);
    for (const { written } of answers) {
      if (written.kind !== "refused") continue;
      if (written.creating) return { ...endOf(targets, wrote), problem: written.message };
      problems.push(written.message);
    }
  }
  if (problems.length > 0) return { ...endOf(targets, wrote), problem: problems.join(" && ") };
  const removed = originals.filter(({ ref }) => !targets.some((target) => isSameObject(target.ref, ref)));
  const left = await deleteRemoved(cluster, removed);
  return { ...endOf(targets, wrote), ...(left.length > 0 && { problem: left.join(" && ") }) };
}

type Indexed = { readonly target: Resource; readonly index: number; readonly original: Resource | undefined };

/** Objects of one kind that are there already can be changed side by side: none of them ends the others. A new one goes alone, as in Helm. */
function batches(items: readonly Indexed[]): readonly (readonly Indexed[])[] {
  const groups: Indexed[][] = [];
  for (const item of items) {
    const last = groups.at(-1);
    const joins = last?.[0] !== undefined && last[0].original !== undefined && item.original !== undefined && last[0].target.ref.kind === item.target.ref.kind;
    if (joins) last.push(item);
    else groups.push([item]);
  }
  return groups;
}

function endOf(targets: readonly Resource[], wrote: readonly Wrote[]): Pick<WriteEnd, "objects" | "created"> {
  const objects: (Manifest | undefined)[] = targets.map(() => undefined);
  const created: number[] = [];
  for (const { index, written } of wrote) {
    if (written.kind === "refused") continue;
    objects[index] = written.object;
    if (written.kind === "created") created.push(index);
  }
  return { objects, created };
}

/** One after the other; what says in the cluster that it is to be kept is kept. */
async function deleteRemoved(cluster: Cluster, removed: readonly Resource[]): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const { ref } of removed) {
    const found = await cluster.get(ref);
    if (found.kind !== "found" || isKept(found.object)) continue;
    const answer = await cluster.delete(ref, { propagation: "Background" });
    if (answer.kind === "refused") problems.push(`failed to delete resource ${ref.name}: ${answer.message}`);
  }
  return problems;
}
