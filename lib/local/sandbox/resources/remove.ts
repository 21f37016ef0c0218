import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { ok, problem } from "@sluice/engine/domain/result.ts";
import { epochMs, formatTime, parseTime } from "@sluice/engine/domain/time.ts";
import { conflict, forbidden, notFound } from "../http/status.ts";
import type { PropagationPolicy } from "../storage/store.ts";
import type { Answer, Target } from "./context.ts";
import { isDefinition, terminatingDefinition } from "./definitions.ts";
import { orphansByDefault } from "./traits.ts";
import { finished, graceOf, type WriteDeps } from "./write.ts";

export type Removal = {
  readonly propagationPolicy?: PropagationPolicy;
  readonly gracePeriodSeconds?: number;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly dryRun: boolean;
};

/** `gone`: it was removed; otherwise it waits for its finalizers or its grace period. */
export type Removed = { readonly gone: boolean; readonly object: Manifest };

export type Remove = (target: Target, removal: Removal) => Answer<Removed>;

const ORPHAN = "orphan";
const FOREGROUND = "foregroundDeletion";
const IMMORTAL = ["default", "kube-system", "kube-public"];

/** Deletes as the generic registry does: preconditions, then grace, then finalizers. Source: apiserver registry/generic Store.Delete. */
export function createRemove({ memory, views, now }: WriteDeps): Remove {
  return (target, removal) => {
    const { kind, resource, namespace, name } = target;
    const gr = { group: kind.group, plural: kind.plural };
    const held = memory.get(resource, namespace, name);
    if (held === undefined) return problem(notFound(gr, name));
    const refused = preconditionProblem(target, held, removal);
    if (refused !== undefined) return refused;
    if (resource.group === "" && resource.plural === "namespaces" && IMMORTAL.includes(name))
      return problem(forbidden(gr, name, "this namespace may not be deleted"));

    const marked = terminatingDefinition(resource, asDeleted(target, held, removal, now()), now());
    if (finished(marked)) {
      if (removal.dryRun) return ok({ gone: true, object: views.in(kind, held) });
      const last = memory.remove(resource, namespace, name);
      const isPod = !kind.custom && kind.group === "" && kind.kind === "Pod";
      return ok({ gone: true, object: views.in(kind, isPod ? marked : (last ?? held)) });
    }
    if (removal.dryRun) return ok({ gone: false, object: views.in(kind, marked) });
    const written = isMarkedAlready(held, marked) ? held : memory.put(resource, marked);
    return ok({ gone: false, object: views.in(kind, written) });
  };
}

const isMarkedAlready = (held: Manifest, marked: Manifest): boolean =>
  held.metadata.deletionTimestamp === marked.metadata.deletionTimestamp &&
  graceOf(held) === graceOf(marked) &&
  (held.metadata.finalizers ?? []).join() === (marked.metadata.finalizers ?? []).join();

/** The object with the marks of its deletion, as it stays while it waits. */
function asDeleted(target: Target, held: Manifest, removal: Removal, now: number): Manifest {
  const finalizers = finalizersOf(target, held, removal.propagationPolicy);
  const { finalizers: _, ...metadata } = held.metadata;
  const kept = { ...metadata, ...(finalizers.length > 0 && { finalizers }) };
  if (target.resource.group === "" && target.resource.plural === "namespaces")
    return terminating({ ...held, metadata: { ...kept, deletionTimestamp: metadata.deletionTimestamp ?? formatTime(epochMs(now)) } });
  if (isDefinition(target.resource)) return { ...held, metadata: { ...kept, deletionTimestamp: metadata.deletionTimestamp ?? formatTime(epochMs(now)) } };
  const grace = graceFor(target, held, removal);
  const first = metadata.deletionTimestamp === undefined;
  const shorter = !first && grace < graceOf(held);
  const start = first ? now : (parseTime(metadata.deletionTimestamp) ?? now) - graceOf(held) * 1000;
  const moved = first || shorter;
  return {
    ...held,
    metadata: {
      ...kept,
      deletionTimestamp: moved ? formatTime(epochMs(Math.max(now, start + grace * 1000))) : (metadata.deletionTimestamp ?? formatTime(epochMs(now))),
      deletionGracePeriodSeconds: moved ? grace : graceOf(held),
      ...(first && (metadata.generation ?? 0) > 0 && { generation: (metadata.generation ?? 0) + 1 }),
    } as Manifest["metadata"],
  };
}

const terminating = (namespace: Manifest): Manifest => {
  const status = namespace.status;
  return { ...namespace, status: { ...(typeof status === "object" && status !== null && !Array.isArray(status) ? status : {}), phase: "Terminating" } };
};

/** Seconds; only Pods that run somewhere have any. Source: podStrategy.CheckGracefulDelete. */
function graceFor({ kind }: Target, held: Manifest, removal: Removal): number {
  if (kind.custom || kind.group !== "" || kind.kind !== "Pod") return 0;
  const spec: unknown = held.spec;
  const status: unknown = held.status;
  const node = typeof spec === "object" && spec !== null && "nodeName" in spec ? spec.nodeName : "";
  const phase = typeof status === "object" && status !== null && "phase" in status ? status.phase : "";
  if (node === "" || phase === "Succeeded" || phase === "Failed") return 0;
  if (removal.gracePeriodSeconds !== undefined) return removal.gracePeriodSeconds < 0 ? 1 : removal.gracePeriodSeconds;
  const own = typeof spec === "object" && spec !== null && "terminationGracePeriodSeconds" in spec ? spec.terminationGracePeriodSeconds : 30;
  return typeof own === "number" ? own : 30;
}

/** Orphaning and foreground deletion are finalizers that the garbage collector takes off. */
function finalizersOf({ kind }: Target, held: Manifest, policy: PropagationPolicy | undefined): readonly string[] {
  const present = held.metadata.finalizers ?? [];
  const others = present.filter((finalizer) => finalizer !== ORPHAN && finalizer !== FOREGROUND);
  if (policy === "Orphan") return [...others, ORPHAN];
  if (policy === "Foreground") return [...others, FOREGROUND];
  if (policy === "Background") return others;
  if (present.includes(ORPHAN) || present.includes(FOREGROUND)) return present;
  return orphansByDefault(kind) ? [...others, ORPHAN] : others;
}

function preconditionProblem({ kind, name }: Target, held: Manifest, { preconditions = {} }: Removal): Answer<never> | undefined {
  const subject = { group: kind.group, plural: kind.kind };
  const { uid, resourceVersion } = held.metadata;
  if (preconditions.uid !== undefined && preconditions.uid !== uid) {
    const text = `the UID in the precondition (${preconditions.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`;
    return problem(conflict(subject, name, text));
  }
  if (preconditions.resourceVersion !== undefined && preconditions.resourceVersion !== resourceVersion) {
    const text = `the ResourceVersion in the precondition (${preconditions.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`;
    return problem(conflict(subject, name, text));
  }
  return undefined;
}
