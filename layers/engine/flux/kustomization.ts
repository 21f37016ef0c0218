import { age, type KindSchema, ready, readyMessage } from "./kind-schema.ts";
import { KINDS } from "./kinds.ts";
import {
  commonMetadata,
  dependency,
  healthCheckExpression,
  historyEntry,
  ignoreRule,
  image,
  inventory,
  kubeConfig,
  localReference,
  namespaceName,
  objectName,
  observed,
  patch,
} from "./meta.ts";
import { duration, flag, list, oneOf, optional, type Read, shape, text, textMap } from "./schema.ts";

/** Source: reference 2.1, 2.2. */
const spec = shape({
  buildMetadata: optional(list(oneOf(["originAnnotations", "transformerAnnotations"]))),
  commonMetadata: optional(commonMetadata()),
  components: optional(list(text())),
  decryption: optional(
    shape({
      provider: oneOf(["sops"]),
      secretRef: optional(localReference()),
      serviceAccountName: optional(text()),
    }),
  ),
  deletionPolicy: optional(oneOf(["MirrorPrune", "Delete", "WaitForTermination", "Orphan"])),
  dependsOn: optional(list(dependency())),
  force: optional(flag({ default: false })),
  healthCheckExprs: optional(list(healthCheckExpression())),
  healthChecks: optional(
    list(
      shape({
        apiVersion: optional(text()),
        kind: text(),
        name: text(),
        namespace: optional(text()),
      }),
    ),
  ),
  ignore: optional(list(ignoreRule())),
  ignoreMissingComponents: optional(flag()),
  images: optional(list(image())),
  interval: duration(),
  kubeConfig: optional(kubeConfig()),
  namePrefix: optional(text({ maxLength: 200, minLength: 1 })),
  nameSuffix: optional(text({ maxLength: 200, minLength: 1 })),
  patches: optional(list(patch())),
  path: optional(text()),
  postBuild: optional(
    shape({
      substitute: optional(textMap()),
      substituteFrom: optional(
        list(
          shape({
            kind: oneOf(["Secret", "ConfigMap"]),
            name: objectName(),
            optional: optional(flag({ default: false })),
          }),
        ),
      ),
      substituteStrategy: optional(oneOf(["WithVariables", "Always"])),
    }),
  ),
  prune: flag(),
  retryInterval: optional(duration()),
  serviceAccountName: optional(text()),
  sourceRef: shape({
    apiVersion: optional(text()),
    kind: oneOf(["OCIRepository", "GitRepository", "Bucket", "ExternalArtifact"]),
    name: text(),
    namespace: optional(text()),
  }),
  suspend: optional(flag()),
  targetNamespace: optional(namespaceName()),
  timeout: optional(duration()),
  wait: optional(flag()),
});

const status = shape({
  ...observed(),
  history: optional(list(historyEntry())),
  inventory: optional(inventory()),
  lastAppliedOriginRevision: optional(text()),
  lastAppliedRevision: optional(text()),
  lastAttemptedRevision: optional(text()),
  lastHandledReconcileAt: optional(text()),
});

/** Kustomization as the API server keeps it. */
export type KustomizationSpec = Read<typeof spec>;
export type KustomizationStatus = Read<typeof status>;

export const kustomization: KindSchema = {
  ...KINDS.Kustomization,
  shortNames: ["ks"],
  categories: ["all", "fluxcd", "fluxcd-appliers"],
  columns: [age, ready, readyMessage],
  description: "Manifests of a source that are built, applied, pruned and watched.",
  spec,
  status,
  startsUnobserved: true,
  substitutionDisabled: true,
};
