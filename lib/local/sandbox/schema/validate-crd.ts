import { isArray, isEqual, isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { createCel } from "./cel.ts";
import { type FieldError, forbidden, invalid, notSupported, required } from "./field-error.ts";
import { IMMUTABLE } from "./metadata.ts";
import { label1035, subdomain1123 } from "./names.ts";
import { parseSchema } from "./parse-schema.ts";
import { compilePattern, createPatterns } from "./patterns.ts";
import { validateStructural } from "./structural.ts";

/**
 * The common mistakes in a CustomResourceDefinition, in the server's words, metadata apart (its rule for the name is here).
 * What is not looked for: cost estimates and types of CEL rules, defaults that are invalid by their schema, webhooks of conversions.
 * Source: apiextensions, apis/apiextensions/validation and apiserver/schema/validation.go.
 */
export function validateCrd(crd: Manifest, old?: Manifest): readonly FieldError[] {
  const fields: { readonly [field: string]: unknown } = crd;
  const spec = asObject(fields.spec);
  const errors: FieldError[] = [];
  const names = asObject(spec.names);
  const group = textOf(spec.group);
  const expected = `${textOf(names.plural)}.${group}`;
  if (old === undefined && crd.metadata.name !== expected)
    errors.push(invalid("metadata.name", crd.metadata.name ?? "", `must be spec.names.plural+"."+spec.group`));
  errors.push(...validateApproval(crd, group));
  errors.push(...validateGroup(group), ...validateScope(spec), ...validateVersions(spec), ...validateNames(names));
  if (old !== undefined) errors.push(...validateChange(spec, asObject((old as { readonly [field: string]: unknown }).spec)));
  return errors;
}

const isJsonObject = (value: unknown): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);
const asObject = (value: unknown): JsonObject => (isJsonObject(value) ? value : {});
const textOf = (value: Json | undefined): string => (typeof value === "string" ? value : "");

const APPROVAL = "api-approved.kubernetes.io";

/** Groups of the Kubernetes project itself need the mark of an approval. */
function validateApproval(crd: Manifest, group: string): readonly FieldError[] {
  const guarded = ["k8s.io", "kubernetes.io"].some((domain) => group === domain || group.endsWith(`.${domain}`));
  if (!guarded || (crd.metadata.annotations?.[APPROVAL] ?? "") !== "") return [];
  return [
    required(
      `metadata.annotations[${APPROVAL}]`,
      `protected groups must have approval annotation "${APPROVAL}", see https://github.com/kubernetes/enhancements/pull/1111`,
    ),
  ];
}

function validateGroup(group: string): readonly FieldError[] {
  if (group === "") return [required("spec.group")];
  const problems = subdomain1123(group);
  if (problems.length > 0) return [invalid("spec.group", group, problems.join(","))];
  return group.includes(".") ? [] : [invalid("spec.group", group, "should be a domain with at least one dot")];
}

const SCOPES = ["Cluster", "Namespaced"];

function validateScope(spec: JsonObject): readonly FieldError[] {
  const scope = textOf(spec.scope);
  if (scope === "") return [required("spec.scope")];
  return SCOPES.includes(scope) ? [] : [notSupported("spec.scope", scope, SCOPES)];
}

function validateVersions(spec: JsonObject): readonly FieldError[] {
  const versions = (isArray(spec.versions) ? spec.versions : []).map(asObject);
  const errors: FieldError[] = [];
  const shared = isShared(versions);
  for (const [index, version] of versions.entries()) {
    const path = shared ? "spec" : `spec.versions[${index}]`;
    const schema = asObject(version.schema).openAPIV3Schema;
    if (!isObject(schema)) errors.push(required(`spec.versions[${index}].schema.openAPIV3Schema`));
    else if (!shared || index === 0) errors.push(...validateSchemaNode(schema, `${path}.${shared ? "validation" : "schema"}.openAPIV3Schema`, "root", 0));
    const problems = label1035(textOf(version.name));
    if (problems.length > 0) errors.push(invalid(`spec.versions[${index}].name`, textOf(version.name), problems.join(",")));
    if (!shared || index === 0)
      errors.push(...validateSubresources(asObject(version.subresources), path), ...validateColumns(version.additionalPrinterColumns, path));
  }
  const stored = versions.filter(({ storage }) => storage === true).length;
  const names = versions.map(({ name }) => textOf(name));
  const shown = versions.map((version) => internalVersion(version, shared));
  if (new Set(names).size < names.length) errors.push(invalid("spec.versions", shown, "must contain unique version names"));
  if (stored !== 1) errors.push(invalid("spec.versions", shown, "must have exactly one version marked as storage version"));
  const first = label1035(names[0] ?? "v1");
  if (first.length > 0) errors.push(invalid("spec.version", names[0] ?? "", first.join(",")));
  if (stored === 0) errors.push(invalid("status.storedVersions", null, "must have at least one stored version"));
  return errors;
}

