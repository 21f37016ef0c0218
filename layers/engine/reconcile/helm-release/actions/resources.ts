import { readYaml } from "../../../build/yaml/read.ts";
import { isArray, isObject, type Json, type JsonObject } from "../../../domain/json.ts";
import { groupOf, type Manifest, type ObjectRef, refOf, versionOf } from "../../../domain/manifest.ts";
import { manifestOf } from "../../../domain/manifest-json.ts";
import { ok, problem, type Result } from "../../../domain/result.ts";
import type { Kinds } from "../../../ports/kinds.ts";

/** One object of a release: with the namespace of the release where it names none and its kind has them. */
export type Resource = { readonly manifest: Manifest; readonly ref: ObjectRef };

const unknownKind = ({ apiVersion, kind }: Manifest): string =>
  `no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(groupOf(apiVersion) === "" ? versionOf(apiVersion) : apiVersion)}`;

/**
 * The objects in `text` in their order, lists taken apart; or what is wrong, in the words of Helm's client: every kind that the cluster does not serve is named.
 * Source: Helm 4, pkg/kube Client.Build; cli-runtime resource.Builder, which goes on over errors.
 */
export async function readResources(kinds: Kinds, text: string, namespace: string): Promise<Result<readonly Resource[]>> {
  const documents = readYaml(text, "last wins");
  if (!documents.ok) return problem(`error parsing manifest: ${documents.problem}`);
  const found: Resource[] = [];
  const problems: string[] = [];
  for (const document of documents.value.flatMap(expanded)) {
    if (document === null) continue;
    const manifest = isObject(document) ? readManifest(document) : problem("error unmarshaling JSON: the document is no map");
    if (!manifest.ok) {
      problems.push(manifest.problem);
      continue;
    }
    const { metadata } = manifest.value;
    const facts = await kinds.find(manifest.value.apiVersion, manifest.value.kind);
    if (facts === undefined) {
      const place = `name: ${JSON.stringify(metadata.name ?? "")} namespace: ${JSON.stringify(metadata.namespace ?? "")} from ""`;
      problems.push(`resource mapping not found for ${place}: ${unknownKind(manifest.value)}\nensure CRDs are installed first`);
      continue;
    }
    const placed = facts.namespaced && (metadata.namespace ?? "") === "" ? { ...manifest.value, metadata: { ...metadata, namespace } } : manifest.value;
    const ref = refOf(placed);
    found.push({ manifest: placed, ref: facts.namespaced ? ref : { apiVersion: ref.apiVersion, kind: ref.kind, name: ref.name } });
  }
  const [first, ...others] = problems;
  if (first === undefined) return ok(found);
  return problem(others.length === 0 ? first : `[${problems.join(", ")}]`);
}

/** The items of a `List`, whatever their kinds, and of each list among them. */
function expanded(document: Json): readonly Json[] {
  if (!isObject(document) || typeof document.kind !== "string" || !document.kind.endsWith("List") || !isArray(document.items)) return [document];
  return document.items.flatMap(expanded);
}

function readManifest(object: JsonObject): Result<Manifest> {
  const { apiVersion, kind, metadata } = object;
  if (typeof kind !== "string" || kind === "") return problem("error validating data: kind not set");
  if (typeof apiVersion !== "string" || apiVersion === "") return problem("error validating data: apiVersion not set");
  if (metadata !== undefined && metadata !== null && !isObject(metadata)) return problem(`error validating data: the metadata of a ${kind} is no map`);
  return ok(manifestOf({ ...object, metadata: metadata ?? {} }));
}

/** `/v1, Kind=ConfigMap`, `apps/v1, Kind=Deployment`: as Go prints what kind an object is of. */
export const kindText = ({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }): string =>
  `${groupOf(apiVersion)}/${versionOf(apiVersion)}, Kind=${kind}`;

/** The same object, whatever version it is written in. Source: Helm 4, pkg/kube/resource.go. */
export const isSameObject = (a: ObjectRef, b: ObjectRef): boolean =>
  a.kind === b.kind && a.name === b.name && (a.namespace ?? "") === (b.namespace ?? "") && groupOf(a.apiVersion) === groupOf(b.apiVersion);

/** Runs of objects of one kind, in their order: what Helm does side by side. */
export function kindByKind(resources: readonly Resource[]): readonly (readonly Resource[])[] {
  const groups: Resource[][] = [];
  for (const resource of resources) {
    const last = groups.at(-1);
    if (last?.[0]?.ref.kind === resource.ref.kind) last.push(resource);
    else groups.push([resource]);
  }
  return groups;
}
