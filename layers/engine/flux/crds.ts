import type { TSchema } from "typebox";
import type { Json, JsonObject } from "../domain/json.ts";
import type { Manifest } from "../domain/manifest.ts";
import { alert } from "./alert.ts";
import { artifactGenerator } from "./artifact-generator.ts";
import { bucket } from "./bucket.ts";
import { externalArtifact } from "./external-artifact.ts";
import { gitRepository } from "./git-repository.ts";
import { helmChart } from "./helm-chart.ts";
import { helmRelease } from "./helm-release.ts";
import { helmRepository } from "./helm-repository.ts";
import { imagePolicy } from "./image-policy.ts";
import { imageRepository } from "./image-repository.ts";
import { imageUpdateAutomation } from "./image-update-automation.ts";
import type { KindSchema } from "./kind-schema.ts";
import type { FluxKind } from "./kinds.ts";
import { kustomization } from "./kustomization.ts";
import { ociRepository } from "./oci-repository.ts";
import { provider } from "./provider.ts";
import { receiver } from "./receiver.ts";

/** Every kind of Flux's API, sorted by the name of its CRD. Source: reference 0.1. */
export const SCHEMAS: readonly KindSchema[] = [
  alert,
  artifactGenerator,
  bucket,
  externalArtifact,
  gitRepository,
  helmChart,
  helmRelease,
  helmRepository,
  imagePolicy,
  imageRepository,
  imageUpdateAutomation,
  kustomization,
  ociRepository,
  provider,
  receiver,
];

export type CrdOptions = {
  /** With the leading `v`, as `flux check` prints it: `v2.9.5`. */
  readonly version: string;
  /** Label `app.kubernetes.io/instance`: the namespace of the installation. */
  readonly instance?: string;
};

/**
 * The CustomResourceDefinitions of Flux's API, made from the schemas.
 * Source: reference 0.1 (names, columns, defaults), 6.3 and 6.12 (labels).
 */
export const crdManifests = (options: CrdOptions): readonly Manifest[] => SCHEMAS.map((kind) => crdOf(kind, options));

export const crdName = (kind: Pick<FluxKind, "plural" | "group">): string => `${kind.plural}.${kind.group}`;

function crdOf(kind: KindSchema, { version, instance = "flux-system" }: CrdOptions): Manifest {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: {
      name: crdName(kind),
      labels: {
        "app.kubernetes.io/component": kind.controller,
        "app.kubernetes.io/instance": instance,
        "app.kubernetes.io/part-of": "flux",
        "app.kubernetes.io/version": version,
      },
      ...(kind.substitutionDisabled && { annotations: { "kustomize.toolkit.fluxcd.io/substitute": "disabled" } }),
    },
    spec: {
      group: kind.group,
      names: {
        categories: kind.categories,
        kind: kind.kind,
        listKind: `${kind.kind}List`,
        plural: kind.plural,
        ...(kind.shortNames.length > 0 && { shortNames: kind.shortNames }),
        singular: kind.kind.toLowerCase(),
      },
      scope: "Namespaced",
      versions: [versionOf(kind)],
    },
  };
}

const versionOf = (kind: KindSchema): JsonObject => ({
  additionalPrinterColumns: kind.columns.map(({ name, type, jsonPath, priority }) => ({ jsonPath, name, type, ...(priority !== undefined && { priority }) })),
  name: kind.version,
  schema: { openAPIV3Schema: rootSchema(kind) },
  served: true,
  storage: true,
  subresources: kind.status === undefined ? {} : { status: {} },
});

const rootSchema = (kind: KindSchema): JsonObject => ({
  description: kind.description,
  type: "object",
  properties: {
    apiVersion: { type: "string" },
    kind: { type: "string" },
    metadata: { type: "object" },
    spec: plain(kind.spec),
    ...(kind.status !== undefined && { status: statusSchema(kind.status, kind.startsUnobserved) }),
  },
});

const statusSchema = (status: TSchema, startsUnobserved: boolean): JsonObject => ({
  ...plain(status),
  ...(startsUnobserved && { default: { observedGeneration: -1 } }),
});

/** The schema as plain JSON: TypeBox keeps notes of its own beside the keywords, hidden from enumeration. */
function plain(schema: TSchema): JsonObject {
  const copy: Json = JSON.parse(JSON.stringify(schema));
  if (typeof copy !== "object" || copy === null || Array.isArray(copy)) throw new Error("a schema is a map");
  return copy as JsonObject;
}
