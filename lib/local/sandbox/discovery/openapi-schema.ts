import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import type { ResourceKind } from "../kinds/kind.ts";
import { definitionOf } from "../kinds/kinds.ts";
import type { Schema } from "../schema/schema.ts";

type Mutable = { [key: string]: Json };

const SAME_NAME = [
  "type",
  "format",
  "default",
  "nullable",
  "enum",
  "pattern",
  "minLength",
  "maxLength",
  "minItems",
  "maxItems",
  "minProperties",
  "maxProperties",
  "minimum",
  "maximum",
  "required",
] as const;
const EXTENSIONS = [
  ["listType", "x-kubernetes-list-type"],
  ["listMapKeys", "x-kubernetes-list-map-keys"],
  ["mapType", "x-kubernetes-map-type"],
  ["preserveUnknownFields", "x-kubernetes-preserve-unknown-fields"],
  ["intOrString", "x-kubernetes-int-or-string"],
  ["embeddedResource", "x-kubernetes-embedded-resource"],
  ["patchStrategy", "x-kubernetes-patch-strategy"],
  ["patchMergeKey", "x-kubernetes-patch-merge-key"],
] as const;

/** The named definitions that a document's schemas refer to; filled while they are written. */
export type Definitions = Map<string, JsonObject>;

/** The schema as OpenAPI v3 writes it, a reference where it is one of the built-in structs, which then stands in `definitions`. */
export function openApiSchema(schema: Schema, definitions: Definitions): JsonObject {
  const name = definitionOf(schema);
  if (name === undefined) return inlineSchema(schema, definitions);
  if (!definitions.has(name)) {
    definitions.set(name, {}); // so that a struct inside itself (JSONSchemaProps) ends
    const { default: _, ...definition } = inlineSchema(schema, definitions);
    definitions.set(name, definition);
  }
  const reference = { $ref: `#/components/schemas/${name}` };
  return schema.default === undefined ? reference : { default: schema.default, allOf: [reference] };
}

export function inlineSchema(schema: Schema, definitions: Definitions): JsonObject {
  const below = (part: Schema): JsonObject => openApiSchema(part, definitions);
  const written: Mutable = {};
  for (const key of SAME_NAME) setIfThere(written, key, schema[key]);
  for (const [from, to] of EXTENSIONS) setIfThere(written, to, schema[from]);
  if (schema.properties !== undefined) written.properties = Object.fromEntries(Object.entries(schema.properties).map(([name, part]) => [name, below(part)]));
  if (typeof schema.additionalProperties === "object") written.additionalProperties = below(schema.additionalProperties);
  if (schema.additionalProperties === true) written.additionalProperties = true;
  if (schema.items !== undefined) written.items = below(schema.items);
  for (const key of ["allOf", "anyOf", "oneOf"] as const) {
    const parts = schema[key];
    if (parts !== undefined) written[key] = parts.map(below);
  }
  if (schema.not !== undefined) written.not = below(schema.not);
  if (schema.rules !== undefined) written["x-kubernetes-validations"] = schema.rules.map((rule) => ({ ...rule }));
  return written;
}

function setIfThere(target: Mutable, key: string, value: Json | undefined): void {
  if (value !== undefined) target[key] = value;
}

/** `io.k8s.api.apps.v1.Deployment`; a custom kind's group is turned round. */
export function definitionName({ group, version, kind, custom, schema }: ResourceKind): string {
  const known = custom ? undefined : definitionOf(schema);
  return known ?? `${group.split(".").toReversed().join(".")}.${version}.${kind}`;
}
