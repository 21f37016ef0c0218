import type { InventoryEntry } from "../domain/inventory.ts";
import type { Manifest } from "../domain/manifest.ts";
import { ok, problem, type Result } from "../domain/result.ts";
import { type Milliseconds, ms, seconds } from "../domain/time.ts";
import type { KustomizationStatus as StoredStatus } from "./kustomization.ts";
import { type ObjectMeta, objectMetaOf, partOf, readCondition } from "./object.ts";
import { createReader, given, ignore, type Reader } from "./reader.ts";

/** Which objects a patch or an ignore rule is for; what is not given matches everything. */
export type Selector = {
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly labelSelector?: string;
  readonly annotationSelector?: string;
};

export type SourceKind = "OCIRepository" | "GitRepository" | "Bucket" | "ExternalArtifact";
export type DeletionPolicy = "MirrorPrune" | "Delete" | "WaitForTermination" | "Orphan";

/** `namespace` is the Kustomization's own where none is written. */
export type Dependency = { readonly name: string; readonly namespace: string; readonly readyExpr?: string };
/** `apiVersion` is `apps/v1` where none is written; `namespace` is left open. Source: reference 2.1. */
export type HealthCheckReference = { readonly apiVersion: string; readonly kind: string; readonly name: string; readonly namespace?: string };
export type HealthCheckExpression = {
  readonly apiVersion: string;
  readonly kind?: string;
  readonly current: string;
  readonly inProgress?: string;
  readonly failed?: string;
};
export type IgnoreRule = { readonly paths: readonly string[]; readonly target?: Selector };
export type Patch = { readonly patch: string; readonly target?: Selector };
export type ImageOverride = { readonly name: string; readonly newName?: string; readonly newTag?: string; readonly digest?: string };
export type BuildMetadata = "originAnnotations" | "transformerAnnotations";
export type SubstituteReference = { readonly kind: "Secret" | "ConfigMap"; readonly name: string; readonly optional: boolean };
export type PostBuild = {
  readonly substitute: { readonly [name: string]: string };
  readonly substituteFrom: readonly SubstituteReference[];
  readonly substituteStrategy: "WithVariables" | "Always";
};
export type CommonMetadata = { readonly labels: { readonly [key: string]: string }; readonly annotations: { readonly [key: string]: string } };
export type Decryption = { readonly provider: "sops"; readonly secretRef?: string; readonly serviceAccountName?: string };
export type KubeConfig = { readonly secretRef?: { readonly name: string; readonly key?: string }; readonly configMapRef?: string };

/** In the form in which it is written; what is absent was never written. `observedGeneration` -1: never looked at. History: newest first. */
export type KustomizationStatus = StoredStatus;
export type HistoryEntry = NonNullable<KustomizationStatus["history"]>[number];

export type Kustomization = {
  readonly apiVersion: string;
  readonly kind: "Kustomization";
  readonly metadata: ObjectMeta;
  readonly spec: {
    readonly sourceRef: { readonly kind: SourceKind; readonly name: string; readonly namespace: string };
    readonly interval: Milliseconds;
    readonly retryInterval: Milliseconds;
    readonly timeout: Milliseconds;
    /** As it is written; `""` is the root of the source. */
    readonly path: string;
    readonly prune: boolean;
    readonly deletionPolicy: DeletionPolicy;
    readonly dependsOn: readonly Dependency[];
    readonly healthChecks: readonly HealthCheckReference[];
    readonly wait: boolean;
    readonly healthCheckExprs: readonly HealthCheckExpression[];
    readonly force: boolean;
    readonly ignore: readonly IgnoreRule[];
    readonly targetNamespace?: string;
    readonly namePrefix?: string;
    readonly nameSuffix?: string;
    readonly commonMetadata?: CommonMetadata;
    readonly components: readonly string[];
    readonly ignoreMissingComponents: boolean;
    readonly patches: readonly Patch[];
    readonly images: readonly ImageOverride[];
    /** Empty: what the overlay says stays. */
    readonly buildMetadata: readonly BuildMetadata[];
    readonly postBuild?: PostBuild;
    readonly decryption?: Decryption;
    /** Also when it is empty: an identity that is named and is none must not become our own. */
    readonly serviceAccountName?: string;
    readonly kubeConfig?: KubeConfig;
    readonly suspend: boolean;
  };
  readonly status: KustomizationStatus;
  /** The object as it came. */
  readonly manifest: Manifest;
};

