import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import { isArray, isObject } from "@sluice/engine/domain/json.ts";
import type { TableColumn } from "../kind.ts";
import type { KindRow } from "../table.ts";
import type { ApiClient } from "./api-client.ts";

const DISCOVERY = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
const TABLE = "application/json;as=Table;g=meta.k8s.io;v=v1";

const objects = (value: Json | undefined): readonly JsonObject[] => (isArray(value) ? value.filter(isObject) : []);
const texts = (value: Json | undefined): readonly string[] => (isArray(value) ? value.filter((item) => typeof item === "string") : []);
const text = (value: Json | undefined): string => (typeof value === "string" ? value : "");

/** The columns that `kubectl get` shows: as the server's own table of the resource declares them. */
async function columnsOf(api: ApiClient, path: string): Promise<readonly TableColumn[]> {
  const { body } = await api.get(`${path}?limit=1`, TABLE);
  return objects(body.columnDefinitions).map((column) => ({
    name: text(column.name),
    type: text(column.type),
    format: text(column.format),
    description: text(column.description),
    priority: typeof column.priority === "number" ? column.priority : 0,
  }));
}

/** Every resource that has a schema in `schemas` ("apps/v1/Deployment" → definition), in discovery's order. */
export async function readKinds(api: ApiClient, schemas: ReadonlyMap<string, string>): Promise<readonly KindRow[]> {
  const rows: KindRow[] = [];
  for (const root of ["/api", "/apis"]) {
    for (const entry of objects((await api.get(root, DISCOVERY)).body.items)) {
      const group = isObject(entry.metadata) ? text(entry.metadata.name) : "";
      for (const { version: versionJson, resources } of objects(entry.versions)) {
        const version = text(versionJson);
        for (const resource of objects(resources)) {
          const kind = isObject(resource.responseKind) ? text(resource.responseKind.kind) : "";
          const schema = schemas.get(`${group}/${version}/${kind}`);
          if (schema === undefined) continue;
          const plural = text(resource.resource);
          const verbs = texts(resource.verbs);
          const subresources = objects(resource.subresources).map((sub) => text(sub.subresource));
          const path = group === "" ? `/api/${version}/${plural}` : `/apis/${group}/${version}/${plural}`;
          const columns = verbs.includes("list") ? await columnsOf(api, path) : [];
          rows.push({
            group,
            version,
            kind,
            plural,
            singular: text(resource.singularResource),
            ...(texts(resource.shortNames).length > 0 && { shortNames: texts(resource.shortNames) }),
            ...(texts(resource.categories).length > 0 && { categories: texts(resource.categories) }),
            ...(resource.scope === "Namespaced" && { namespaced: true }),
            verbs,
            ...(subresources.includes("status") && { hasStatus: true }),
            ...(subresources.includes("scale") && { hasScale: true }),
            schema,
            ...(columns.length > 0 && { columns }),
          });
        }
      }
    }
  }
  return rows;
}
