import type { Manifest, ObjectRef } from "../../../domain/manifest.ts";
import type { Resource } from "./resources.ts";

const MANAGED_BY = "app.kubernetes.io/managed-by";
const RELEASE_NAME = "meta.helm.sh/release-name";
const RELEASE_NAMESPACE = "meta.helm.sh/release-namespace";
const RESOURCE_POLICY = "helm.sh/resource-policy";

export type Owner = { readonly name: string; readonly namespace: string };

/** The object with what tells whose it is. Hooks have none of it. Source: Helm 4, pkg/action/validate.go. */
export function ownedManifest(manifest: Manifest, { name, namespace }: Owner): Manifest {
  const { metadata } = manifest;
  return {
    ...manifest,
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, [MANAGED_BY]: "Helm" },
      annotations: { ...metadata.annotations, [RELEASE_NAME]: name, [RELEASE_NAMESPACE]: namespace },
    },
  };
}

export const ownedResource = (resource: Resource, owner: Owner): Resource => ({ ...resource, manifest: ownedManifest(resource.manifest, owner) });

/** Why `live` is not the release's, in Helm's words. Source: Helm 4, checkOwnership. */
export function ownershipProblem({ metadata }: Manifest, { name, namespace }: Owner): string | undefined {
  const problems = [
    wrong("label", metadata.labels, MANAGED_BY, "Helm"),
    wrong("annotation", metadata.annotations, RELEASE_NAME, name),
    wrong("annotation", metadata.annotations, RELEASE_NAMESPACE, namespace),
  ].filter((problem) => problem !== undefined);
  return problems.length === 0 ? undefined : `invalid ownership metadata; ${problems.join("; ")}`;
}

function wrong(what: string, given: { readonly [key: string]: string } | undefined, key: string, want: string): string | undefined {
  const actual = given !== undefined && Object.hasOwn(given, key) ? given[key] : undefined;
  if (actual === undefined) return `${what} validation error: missing key ${JSON.stringify(key)}: must be set to ${JSON.stringify(want)}`;
  if (actual === want) return undefined;
  return `${what} validation error: key ${JSON.stringify(key)} must equal ${JSON.stringify(want)}: current value is ${JSON.stringify(actual)}`;
}

/** `ConfigMap "web" in namespace "apps"`, as Helm names an object. */
export const resourceText = ({ kind, name, namespace = "" }: ObjectRef): string => `${kind} ${JSON.stringify(name)} in namespace ${JSON.stringify(namespace)}`;

/** Not to be deleted when the release no longer has it, or goes. */
export const isKept = ({ metadata }: Manifest): boolean => metadata.annotations?.[RESOURCE_POLICY]?.trim().toLowerCase() === "keep";
