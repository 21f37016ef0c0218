import { groupOf, type Manifest } from "../../domain/manifest.ts";
import { keyText, type ObjectKey } from "../../domain/object-key.ts";
import { isHint, type ObjectItem } from "../../domain/work-item.ts";
import { type FluxKind, findKind } from "../../flux/kinds.ts";
import { isDue } from "../../plan/due.ts";
import type { Cluster } from "../../ports/cluster.ts";
import { dueInputOf } from "../due-input.ts";
import { staticNeed } from "../static-object.ts";
import type { PassDeps } from "./pass.ts";

/**
 * A pass that sends, when it is over, every object of Flux's own kinds that it has made, changed or deleted: where nobody watches, the next sweep would find them.
 * Each once, and only when it asks for a look: one that was written and is what it was, or has been seen to meanwhile, is left in peace.
 */
export async function sendingWritten<End>(deps: PassDeps, pass: (deps: PassDeps) => Promise<End>): Promise<End> {
  if (deps.watched !== undefined) return pass(deps);
  const items = new Map<string, ObjectItem>();
  const note = (item: ObjectItem | undefined): void => {
    if (item !== undefined) items.set(keyText(item.key), item);
  };
  const noting = (cluster: Cluster): Cluster => ({
    ...cluster,
    apply: async (manifest, options) => {
      const answer = await cluster.apply(manifest, options);
      if (answer.kind !== "refused" && !options.dryRun) note(writtenItem(deps, answer.object));
      return answer;
    },
    create: async (manifest, options) => {
      const answer = await cluster.create(manifest, options);
      if (answer.kind === "created") note(writtenItem(deps, answer.object));
      return answer;
    },
    delete: async (ref, options) => {
      const answer = await cluster.delete(ref, options);
      if (answer.kind === "deleted") note(deletedItem(deps, { ...ref, metadata: ref }));
      return answer;
    },
  });
  try {
    return await pass({ ...deps, cluster: noting(deps.cluster), as: (user) => noting(deps.as(user)) });
  } finally {
    // Also after a pass that broke off: what it had written stands there.
    await Promise.all([...items.values()].map((item) => deps.queue.send(item)));
  }
}

/** Undefined for what is none of Flux's kinds, or asks for nothing. */
function writtenItem({ clusterName, clock }: PassDeps, object: Manifest): ObjectItem | undefined {
  const kind = kindOf(object);
  if (kind === undefined) return undefined;
  const cause = causeOf(kind, object, clock.now());
  if (cause === undefined) return undefined;
  const item: ObjectItem = { kind: "object", key: keyOf(clusterName, kind, object), cause, look: `${cause} ${object.metadata.resourceVersion ?? ""}` };
  return isHint(item) ? item : undefined;
}

/** Whether it is to be deleted, or gone already, its own pass sees. */
function deletedItem({ clusterName, clock }: PassDeps, object: Manifest): ObjectItem | undefined {
  const kind = kindOf(object);
  return kind && { kind: "object", key: keyOf(clusterName, kind, object), cause: "deletion", look: `deletion ${clock.now()}` };
}

function causeOf({ hasStatus }: FluxKind, object: Manifest, now: ReturnType<PassDeps["clock"]["now"]>): string | undefined {
  if (!hasStatus) return staticNeed(object) === undefined ? undefined : "new";
  const state = isDue(dueInputOf(object), { from: now, to: now });
  return state.kind === "due" ? state.cause : undefined;
}

const kindOf = ({ apiVersion, kind }: Pick<Manifest, "apiVersion" | "kind">): FluxKind | undefined => findKind(groupOf(apiVersion), kind);

const keyOf = (cluster: string, { group, kind }: FluxKind, { metadata: { namespace = "", name = "" } }: Pick<Manifest, "metadata">): ObjectKey => ({
  cluster,
  group,
  kind,
  namespace,
  name,
});
