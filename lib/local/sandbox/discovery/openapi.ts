import { createHash } from "node:crypto";
import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import { apiVersionOf } from "@sluice/engine/domain/manifest.ts";
import type { ResourceKind } from "../kinds/kind.ts";
import type { Group } from "./groups.ts";
import { type Definitions, definitionName, inlineSchema } from "./openapi-schema.ts";
import { subresourcesOf } from "./resources.ts";

const pathOf = (group: string, version: string): string => (group === "" ? `api/${version}` : `apis/${group}/${version}`);

/**
 * The hash under which `/openapi/v3` lists a group-version: another one whenever a schema of it is another. The schemas of built-in kinds do not
 * change while a server runs, so only those of custom ones are read.
 */
export function schemaHash(kubernetes: string, kinds: readonly ResourceKind[]): string {
  const facts = kinds.map((kind) => (kind.custom ? kind : `${kind.group}/${kind.version}/${kind.kind}`));
  return createHash("sha512")
    .update(JSON.stringify([kubernetes, facts]))
    .digest("hex")
    .toUpperCase();
}

/** The index of `/openapi/v3`, and the hash of each path in it. */
export function openApiIndex(kubernetes: string, groups: readonly Group[]): { readonly body: JsonObject; readonly hashes: ReadonlyMap<string, string> } {
  const hashes = new Map(
    groups.flatMap(({ name, versions }) => versions.map(({ version, kinds }) => [pathOf(name, version), schemaHash(kubernetes, kinds)] as const)),
  );
  const paths = Object.fromEntries([...hashes].toSorted().map(([path, hash]) => [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` }]));
  return { body: { paths }, hashes };
}

/** The OpenAPI v3 document of one group-version. */
export function openApiDocument(minor: string, kinds: readonly ResourceKind[]): JsonObject {
  const definitions: Definitions = new Map();
  const own = Object.fromEntries(kinds.map((kind) => [definitionName(kind), kindDefinition(kind, definitions)]));
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version: minor },
    paths: Object.fromEntries(kinds.flatMap(pathsOf)),
    components: { schemas: { ...Object.fromEntries(definitions), ...own } },
  };
}

const kindDefinition = (kind: ResourceKind, definitions: Definitions): JsonObject => ({
  ...inlineSchema(kind.schema, definitions),
  "x-kubernetes-group-version-kind": [gvkOf(kind)],
});
const gvkOf = ({ group, version, kind }: ResourceKind): JsonObject => ({ group, version, kind });

const QUERY: { readonly [verb: string]: readonly string[] } = {
  create: ["dryRun", "fieldManager", "fieldValidation"],
  update: ["dryRun", "fieldManager", "fieldValidation"],
  patch: ["dryRun", "fieldManager", "fieldValidation", "force"],
  delete: ["dryRun", "gracePeriodSeconds", "orphanDependents", "propagationPolicy"],
};
const METHODS = { get: "get", update: "put", patch: "patch", delete: "delete" } as const;
const PATCHES = ["application/apply-patch+yaml", "application/json-patch+json", "application/merge-patch+json"];
const STRATEGIC = "application/strategic-merge-patch+json";
/** `kubectl apply` takes the strategic merge where it is listed: custom resources have none. */
const patchesOf = ({ custom }: ResourceKind): readonly string[] => (custom ? PATCHES : [...PATCHES, STRATEGIC]);

/** The paths with the verbs of each: clients look here whether a request may carry dryRun or fieldValidation. */
function pathsOf(kind: ResourceKind): readonly (readonly [string, Json])[] {
  const place = kind.namespaced ? "/namespaces/{namespace}" : "";
  const collection = `/${pathOf(kind.group, kind.version)}${place}/${kind.plural}`;
  const operations = (verbs: readonly string[]): JsonObject =>
    Object.fromEntries(Object.entries(METHODS).flatMap(([verb, method]) => (verbs.includes(verb) ? [[method, operation(kind, verb)]] : [])));
  const many: JsonObject = {
    ...(kind.verbs.includes("list") && { get: operation(kind, "list") }),
    ...(kind.verbs.includes("create") && { post: operation(kind, "create") }),
  };
  return [
    [collection, many],
    ...(kind.verbs.includes("get") ? [[`${collection}/{name}`, operations(kind.verbs)] as const] : []),
    ...subresourcesOf(kind).map(({ name, verbs }) => [`${collection}/{name}/${name}`, operations(verbs)] as const),
  ];
}

function operation(kind: ResourceKind, verb: string): JsonObject {
  const parameters = (QUERY[verb] ?? []).map((name) => ({ name, in: "query", schema: { type: "string", uniqueItems: true } }));
  const body = verb === "patch" ? patchesOf(kind) : verb === "create" || verb === "update" ? ["*/*"] : [];
  const reference = { $ref: `#/components/schemas/${definitionName(kind)}` };
  return {
    tags: [apiVersionOf(kind.group, kind.version).replaceAll(/[./]/g, "_")],
    ...(parameters.length > 0 && { parameters }),
    ...(body.length > 0 && { requestBody: { content: Object.fromEntries(body.map((type) => [type, { schema: reference }])), required: true } }),
    responses: { 200: { description: "OK", content: { "application/json": { schema: reference } } }, 401: { description: "Unauthorized" } },
    "x-kubernetes-action": verb === "create" ? "post" : verb === "update" ? "put" : verb,
    "x-kubernetes-group-version-kind": gvkOf(kind),
  };
}

/** OpenAPI v2 (`/openapi/v2`): the same definitions in one document. */
export function openApiV2(minor: string, kinds: readonly ResourceKind[]): string {
  const definitions: Definitions = new Map();
  const own = Object.fromEntries(kinds.map((kind) => [definitionName(kind), kindDefinition(kind, definitions)]));
  const body = { swagger: "2.0", info: { title: "Kubernetes", version: `v${minor}` }, paths: {}, definitions: { ...Object.fromEntries(definitions), ...own } };
  return JSON.stringify(body).replaceAll("#/components/schemas/", "#/definitions/");
}
