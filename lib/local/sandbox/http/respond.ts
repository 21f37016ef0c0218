import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import { apiVersionOf, type Manifest } from "@sluice/engine/domain/manifest.ts";
import { jsonOf } from "@sluice/engine/domain/manifest-json.ts";
import type { EpochMs } from "@sluice/engine/domain/time.ts";
import { dump } from "js-yaml";
import type { ResourceKind } from "../kinds/kind.ts";
import type { Page } from "../resources/list.ts";
import { parseIncludeObject, renderTable } from "../tables/table.ts";
import type { Accepted } from "./negotiate.ts";
import type { ApiResponse } from "./request.ts";

/** How answers are written in the form that a client accepts. */
export type Responder = {
  object(kind: ResourceKind, object: Manifest, code: number, accepted: Accepted, query: URLSearchParams): ApiResponse;
  list(kind: ResourceKind, page: Page, accepted: Accepted, query: URLSearchParams): ApiResponse;
  /** One object within a watch, as JSON. `first`: whether a table names its columns. */
  encode(kind: ResourceKind, object: Manifest, accepted: Accepted, query: URLSearchParams, first: boolean): string;
};

export function createResponder(now: () => EpochMs): Responder {
  /** Objects never change: their text is made once. */
  const texts = new WeakMap<Manifest, string>();
  const textOf = (object: Manifest): string => {
    const known = texts.get(object);
    if (known !== undefined) return known;
    const made = JSON.stringify(object);
    texts.set(object, made);
    return made;
  };

  const table = (kind: ResourceKind, objects: readonly Manifest[], query: URLSearchParams, metadata: JsonObject, withoutColumns = false): JsonObject => {
    const asked = parseIncludeObject(query.get("includeObject"));
    return renderTable(kind, objects, { now: now(), includeObject: asked.ok ? asked.value : "Metadata", metadata, withoutColumns });
  };

  return {
    object: (kind, object, code, accepted, query) => {
      if (accepted.form === "table") {
        return written(code, table(kind, [object], query, versionOf(object)), accepted);
      }
      if (accepted.form === "metadata") return written(code, metadataOnly(object), accepted);
      return accepted.mediaType === "application/json" ? raw(code, textOf(object)) : written(code, jsonOf(object), accepted);
    },
    list: (kind, page, accepted, query) => {
      const metadata = {
        resourceVersion: page.resourceVersion,
        ...(page.continueToken !== "" && { continue: page.continueToken }),
        ...(page.remaining > 0 && { remainingItemCount: page.remaining }),
      };
      if (accepted.form === "table") return written(200, table(kind, page.items, query, metadata), accepted);
      if (accepted.form === "metadata") {
        return written(200, { kind: "PartialObjectMetadataList", apiVersion: "meta.k8s.io/v1", metadata, items: page.items.map(metadataOnly) }, accepted);
      }
      const head = { kind: kind.listKind, apiVersion: apiVersionOf(kind.group, kind.version), metadata };
      if (accepted.mediaType === "application/yaml") return written(200, { ...head, items: page.items.map((item) => bare(kind, item)) }, accepted);
      const items = page.items.map((item) => (kind.custom ? textOf(item) : withoutType(textOf(item), item)));
      return raw(200, `${JSON.stringify(head).slice(0, -1)},"items":[${items.join(",")}]}`);
    },
    encode: (kind, object, { form }, query, first) => {
      if (form === "table") return JSON.stringify(table(kind, [object], query, versionOf(object), !first));
      return form === "metadata" ? JSON.stringify(metadataOnly(object)) : textOf(object);
    },
  };
}

const raw = (code: number, body: string): ApiResponse => ({ kind: "raw", code, contentType: "application/json", body });

function written(code: number, body: Json, { mediaType }: Accepted): ApiResponse {
  if (mediaType === "application/json") return { kind: "json", code, body };
  return { kind: "raw", code, contentType: mediaType, body: dump(body, { sortKeys: true, noRefs: true, quoteStyle: "double" }) };
}

/** Items of built-in kinds stand in their list without apiVersion and kind. */
function bare(kind: ResourceKind, object: Manifest): Json {
  if (kind.custom) return jsonOf(object);
  const { apiVersion: _1, kind: _2, ...rest } = object;
  return rest as unknown as Json;
}

/** The same on the text: what is stored begins with apiVersion and kind in one order or the other; anything else is written anew. */
function withoutType(text: string, object: Manifest): string {
  for (const head of [
    `{"apiVersion":${JSON.stringify(object.apiVersion)},"kind":${JSON.stringify(object.kind)},`,
    `{"kind":${JSON.stringify(object.kind)},"apiVersion":${JSON.stringify(object.apiVersion)},`,
  ]) {
    if (text.startsWith(head)) return `{${text.slice(head.length)}`;
  }
  const { apiVersion: _1, kind: _2, ...rest } = object;
  return JSON.stringify(rest);
}

const metadataOnly = ({ metadata }: Manifest): JsonObject => ({
  kind: "PartialObjectMetadata",
  apiVersion: "meta.k8s.io/v1",
  metadata: metadata as unknown as Json,
});

const versionOf = ({ metadata }: Manifest): JsonObject => ({ ...(metadata.resourceVersion !== undefined && { resourceVersion: metadata.resourceVersion }) });
