import { readFileSync } from "node:fs";
import type { Schema } from "../schema/schema.ts";
import type { ResourceKind } from "./kind.ts";
import type { KindRow, KindTable, Node } from "./table.ts";

const isTable = (_value: unknown): _value is KindTable => true;

/** Read once per process: it never changes, and is only read from. */
let table: KindTable | undefined;
function readTable(): KindTable {
  if (table !== undefined) return table;
  const parsed: unknown = JSON.parse(readFileSync(new URL("kinds.generated.json", import.meta.url), "utf8"));
  if (!isTable(parsed)) throw new Error("kinds.generated.json is not a table of kinds");
  table = parsed;
  return table;
}

const named = new Map<string, Schema>();
const names = new WeakMap<Schema, string>();
let kinds: readonly ResourceKind[] | undefined;

/** The kinds that the API server has without any CRD, in discovery's order. Schemas are made when they are first looked at. */
export function builtInKinds(): readonly ResourceKind[] {
  kinds ??= readTable().kinds.map(kindOf);
  return kinds;
}

/** The name that OpenAPI gives to the struct behind a schema of a built-in kind (`io.k8s.api.core.v1.Container`), also where a field refines it. */
export const definitionOf = (schema: Schema): string | undefined => names.get(schema);

/** The schema of a named definition, or undefined when no built-in kind uses it. */
export function definition(name: string): Schema | undefined {
  const known = named.get(name);
  if (known !== undefined) return known;
  const node = Object.hasOwn(readTable().definitions, name) ? readTable().definitions[name] : undefined;
  if (node === undefined) return undefined;
  const schema = schemaOf(node);
  named.set(name, schema);
  names.set(schema, name);
  return schema;
}

/** The version of the API server that the table was taken from, as `/version` says it: `v1.35.4`. */
export const kubernetesVersion = (): string => readTable().kubernetes;

function kindOf(row: KindRow): ResourceKind {
  let schema: Schema | undefined;
  return {
    group: row.group,
    version: row.version,
    kind: row.kind,
    listKind: `${row.kind}List`,
    plural: row.plural,
    singular: row.singular,
    shortNames: row.shortNames ?? [],
    categories: row.categories ?? [],
    namespaced: row.namespaced === true,
    verbs: row.verbs,
    hasStatus: row.hasStatus === true,
    ...(row.hasScale === true && {
      scale: { specReplicasPath: ".spec.replicas", statusReplicasPath: ".status.replicas", labelSelectorPath: ".status.selector" },
    }),
    get schema() {
      schema ??= definition(row.schema) ?? {};
      return schema;
    },
    columns: row.columns ?? [],
    custom: false,
  };
}

/** Nested schemas are made on first sight: the graph is large, and cyclic (JSONSchemaProps). */
function schemaOf(node: Node): Schema {
  const base = node.r === undefined ? undefined : definition(node.r);
  const schema = {
    ...(base !== undefined && scalarsOf(base)),
    ...(node.t !== undefined && { type: node.t }),
    ...(node.f !== undefined && { format: node.f }),
    ...(node.required !== undefined && { required: node.required }),
    ...(node.default !== undefined && { default: node.default }),
    ...(node.enum !== undefined && { enum: node.enum }),
    ...(node.listType !== undefined && { listType: node.listType }),
    ...(node.keys !== undefined && { listMapKeys: node.keys }),
    ...(node.mapType !== undefined && { mapType: node.mapType }),
    ...(node.patch !== undefined && { patchStrategy: node.patch }),
    ...(node.mergeKey !== undefined && { patchMergeKey: node.mergeKey }),
    ...(node.intOrString === true && { intOrString: true }),
  };
  const { p, i, v } = node;
  if (p !== undefined) lazily(schema, "properties", () => propertiesOf(p));
  if (i !== undefined) lazily(schema, "items", () => schemaOf(i));
  if (v !== undefined) lazily(schema, "additionalProperties", () => schemaOf(v));
  if (base !== undefined) for (const key of NESTED) if (Object.hasOwn(base, key)) lazily(schema, key, () => base[key]);
  if (node.r !== undefined) names.set(schema, node.r);
  return schema;
}

const NESTED = ["properties", "items", "additionalProperties"] as const;

const scalarsOf = (base: Schema): Schema =>
  Object.fromEntries(Object.entries(Object.getOwnPropertyDescriptors(base)).flatMap(([key, { get, value }]) => (get === undefined ? [[key, value]] : [])));

function propertiesOf(properties: { readonly [field: string]: Node }): { readonly [field: string]: Schema } {
  const schemas = {};
  for (const [field, node] of Object.entries(properties)) lazily(schemas, field, () => schemaOf(node));
  return schemas;
}

function lazily(target: object, key: string, make: () => unknown): void {
  Object.defineProperty(target, key, {
    configurable: true,
    enumerable: true,
    get: () => {
      const value = make();
      Object.defineProperty(target, key, { enumerable: true, value });
      return value;
    },
  });
}
