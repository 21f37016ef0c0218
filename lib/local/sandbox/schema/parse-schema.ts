import { isArray, isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";
import type { Rule, Schema } from "./schema.ts";

/** Deeper than any schema that people write; a CRD is foreign text. */
const MAX_DEPTH = 100;
const FORBIDDEN_KEYS = ["__proto__", "constructor", "prototype"];
const TYPES = ["object", "array", "string", "integer", "number", "boolean"] as const;

/**
 * A schema out of a CRD (`openAPIV3Schema`, JSONSchemaProps). Keywords without meaning for the server (title, description, example) go.
 * What `validateCrd` refuses is not looked for here; only what cannot be represented is a problem.
 */
export function parseSchema(value: Json | undefined, depth = 0): Result<Schema> {
  if (depth > MAX_DEPTH) return problem(`the schema is nested deeper than ${MAX_DEPTH} levels`);
  if (!isObject(value)) return problem("a schema must be an object");
  const nested = parseNested(value, depth + 1);
  if (!nested.ok) return nested;
  return ok({ ...parseTypes(value), ...parseLimits(value), ...parseExtensions(value), ...nested.value });
}

const text = (value: Json | undefined): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);
const number = (value: Json | undefined): number | undefined => (typeof value === "number" ? value : undefined);
const texts = (value: Json | undefined): readonly string[] | undefined =>
  isArray(value) ? value.filter((item): item is string => typeof item === "string") : undefined;

/** `{ [name]: value }`, or nothing where there is no value: exactOptionalPropertyTypes forbids undefined. */
const when = <Name extends string, Value>(name: Name, value: Value | undefined): { [key in Name]?: Value } => {
  const made: { [key in Name]?: Value } = {};
  if (value !== undefined) made[name] = value;
  return made;
};

function parseTypes(value: JsonObject): Schema {
  const type = TYPES.find((known) => known === value.type);
  return {
    ...when("type", type),
    ...when("format", text(value.format)),
    ...when("pattern", text(value.pattern)),
    ...when("required", texts(value.required)),
    ...when("enum", isArray(value.enum) ? value.enum : undefined),
    ...when("nullable", value.nullable === true ? true : undefined),
    ...when("uniqueItems", value.uniqueItems === true ? true : undefined),
    ...when("default", value.default === null ? undefined : value.default),
  };
}

function parseLimits(value: JsonObject): Schema {
  return {
    ...when("minLength", number(value.minLength)),
    ...when("maxLength", number(value.maxLength)),
    ...when("minItems", number(value.minItems)),
    ...when("maxItems", number(value.maxItems)),
    ...when("minProperties", number(value.minProperties)),
    ...when("maxProperties", number(value.maxProperties)),
    ...when("minimum", number(value.minimum)),
    ...when("maximum", number(value.maximum)),
    ...when("exclusiveMinimum", value.exclusiveMinimum === true ? true : undefined),
    ...when("exclusiveMaximum", value.exclusiveMaximum === true ? true : undefined),
    ...when("multipleOf", number(value.multipleOf)),
  };
}

const LIST_TYPES = ["atomic", "set", "map"] as const;
const MAP_TYPES = ["granular", "atomic"] as const;

function parseExtensions(value: JsonObject): Schema {
  const rules = value["x-kubernetes-validations"];
  return {
    ...when(
      "listType",
      LIST_TYPES.find((known) => known === value["x-kubernetes-list-type"]),
    ),
    ...when("listMapKeys", texts(value["x-kubernetes-list-map-keys"])),
    ...when(
      "mapType",
      MAP_TYPES.find((known) => known === value["x-kubernetes-map-type"]),
    ),
    ...when("preserveUnknownFields", value["x-kubernetes-preserve-unknown-fields"] === true ? true : undefined),
    ...when("intOrString", value["x-kubernetes-int-or-string"] === true ? true : undefined),
    ...when("embeddedResource", value["x-kubernetes-embedded-resource"] === true ? true : undefined),
    ...when("rules", isArray(rules) ? rules.filter(isObject).map(parseRule) : undefined),
  };
}

const parseRule = (value: JsonObject): Rule => ({
  rule: text(value.rule) ?? "",
  ...when("message", text(value.message)),
  ...when("messageExpression", text(value.messageExpression)),
  ...when("reason", text(value.reason)),
  ...when("fieldPath", text(value.fieldPath)),
  ...when("optionalOldSelf", value.optionalOldSelf === true ? true : undefined),
});

function parseNested(value: JsonObject, depth: number): Result<Schema> {
  const properties = value.properties === undefined ? undefined : parseMap(value.properties, depth);
  if (properties?.ok === false) return properties;
  const additional = value.additionalProperties;
  const values = additional === undefined || typeof additional === "boolean" ? undefined : parseSchema(additional, depth);
  if (values?.ok === false) return values;
  const items = value.items === undefined ? undefined : parseSchema(value.items, depth);
  if (items?.ok === false) return items;
  const not = value.not === undefined ? undefined : parseSchema(value.not, depth);
  if (not?.ok === false) return not;
  const joined = parseJunctors(value, depth);
  if (!joined.ok) return joined;
  return ok({
    ...when("properties", properties?.value),
    // `true` keeps the key and nothing below it: the server prunes there as if nothing were declared.
    ...when("additionalProperties", additional === true ? {} : typeof additional === "boolean" ? additional : values?.value),
    ...when("items", items?.value),
    ...when("not", not?.value),
    ...joined.value,
  });
}

function parseJunctors(value: JsonObject, depth: number): Result<Schema> {
  let made: Schema = {};
  for (const junctor of ["allOf", "anyOf", "oneOf"] as const) {
    const given = value[junctor];
    if (!isArray(given) || given.length === 0) continue;
    const schemas: Schema[] = [];
    for (const one of given) {
      const parsed = parseSchema(one, depth);
      if (!parsed.ok) return parsed;
      schemas.push(parsed.value);
    }
    made = { ...made, [junctor]: schemas };
  }
  return ok(made);
}

function parseMap(value: Json, depth: number): Result<{ readonly [field: string]: Schema }> {
  if (!isObject(value)) return problem("properties must be an object");
  const made: { [field: string]: Schema } = {};
  for (const [field, schema] of Object.entries(value)) {
    if (FORBIDDEN_KEYS.includes(field)) return problem(`a property may not be named ${field}`);
    const parsed = parseSchema(schema, depth);
    if (!parsed.ok) return parsed;
    made[field] = parsed.value;
  }
  return ok(made);
}
