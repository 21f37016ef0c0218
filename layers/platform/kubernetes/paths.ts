import { groupOf, versionOf } from "@sluice/engine/domain/manifest.ts";
import type { KindFacts } from "@sluice/engine/ports/kinds.ts";

/**
 * True for what may stand as the group and version of an object. Everything else comes from a manifest that means another path:
 * `v1%2Fnodes%2Fa%2Fproxy`, `../../version`.
 */
export const isApiVersion = (text: string): boolean => /^(?:[a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(text) && text.length <= 320;

/**
 * Why no path can be made with `text` as one of its parts, in client-go's words: the server decodes a path before it takes it apart, so that
 * `a%2Fstatus` is the status of `a`.
 */
export function segmentProblem(what: "resource name" | "namespace", text: string): string | undefined {
  const rule =
    text === "." || text === ".." ? `may not be '${text}'` : ["/", "%"].filter((sign) => text.includes(sign)).map((sign) => `may not contain '${sign}'`)[0];
  return rule === undefined ? undefined : `invalid ${what} ${JSON.stringify(text)}: [${rule}]`;
}

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
