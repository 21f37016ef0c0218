import { isArray, isObject, type Json, type JsonObject } from "../../../domain/json.ts";
import { ok, type Result } from "../../../domain/result.ts";
import type { Definition } from "./definition.ts";
import type { Layer } from "./layer.ts";
import { readDocument } from "./read-document.ts";

const GVK = "x-kubernetes-group-version-kind";
const STRATEGY = "x-kubernetes-patch-strategy";
const MERGE_KEY = "x-kubernetes-patch-merge-key";
const MAP_KEYS = "x-kubernetes-list-map-keys";

type Fail = (message: string) => undefined;

/**
 * The OpenAPI document that a kustomization names, in JSON or YAML. Where kustomize would panic while it uses the document, `fail` is told.
 * Source: kyaml openapi.parse, AddDefinitions, findNamespaceability.
 */
export function createDocumentLayer(bytes: Uint8Array, fail: Fail): Result<Layer> {
  const read = readDocument(bytes);
  if (!read.ok) return read;
  const definitions = objectAt(read.value, "definitions") ?? {};
  const kinds = new Map<string, Definition>();
  for (const definition of Object.values(definitions)) {
    const gvks = isObject(definition) ? at(definition, GVK) : undefined;
    for (const gvk of isArray(gvks) ? gvks : []) {
      const key = isObject(gvk) ? kindKeyOf(gvk) : ok(undefined);
      if (!key.ok) return key;
      if (key.value !== undefined) kinds.set(key.value, definitionOf(definition, fail));
    }
  }
  const scopes = scopesOf(objectAt(read.value, "paths") ?? {});
  if (!scopes.ok) return scopes;
  return ok({
    definition: (name) => (Object.hasOwn(definitions, name) ? definitionOf(definitions[name], fail) : undefined),
    kind: (apiVersion, kind) => kinds.get(kindKey(apiVersion, kind)),
    isNamespaced: (apiVersion, kind) => scopes.value.get(kindKey(apiVersion, kind)),
  });
}

function scopesOf(paths: JsonObject): Result<ReadonlyMap<string, boolean>> {
  const scopes = new Map<string, boolean>();
  for (const [path, item] of Object.entries(paths)) {
    const get = path.startsWith("/") && isObject(item) ? objectAt(item, "get") : undefined;
    const gvk = get === undefined ? undefined : objectAt(get, GVK);
    if (gvk === undefined) continue;
    const key = kindKeyOf(gvk);
    if (!key.ok) return key;
    scopes.set(key.value, scopes.get(key.value) === true || path.includes("namespaces/{namespace}"));
  }
  return ok(scopes);
}

const kindKey = (apiVersion: string, kind: string): string => `${apiVersion}\0${kind}`;

function kindKeyOf(gvk: JsonObject): Result<string> {
  const [group, version, kind] = [at(gvk, "group"), at(gvk, "version"), at(gvk, "kind")];
  if (typeof version !== "string") return notA("string", version);
  if (typeof kind !== "string") return notA("string", kind);
  return ok(kindKey(typeof group === "string" && group !== "" ? `${group}/${version}` : version, kind));
}

function definitionOf(schema: Json | undefined, fail: Fail): Definition {
  if (!isObject(schema)) return {};
  const ref = at(schema, "$ref");
  return {
    ref: typeof ref === "string" && ref !== "" ? ref : undefined,
    field(name) {
      const field = at(objectAt(schema, "properties") ?? {}, name) ?? objectAt(schema, "additionalProperties");
      return field === undefined ? undefined : definitionOf(field, fail);
    },
    items() {
      if (!isOneType(at(schema, "type"), "array")) return undefined;
      const items = at(schema, "items");
      if (isArray(items)) return fail("runtime error: invalid memory address or nil pointer dereference");
      return isObject(items) ? definitionOf(items, fail) : undefined;
    },
    patchStrategy: () => textAt(schema, STRATEGY, fail),
    mergeKeys: () => mergeKeysOf(schema, fail),
  };
}

const isOneType = (type: Json | undefined, expected: string): boolean => type === expected || (isArray(type) && type.length === 1 && type[0] === expected);

/** Only what has a patch strategy has merge keys. Source: kyaml ResourceSchema.PatchStrategyAndKeyList. */
function mergeKeysOf(schema: JsonObject, fail: Fail): readonly string[] {
  if (at(schema, STRATEGY) === undefined) return [];
  const keys = at(schema, MAP_KEYS);
  if (keys === undefined) return [textAt(schema, MERGE_KEY, fail) ?? []].flat();
  if (!isArray(keys)) {
    failAs(notA("[]interface {}", keys), fail);
    return [];
  }
  return keys.filter((key) => {
    if (typeof key !== "string") failAs(notA("string", key), fail);
    return typeof key === "string";
  });
}

function textAt(schema: JsonObject, name: string, fail: Fail): string | undefined {
  const text = at(schema, name);
  return text === undefined || typeof text === "string" ? text : failAs(notA("string", text), fail);
}

const failAs = (result: { readonly problem: string }, fail: Fail): undefined => fail(result.problem);

/** The words of Go's panic when a value is not of the type that the code counts on. */
function notA(expected: string, value: Json | undefined): { readonly ok: false; readonly problem: string } {
  return { ok: false, problem: `interface conversion: interface {} is ${goType(value)}, not ${expected}` };
}

function goType(value: Json | undefined): string {
  if (value === undefined || value === null) return "nil";
  if (isArray(value)) return "[]interface {}";
  if (typeof value === "object") return "map[string]interface {}";
  return typeof value === "boolean" ? "bool" : typeof value === "number" ? "float64" : "string";
}

const at = (object: JsonObject, name: string): Json | undefined => (Object.hasOwn(object, name) ? object[name] : undefined);
const objectAt = (object: JsonObject, name: string): JsonObject | undefined => {
  const value = at(object, name);
  return isObject(value) ? value : undefined;
};
