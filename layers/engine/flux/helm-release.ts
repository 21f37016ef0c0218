import { age, type KindSchema, ready, readyMessage } from "./kind-schema.ts";
import { KINDS } from "./kinds.ts";
import {
  commonMetadata,
  dependency,
  healthCheckExpression,
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
import { anything, dateTime, duration, flag, int64, list, mapOf, oneOf, optional, type Read, rules, shape, text, whole } from "./schema.ts";

const install = shape({
  crds: optional(oneOf(["Skip", "Create", "CreateReplace"])),
  createNamespace: optional(flag()),
  disableHooks: optional(flag()),
  disableOpenAPIValidation: optional(flag()),
  disableSchemaValidation: optional(flag()),
  disableTakeOwnership: optional(flag()),
  disableWait: optional(flag()),
  disableWaitForJobs: optional(flag()),
  remediation: optional(
    shape({
      ignoreTestFailures: optional(flag()),
      remediateLastFailure: optional(flag()),
      retries: optional(whole()),
    }),
  ),
  replace: optional(flag()),
  serverSideApply: optional(flag()),
  skipCRDs: optional(flag()),
  strategy: optional(
    shape(
      {
        name: oneOf(["RemediateOnFailure", "RetryOnFailure"]),
        retryInterval: optional(duration()),
      },
      rules({
        rule: "!has(self.retryInterval) || self.name != 'RemediateOnFailure'",
        message: ".retryInterval cannot be set when .name is 'RemediateOnFailure'",
      }),
    ),
  ),
  timeout: optional(duration()),
});

const upgrade = shape({
  chartNameChangeStrategy: optional(oneOf(["InPlaceUpdate", "Reinstall"])),
  cleanupOnFail: optional(flag()),
  crds: optional(oneOf(["Skip", "Create", "CreateReplace"])),
  disableHooks: optional(flag()),
  disableOpenAPIValidation: optional(flag()),
  disableSchemaValidation: optional(flag()),
  disableTakeOwnership: optional(flag()),
  disableWait: optional(flag()),
  disableWaitForJobs: optional(flag()),
  force: optional(flag()),
  preserveValues: optional(flag()),
  remediation: optional(
    shape({
      ignoreTestFailures: optional(flag()),
      remediateLastFailure: optional(flag()),
      retries: optional(whole()),
      strategy: optional(oneOf(["rollback", "uninstall"])),
    }),
  ),
  serverSideApply: optional(oneOf(["enabled", "disabled", "auto"])),
  strategy: optional(
    shape(
      {
        name: oneOf(["RemediateOnFailure", "RetryOnFailure"]),
        retryInterval: optional(duration()),
      },
      rules({
        rule: "!has(self.retryInterval) || self.name == 'RetryOnFailure'",
        message: ".retryInterval can only be set when .name is 'RetryOnFailure'",
      }),
    ),
  ),
  timeout: optional(duration()),
});

const test = shape({
  enable: optional(flag()),
  filters: optional(
    list(
      shape({
        exclude: optional(flag()),
        name: objectName(),
      }),
    ),
  ),
  ignoreFailures: optional(flag()),
  timeout: optional(duration()),
});

const rollback = shape({
  cleanupOnFail: optional(flag()),
  disableHooks: optional(flag()),
  disableWait: optional(flag()),
  disableWaitForJobs: optional(flag()),
  force: optional(flag()),
  recreate: optional(flag()),
  serverSideApply: optional(oneOf(["enabled", "disabled", "auto"])),
  timeout: optional(duration()),
});

const uninstall = shape({
  deletionPropagation: optional(oneOf(["background", "foreground", "orphan"], { default: "background" })),
  disableHooks: optional(flag()),
  disableWait: optional(flag()),
  keepHistory: optional(flag()),
  timeout: optional(duration()),
});

const driftDetection = shape({
  ignore: optional(list(ignoreRule())),
  mode: optional(oneOf(["enabled", "warn", "disabled"])),
});

const chart = shape({
  metadata: optional(commonMetadata()),
  spec: shape({
    chart: text({ maxLength: 2048, minLength: 1 }),
    ignoreMissingValuesFiles: optional(flag()),
    interval: optional(duration()),
    reconcileStrategy: optional(oneOf(["ChartVersion", "Revision"], { default: "ChartVersion" })),
    sourceRef: shape({
      apiVersion: optional(text()),
      kind: oneOf(["HelmRepository", "GitRepository", "Bucket"]),
      name: objectName(),
      namespace: optional(namespaceName()),
    }),
    valuesFiles: optional(list(text())),
    verify: optional(
      shape({
        provider: oneOf(["cosign", "notation"], { default: "cosign" }),
        secretRef: optional(localReference()),
      }),
    ),
    version: optional(text({ default: "*" })),
  }),
});

const valuesFrom = list(
  shape({
    kind: oneOf(["Secret", "ConfigMap"]),
    literal: optional(flag()),
    name: objectName(),
    optional: optional(flag()),
    targetPath: optional(text({ maxLength: 250, pattern: "^([a-zA-Z0-9_\\-.\\\\\\/]|\\[[0-9]{1,5}\\])+$" })),
    valuesKey: optional(text({ maxLength: 253, pattern: "^[\\-._a-zA-Z0-9]+$" })),
  }),
);

const postRenderers = list(
  shape({
    kustomize: optional(
      shape({
        images: optional(list(image())),
        patches: optional(list(patch())),
      }),
    ),
  }),
);

/** Source: reference 3.1, 3.2. */
const spec = shape(
  {
    chart: optional(chart),
    chartRef: optional(
      shape({
        apiVersion: optional(text()),
        kind: oneOf(["OCIRepository", "HelmChart", "ExternalArtifact"]),
        name: objectName(),
        namespace: optional(namespaceName()),
      }),
    ),
    commonMetadata: optional(commonMetadata()),
    dependsOn: optional(list(dependency())),
    driftDetection: optional(driftDetection),
    healthCheckExprs: optional(list(healthCheckExpression())),
    install: optional(install),
    interval: duration(),
    kubeConfig: optional(kubeConfig()),
    maxHistory: optional(whole()),
    persistentClient: optional(flag()),
    postRenderStrategy: optional(oneOf(["nohooks", "combined", "separate"])),
    postRenderers: optional(postRenderers),
    releaseName: optional(text({ maxLength: 53, minLength: 1 })),
    rollback: optional(rollback),
    serviceAccountName: optional(objectName()),
    storageNamespace: optional(namespaceName()),
    suspend: optional(flag()),
    targetNamespace: optional(namespaceName()),
    test: optional(test),
    timeout: optional(duration()),
    uninstall: optional(uninstall),
    upgrade: optional(upgrade),
    values: optional(anything()),
    valuesFrom: optional(valuesFrom),
    waitStrategy: optional(
      shape({
        name: oneOf(["poller", "legacy"]),
      }),
    ),
  },
  rules({ rule: "(has(self.chart) && !has(self.chartRef)) || (!has(self.chart) && has(self.chartRef))", message: "either chart or chartRef must be set" }),
);

const status = shape({
  ...observed(),
  failures: optional(int64()),
  helmChart: optional(text()),
  history: optional(
    list(
      shape({
        action: optional(text()),
        apiVersion: optional(text()),
        appVersion: optional(text()),
        chartName: text(),
        chartVersion: text(),
        configDigest: text(),
        deleted: optional(dateTime()),
        digest: text(),
        firstDeployed: dateTime(),
        lastDeployed: dateTime(),
        name: text(),
        namespace: text(),
        ociDigest: optional(text()),
        status: text(),
        testHooks: optional(
          mapOf(
            shape({
              lastCompleted: optional(dateTime()),
              lastStarted: optional(dateTime()),
              phase: optional(text()),
            }),
          ),
        ),
        version: whole(),
      }),
    ),
  ),
  installFailures: optional(int64()),
  inventory: optional(inventory()),
  lastAttemptedConfigDigest: optional(text()),
  lastAttemptedGeneration: optional(int64()),
  lastAttemptedReleaseAction: optional(oneOf(["install", "upgrade"])),
  lastAttemptedReleaseActionDuration: optional(text()),
  lastAttemptedRevision: optional(text()),
  lastAttemptedRevisionDigest: optional(text()),
  lastAttemptedValuesChecksum: optional(text()),
  lastHandledForceAt: optional(text()),
  lastHandledReconcileAt: optional(text()),
  lastHandledResetAt: optional(text()),
  lastReleaseRevision: optional(whole()),
  observedCommonMetadataDigest: optional(text()),
  observedPostRenderersDigest: optional(text()),
  storageNamespace: optional(namespaceName()),
  upgradeFailures: optional(int64()),
});

/** HelmRelease as the API server keeps it. */
export type HelmReleaseSpec = Read<typeof spec>;
export type HelmReleaseStatus = Read<typeof status>;

export const helmRelease: KindSchema = {
  ...KINDS.HelmRelease,
  shortNames: ["hr"],
  categories: ["all", "fluxcd", "fluxcd-appliers"],
  columns: [age, ready, readyMessage],
  description: "A Helm chart that is kept installed with given values.",
  spec,
  status,
  startsUnobserved: true,
  substitutionDisabled: true,
};