/** The server's internal form has what all versions share (schema, subresources, columns) once, above them: paths in errors are of that form. */
function isShared(versions: readonly JsonObject[]): boolean {
  const shape = ({ schema, subresources, additionalPrinterColumns }: JsonObject): Json => [
    schema ?? null,
    subresources ?? null,
    additionalPrinterColumns ?? null,
  ];
  const [first] = versions;
  return first !== undefined && versions.every((version) => isEqual(shape(version), shape(first)));
}

/** A version as errors show it: the internal type, with Go's names. */
const internalVersion = (version: JsonObject, shared: boolean): JsonObject => ({
  Name: version.name ?? "",
  Served: version.served ?? false,
  Storage: version.storage ?? false,
  Deprecated: version.deprecated ?? false,
  DeprecationWarning: version.deprecationWarning ?? null,
  Schema: shared ? null : (version.schema ?? null),
  Subresources: shared ? null : (version.subresources ?? null),
  AdditionalPrinterColumns: shared ? null : (version.additionalPrinterColumns ?? null),
  SelectableFields: null,
});

const COLUMN_TYPES = ["boolean", "date", "integer", "number", "string"];

function validateColumns(columns: Json | undefined, path: string): readonly FieldError[] {
  return (isArray(columns) ? columns : []).map(asObject).flatMap((column, index) => {
    const at = `${path}.additionalPrinterColumns[${index}]`;
    const errors: FieldError[] = [];
    if (textOf(column.name) === "") errors.push(required(`${at}.name`));
    if (textOf(column.type) === "") errors.push(required(`${at}.type`, `must be one of ${COLUMN_TYPES.join(",")}`));
    else if (!COLUMN_TYPES.includes(textOf(column.type))) errors.push(invalid(`${at}.type`, textOf(column.type), `must be one of ${COLUMN_TYPES.join(",")}`));
    if (textOf(column.jsonPath) === "") errors.push(required(`${at}.JSONPath`));
    return errors;
  });
}

function validateSubresources(subresources: JsonObject, path: string): readonly FieldError[] {
  const { scale } = subresources;
  if (!isObject(scale)) return [];
  const at = `${path}.subresources.scale`;
  const check = (field: "specReplicasPath" | "statusReplicasPath", root: ".spec." | ".status."): readonly FieldError[] => {
    const given = textOf(scale[field]);
    if (given === "") return [required(`${at}.${field}`)];
    if (!given.startsWith(".")) return [invalid(`${at}.${field}`, given, "must be a simple json path starting with .")];
    return given.startsWith(root) ? [] : [invalid(`${at}.${field}`, given, `should be a json path under ${root.slice(0, -1)}`)];
  };
  return [...check("specReplicasPath", ".spec."), ...check("statusReplicasPath", ".status.")];
}

function validateNames(names: JsonObject): readonly FieldError[] {
  const errors: FieldError[] = [];
  const check = (field: string, value: string, lower = true): void => {
    const problems = value === "" ? [] : label1035(lower ? value : value.toLowerCase());
    if (value === "") errors.push(required(`spec.names.${field}`));
    else if (problems.length > 0)
      errors.push(invalid(`spec.names.${field}`, value, `${lower ? "" : "may have mixed case, but should otherwise match: "}${problems.join(",")}`));
  };
  const kind = textOf(names.kind);
  const listKind = textOf(names.listKind) || `${kind}List`;
  check("plural", textOf(names.plural));
  check("singular", textOf(names.singular) || kind.toLowerCase());
  check("kind", kind, false);
  if (kind !== "") check("listKind", listKind, false);
  for (const [index, short] of (isArray(names.shortNames) ? names.shortNames : []).entries())
    for (const problem of label1035(textOf(short))) errors.push(invalid(`spec.names.shortNames[${index}]`, textOf(short), problem));
  if (kind !== "" && kind === listKind) errors.push(invalid("spec.names.listKind", listKind, "kind and listKind may not be the same"));
  return errors;
}

