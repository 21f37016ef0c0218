import type { Json, JsonObject } from "./json.ts";

export type ManagedField = {
  readonly manager?: string;
  readonly operation?: string;
  readonly apiVersion?: string;
  readonly subresource?: string;
  readonly time?: string;
  readonly fieldsType?: string;
  readonly fieldsV1?: JsonObject;
};

export type Metadata = {
  readonly name?: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly labels?: { readonly [key: string]: string };
  readonly annotations?: { readonly [key: string]: string };
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string | null;
  readonly deletionTimestamp?: string;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly JsonObject[];
  readonly managedFields?: readonly ManagedField[];
};

/** A Kubernetes object, from Git or from the API server. Deep-readonly. */
export type Manifest = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
  readonly [field: string]: Json | Metadata | undefined;
};

/** What names one object of a cluster. `namespace` is absent for cluster-scoped kinds. */
export type ObjectRef = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
};

/** `"apps/v1"` → `"apps"`, `"v1"` → `""`. */
export const groupOf = (apiVersion: string): string => (apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "");
/** `"apps/v1"` → `"v1"`. */
export const versionOf = (apiVersion: string): string => apiVersion.slice(apiVersion.indexOf("/") + 1);
/** `("apps", "v1")` → `"apps/v1"`, `("", "v1")` → `"v1"`. */
export const apiVersionOf = (group: string, version: string): string => (group === "" ? version : `${group}/${version}`);

export function refOf(manifest: Manifest): ObjectRef {
  const { apiVersion, kind, metadata } = manifest;
  return {
    apiVersion,
    kind,
    name: metadata.name ?? "",
    ...(metadata.namespace !== undefined && metadata.namespace !== "" && { namespace: metadata.namespace }),
  };
}

/** The object as Flux's messages name it: `Deployment/apps/web`, `Namespace/apps`. */
export const subjectOf = (ref: Pick<ObjectRef, "kind" | "namespace" | "name">): string =>
  ref.namespace === undefined || ref.namespace === "" ? `${ref.kind}/${ref.name}` : `${ref.kind}/${ref.namespace}/${ref.name}`;

export const labelOf = (manifest: Manifest, key: string): string | undefined => manifest.metadata.labels?.[key];
export const annotationOf = (manifest: Manifest, key: string): string | undefined => manifest.metadata.annotations?.[key];
