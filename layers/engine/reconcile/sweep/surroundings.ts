import { type Allowance, createAllowance } from "../../cel/allowance.ts";
import type { Manifest } from "../../domain/manifest.ts";
import { artifactOf } from "../../flux/artifact-object.ts";
import { apiVersionOfKind, findKindNamed, KINDS } from "../../flux/kinds.ts";
import { parseKustomization } from "../../flux/kustomization-object.ts";
import { findUserKind, type Reference } from "../dependents/references.ts";
import type { Surroundings } from "../due-input.ts";
import { findUnready } from "../kustomization/dependencies.ts";
import { aroundHelmRelease, failureOf } from "./around-helm-release.ts";
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
  const reference = findUserKind(manifest.kind)?.source(manifest);
  const source = reference === undefined ? undefined : sourceIn(flux, reference);
  const revision = source === undefined ? undefined : artifactOf(source)?.revision;
  if (source === undefined || revision === undefined) return {};
  switch (manifest.kind) {
    case KINDS.Kustomization.kind:
      return aroundKustomization(flux, manifest, revision, allowances);
    case KINDS.HelmRelease.kind:
      return aroundHelmRelease(listedIn(flux), manifest, { source, revision, allowance: allowances(manifest.metadata.namespace ?? "") });
    default:
      return { sourceRevision: revision };
  }
}

async function aroundKustomization(flux: FluxObjects, manifest: Manifest, revision: string, allowances: Allowances): Promise<Surroundings> {
  const parsed = parseKustomization(manifest);
  if (!parsed.ok) return {};
  if (failureOf(manifest) !== "DependencyNotReady") return { sourceRevision: revision };
  const unready = await findUnready(listedIn(flux), parsed.value, revision, allowances(parsed.value.metadata.namespace));
  return unready === undefined ? { unblocked: true } : {};
}

function sourceIn(flux: FluxObjects, { kind, namespace, name }: Reference): Manifest | undefined {
  const known = findKindNamed(kind);
  return known === undefined ? undefined : flux.find({ apiVersion: apiVersionOfKind(known), kind, namespace, name });
}

const listedIn = (flux: FluxObjects): Parameters<typeof findUnready>[0] => ({
  get: async (ref) => {
    const object = flux.find(ref);
    return object === undefined ? { kind: "absent", message: "" } : { kind: "found", object };
  },
});
