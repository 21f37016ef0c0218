import { isArray, isObject, type Json, type JsonObject } from "../domain/json.ts";
import type { Manifest } from "../domain/manifest.ts";
import { ok, problem, type Result } from "../domain/result.ts";

const MAX_OBJECTS = 20_000;

/**
 * The objects to apply: lists expanded, empty documents, kustomizations and what has no apiVersion, kind or name left out.
 * Source: reference 2.5.2; an object whose name substitution has made empty vanishes without a word (step 15).
 */
export function collectManifests(documents: readonly Json[]): Result<readonly Manifest[]> {
  const manifests: Manifest[] = [];
  for (const document of documents) {
    if (!isObject(document)) continue;
    const items = listItems(document);
    for (const item of items ?? [document]) {
      const manifest = manifestOf(item);
      if (manifest !== undefined && (items !== undefined || !isKustomization(manifest))) manifests.push(manifest);
    }
    if (manifests.length > MAX_OBJECTS) return problem(`more than ${MAX_OBJECTS} objects`);
  }
  return ok(manifests);
}

/** The items of any kind that has them; undefined for an object that is no list. */
const listItems = (document: JsonObject): readonly Json[] | undefined => (isArray(document.items) ? document.items : undefined);

function manifestOf(value: Json): Manifest | undefined {
  if (!isObject(value)) return undefined;
  const { apiVersion, kind, metadata } = value;
  const name = isObject(metadata) ? metadata.name : undefined;
  if (typeof apiVersion !== "string" || typeof kind !== "string" || typeof name !== "string") return undefined;
  return apiVersion === "" || kind === "" || name === "" ? undefined : asManifest(value);
}

/** The one place that says what the checks above have shown. */
const asManifest = (value: JsonObject): Manifest => value as Manifest;

const isKustomization = ({ apiVersion, kind }: Manifest): boolean =>
  kind.toLowerCase() === "kustomization" && apiVersion.startsWith("kustomize.config.k8s.io/");

/** `Deployment.v1.apps/web`, as kustomize names an object in messages; a core object is of `[noGrp]`. */
export function resourceName(object: JsonObject): string {
  const apiVersion = textOr(object.apiVersion);
  const slash = apiVersion.indexOf("/");
  const [group, version] = slash < 0 ? ["", apiVersion] : [apiVersion.slice(0, slash), apiVersion.slice(slash + 1)];
  const metadata = isObject(object.metadata) ? object.metadata : {};
  return `${textOr(object.kind) || "[noKind]"}.${version || "[noVer]"}.${group || "[noGrp]"}/${textOr(metadata.name)}`;
}

export const textOr = (value: Json | undefined): string => (typeof value === "string" ? value : "");
