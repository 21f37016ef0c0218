import { dateTime, int64, list, oneOf, optional, rules, shape, text, textMap, whole } from "./schema.ts";

/** Pieces that several kinds share. Source: reference 0.2, 0.7, 2.1, 2.2, 3.1. */

const LABEL_NAME = "(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$";
const DNS_PREFIX = "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?";

export const condition = () =>
  shape({
    lastTransitionTime: dateTime(),
    message: text({ maxLength: 32_768 }),
    observedGeneration: optional(whole({ format: "int64", minimum: 0 })),
    reason: text({ maxLength: 1024, minLength: 1, pattern: "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$" }),
    status: oneOf(["True", "False", "Unknown"]),
    type: text({ maxLength: 316, pattern: `${DNS_PREFIX}${LABEL_NAME}` }),
  });

/** The status fields that every kind with an observed generation has. */
export const observed = () => ({
  conditions: optional(list(condition())),
  observedGeneration: optional(int64()),
});

export const artifact = () =>
  shape({
    digest: text({ pattern: "^[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[a-zA-Z0-9=_-]+$" }),
    lastUpdateTime: dateTime(),
    metadata: optional(textMap()),
    path: text(),
    revision: text(),
    size: optional(int64()),
    url: text(),
  });

/** An object of the same namespace, by name. */
export const localReference = () => shape({ name: text() });
export const namespacedReference = () => shape({ name: text(), namespace: optional(text()) });

export const commonMetadata = () => shape({ annotations: optional(textMap()), labels: optional(textMap()) });
export const dependency = () => shape({ name: text(), namespace: optional(text()), readyExpr: optional(text()) });
export const accessFrom = () => shape({ namespaceSelectors: list(shape({ matchLabels: optional(textMap()) })) });
export const oidcIdentity = () => shape({ issuer: text(), subject: text() });

/** Which objects a patch or an ignore rule is for, as kustomize selects them. */
export const selector = () =>
  shape({
    annotationSelector: optional(text()),
    group: optional(text()),
    kind: optional(text()),
    labelSelector: optional(text()),
    name: optional(text()),
    namespace: optional(text()),
    version: optional(text()),
  });

export const patch = () => shape({ patch: text(), target: optional(selector()) });
export const image = () => shape({ digest: optional(text()), name: text(), newName: optional(text()), newTag: optional(text()) });
export const ignoreRule = () => shape({ paths: list(text()), target: optional(selector()) });

export const healthCheckExpression = () =>
  shape({ apiVersion: text(), current: text(), failed: optional(text()), inProgress: optional(text()), kind: optional(text()) });

const ONE_KUBECONFIG = "exactly one of spec.kubeConfig.configMapRef or spec.kubeConfig.secretRef must be specified";

export const kubeConfig = () =>
  shape(
    { configMapRef: optional(localReference()), secretRef: optional(shape({ key: optional(text()), name: text() })) },
    rules(
      { message: ONE_KUBECONFIG, rule: "has(self.configMapRef) || has(self.secretRef)" },
      { message: ONE_KUBECONFIG, rule: "!has(self.configMapRef) || !has(self.secretRef)" },
    ),
  );

export const inventory = () => shape({ entries: list(shape({ id: text(), v: text() })) });

export const historyEntry = () =>
  shape({
    digest: text(),
    firstReconciled: dateTime(),
    lastReconciled: dateTime(),
    lastReconciledDuration: text(),
    lastReconciledStatus: text(),
    metadata: optional(textMap()),
    totalReconciliations: int64(),
  });

/** The kinds that an Alert listens to and that a Receiver annotates. Source: reference 4.2. */
export const notifiableKind = () =>
  oneOf([
    "Bucket",
    "GitRepository",
    "Kustomization",
    "HelmRelease",
    "HelmChart",
    "HelmRepository",
    "ImageRepository",
    "ImagePolicy",
    "ImageUpdateAutomation",
    "OCIRepository",
    "ArtifactGenerator",
    "ExternalArtifact",
  ]);

export const objectName = () => text({ maxLength: 253, minLength: 1 });
export const namespaceName = () => text({ maxLength: 63, minLength: 1 });
