import { groupOf, versionOf } from "@sluice/engine/domain/manifest.ts";
import type { KindFacts } from "@sluice/engine/ports/kinds.ts";

/** `/api/v1` or `/apis/<group>/<version>`. */
export const groupVersionPath = (apiVersion: string): string =>
  groupOf(apiVersion) === "" ? `/api/${apiVersion}` : `/apis/${groupOf(apiVersion)}/${versionOf(apiVersion)}`;

export function collectionPath(kind: KindFacts, namespace: string | undefined): string {
  const inside = kind.namespaced && namespace !== undefined && namespace !== "" ? `/namespaces/${encodeURIComponent(namespace)}` : "";
  return `${groupVersionPath(kind.apiVersion)}${inside}/${kind.plural}`;
}

export const objectPath = (kind: KindFacts, namespace: string | undefined, name: string): string =>
  `${collectionPath(kind, namespace)}/${encodeURIComponent(name)}`;

/** `{ a: "1", b: undefined }` → `?a=1`; nothing when all are undefined. */
export function query(parameters: { readonly [name: string]: string | undefined }): string {
  const given = Object.entries(parameters).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`]));
  return given.length === 0 ? "" : `?${given.join("&")}`;
}
