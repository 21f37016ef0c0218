import { gunzipSync } from "node:zlib";
import { isObject, type Json } from "@sluice/engine/domain/json.ts";
import { groupOf, type Manifest, type ObjectRef } from "@sluice/engine/domain/manifest.ts";
import { HELM_GROUP } from "@sluice/engine/flux/kinds.ts";
import type { Cluster } from "@sluice/engine/ports/cluster.ts";
import type { Kinds } from "@sluice/engine/ports/kinds.ts";
import { JSON_SCHEMA, loadAll } from "js-yaml";
import { Failure } from "./failure.ts";
import { hasAt, itemsAt, textAt, textOf } from "./fields.ts";
import { readObject } from "./read-object.ts";
import type { TreeObject } from "./render/object-tree.ts";

type Ports = { readonly cluster: Cluster; readonly kinds: Kinds };

/** A release larger than this is none: a Secret holds a mebibyte. */
const MAX_RELEASE_BYTES = 64 * 1024 * 1024;
const CRD = { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition" };

/** What the newest release of a HelmRelease contains, out of the Secret in which Helm keeps it; nothing where there is none. Source: reference 6.9. */
export async function releaseObjects(ports: Ports, ref: ObjectRef): Promise<readonly TreeObject[]> {
  const release = await readObject(ports.cluster, ref);
  const namespace = textAt(release, "status", "storageNamespace");
  const [latest] = itemsAt(release, "status", "history");
  if (hasAt(release, "spec", "kubeConfig") || namespace === "" || !isObject(latest)) return [];
  const name = `sh.helm.release.v1.${textOf(latest, "name")}.v${String(latest.version)}`;
  const stored = await ports.cluster.get({ apiVersion: "v1", kind: "Secret", namespace, name });
  const said = `for HelmRelease '${ref.namespace}/${ref.name}'`;
  if (stored.kind === "absent") return [];
  if (stored.kind === "refused") throw new Failure(`failed to find the Helm storage object ${said}: ${stored.message}`);
  const manifest = manifestOf(textAt(stored.object, "data", "release"));
  if (manifest === undefined) throw new Failure(`failed to decode the Helm storage object ${said}`);
  const objects = await Promise.all(readDocuments(manifest, said).map((object) => placed(ports, object, textOf(latest, "namespace"))));
  return [...objects, ...(await definitionsOf(ports, release, objects))];
}

/** Base64 of base64 of gzip of JSON with a `manifest` in it. */
function manifestOf(data: string): string | undefined {
  try {
    const bytes = Buffer.from(Buffer.from(data, "base64").toString("utf8"), "base64");
    const text = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes, { maxOutputLength: MAX_RELEASE_BYTES }) : bytes;
    const release: Json = JSON.parse(text.toString("utf8"));
    return isObject(release) && typeof release.manifest === "string" ? release.manifest : undefined;
  } catch {
    return undefined; // no release in there: the caller says so
  }
}

function readDocuments(text: string, said: string): readonly Json[] {
  try {
    return loadAll(text, { schema: JSON_SCHEMA }).flatMap((value) => {
      const document = value as Json; // YAML of the JSON schema has nothing but JSON in it
      return isObject(document) && typeof document.kind === "string" && typeof document.apiVersion === "string" ? [document] : [];
    });
  } catch (error) {
    throw new Failure(`failed to read the Helm storage object ${said}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A namespaced object without a namespace lies in the release's. */
async function placed({ kinds }: Ports, object: Json, namespace: string): Promise<TreeObject> {
  const metadata = isObject(object) ? object.metadata : undefined;
  const [apiVersion, kind, given] = [textOf(object, "apiVersion"), textOf(object, "kind"), textOf(metadata, "namespace")];
  const facts = given === "" ? await kinds.find(apiVersion, kind) : undefined;
  return { group: groupOf(apiVersion), kind, namespace: facts?.namespaced === true ? namespace : given, name: textOf(metadata, "name") };
}

/** CRDs stand in a chart's `crds/` and in no manifest: they are known by their labels, where the release installs them. */
async function definitionsOf({ cluster }: Ports, release: Manifest, known: readonly TreeObject[]): Promise<readonly TreeObject[]> {
  const policies = [textAt(release, "spec", "install", "crds"), textAt(release, "spec", "upgrade", "crds")];
  if (policies.every((policy) => policy === "" || policy === "Skip")) return [];
  const labelSelector = `${HELM_GROUP}/name=${release.metadata.name},${HELM_GROUP}/namespace=${release.metadata.namespace}`;
  const found = await cluster.list({ ...CRD, labelSelector });
  const names = found.kind === "listed" ? found.items.map(({ metadata }) => metadata.name ?? "") : [];
  return names
    .filter((name) => !known.some((object) => object.kind === CRD.kind && object.name === name))
    .map((name) => ({ group: groupOf(CRD.apiVersion), kind: CRD.kind, namespace: "", name }));
}
