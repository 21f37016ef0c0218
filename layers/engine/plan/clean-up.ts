import type { Json, JsonObject } from "../domain/json.ts";
import type { ManagedField, Manifest } from "../domain/manifest.ts";
import { isOfMainResource, managedFieldsOf, unionFields } from "./field-set.ts";
import { pointerText } from "./json-pointer.ts";

/** The field manager of a Kustomization's applies. Source: reference, appendix D. */
export const KUSTOMIZE_MANAGER = "kustomize-controller";

const ANNOTATIONS: readonly string[] = ["kubectl.kubernetes.io/last-applied-configuration", "kustomize.toolkit.fluxcd.io/checksum", "fluxcd.io/sync-checksum"];
const LABELS: readonly string[] = ["fluxcd.io/sync-gc-mark"];

type Taken = { readonly prefix: string; readonly operation: "Apply" | "Update" };
const TAKEN_OVER: readonly Taken[] = [
  { prefix: "kubectl", operation: "Apply" },
  { prefix: "kubectl", operation: "Update" },
  { prefix: "before-first-apply", operation: "Update" },
  { prefix: KUSTOMIZE_MANAGER, operation: "Update" },
];

/** One operation of a JSON patch, as the port `Cluster` takes it. */
export type CleanUpOperation = { readonly op: "remove" | "replace"; readonly path: string; readonly value?: Json };

/**
 * The JSON patch that an object which existed before gets ahead of its apply; empty when nothing is to be cleaned.
 * It takes fields over from kubectl and from our own updates, so that the apply can remove those that Git no longer has.
 * Whoever makes this patch applies the object too and reports it as configured. Not to be made for objects with `ssa: Merge`.
 * `overrideManagers`: further managers (prefixes of their names) whose fields are taken. Source: reference 2.6.3.
 */
export function cleanUpPatch(live: Manifest, overrideManagers: readonly string[] = []): readonly CleanUpOperation[] {
  return [
    ...removals("annotations", live.metadata.annotations, ANNOTATIONS),
    ...removals("labels", live.metadata.labels, LABELS),
    ...takeOver(managedFieldsOf(live), overrideManagers),
  ];
}

const removals = (
  where: "annotations" | "labels",
  present: { readonly [key: string]: string } | undefined,
  keys: readonly string[],
): readonly CleanUpOperation[] =>
  keys.filter((key) => present !== undefined && Object.hasOwn(present, key)).map((key) => ({ op: "remove", path: pointerText(["metadata", where, key]) }));

function takeOver(entries: readonly ManagedField[], overrideManagers: readonly string[]): readonly CleanUpOperation[] {
  const taken: readonly Taken[] = [
    ...TAKEN_OVER,
    ...overrideManagers.flatMap((prefix): Taken[] => [
      { prefix, operation: "Apply" },
      { prefix, operation: "Update" },
    ]),
  ];
  const isOurs = (entry: ManagedField): boolean => entry.manager === KUSTOMIZE_MANAGER && entry.operation === "Apply";
  const isTaken = (entry: ManagedField): boolean =>
    isOfMainResource(entry) &&
    !isOurs(entry) &&
    taken.some(({ prefix, operation }) => entry.operation === operation && (entry.manager ?? "").startsWith(prefix));
  const found = entries.filter(isTaken);
  if (found.length === 0) return [];
  const ours = entries.findLast(isOurs);
  const rest = entries.filter((entry) => entry !== ours && !isTaken(entry));
  return [{ op: "replace", path: "/metadata/managedFields", value: [...rest, merged(ours, found)].map(asJson) }];
}

/** Our entry with the fields of `found` added; without one of ours the first of them, in our name. */
function merged(ours: ManagedField | undefined, found: readonly ManagedField[]): ManagedField {
  const [first, ...others] = ours === undefined ? found : [ours, ...found];
  const fieldsV1 = others.reduce<JsonObject>((fields, entry) => unionFields(fields, entry.fieldsV1 ?? {}), first?.fieldsV1 ?? {});
  return { ...first, manager: KUSTOMIZE_MANAGER, operation: "Apply", fieldsV1 };
}

const asJson = (entry: ManagedField): JsonObject => ({
  ...(entry.manager !== undefined && { manager: entry.manager }),
  ...(entry.operation !== undefined && { operation: entry.operation }),
  ...(entry.apiVersion !== undefined && { apiVersion: entry.apiVersion }),
  ...(entry.time !== undefined && { time: entry.time }),
  ...(entry.fieldsType !== undefined && { fieldsType: entry.fieldsType }),
  ...(entry.fieldsV1 !== undefined && { fieldsV1: entry.fieldsV1 }),
  ...(entry.subresource !== undefined && { subresource: entry.subresource }),
});
