import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { loadAll } from "js-yaml";

const FOLDER = fileURLToPath(new URL("../../examples/workshop", import.meta.url));

/**
 * The repository that `npm start` serves, and the name it is served by. In a cluster that is not ours its Flux objects stand in `namespace`;
 * what they apply is in `namespaces`.
 */
export const EXAMPLE = { name: "workshop", folder: FOLDER, namespace: "sluice-examples", namespaces: ["workshop"] } as const;

/** The Flux objects of the example in `namespace`, with the repository at `url`. */
export function exampleObjects(url: string, namespace: string): readonly Manifest[] {
  return read("sync.yaml").map((manifest) => ({
    ...manifest,
    metadata: { ...manifest.metadata, namespace },
    ...(manifest.kind === "GitRepository" && { spec: { ...(manifest.spec as object), url } }),
  }));
}

/**
 * What a cluster of its own gets besides: a Provider and an Alert, and add-ons of the whole cluster. Of a cluster that is not ours nobody is told anything, and
 * it has its own.
 */
export const exampleExtras = (namespace: string): readonly Manifest[] =>
  ["flux-notification.yaml", "add-ons.yaml"].flatMap(read).map((manifest) => ({ ...manifest, metadata: { ...manifest.metadata, namespace } }));

const read = (file: string): readonly Manifest[] => loadAll(readFileSync(`${FOLDER}/clusters/local/${file}`, "utf8")) as readonly Manifest[]; // our own files

/** A repository of the user's own: what `flux create source git` and `flux create kustomization` would make. */
export function repositoryObjects(
  repository: { readonly url: string; readonly branch: string; readonly path: string; readonly secretRef?: string },
  namespace: string,
): readonly Manifest[] {
  const name = nameOfRepository(repository.url);
  const metadata = { name, namespace };
  const secretRef = repository.secretRef === undefined ? {} : { secretRef: { name: repository.secretRef } };
  return [
    {
      apiVersion: "source.toolkit.fluxcd.io/v1",
      kind: "GitRepository",
      metadata,
      spec: { interval: "1m", url: repository.url, ref: { branch: repository.branch }, ...secretRef },
    },
    {
      apiVersion: "kustomize.toolkit.fluxcd.io/v1",
      kind: "Kustomization",
      metadata,
      spec: { interval: "10m", sourceRef: { kind: "GitRepository", name }, path: repository.path, prune: true },
    },
  ];
}

/** The last part of the URL, as a Kubernetes name. */
function nameOfRepository(url: string): string {
  const last =
    url
      .replace(/\/+$/, "")
      .replace(/\.git$/, "")
      .split("/")
      .at(-1) ?? "";
  const name = last
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 63);
  return name === "" ? "repository" : name;
}
