import { readFile, stat } from "node:fs/promises";
import { readYaml } from "@sluice/engine/build/yaml/read.ts";
import { isObject, type Json } from "@sluice/engine/domain/json.ts";
import { groupOf, type Manifest } from "@sluice/engine/domain/manifest.ts";
import { KUSTOMIZE_GROUP } from "@sluice/engine/flux/kinds.ts";
import { type Kustomization, parseKustomization } from "@sluice/engine/flux/kustomization-object.ts";
import type { Cluster } from "@sluice/engine/ports/cluster.ts";
import { Failure } from "../failure.ts";
import { textOf } from "../fields.ts";
import { TYPES } from "../flux-types.ts";
import { readObject } from "../read-object.ts";

export type Wanted = {
  readonly name: string;
  readonly namespace: string;
  readonly file?: string;
  /** Absent in a dry run. */
  readonly cluster?: Cluster;
  /** A Kustomization of the file may be missing in the cluster. */
  readonly mayBeNew: boolean;
};

/** The Kustomization that is built: that of the file before that of the cluster, which still says what was applied. Source: reference 6.10. */
export async function findKustomization({ name, namespace, file, cluster, mayBeNew }: Wanted): Promise<Kustomization> {
  try {
    const ref = { apiVersion: TYPES.Kustomization.apiVersion, kind: "Kustomization", namespace, name };
    const live = cluster === undefined ? undefined : await readLive(cluster, ref, mayBeNew);
    const written = file === undefined ? undefined : await readFromFile(file, name, namespace);
    const manifest = written === undefined ? live : { ...written, ...(live?.status !== undefined && { status: live.status }) };
    if (manifest === undefined) throw new Failure(`kustomizations.${KUSTOMIZE_GROUP} ${JSON.stringify(name)} not found`);
    return parsed(manifest);
  } catch (error) {
    throw error instanceof Failure ? new Failure(`failed to get kustomization object: ${error.message}`, error.exitCode) : error;
  }
}

export function parsed(manifest: Manifest): Kustomization {
  const read = parseKustomization(manifest);
  if (!read.ok) throw new Failure(`Kustomization ${manifest.metadata.name} is invalid: ${read.problem}`);
  return read.value;
}

async function readLive(cluster: Cluster, ref: Parameters<typeof readObject>[1], mayBeNew: boolean): Promise<Manifest | undefined> {
  if (!mayBeNew) return readObject(cluster, ref);
  const answer = await cluster.get(ref);
  if (answer.kind === "refused") throw new Failure(answer.message);
  return answer.kind === "found" ? answer.object : undefined;
}

async function readFromFile(file: string, name: string, namespace: string): Promise<Manifest> {
  const documents = readYaml(await readFile(file, "utf8"));
  if (!documents.ok) throw new Failure(`failed to unmarshall kustomization file ${file}: ${documents.problem}`);
  const found = documents.value.find((document) => isCalled(document, name, namespace));
  if (found === undefined) throw new Failure(`failed find kustomization with name '${name}' and namespace '${namespace}' in file '${file}'`);
  const manifest = found as unknown as Manifest; // parsed above: it has apiVersion, kind and metadata with a name
  return { ...manifest, metadata: { ...manifest.metadata, namespace } };
}

function isCalled(document: Json, name: string, namespace: string): boolean {
  const metadata = isObject(document) ? document.metadata : undefined;
  const there = textOf(metadata, "namespace");
  const isKustomization = groupOf(textOf(document, "apiVersion")) === KUSTOMIZE_GROUP && textOf(document, "kind") === "Kustomization";
  return isKustomization && textOf(metadata, "name") === name && (there === namespace || there === "");
}

export const isFile = (path: string): Promise<boolean> => kindOf(path).then((kind) => kind === "file");
export const isFolder = (path: string): Promise<boolean> => kindOf(path).then((kind) => kind === "folder");

const kindOf = (path: string): Promise<"file" | "folder" | "nothing"> =>
  stat(path).then(
    (found) => (found.isDirectory() ? "folder" : "file"),
    () => "nothing",
  );