const LEAST_TIMEOUT = seconds(30);

/**
 * The Kustomization in a manifest, with the engine's defaults applied, or all that is wrong with its spec.
 * A malformed status is read as far as it goes.
 */
export function parseKustomization(manifest: Manifest): Result<Kustomization> {
  const problems: string[] = [];
  const metadata = objectMetaOf(manifest);
  const spec = readSpec(
    createReader(partOf(manifest, "spec") ?? {}, "spec", (text) => problems.push(text)),
    metadata.namespace,
  );
  if (problems.length > 0) return problem(problems.join("; "));
  return ok({
    apiVersion: manifest.apiVersion,
    kind: "Kustomization",
    metadata,
    spec,
    status: readStatus(createReader(partOf(manifest, "status"), "status", ignore)),
    manifest,
  });
}

/** What is given, or the interval less half a minute; never under half a minute. Source: reference 2.1. */
const timeoutOf = (timeout: Milliseconds | undefined, interval: Milliseconds): Milliseconds => ms(Math.max(timeout ?? interval - LEAST_TIMEOUT, LEAST_TIMEOUT));

function readSpec(spec: Reader, namespace: string): Kustomization["spec"] {
  const interval = spec.requiredDuration("interval");
  return given({
    sourceRef: spec.requiredChild("sourceRef", (ref) => readSourceReference(ref, namespace)),
    interval,
    retryInterval: spec.duration("retryInterval") ?? interval,
    timeout: timeoutOf(spec.duration("timeout"), interval),
    path: spec.text("path") ?? "",
    prune: spec.requiredFlag("prune"),
    deletionPolicy: spec.oneOf("deletionPolicy", ["MirrorPrune", "Delete", "WaitForTermination", "Orphan"]) ?? "MirrorPrune",
    dependsOn: spec.list("dependsOn", (dependency) => readDependency(dependency, namespace)),
    healthChecks: spec.list("healthChecks", readHealthCheck),
    wait: spec.flag("wait"),
    healthCheckExprs: spec.list("healthCheckExprs", readHealthCheckExpression),
    force: spec.flag("force"),
    ignore: spec.list("ignore", readIgnoreRule),
    targetNamespace: spec.text("targetNamespace"),
    namePrefix: spec.text("namePrefix"),
    nameSuffix: spec.text("nameSuffix"),
    commonMetadata: spec.child("commonMetadata", readCommonMetadata),
    components: spec.texts("components"),
    ignoreMissingComponents: spec.flag("ignoreMissingComponents"),
    patches: spec.list("patches", readPatch),
    images: spec.list("images", readImage),
    buildMetadata: spec.someOf("buildMetadata", ["originAnnotations", "transformerAnnotations"]),
    postBuild: spec.child("postBuild", readPostBuild),
    decryption: spec.child("decryption", readDecryption),
    serviceAccountName: spec.anyText("serviceAccountName"),
    kubeConfig: spec.child("kubeConfig", readKubeConfig),
    suspend: spec.flag("suspend"),
  });
}

const readName = (reference: Reader): string => reference.requiredText("name");

const readSourceReference = (ref: Reader, namespace: string): Kustomization["spec"]["sourceRef"] => ({
  kind: ref.requiredOneOf("kind", ["OCIRepository", "GitRepository", "Bucket", "ExternalArtifact"]),
  name: readName(ref),
  namespace: ref.text("namespace") ?? namespace,
});

export const readDependency = (dependency: Reader, namespace: string): Dependency =>
  given({ name: readName(dependency), namespace: dependency.text("namespace") ?? namespace, readyExpr: dependency.text("readyExpr") });

