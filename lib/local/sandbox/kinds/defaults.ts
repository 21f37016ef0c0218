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

function fill(schema: Schema | undefined, value: Json): Json {
  if (schema === undefined) return value;
  if (isArray(value)) return value.map((item) => fill(schema.items, item));
  if (!isObject(value)) return value;
  const name = definitionOf(schema);
  const own = name === undefined ? value : fillStruct(name, value);
  const values = typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined;
  return Object.fromEntries(
    Object.entries(own).map(([field, inner]) => [
      field,
      fill(schema.properties === undefined || !Object.hasOwn(schema.properties, field) ? values : schema.properties[field], inner),
    ]),
  );
}

/** An empty text is what Go makes of an absent one. */
const isMissing = (value: Json | undefined): boolean => value === undefined || value === null || value === "";

function fillStruct(definition: string, value: JsonObject): JsonObject {
  const constants = Object.entries(defaultValues[definition] ?? {}).filter(([field]) => isMissing(value[field]));
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
