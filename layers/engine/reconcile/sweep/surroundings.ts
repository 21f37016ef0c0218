import { type Allowance, createAllowance } from "../../cel/allowance.ts";
import { findCondition } from "../../domain/condition.ts";
import type { Manifest } from "../../domain/manifest.ts";
import { artifactOf } from "../../flux/artifact-object.ts";
import { apiVersionOfKind, KINDS } from "../../flux/kinds.ts";
import { type Kustomization, parseKustomization } from "../../flux/kustomization-object.ts";
import type { Surroundings } from "../due-input.ts";
import { findUnready } from "../kustomization/dependencies.ts";
import type { FluxObjects } from "./flux-objects.ts";

/** What the expressions of each namespace may do in one sweep: one tenant's may take no other's time. */
export type Allowances = (namespace: string) => Allowance;

export function createAllowances(): Allowances {
  const known = new Map<string, Allowance>();
  return (namespace) => {
    const allowance = known.get(namespace) ?? createAllowance();
    known.set(namespace, allowance);
    return allowance;
  };
}

/**
 * What the LISTs say of the objects that `manifest` refers to. While it waits for dependencies, and they are not ready, a new revision of its source is
 * no cause for a look: it would find that it still waits, minute after minute.
 */
export async function surroundingsOf(flux: FluxObjects, manifest: Manifest, allowances: Allowances): Promise<Surroundings> {
  if (manifest.kind !== KINDS.Kustomization.kind) return {};
  const parsed = parseKustomization(manifest);
  if (!parsed.ok) return {};
  const revision = sourceRevisionOf(flux, parsed.value);
  if (revision === undefined) return {};
  if (!isWaiting(parsed.value)) return { sourceRevision: revision };
  const unready = await findUnready(listedIn(flux), parsed.value, revision, allowances(parsed.value.metadata.namespace));
  return unready === undefined ? { unblocked: true } : {};
}

function sourceRevisionOf(flux: FluxObjects, { spec }: Kustomization): string | undefined {
  const { kind, namespace, name } = spec.sourceRef;
  const source = flux.find({ apiVersion: apiVersionOfKind(KINDS[kind]), kind, namespace, name });
  return source === undefined ? undefined : artifactOf(source)?.revision;
}

const isWaiting = ({ status }: Kustomization): boolean => {
  const ready = findCondition(status.conditions ?? [], "Ready");
  return ready?.status === "False" && ready.reason === "DependencyNotReady";
};

const listedIn = (flux: FluxObjects): Parameters<typeof findUnready>[0] => ({
  get: async (ref) => {
    const object = flux.find(ref);
    return object === undefined ? { kind: "absent", message: "" } : { kind: "found", object };
  },
});
