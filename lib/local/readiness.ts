import { findCondition } from "@sluice/engine/domain/condition.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { findKindNamed } from "@sluice/engine/flux/kinds.ts";
import { conditionsOf, isSuspended } from "@sluice/engine/flux/object.ts";

export type Readiness =
  | { readonly kind: "ready" }
  | { readonly kind: "working" }
  /** It waits for another object, which has to move first. */
  | { readonly kind: "blocked"; readonly reason: string; readonly message: string }
  | { readonly kind: "failed"; readonly reason: string; readonly message: string };

const BLOCKED = new Set(["DependencyNotReady"]);

/** Where one Flux object stands, for somebody who waits for all of them. */
export function readinessOf(manifest: Manifest): Readiness {
  const kind = findKindNamed(manifest.kind);
  if (kind === undefined || !kind.hasStatus || isSuspended(manifest)) return { kind: "ready" };
  const ready = findCondition(conditionsOf(manifest), "Ready");
  if (ready === undefined || ready.observedGeneration !== manifest.metadata.generation || ready.status === "Unknown") return { kind: "working" };
  if (ready.status === "True") return { kind: "ready" };
  const { reason, message } = ready;
  return BLOCKED.has(reason) || isSourceMissing(reason, message) ? { kind: "blocked", reason, message } : { kind: "failed", reason, message };
}

/** The source has nothing yet; whether that is a failure the source itself says. */
const isSourceMissing = (reason: string, message: string): boolean => reason === "ArtifactFailed" && /retrying in /.test(message);

/** `Kustomization/flux-system/apps`. */
export const nameOf = ({ kind, metadata }: Manifest): string => `${kind}/${metadata.namespace}/${metadata.name}`;
