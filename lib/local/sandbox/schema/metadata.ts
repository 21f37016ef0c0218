import { quote } from "@sluice/engine/build/text/quote.ts";
import type { JsonObject } from "@sluice/engine/domain/json.ts";
import { isEqual } from "@sluice/engine/domain/json.ts";
import type { Manifest, Metadata } from "@sluice/engine/domain/manifest.ts";
import { type FieldError, forbidden, invalid, required } from "./field-error.ts";
import { labelValue, type NameRule, nameIsLabel, qualifiedName } from "./names.ts";

const MAX_ANNOTATIONS = 256 * 1024;
export const IMMUTABLE = "field is immutable";

/** What is wrong with the metadata of an object that is created. Source: apimachinery, api/validation ValidateObjectMeta. */
export function validateMetadata(object: Manifest, namespaced: boolean, nameRule: NameRule): readonly FieldError[] {
  const { metadata } = object;
  const { name = "", generateName = "", namespace = "" } = metadata;
  const errors: FieldError[] = [];
  if (generateName !== "") errors.push(...nameRule(generateName, true).map((detail) => invalid("metadata.generateName", generateName, detail)));
  if (name === "") errors.push(required("metadata.name", "name or generateName is required"));
  else errors.push(...nameRule(name).map((detail) => invalid("metadata.name", name, detail)));
  if (namespaced && namespace === "") errors.push(required("metadata.namespace"));
  if (namespaced && namespace !== "") errors.push(...nameIsLabel(namespace).map((detail) => invalid("metadata.namespace", namespace, detail)));
  if (!namespaced && namespace !== "") errors.push(forbidden("metadata.namespace", "not allowed on this type"));
  return [...errors, ...validateCommon(metadata), ...(metadata.finalizers ?? []).flatMap(validateFinalizer)];
}

/** What is wrong with the metadata of an update. Source: the same, ValidateObjectMetaUpdate. */
export function validateMetadataUpdate(object: Manifest, old: Manifest): readonly FieldError[] {
  const { metadata } = object;
  const before = old.metadata;
  const errors: FieldError[] = [];
  const added = (metadata.finalizers ?? []).filter((finalizer) => !(before.finalizers ?? []).includes(finalizer)).toSorted();
  if (before.deletionTimestamp !== undefined && added.length > 0)
    errors.push(
      forbidden(
        "metadata.finalizers",
        `no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map((value) => quote(value)).join(", ")}}`,
      ),
    );
  for (const field of ["name", "namespace", "uid", "creationTimestamp", "deletionTimestamp"] as const) {
    const now = metadata[field] ?? (field.endsWith("Timestamp") ? null : "");
    if (now !== (before[field] ?? (field.endsWith("Timestamp") ? null : ""))) errors.push(invalid(`metadata.${field}`, now, IMMUTABLE));
  }
  return [...errors, ...validateCommon(metadata)];
}

function validateCommon(metadata: Metadata): readonly FieldError[] {
  return [
    ...validateLabels(metadata.labels ?? {}, "metadata.labels"),
    ...validateAnnotations(metadata.annotations ?? {}, "metadata.annotations"),
    ...validateOwners(metadata.ownerReferences ?? []),
  ];
}

/** Keys and values of a map of labels. */
export function validateLabels(labels: { readonly [key: string]: unknown }, path: string): readonly FieldError[] {
  return byKey(labels).flatMap(([key, value]) => [
    ...qualifiedName(key).map((detail) => invalid(path, key, detail)),
    ...(typeof value === "string" ? labelValue(value).map((detail) => invalid(path, value, detail)) : []),
  ]);
}

/** The server goes over maps in no order; ours is by name. */
const byKey = <Value>(map: { readonly [key: string]: Value }): readonly (readonly [string, Value])[] =>
  Object.entries(map).toSorted(([a], [b]) => (a < b ? -1 : 1));

export function validateAnnotations(annotations: { readonly [key: string]: string }, path: string): readonly FieldError[] {
  const errors = byKey(annotations).flatMap(([key]) => qualifiedName(key.toLowerCase()).map((detail) => invalid(path, key, detail)));
  const size = byKey(annotations).reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0);
  if (size <= MAX_ANNOTATIONS) return errors;
  return [...errors, { type: "FieldValueTooLong", field: path, detail: `Too long: may not be more than ${MAX_ANNOTATIONS} bytes` }];
}

function validateFinalizer(finalizer: string): readonly FieldError[] {
  return qualifiedName(finalizer).map((detail) => invalid("metadata.finalizers", finalizer, detail));
}

const PATH = "metadata.ownerReferences";

function validateOwners(owners: readonly JsonObject[]): readonly FieldError[] {
  const errors = owners.flatMap(validateOwner);
  const controllers = owners.filter((owner) => owner.controller === true);
  const [first, ...others] = controllers;
  const name = (owner: JsonObject | undefined): string => `${owner?.kind}/${owner?.name}`;
  return [
    ...errors,
    ...others.map((other) =>
      invalid(PATH, owners, `Only one reference can have Controller set to true. Found "true" in references for ${name(first)} and ${name(other)}`),
    ),
  ];
}

function validateOwner(owner: JsonObject): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (owner.apiVersion === undefined || owner.apiVersion === "") errors.push(invalid(`${PATH}.apiVersion`, "", "version must not be empty"));
  for (const field of ["kind", "name", "uid"])
    if (owner[field] === undefined || owner[field] === "") errors.push(invalid(`${PATH}.${field}`, "", "must not be empty"));
  if (isEqual(owner.apiVersion, "v1") && owner.kind === "Event") errors.push(invalid(PATH, owner, "/v1, Kind=Event is disallowed from being an owner"));
  return errors;
}
