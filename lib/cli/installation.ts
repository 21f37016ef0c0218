import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { INSTALL_SELECTOR } from "@sluice/engine/flux/installation.ts";
import type { Cluster } from "@sluice/engine/ports/cluster.ts";
import { Failure } from "./failure.ts";
import { itemsAt, textOf } from "./fields.ts";
import { listObjects, refusalFailure } from "./list-objects.ts";

const DEFINITION = { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition" };

export type ClusterInfo = {
  readonly installed: boolean;
  readonly version: string;
  readonly distribution: string;
  readonly bootstrapped: boolean;
  readonly managedBy: string;
};

/** What the labels of the GitRepository CRD say of an installation; `missing` is what the server says when there is none. Source: reference 6.3. */
export async function readClusterInfo(cluster: Cluster): Promise<ClusterInfo | { readonly installed: false; readonly missing: string }> {
  const answer = await cluster.get({ ...DEFINITION, name: "gitrepositories.source.toolkit.fluxcd.io" });
  if (answer.kind === "absent") return { installed: false, missing: answer.message };
  if (answer.kind === "refused") throw refusalFailure(answer);
  const labels = answer.object.metadata.labels ?? {};
  const version = labels["app.kubernetes.io/version"] ?? "";
  const partOf = labels["app.kubernetes.io/part-of"] ?? "";
  return {
    installed: true,
    version,
    distribution: partOf === "" ? version : `${partOf}-${version}`,
    bootstrapped: labels["kustomize.toolkit.fluxcd.io/namespace"] !== undefined,
    managedBy: labels["app.kubernetes.io/managed-by"] ?? "",
  };
}

export const isManagedByFlux = (managedBy: string): boolean => managedBy === "" || managedBy === "flux";

export const listDeployments = (cluster: Cluster, namespace: string): Promise<readonly Manifest[]> =>
  listObjects(cluster, { apiVersion: "apps/v1", kind: "Deployment", namespace, labelSelector: INSTALL_SELECTOR });

export const listDefinitions = (cluster: Cluster): Promise<readonly Manifest[]> => listObjects(cluster, { ...DEFINITION, labelSelector: INSTALL_SELECTOR });

export const imagesOf = (deployment: Manifest): readonly string[] =>
  itemsAt(deployment, "spec", "template", "spec", "containers").map((container) => textOf(container, "image"));

/** `registry/team/app:v1` → `app`, `v1`. Throws a Failure when the image has no tag. */
export function splitImage(image: string): { readonly name: string; readonly tag: string } {
  const path = image.slice(image.lastIndexOf("/") + 1);
  const at = path.indexOf(":");
  if (at < 0) throw new Failure(`missing image tag in image ${image}`);
  return { name: path.slice(0, at), tag: path.slice(at + 1) };
}
