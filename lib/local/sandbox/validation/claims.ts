import { isEqual, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import { type FieldError, forbidden, invalid, notSupported, required } from "../schema/field-error.ts";
import { nameIsSubdomain, subdomain1123 } from "../schema/names.ts";
import { errorsOf, has, listAt, objectAt, textAt, valueAt } from "./fields.ts";
import { parseQuantity, quantityText } from "./quantity.ts";
import type { KindRules } from "./rule.ts";
import { unifiedDiff } from "./unified-diff.ts";

const ACCESS_MODES = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];
const VOLUME_MODES = ["Block", "Filesystem"];

/** Source: core/validation ValidatePersistentVolumeClaimSpec. */
export function validateClaimSpec(spec: JsonObject, path: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  const modes = listAt(spec, "accessModes");
  if (modes.length === 0) errors.push(required(`${path}.accessModes`, "at least 1 access mode is required"));
  for (const mode of modes) if (typeof mode !== "string" || !ACCESS_MODES.includes(mode)) errors.push(notSupported(`${path}.accessModes`, mode, ACCESS_MODES));
  const storage = valueAt(objectAt(objectAt(spec, "resources"), "requests"), "storage");
  const amount = parseQuantity(storage);
  if (storage === undefined) errors.push(required(`${path}.resources[storage]`));
  else if (amount !== undefined && amount <= 0) errors.push(invalid(`${path}.resources[storage]`, quantityText(storage), "must be greater than zero"));
  const storageClass = textAt(spec, "storageClassName");
  if (storageClass !== "") errors.push(...errorsOf(`${path}.storageClassName`, storageClass, subdomain1123(storageClass)));
  const mode = textAt(spec, "volumeMode");
  if (mode !== "" && !VOLUME_MODES.includes(mode)) errors.push(notSupported(`${path}.volumeMode`, mode, VOLUME_MODES));
  return errors;
}

const FIXED = "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";

/** The server's internal form of a claim's spec, as it prints it. Source: pkg/apis/core/types.go PersistentVolumeClaimSpec. */
function internalLines(spec: JsonObject): readonly string[] {
  const map = (value: Json | undefined): Json => value ?? null;
  const resources = objectAt(spec, "resources");
  const shown = {
    AccessModes: map(spec.accessModes),
    Selector: map(spec.selector),
    Resources: { Limits: map(resources.limits), Requests: map(resources.requests) },
    VolumeName: textAt(spec, "volumeName"),
    StorageClassName: map(spec.storageClassName),
    VolumeMode: map(spec.volumeMode),
    DataSource: referenceOf(spec, "dataSource"),
    DataSourceRef: referenceOf(spec, "dataSourceRef"),
    VolumeAttributesClassName: map(spec.volumeAttributesClassName),
  };
  return JSON.stringify(shown, undefined, 1).split("\n");
}

function referenceOf(spec: JsonObject, field: string): Json {
  if (!has(spec, field)) return null;
  const { apiGroup, kind, name, namespace } = objectAt(spec, field);
  const plain = { APIGroup: apiGroup ?? null, Kind: kind ?? "", Name: name ?? "" };
  return field === "dataSource" ? plain : { ...plain, Namespace: namespace ?? null };
}

/** The name of the volume may be set once, requests may grow once it is bound. The server adds what differs in its internal form. */
function claimChange(object: JsonObject, old: JsonObject): readonly FieldError[] {
  const spec = objectAt(object, "spec");
  const before = objectAt(old, "spec");
  const bound = textAt(objectAt(old, "status"), "phase") === "Bound";
  const free = ["volumeAttributesClassName", ...(bound ? ["resources"] : []), ...(has(before, "volumeName") ? [] : ["volumeName"])];
  const fields = new Set([...Object.keys(spec), ...Object.keys(before)]);
  const changed = [...fields].some((field) => !free.includes(field) && !isEqual(spec[field], before[field]));
  if (changed) return [forbidden("spec", `${FIXED}\n${unifiedDiff(internalLines(before), internalLines(spec))}`)];
  const size = (claim: JsonObject): number => parseQuantity(valueAt(objectAt(objectAt(claim, "resources"), "requests"), "storage")) ?? 0;
  return size(spec) < size(before) ? [forbidden("spec.resources.requests.storage", "field can not be less than status.capacity")] : [];
}

export const CLAIM: KindRules = { name: nameIsSubdomain, check: (object) => validateClaimSpec(objectAt(object, "spec"), "spec"), change: claimChange };
