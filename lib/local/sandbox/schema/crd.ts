import { isArray, isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";
import type { ResourceKind, TableColumn } from "../kinds/kind.ts";
import { OBJECT_META, TYPE_AND_META } from "./object-meta.ts";
import { parseSchema } from "./parse-schema.ts";
import type { Schema } from "./schema.ts";

/** In the order of the server's discovery. */
const VERBS = ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"];

const NAME_DESCRIPTION =
  "Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names";
const AGE_DESCRIPTION =
  "CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata";

const NAME_COLUMN: TableColumn = { name: "Name", type: "string", format: "name", description: NAME_DESCRIPTION, priority: 0, jsonPath: ".metadata.name" };
const AGE_COLUMN: TableColumn = {
  name: "Age",
  type: "date",
  format: "",
  description: AGE_DESCRIPTION,
  priority: 0,
  jsonPath: ".metadata.creationTimestamp",
};

/**
 * The kinds that a CustomResourceDefinition (apiextensions.k8s.io/v1) serves, one per served version. The CRD is one that `validateCrd` has
 * nothing against. `selectableFields` are not looked at: lists are selected by metadata.name and metadata.namespace only.
 */
export function parseCrd(crd: Manifest): Result<readonly ResourceKind[]> {
  const spec = specOf(crd);
  if (spec === undefined) return problem("spec must be an object");
  const { names } = spec;
  if (!isObject(names)) return problem("spec.names must be an object");
  const kinds: ResourceKind[] = [];
  for (const version of isArray(spec.versions) ? spec.versions : []) {
    if (!isObject(version) || version.served !== true) continue;
    const parsed = parseVersion(spec, names, version);
    if (!parsed.ok) return parsed;
    kinds.push(parsed.value);
  }
  return ok(kinds);
}

/** `metadata` has a type of its own, so that fields of a Manifest are not plain JSON for the compiler. */
function specOf(crd: Manifest): JsonObject | undefined {
  const fields: { readonly [field: string]: unknown } = crd;
  return isJsonObject(fields.spec) ? fields.spec : undefined;
}

const isJsonObject = (value: unknown): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);
const text = (value: Json | undefined): string => (typeof value === "string" ? value : "");
const texts = (value: Json | undefined): readonly string[] => (isArray(value) ? value.filter((item) => typeof item === "string") : []);

function parseVersion(spec: JsonObject, names: JsonObject, version: JsonObject): Result<ResourceKind> {
  const name = text(version.name);
  const given = isObject(version.schema) ? version.schema.openAPIV3Schema : undefined;
  const schema = given === undefined ? ok<Schema>({ type: "object", preserveUnknownFields: true }) : parseSchema(given);
  if (!schema.ok) return problem(`version ${name}: ${schema.problem}`);
  const kind = text(names.kind);
  const subresources = isObject(version.subresources) ? version.subresources : {};
  const scale = parseScale(subresources.scale);
  return ok({
    group: text(spec.group),
    version: name,
    kind,
    listKind: text(names.listKind) || `${kind}List`,
    plural: text(names.plural),
    singular: text(names.singular) || kind.toLowerCase(),
    shortNames: texts(names.shortNames),
    categories: texts(names.categories),
    namespaced: spec.scope === "Namespaced",
    verbs: VERBS,
    hasStatus: isObject(subresources.status),
    ...(scale !== undefined && { scale }),
    schema: withTypeAndMeta(schema.value),
    columns: parseColumns(version.additionalPrinterColumns),
    custom: true,
  });
}

/** Every object has apiVersion, kind and metadata; of these a CRD may only narrow the names. */
function withTypeAndMeta(schema: Schema): Schema {
  const own = schema.properties?.metadata?.properties ?? {};
  const narrowed = Object.fromEntries(["name", "generateName"].flatMap((field) => (own[field] === undefined ? [] : [[field, own[field]]])));
  const metadata: Schema = { ...OBJECT_META, properties: { ...OBJECT_META.properties, ...narrowed } };
  return { ...schema, properties: { ...schema.properties, ...TYPE_AND_META, metadata } };
}

function parseScale(scale: Json | undefined): ResourceKind["scale"] {
  if (!isObject(scale)) return undefined;
  const labelSelectorPath = text(scale.labelSelectorPath);
  return {
    specReplicasPath: text(scale.specReplicasPath),
    statusReplicasPath: text(scale.statusReplicasPath),
    ...(labelSelectorPath !== "" && { labelSelectorPath }),
  };
}

/** Name first, then the CRD's own; Age where there are none. Source: apiextensions, tableconvertor. */
function parseColumns(columns: Json | undefined): readonly TableColumn[] {
  const own = isArray(columns) ? columns.filter(isObject) : [];
  if (own.length === 0) return [NAME_COLUMN, AGE_COLUMN];
  return [
    NAME_COLUMN,
    ...own.map((column) => ({
      name: text(column.name),
      type: text(column.type),
      format: text(column.format),
      description: text(column.description) || `Custom resource definition column (in JSONPath format): ${text(column.jsonPath)}`,
      priority: typeof column.priority === "number" ? column.priority : 0,
      jsonPath: text(column.jsonPath),
    })),
  ];
}
