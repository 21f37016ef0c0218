import type { Json } from "@sluice/engine/domain/json.ts";
import { isArray, isObject } from "@sluice/engine/domain/json.ts";
import { definition, definitionOf } from "../kinds/kinds.ts";
import type { Schema } from "../schema/schema.ts";

/**
 * What merging needs to know of a value. `deduced`: nothing is known, maps are merged, lists replaced as a whole. `untyped`: nothing is
 * known, anything is replaced as a whole. `open`: this schema or one above it preserves unknown fields.
 */
export type Type = { readonly kind: "schema"; readonly schema: Schema; readonly open: boolean } | { readonly kind: "deduced" } | { readonly kind: "untyped" };

export type Scalar = "numeric" | "string" | "boolean" | "untyped";
export type ListType = { readonly merges: boolean; readonly keys: readonly string[]; readonly element: Type };
export type MapType = { readonly atomic: boolean; fieldOf(name: string): Type | undefined; readonly element: Type | undefined; readonly hasFields: boolean };

/** The shapes that a value of a type may have. Source: kube-openapi schemaconv. */
export type Shapes = { readonly scalar?: Scalar; readonly list?: ListType; readonly map?: MapType };

const DEDUCED: Type = { kind: "deduced" };
const UNTYPED: Type = { kind: "untyped" };

const deducedShapes: Shapes = {
  scalar: "untyped",
  list: { merges: false, keys: [], element: UNTYPED },
  map: { atomic: false, fieldOf: () => undefined, element: DEDUCED, hasFields: false },
};
const untypedShapes: Shapes = {
  scalar: "untyped",
  list: { merges: false, keys: [], element: UNTYPED },
  map: { atomic: true, fieldOf: () => undefined, element: UNTYPED, hasFields: false },
};

const OBJECT_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
const QUANTITY = "io.k8s.apimachinery.pkg.api.resource.Quantity";

/** The type of a whole object: whatever its own schema says of metadata, that is ObjectMeta. */
export function rootType(schema: Schema): Type {
  const known = roots.get(schema);
  if (known !== undefined) return known;
  const made: Type = {
    kind: "schema",
    schema: schema.properties?.metadata?.properties === undefined ? embedded(schema) : schema,
    open: schema.preserveUnknownFields === true,
  };
  roots.set(schema, made);
  return made;
}

/** What has been worked out of schemas, which never change: every write asks for it many times. */
const roots = new WeakMap<Schema, Type>();
const openShapes = new WeakMap<Schema, Shapes>();
const closedShapes = new WeakMap<Schema, Shapes>();

function embedded(schema: Schema): Schema {
  const string: Schema = { type: "string" };
  return { ...schema, properties: { ...schema.properties, apiVersion: string, kind: string, metadata: definition(OBJECT_META) ?? {} } };
}

export function shapesOf(type: Type): Shapes {
  if (type.kind === "deduced") return deducedShapes;
  if (type.kind === "untyped") return untypedShapes;
  const memory = type.open ? openShapes : closedShapes;
  const known = memory.get(type.schema);
  if (known !== undefined) return known;
  const made = makeShapes(type);
  memory.set(type.schema, made);
  return made;
}

function makeShapes(type: Extract<Type, { readonly kind: "schema" }>): Shapes {
  const schema = type.schema.embeddedResource === true ? embedded(type.schema) : type.schema;
  const open = type.open || schema.preserveUnknownFields === true;
  switch (schema.intOrString === true ? undefined : schema.type) {
    case "object":
      return { map: mapOf(schema, open) };
    case "array":
      return { list: listOf(schema, open) };
    case "integer":
    case "number":
      return { scalar: "numeric" };
    case "boolean":
      return { scalar: "boolean" };
    case "string":
      return { scalar: schema.format === undefined || schema.format === "byte" ? "string" : "untyped" };
    default:
      return definitionOf(schema) === QUANTITY ? { scalar: "untyped" } : { scalar: "untyped", list: listOf(schema, open), map: mapOf(schema, open) };
  }
}

function mapOf(schema: Schema, open: boolean): MapType {
  const properties = schema.properties ?? {};
  const inner = (of: Schema): Type => ({ kind: "schema", schema: of, open });
  const fields = new Map<string, Type>();
  const hasFields = Object.keys(properties).length > 0;
  const values = schema.additionalProperties;
  const unknown = open || !hasFields ? DEDUCED : undefined;
  return {
    atomic: schema.mapType === "atomic",
    hasFields,
    fieldOf: (name) => {
      const known = fields.get(name);
      if (known !== undefined) return known;
      const field = Object.hasOwn(properties, name) ? properties[name] : undefined;
      if (field === undefined) return undefined;
      const made = inner(field);
      fields.set(name, made);
      return made;
    },
    element: values === undefined ? unknown : values === true ? DEDUCED : values === false ? undefined : inner(values),
  };
}

function listOf(schema: Schema, open: boolean): ListType {
  const element: Type = schema.items === undefined ? UNTYPED : { kind: "schema", schema: schema.items, open };
  if (schema.listType === "map") return { merges: true, keys: schema.listMapKeys ?? [], element };
  if (schema.listType === "set") return { merges: true, keys: [], element };
  const isMerged = schema.listType === undefined && schema.patchStrategy?.startsWith("merge") === true;
  return { merges: isMerged, keys: isMerged && schema.patchMergeKey !== undefined ? [schema.patchMergeKey] : [], element };
}

/** The default of a key field of a keyed list's items (`protocol: TCP` of ports). */
export function keyDefault(list: ListType, key: string): Json | undefined {
  const field = shapesOf(list.element).map?.fieldOf(key);
  return field?.kind === "schema" ? field.schema.default : undefined;
}

/** The one shape that fits `value`; all of them when it is absent, null or fits none. */
export function shapesFor(type: Type, value: Json | undefined): Shapes {
  const shapes = shapesOf(type);
  if (value === undefined || value === null) return shapes;
  if (isArray(value)) return shapes.list === undefined ? shapes : { list: shapes.list };
  if (isObject(value)) return shapes.map === undefined ? shapes : { map: shapes.map };
  return shapes.scalar === undefined ? shapes : { scalar: shapes.scalar };
}

/** Which of several shapes is worked with. */
export function shapeOf(shapes: Shapes): "map" | "scalar" | "list" | undefined {
  if (shapes.map !== undefined) return "map";
  if (shapes.scalar !== undefined) return "scalar";
  return shapes.list === undefined ? undefined : "list";
}
