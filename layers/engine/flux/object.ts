import type { Condition } from "../domain/condition.ts";
import type { Json } from "../domain/json.ts";
import { annotationOf, groupOf, type Manifest } from "../domain/manifest.ts";
import { SOURCE_EXTENSIONS_GROUP } from "./kinds.ts";
import { createReader, given, ignore, type Reader } from "./reader.ts";

/** The metadata of an object that came from the API server, with nothing left to look for. */
export type ObjectMeta = {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly generation: number;
  readonly resourceVersion: string;
  readonly labels: { readonly [key: string]: string };
  readonly annotations: { readonly [key: string]: string };
  readonly finalizers: readonly string[];
  /** RFC 3339; present while the object is being deleted. */
  readonly deletionTimestamp?: string;
};

export const REQUESTED_AT = "reconcile.fluxcd.io/requestedAt";
const GENERATOR_RECONCILE = "source.extensions.fluxcd.io/reconcile";

export function objectMetaOf({ metadata }: Manifest): ObjectMeta {
  return {
    name: metadata.name ?? "",
    namespace: metadata.namespace ?? "",
    uid: metadata.uid ?? "",
    generation: metadata.generation ?? 0,
    resourceVersion: metadata.resourceVersion ?? "",
    labels: metadata.labels ?? {},
    annotations: metadata.annotations ?? {},
    finalizers: metadata.finalizers ?? [],
    ...(metadata.deletionTimestamp !== undefined && { deletionTimestamp: metadata.deletionTimestamp }),
  };
}

/** `spec` or `status` of a manifest as plain JSON. */
export const partOf = (manifest: Manifest, part: "spec" | "status"): Json | undefined => {
  const found = manifest[part];
  return found === undefined ? undefined : (found as Json);
};

/** The conditions of any object's status; entries that are none are left out, since anybody may write there. */
export const conditionsOf = (manifest: Manifest): readonly Condition[] =>
  createReader(partOf(manifest, "status"), "status", ignore).soundOnes("conditions", readCondition) ?? [];

export const readCondition = (reader: Reader): Condition =>
  given({
    type: reader.requiredText("type"),
    status: reader.requiredOneOf("status", ["True", "False", "Unknown"]),
    reason: reader.text("reason") ?? "",
    message: reader.text("message") ?? "",
    observedGeneration: reader.whole("observedGeneration"),
    lastTransitionTime: reader.text("lastTransitionTime") ?? "",
  });

/** `spec.suspend`; of an ArtifactGenerator the annotation that takes its place. Source: reference 1.8. */
export function isSuspended(manifest: Manifest): boolean {
  if (groupOf(manifest.apiVersion) === SOURCE_EXTENSIONS_GROUP) return annotationOf(manifest, GENERATOR_RECONCILE) === "disabled";
  return createReader(partOf(manifest, "spec"), "spec", ignore).flag("suspend");
}

/** The value of the annotation that asks for a look; any text, also an empty one. Source: reference 0.3. */
export const requestedAt = (manifest: Manifest): string | undefined => annotationOf(manifest, REQUESTED_AT);

/** The last request that was answered. */
export const handledRequestOf = (manifest: Manifest): string | undefined =>
  createReader(partOf(manifest, "status"), "status", ignore).anyText("lastHandledReconcileAt");

/** The generation that status speaks of; -1 on a new object, undefined where status has none. */
export const observedGenerationOf = (manifest: Manifest): number | undefined =>
  createReader(partOf(manifest, "status"), "status", ignore).whole("observedGeneration");
