import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { readYaml } from "@sluice/engine/build/yaml/read.ts";
import { isObject, type Json } from "@sluice/engine/domain/json.ts";
import { groupOf, type Manifest } from "@sluice/engine/domain/manifest.ts";
import type { Cluster } from "@sluice/engine/ports/cluster.ts";
import { Failure } from "../failure.ts";
import { textOf } from "../fields.ts";
import type { FluxType } from "../flux-types.ts";
import { readObject, refOfType } from "../read-object.ts";

export type Wanted = {
  readonly name: string;
  readonly namespace: string;
  readonly file?: string;
  /** What the file's path is relative to. */
  readonly workingFolder: string;
  /** Absent in a dry run. */
  readonly cluster?: Cluster;
  /** An object of the file may be missing in the cluster. */
  readonly mayBeNew: boolean;
};

/** The object that counts: that of the file before that of the cluster, which still says what was applied. Source: reference 6.10. */
export async function findObject(type: FluxType, { name, namespace, file, workingFolder, cluster, mayBeNew }: Wanted): Promise<Manifest> {
  const { kind, plural, group } = type.facts;
  try {
    const live = cluster === undefined ? undefined : await readLive(cluster, refOfType(type, { namespace }, name), mayBeNew);
    const written = file === undefined ? undefined : await readFromFile(type, { file, workingFolder }, name, namespace);
    const manifest = written === undefined ? live : { ...written, ...(live?.status !== undefined && { status: live.status }) };
    if (manifest === undefined) throw new Failure(`${plural}.${group} ${JSON.stringify(name)} not found`);
    return manifest;
  } catch (error) {
    throw error instanceof Failure ? new Failure(`failed to get ${kind.toLowerCase()} object: ${error.message}`, error.exitCode) : error;
  }
}

async function readLive(cluster: Cluster, ref: Parameters<typeof readObject>[1], mayBeNew: boolean): Promise<Manifest | undefined> {
  if (!mayBeNew) return readObject(cluster, ref);
  const answer = await cluster.get(ref);
  if (answer.kind === "refused") throw new Failure(answer.message);
  return answer.kind === "found" ? answer.object : undefined;
}

type Place = { readonly file: string; readonly workingFolder: string };

async function readFromFile(type: FluxType, { file, workingFolder }: Place, name: string, namespace: string): Promise<Manifest> {
  const word = type.facts.kind.toLowerCase();
  const documents = readYaml(await readFile(resolve(workingFolder, file), "utf8"));
  if (!documents.ok) throw new Failure(`failed to unmarshall ${word} file ${file}: ${documents.problem}`);
  const found = documents.value.find((document) => isCalled(type, document, name, namespace));
  if (found === undefined) throw new Failure(`failed find ${word} with name '${name}' and namespace '${namespace}' in file '${file}'`);
  const manifest = found as unknown as Manifest; // parsed above: it has apiVersion, kind and metadata with a name
  return { ...manifest, metadata: { ...manifest.metadata, namespace } };
}

function isCalled({ facts }: FluxType, document: Json, name: string, namespace: string): boolean {
  const metadata = isObject(document) ? document.metadata : undefined;
  const there = textOf(metadata, "namespace");
  const isOfKind = groupOf(textOf(document, "apiVersion")) === facts.group && textOf(document, "kind") === facts.kind;
  return isOfKind && textOf(metadata, "name") === name && (there === namespace || there === "");
}

export const isFile = (path: string): Promise<boolean> => kindOf(path).then((kind) => kind === "file");
export const isFolder = (path: string): Promise<boolean> => kindOf(path).then((kind) => kind === "folder");

const kindOf = (path: string): Promise<"file" | "folder" | "nothing"> =>
  stat(path).then(
    (found) => (found.isDirectory() ? "folder" : "file"),
    () => "nothing",
  );
