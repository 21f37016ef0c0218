import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import type { FluxKindName } from "@sluice/engine/flux/kinds.ts";
import { parseAllDocuments } from "yaml";

const REVISION = "main@sha1:1111111111111111111111111111111111111111";

/** One valid object of each kind, with most of its fields. */
export const EXAMPLES: { readonly [Name in FluxKindName]: Manifest } = Object.fromEntries(
  parseAllDocuments(`
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: repo, namespace: apps}
spec:
  url: https://example.com/org/repo
  interval: 1m30s
  timeout: 20s
  ref: {branch: main, tag: v1.0.0, semver: ">=1.0.0", name: refs/heads/main, commit: "1111111111111111111111111111111111111111"}
  secretRef: {name: login}
  provider: aws
  serviceAccountName: robot
  proxySecretRef: {name: proxy}
  verify: {mode: TagAndHEAD, secretRef: {name: keys}}
  ignore: "/*"
  suspend: false
  recurseSubmodules: true
  include: [{repository: {name: base}, fromPath: deploy, toPath: base}]
  sparseCheckout: [apps]
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata: {name: oci, namespace: apps}
spec:
  url: oci://example.com/org/app
  interval: 10m
  ref: {digest: "sha256:11", semver: 1.x, semverFilter: ".*-rc", tag: latest}
  layerSelector: {mediaType: application/x, operation: copy}
  provider: generic
  secretRef: {name: login}
  serviceAccountName: robot
  certSecretRef: {name: certs}
  proxySecretRef: {name: proxy}
  verify: {provider: cosign, secretRef: {name: keys}, trustedRootSecretRef: {name: root}, matchOIDCIdentity: [{issuer: a, subject: b}]}
  insecure: true
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: {name: charts, namespace: apps}
spec: {url: "https://example.com/charts", type: default, interval: 1h, timeout: 60s, passCredentials: true, accessFrom: {namespaceSelectors: [{matchLabels: {a: b}}]}}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmChart
metadata: {name: chart, namespace: apps}
spec:
  chart: web
  version: 1.x
  sourceRef: {kind: HelmRepository, name: charts}
  interval: 10m
  reconcileStrategy: Revision
  valuesFiles: [a.yaml]
  ignoreMissingValuesFiles: true
  verify: {provider: notation, secretRef: {name: keys}}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: Bucket
metadata: {name: bucket, namespace: apps}
spec: {provider: aws, bucketName: b, endpoint: s3.example.com, region: here, prefix: p, interval: 5m, sts: {provider: aws, endpoint: "https://sts.example.com"}}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: ExternalArtifact
metadata: {name: made, namespace: apps}
spec: {sourceRef: {apiVersion: source.extensions.fluxcd.io/v1beta1, kind: ArtifactGenerator, name: maker, namespace: apps}}
---
apiVersion: source.extensions.fluxcd.io/v1beta1
kind: ArtifactGenerator
metadata: {name: maker, namespace: apps}
spec:
  sources: [{alias: src, kind: GitRepository, name: repo, namespace: apps}]
  artifacts:
    - name: made
      revision: "@src"
      originRevision: "@src"
      copy: [{from: "@src/deploy/**", to: "@artifact/", exclude: ["*.md"], strategy: Merge}]
  commonMetadata: {labels: {a: b}, annotations: {c: d}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: web, namespace: apps}
spec:
  sourceRef: {apiVersion: source.toolkit.fluxcd.io/v1, kind: GitRepository, name: repo, namespace: other}
  interval: 10m
  retryInterval: 2m
  timeout: 5m
  path: ./deploy
  prune: true
  deletionPolicy: WaitForTermination
  dependsOn: [{name: base}, {name: db, namespace: data, readyExpr: "dep.status.ready == true"}]
  healthChecks: [{kind: Deployment, name: web, namespace: apps}, {apiVersion: v1, kind: ConfigMap, name: c}]
  wait: false
  healthCheckExprs: [{apiVersion: example.com/v1, kind: Thing, current: "true", inProgress: "false", failed: "false"}]
  force: true
  ignore: [{paths: [/spec/replicas], target: {kind: Deployment, labelSelector: a=b}}]
  targetNamespace: apps
  namePrefix: pre-
  nameSuffix: -suf
  commonMetadata: {labels: {a: b}, annotations: {c: d}}
  components: [../component]
  ignoreMissingComponents: true
  patches: [{patch: "- {op: add, path: /a, value: b}", target: {kind: ConfigMap, name: c}}]
  images: [{name: a, newName: b, newTag: c, digest: "sha256:11"}]
  buildMetadata: [originAnnotations]
  postBuild: {substitute: {a: b}, substituteFrom: [{kind: Secret, name: s}, {kind: ConfigMap, name: c, optional: true}], substituteStrategy: Always}
  decryption: {provider: sops, secretRef: {name: keys}, serviceAccountName: robot}
  serviceAccountName: robot
  kubeConfig: {secretRef: {name: k, key: value}}
  suspend: true
status:
  conditions:
    - {type: Ready, status: "True", reason: ReconciliationSucceeded, message: "Applied revision: ${REVISION}", observedGeneration: 3, lastTransitionTime: "2030-01-01T00:00:00Z"}
  inventory: {entries: [{id: _apps__Namespace, v: v1}, {id: apps_web_apps_Deployment, v: v1}]}
  lastAppliedRevision: ${REVISION}
  lastAttemptedRevision: ${REVISION}
  lastHandledReconcileAt: "2030-01-01T00:00:00.123456789Z"
  observedGeneration: 3
  history:
    - {digest: "sha256:11", firstReconciled: "2030-01-01T00:00:00Z", lastReconciled: "2030-01-01T00:00:00Z", lastReconciledDuration: 6.2s, lastReconciledStatus: ReconciliationSucceeded, totalReconciliations: 1, metadata: {revision: "${REVISION}"}}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: web, namespace: apps}
spec:
  chart: {spec: {chart: web, version: 1.x, sourceRef: {kind: HelmRepository, name: charts}}}
  interval: 10m
  install: {crds: CreateReplace, remediation: {retries: -1}, strategy: {name: RetryOnFailure, retryInterval: 5m}}
  upgrade: {serverSideApply: auto, remediation: {strategy: uninstall}}
  test: {enable: true, filters: [{name: t, exclude: true}]}
  rollback: {recreate: true}
  uninstall: {deletionPropagation: orphan}
  driftDetection: {mode: warn, ignore: [{paths: [/spec/replicas]}]}
  values: {a: {b: [1, true, null]}}
  valuesFrom: [{kind: Secret, name: s, valuesKey: k, targetPath: "a.b[0]", literal: true}]
  postRenderers: [{kustomize: {images: [{name: a, newTag: b}]}}]
  waitStrategy: {name: legacy}
---
apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Provider
metadata: {name: chat, namespace: apps}
spec: {type: github, address: "https://example.com/org/repo", secretRef: {name: token}, commitStatusExpr: "'id'", timeout: 15s, interval: 10m}
---
apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Alert
metadata: {name: loud, namespace: apps}
spec: {providerRef: {name: chat}, eventSeverity: error, eventSources: [{kind: Kustomization, name: "*", matchLabels: {a: b}}], exclusionList: [x], eventMetadata: {k: v}}
---
apiVersion: notification.toolkit.fluxcd.io/v1
kind: Receiver
metadata: {name: hook, namespace: apps}
spec:
  type: generic-oidc
  resources: [{apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, name: web, filter: "true"}]
  oidcProviders: [{issuerURL: "https://issuer.example.com", audience: a, variables: [{name: v, expression: "1"}], validations: [{expression: "true", message: no}]}]
---
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageRepository
metadata: {name: image, namespace: apps}
spec: {image: example.com/org/app, interval: 5m, timeout: 30s, exclusionList: [x], accessFrom: {namespaceSelectors: [{}]}}
---
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImagePolicy
metadata: {name: policy, namespace: apps}
spec: {imageRepositoryRef: {name: image, namespace: apps}, policy: {semver: {range: 1.x}}, filterTags: {pattern: "^v(.*)$", extract: $1}, digestReflectionPolicy: Always, interval: 1h}
---
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageUpdateAutomation
metadata: {name: update, namespace: apps}
spec:
  sourceRef: {kind: GitRepository, name: repo}
  interval: 30m
  git:
    checkout: {ref: {branch: main}}
    commit: {author: {email: bot@example.com, name: bot}, messageTemplate: m, messageTemplateValues: {a: b}, signingKey: {type: ssh, secretRef: {name: k}}}
    push: {branch: updates, refspec: "refs/heads/a:refs/heads/b", options: {o: p}}
  policySelector: {matchLabels: {a: b}, matchExpressions: [{key: k, operator: In, values: [v]}]}
  update: {path: deploy, strategy: Setters}
`)
    .map((document) => document.toJS())
    .map((manifest) => [manifest.kind, manifest]),
);
