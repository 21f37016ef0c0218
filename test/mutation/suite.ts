import { randomBytes } from "node:crypto";
import { isEqual } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { normalise } from "@sluice/engine/plan/normalise.ts";
import { connect, jsonOf, type Server } from "./connect.ts";
import { corpus } from "./corpus.ts";
import { type TakenOver, takeOver } from "./take-over.ts";
import { type Report, tryObject } from "./trial.ts";

/** One object, given to a test runner. */
export type MutationCase = { readonly name: string; run(): Promise<Report> };

type Variant = { readonly manifest: Manifest; readonly share: number; readonly as: "as written" | "normalised" };

export type MutationSuite = {
  readonly cases: readonly MutationCase[];
  takeOver(oursFirst: boolean): Promise<TakenOver>;
  close(): Promise<void>;
};

/** Puts namespace and CRDs into the server and says which objects there are to try; `share`: one mutation in so many. */
export async function mutationSuite(kubeconfig: string, share: number): Promise<MutationSuite> {
  const server = connect(kubeconfig);
  const id = `mutation-${randomBytes(3).toString("hex")}`;
  const { definitions, objects } = corpus(`${id}.example.com`);
  const namespace: Manifest = { apiVersion: "v1", kind: "Namespace", metadata: { name: id } };
  await made(server, namespace);
  for (const definition of definitions) await made(server, definition);
  for (const { apiVersion, kind } of objects.filter((object) => object.apiVersion.startsWith(id))) await served(server, apiVersion, kind);
  const written = [...objects, ...definitions].map((manifest): Variant => ({ manifest, share, as: "as written" }));
  // What is applied in fact. Most of it behaves as what is written does, so that a part of the mutations is enough.
  const applied = objects.map((manifest): Variant => ({ manifest: normalise(manifest), share: share * 4 + 1, as: "normalised" }));
  const changed = applied.filter(({ manifest }, index) => !isEqual(jsonOf(manifest), jsonOf(objects[index] ?? manifest)));
  const cases = [...written, ...changed].map(({ manifest, share: part, as }): MutationCase => {
    const isDefinition = manifest.kind === "CustomResourceDefinition";
    return {
      name: `${manifest.kind} ${manifest.apiVersion} ${manifest.metadata.name} ${as}`.replaceAll(id, "mutation"),
      run: async () => {
        const { namespaced } = await server.kind(manifest.apiVersion, manifest.kind);
        const placed = isDefinition ? manifest : placedIn(manifest, id, namespaced, as);
        return tryObject(placed, { server, share: part, builtIn: !manifest.apiVersion.startsWith(id), writes: !isDefinition });
      },
    };
  });
  const close = async (): Promise<void> => {
    for (const definition of definitions) await server.remove(definition);
    await server.remove(namespace);
    server.close();
  };
  return { cases, takeOver: (oursFirst) => takeOver(server, id, oursFirst), close };
}

/** In the namespace of this run, or with its name; the two variants of an object do not get in each other's way. */
function placedIn(manifest: Manifest, id: string, namespaced: boolean, as: Variant["as"]): Manifest {
  const { metadata } = manifest;
  const name = as === "normalised" ? `n-${metadata.name}` : `${metadata.name}`;
  return { ...manifest, metadata: namespaced ? { ...metadata, name, namespace: id } : { ...metadata, name: `${id}-${name}` } };
}

async function made(server: Server, manifest: Manifest): Promise<void> {
  const { code, body } = await server.patch(manifest, jsonOf(manifest), { manager: "mutation", type: "apply" });
  if (code >= 300) throw new Error(`${manifest.kind}/${manifest.metadata.name}: ${JSON.stringify(body).slice(0, 500)}`);
}

/** A CRD is served a moment after it was written; asks until it is, some seconds at most. */
async function served(server: Server, apiVersion: string, kind: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const found = await server.kind(apiVersion, kind).catch(() => undefined);
    if (found !== undefined) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${apiVersion} ${kind} is not served after 10 s`);
}