/** Once it is established, names and scope stand. */
function validateChange(spec: JsonObject, old: JsonObject): readonly FieldError[] {
  const errors: FieldError[] = [];
  const names = asObject(spec.names);
  const before = asObject(old.names);
  if (spec.scope !== old.scope) errors.push(invalid("spec.scope", spec.scope ?? "", IMMUTABLE));
  if (names.kind !== before.kind) errors.push(invalid("spec.names.kind", names.kind ?? "", IMMUTABLE));
  if (spec.group !== old.group) errors.push(invalid("spec.group", spec.group ?? "", IMMUTABLE));
  if (names.plural !== before.plural) errors.push(invalid("spec.names.plural", names.plural ?? "", IMMUTABLE));
  return errors;
}

const TYPES = ["array", "boolean", "integer", "number", "object", "string"];
const MAX_DEPTH = 100;
/** What may only stand where the structure is told, not inside allOf, anyOf, oneOf and not. */
const STRUCTURE_ONLY: readonly (readonly [string, string])[] = [
  ["type", "must be empty to be structural"],
  ["additionalProperties", "must be undefined to be structural"],
  ["default", "must be undefined to be structural"],
  ["title", "must be empty to be structural"],
  ["description", "must be empty to be structural"],
  ["nullable", "must be false to be structural"],
  ["x-kubernetes-preserve-unknown-fields", "must be false to be structural"],
  ["x-kubernetes-embedded-resource", "must be false to be structural"],
  ["x-kubernetes-int-or-string", "must be false to be structural"],
  ["x-kubernetes-list-map-keys", "must be empty to be structural"],
  ["x-kubernetes-list-type", "must be undefined to be structural"],
  ["x-kubernetes-map-type", "must be undefined to be structural"],
];
const NOT_SUPPORTED: readonly string[] = ["id", "additionalItems", "patternProperties", "definitions", "dependencies", "$ref"];

type Where = "root" | "field" | "item" | "nested";