const readHealthCheck = (check: Reader): HealthCheckReference =>
  given({
    apiVersion: check.text("apiVersion") ?? "apps/v1",
    kind: check.requiredText("kind"),
    name: readName(check),
    namespace: check.text("namespace"),
  });

export const readHealthCheckExpression = (check: Reader): HealthCheckExpression =>
  given({
    apiVersion: check.requiredText("apiVersion"),
    kind: check.text("kind"),
    current: check.requiredText("current"),
    inProgress: check.text("inProgress"),
    failed: check.text("failed"),
  });

const readSelector = (selector: Reader): Selector =>
  given({
    group: selector.text("group"),
    version: selector.text("version"),
    kind: selector.text("kind"),
    namespace: selector.text("namespace"),
    name: selector.text("name"),
    labelSelector: selector.text("labelSelector"),
    annotationSelector: selector.text("annotationSelector"),
  });

export const readIgnoreRule = (rule: Reader): IgnoreRule => given({ paths: rule.texts("paths"), target: rule.child("target", readSelector) });
export const readPatch = (patch: Reader): Patch => given({ patch: patch.anyText("patch") ?? "", target: patch.child("target", readSelector) });

export const readImage = (image: Reader): ImageOverride =>
  given({ name: readName(image), newName: image.text("newName"), newTag: image.text("newTag"), digest: image.text("digest") });

export const readCommonMetadata = (metadata: Reader): CommonMetadata => ({
  labels: metadata.textMap("labels") ?? {},
  annotations: metadata.textMap("annotations") ?? {},
});

const readPostBuild = (postBuild: Reader): PostBuild => ({
  substitute: postBuild.textMap("substitute") ?? {},
  substituteFrom: postBuild.list("substituteFrom", (reference) => ({
    kind: reference.requiredOneOf("kind", ["Secret", "ConfigMap"]),
    name: readName(reference),
    optional: reference.flag("optional"),
  })),
  substituteStrategy: postBuild.oneOf("substituteStrategy", ["WithVariables", "Always"]) ?? "WithVariables",
});

const readDecryption = (decryption: Reader): Decryption =>
  given({
    provider: decryption.requiredOneOf("provider", ["sops"]),
    secretRef: decryption.child("secretRef", readName),
    serviceAccountName: decryption.text("serviceAccountName"),
  });

export const readKubeConfig = (kubeConfig: Reader): KubeConfig =>
  given({
    secretRef: kubeConfig.child("secretRef", (ref) => given({ name: readName(ref), key: ref.text("key") })),
    configMapRef: kubeConfig.child("configMapRef", readName),
  });

function readStatus(status: Reader): KustomizationStatus {
  return given({
    observedGeneration: status.whole("observedGeneration"),
    conditions: status.soundOnes("conditions", readCondition),
    inventory: status.child("inventory", (inventory) => ({ entries: inventory.soundOnes("entries", readInventoryEntry) ?? [] })),
    lastAttemptedRevision: status.text("lastAttemptedRevision"),
    lastAppliedRevision: status.text("lastAppliedRevision"),
    lastAppliedOriginRevision: status.text("lastAppliedOriginRevision"),
    history: status.soundOnes("history", readHistoryEntry),
    lastHandledReconcileAt: status.anyText("lastHandledReconcileAt"),
  });
}

const readInventoryEntry = (entry: Reader): InventoryEntry => ({ id: entry.requiredText("id"), v: entry.requiredText("v") });

const readHistoryEntry = (entry: Reader): HistoryEntry =>
  given({
    digest: entry.requiredText("digest"),
    firstReconciled: entry.requiredText("firstReconciled"),
    lastReconciled: entry.requiredText("lastReconciled"),
    lastReconciledDuration: entry.requiredText("lastReconciledDuration"),
    lastReconciledStatus: entry.requiredText("lastReconciledStatus"),
    totalReconciliations: entry.whole("totalReconciliations") ?? 1,
    metadata: entry.textMap("metadata"),
  });
