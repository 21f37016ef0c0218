import { isObject, type Json } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { jsonOf } from "@sluice/engine/domain/manifest-json.ts";
import type { ResourceKind } from "../kinds/kind.ts";
import { type FieldError, invalid } from "./field-error.ts";
import { goJson } from "./go-text.ts";
import { validateMetadata, validateMetadataUpdate } from "./metadata.ts";
import { nameIsSubdomain } from "./names.ts";
import { validateSchema } from "./validate.ts";

const MAX_INT32 = 2_147_483_647;

/** Everything that is wrong with a custom resource; of an update where `old` is given. Source: apiextensions, customresource strategy. */
export function validateCustomResource(kind: ResourceKind, object: Manifest, old?: Manifest): readonly FieldError[] {
  const first = old === undefined ? validateMetadata(object, kind.namespaced, nameIsSubdomain) : validateMetadataUpdate(object, old);
  return validateSchema(kind.schema, object, old, { first, afterStructure: validateScale(kind, object) });
}

/** The numbers that the scale subresource would show. */
function validateScale(kind: ResourceKind, object: Manifest): readonly FieldError[] {
  const { scale } = kind;
  if (scale === undefined) return [];
  return [scale.specReplicasPath, scale.statusReplicasPath].flatMap((path) => validateReplicas(jsonOf(object), path));
}

function validateReplicas(object: Json, path: string): readonly FieldError[] {
  const found = at(object, path);
  if (found.kind === "stray") {
    const words = `${path} accessor error: ${found.shown} is of the type ${found.type}, expected map[string]interface{}`;
    return [invalid(path, 0, words)];
  }
  const { value } = found;
  if (value === undefined || value === null) return [];
  if (typeof value !== "number") return [invalid(path, 0, `${path} accessor error: ${shown(value)} is of the type ${goType(value)}, expected int64`)];
  if (value < 0) return [invalid(path, value, "should be a non-negative integer")];
  return value > MAX_INT32 ? [invalid(path, value, `should be less than or equal to ${MAX_INT32}`)] : [];
}

type Found = { readonly kind: "value"; readonly value: Json | undefined } | { readonly kind: "stray"; readonly shown: string; readonly type: string };

/** What stands at `.spec.replicas`, or what stands in the way. */
function at(object: Json, path: string): Found {
  let value: Json | undefined = object;
  for (const field of path.replace(/^\./, "").split(".")) {
    if (value === undefined || value === null) return { kind: "value", value: undefined };
    if (!isObject(value)) return { kind: "stray", shown: shown(value), type: goType(value) };
    value = Object.hasOwn(value, field) ? value[field] : undefined;
  }
  return { kind: "value", value };
}

const shown = (value: Json): string => (typeof value === "string" ? value : goJson(value));

function goType(value: Json): string {
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number") return Number.isInteger(value) ? "int64" : "float64";
  return Array.isArray(value) ? "[]interface {}" : "map[string]interface {}";
}