function validateSchemaNode(schema: JsonObject, path: string, where: Where, depth: number): readonly FieldError[] {
  if (depth > MAX_DEPTH) return [invalid(path, undefined, "is nested too deep")];
  const errors: FieldError[] = [];
  for (const keyword of NOT_SUPPORTED) if (schema[keyword] !== undefined) errors.push(forbidden(`${path}.${keyword}`, `${keyword} is not supported`));
  const type = textOf(schema.type);
  if (type !== "" && !TYPES.includes(type)) errors.push(notSupported(`${path}.type`, type, TYPES));
  if (where !== "nested") errors.push(...validateType(schema, type, path, where));
  if (where === "nested")
    for (const [keyword, words] of STRUCTURE_ONLY)
      if (schema[keyword] !== undefined && schema[keyword] !== false) errors.push(forbidden(`${path}.${keyword}`, words));
  if (schema.uniqueItems === true)
    errors.push(forbidden(`${path}.uniqueItems`, "uniqueItems cannot be set to true since the runtime complexity becomes quadratic"));
  const properties = asObject(schema.properties);
  if (isObject(schema.properties) && isObject(schema.additionalProperties))
    errors.push(forbidden(`${path}.additionalProperties`, "additionalProperties and properties are mutual exclusive"));
  errors.push(...validateListKeywords(schema, path), ...validatePattern(schema, path), ...validateDefault(schema, path), ...validateRuleTexts(schema, path));
  for (const [field, inner] of Object.entries(properties).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    if (isObject(inner)) errors.push(...validateSchemaNode(inner, `${path}.properties[${field}]`, where === "nested" ? "nested" : "field", depth + 1));
  if (isObject(schema.items)) errors.push(...validateSchemaNode(schema.items, `${path}.items`, where === "nested" ? "nested" : "item", depth + 1));
  if (isObject(schema.additionalProperties))
    errors.push(...validateSchemaNode(schema.additionalProperties, `${path}.additionalProperties`, where === "nested" ? "nested" : "field", depth + 1));
  for (const junctor of ["allOf", "anyOf", "oneOf"]) {
    const given = schema[junctor];
    for (const [index, inner] of (isArray(given) ? given : []).entries())
      if (isObject(inner) && !(schema["x-kubernetes-int-or-string"] === true && isIntOrStringPart(inner)))
        errors.push(...validateSchemaNode(inner, `${path}.${junctor}[${index}]`, "nested", depth + 1));
  }
  if (isObject(schema.not)) errors.push(...validateSchemaNode(schema.not, `${path}.not`, "nested", depth + 1));
  return errors;
}

/** `anyOf: [{type: integer}, {type: string}]` beside x-kubernetes-int-or-string is the one place where a type may stand there. */
const isIntOrStringPart = (schema: JsonObject): boolean => isEqual(schema, { type: "integer" }) || isEqual(schema, { type: "string" });

function validateType(schema: JsonObject, type: string, path: string, where: Where): readonly FieldError[] {
  const loose = schema["x-kubernetes-int-or-string"] === true || schema["x-kubernetes-preserve-unknown-fields"] === true;
  if (where === "root" && type === "") return [required(`${path}.type`, "must not be empty at the root")];
  if (where === "root" && type !== "object") return [invalid(`${path}.type`, type, "must be object at the root")];
  if (type === "" && !loose)
    return [required(`${path}.type`, where === "item" ? "must not be empty for specified array items" : "must not be empty for specified object fields")];
  return type === "array" && !isObject(schema.items) ? [required(`${path}.items`, "must be specified")] : [];
}

function validateListKeywords(schema: JsonObject, path: string): readonly FieldError[] {
  const listType = schema["x-kubernetes-list-type"];
  const keys = schema["x-kubernetes-list-map-keys"];
  if (listType === undefined)
    return keys === undefined ? [] : [required(`${path}.x-kubernetes-list-type`, "must be map if x-kubernetes-list-map-keys is non-empty")];
  if (!["atomic", "set", "map"].includes(textOf(listType))) return [notSupported(`${path}.x-kubernetes-list-type`, textOf(listType), ["atomic", "set", "map"])];
  if (listType === "map" && (!isArray(keys) || keys.length === 0))
    return [required(`${path}.x-kubernetes-list-map-keys`, "must not be empty if x-kubernetes-list-type is map")];
  return [];
}

function validatePattern(schema: JsonObject, path: string): readonly FieldError[] {
  if (typeof schema.pattern !== "string") return [];
  const compiled = compilePattern(schema.pattern);
  return compiled.kind === "broken" ? [invalid(`${path}.pattern`, schema.pattern, `must be a valid regular expression, but isn't: ${compiled.problem}`)] : [];
}

/** A default must itself be valid. The path in the words is empty, as the server has it. */
function validateDefault(schema: JsonObject, path: string): readonly FieldError[] {
  if (schema.default === undefined || schema.default === null) return [];
  const parsed = parseSchema(schema);
  if (!parsed.ok) return [];
  return validateStructural(parsed.value, schema.default, createPatterns(), undefined).map((error) => ({
    ...error,
    field: error.field === "<nil>" ? `${path}.default` : `${path}.default.${error.field}`,
  }));
}

function validateRuleTexts(schema: JsonObject, path: string): readonly FieldError[] {
  const rules = schema["x-kubernetes-validations"];
  const cel = createCel();
  return (isArray(rules) ? rules : []).filter(isObject).flatMap((rule, index) => {
    const at = `${path}.x-kubernetes-validations[${index}]`;
    if (textOf(rule.rule).trim() === "") return [required(`${at}.rule`, "rule is not specified")];
    const compiled = cel.compile(textOf(rule.rule));
    return compiled.kind === "broken" ? [invalid(`${at}.rule`, internalRule(rule), `compilation failed: ${compiled.problem}`)] : [];
  });
}

const internalRule = (rule: JsonObject): JsonObject => ({
  Rule: rule.rule ?? "",
  Message: rule.message ?? "",
  MessageExpression: rule.messageExpression ?? "",
  Reason: rule.reason ?? null,
  FieldPath: rule.fieldPath ?? "",
  OptionalOldSelf: rule.optionalOldSelf ?? null,
});
