import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import { isArray, isObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import type { Schema } from "../schema/schema.ts";
import { defaultRules, objectRules } from "./default-rules.ts";
import { defaultValues } from "./default-values.ts";
import type { ResourceKind } from "./kind.ts";
import { definitionOf } from "./kinds.ts";

const isManifest = (value: Json): value is Manifest & JsonObject => isObject(value) && isObject(value.metadata);
const isJson = (_value: unknown): _value is Json => true;

/**
 * A built-in object in its typed form with what the server fills in when it decodes one: constants (default-values.ts) and what depends on
 * other values (default-rules.ts). What the server's strategies add when they store an object (clusterIP, uid, a Job's selector) is not here.
 * With `old`, fields of a Service that its type no longer needs go with the type.
 */
export function defaultBuiltIn(kind: ResourceKind, object: Manifest, old?: Manifest): Manifest {
  const plain: unknown = object;
  if (kind.custom || !isJson(plain) || !isObject(plain)) return object;
  const rule = objectRules[`${kind.group}/${kind.kind}`];
  const dropped = kind.group === "" && kind.kind === "Service" && old !== undefined ? dropTypeDependent(plain, old) : plain;
  const filled = fill(kind.schema, rule === undefined ? dropped : rule(dropped));
  return isManifest(filled) ? filled : object;
}

/** Specs that have all their defaults, by the schema that gave them: an update leaves most of an object as it was. */
const complete = new WeakMap<Schema, WeakSet<object>>();
const isRemembered = (schema: Schema): boolean => definitionOf(schema)?.endsWith("Spec") === true;
const saysNothing = ({ properties, additionalProperties, items }: Schema): boolean =>
  properties === undefined && typeof additionalProperties !== "object" && items === undefined;

/** The same value where nothing is missing. */
function fill(schema: Schema | undefined, value: Json): Json {
  if (schema === undefined || typeof value !== "object" || value === null || saysNothing(schema)) return value;
  if (isArray(value)) return fillList(schema, value);
  if (!isObject(value)) return value;
  if (!isRemembered(schema)) return fillObject(schema, value);
  const known = complete.get(schema) ?? new WeakSet();
  if (known.has(value)) return value;
  complete.set(schema, known);
  const filled = fillObject(schema, value);
  known.add(filled);
  return filled;
}

function fillList(schema: Schema, value: readonly Json[]): Json {
  const items = value.map((item) => fill(schema.items, item));
  return items.every((item, index) => item === value[index]) ? value : items;
}

function fillObject(schema: Schema, value: JsonObject): JsonObject {
  const name = definitionOf(schema);
  const own = name === undefined ? value : fillStruct(name, value);
  const values = typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined;
  let changed = false;
  const entries = Object.entries(own).map(([field, inner]): [string, Json] => {
    const made = fill(schema.properties === undefined || !Object.hasOwn(schema.properties, field) ? values : schema.properties[field], inner);
    changed ||= made !== inner;
    return [field, made];
  });
  return changed ? Object.fromEntries(entries) : own;
}

/** An empty text is what Go makes of an absent one. */
const isMissing = (value: Json | undefined): boolean => value === undefined || value === null || value === "";

function fillStruct(definition: string, value: JsonObject): JsonObject {
  const given = defaultValues[definition];
  const constants = given === undefined ? [] : Object.entries(given).filter(([field]) => isMissing(value[field]));
  const filled = constants.length === 0 ? value : { ...value, ...Object.fromEntries(constants) };
  const rule = defaultRules[definition];
  return rule === undefined ? filled : rule(filled);
}

/** Source: pkg/registry/core/service dropTypeDependentFields: a value that the new type has no use for goes, unless the client changed it. */
function dropTypeDependent(object: JsonObject, old: Manifest): JsonObject {
  const spec = isObject(object.spec) ? object.spec : {};
  const before: Json = isJson(old.spec) && isObject(old.spec) ? old.spec : {};
  if (!isObject(before)) return object;
  const needsTraffic = (of: JsonObject): boolean =>
    of.type === "NodePort" || of.type === "LoadBalancer" || (isArray(of.externalIPs) && of.externalIPs.length > 0);
  const gone = new Set<string>();
  if (needsTraffic(before) && !needsTraffic(spec) && spec.externalTrafficPolicy === before.externalTrafficPolicy) gone.add("externalTrafficPolicy");
  if (before.type === "LoadBalancer" && spec.type !== "LoadBalancer" && spec.allocateLoadBalancerNodePorts === before.allocateLoadBalancerNodePorts)
    gone.add("allocateLoadBalancerNodePorts");
  return gone.size === 0 ? object : { ...object, spec: Object.fromEntries(Object.entries(spec).filter(([field]) => !gone.has(field))) };
}
