import { createHash } from "node:crypto";
import { isObject, type Json, type JsonObject } from "../domain/json.ts";
import type { Manifest } from "../domain/manifest.ts";
import { ok, problem, type Result } from "../domain/result.ts";
import { type Milliseconds, minutes } from "../domain/time.ts";
import type { HelmReleaseStatus as StoredStatus } from "./helm-release.ts";
import { type HelmReleaseActions, readActions } from "./helm-release-actions.ts";
import { readHelmReleaseStatus } from "./helm-release-status.ts";
import type { CommonMetadata, Dependency, HealthCheckExpression, IgnoreRule, ImageOverride, KubeConfig, Patch } from "./kustomization-object.ts";
import { readCommonMetadata, readDependency, readHealthCheckExpression, readIgnoreRule, readImage, readKubeConfig, readPatch } from "./kustomization-object.ts";
import { type ObjectMeta, objectMetaOf, partOf } from "./object.ts";
import { createReader, given, type Reader } from "./reader.ts";

/** What the HelmChart is made of that Flux keeps for a HelmRelease. `namespace` is the HelmRelease's own where none is written. Source: reference 3.1, 3.3. */
export type HelmChartTemplate = {
  readonly metadata: CommonMetadata;
  readonly chart: string;
  readonly version: string;
  readonly sourceRef: {
    readonly apiVersion?: string;
    readonly kind: "HelmRepository" | "GitRepository" | "Bucket";
    readonly name: string;
    readonly namespace: string;
  };
  readonly interval: Milliseconds;
  readonly reconcileStrategy: "ChartVersion" | "Revision";
  readonly valuesFiles: readonly string[];
  readonly ignoreMissingValuesFiles: boolean;
  readonly verify?: { readonly provider: "cosign" | "notation"; readonly secretRef?: string };
};

export type ChartReference = { readonly kind: "OCIRepository" | "HelmChart" | "ExternalArtifact"; readonly name: string; readonly namespace: string };

/** One of `spec.valuesFrom`; the object is in the HelmRelease's namespace. */
export type ValuesReference = {
  readonly kind: "Secret" | "ConfigMap";
  readonly name: string;
  /** `values.yaml` where none is written. */
  readonly valuesKey: string;
  readonly targetPath?: string;
  readonly optional: boolean;
  readonly literal: boolean;
};

export type PostRenderer = { readonly kustomize?: { readonly patches: readonly Patch[]; readonly images: readonly ImageOverride[] } };

/** In the form in which it is written; what is absent was never written. `observedGeneration` -1: never looked at. */
export type HelmReleaseStatus = StoredStatus;
/** One revision of Helm's as the status tells of it. Source: reference 3.2. */
export type Snapshot = NonNullable<HelmReleaseStatus["history"]>[number];

export type HelmRelease = {
  readonly apiVersion: string;
  readonly kind: "HelmRelease";
  readonly metadata: ObjectMeta;
  readonly spec: HelmReleaseActions & {
    readonly chart?: HelmChartTemplate;
    readonly chartRef?: ChartReference;
    readonly interval: Milliseconds;
    readonly kubeConfig?: KubeConfig;
    readonly suspend: boolean;
    /** As Helm is given it: composed where none is written, cut where it is too long. */
    readonly releaseName: string;
    /** Where the release goes: `targetNamespace`, or the HelmRelease's own. */
    readonly releaseNamespace: string;
    readonly targetNamespace?: string;
    readonly storageNamespace: string;
    readonly dependsOn: readonly Dependency[];
    readonly timeout: Milliseconds;
    /** 0: unlimited. */
    readonly maxHistory: number;
    /** Also when it is empty: an identity that is named and is none must not become our own. */
    readonly serviceAccountName?: string;
    readonly driftDetection: { readonly mode: "enabled" | "warn" | "disabled"; readonly ignore: readonly IgnoreRule[] };
    readonly values: JsonObject;
    readonly valuesFrom: readonly ValuesReference[];
    readonly postRenderers: readonly PostRenderer[];
    readonly postRenderStrategy: "nohooks" | "combined" | "separate";
    readonly commonMetadata?: CommonMetadata;
    readonly waitStrategy: "poller" | "legacy";
    readonly healthCheckExprs: readonly HealthCheckExpression[];
  };
  readonly status: HelmReleaseStatus;
  /** The object as it came. */
  readonly manifest: Manifest;
};

const DEFAULT_TIMEOUT = minutes(5);
const DEFAULT_MAX_HISTORY = 5;
/** Helm takes no longer names. */
const LONGEST_NAME = 53;

/**
 * The HelmRelease in a manifest, with Flux's defaults applied, or all that is wrong with its spec.
 * A malformed status is read as far as it goes.
 */
export function parseHelmRelease(manifest: Manifest): Result<HelmRelease> {
  const problems: string[] = [];
  const metadata = objectMetaOf(manifest);
  const spec = readSpec(
    createReader(partOf(manifest, "spec") ?? {}, "spec", (text) => problems.push(text)),
    metadata,
    valuesOf(partOf(manifest, "spec")),
  );
  if ((spec.chart === undefined) === (spec.chartRef === undefined)) problems.push("spec: either chart or chartRef must be set");
  if (problems.length > 0) return problem(problems.join("; "));
  return ok({ apiVersion: manifest.apiVersion, kind: "HelmRelease", metadata, spec, status: readHelmReleaseStatus(partOf(manifest, "status")), manifest });
}

/** The name under which Helm keeps it: a longer one is cut, and told apart by what it was. Source: reference 3.1, `releaseName`; recorded in helm/release-names. */
export function shortenReleaseName(name: string): string {
  if (name.length <= LONGEST_NAME) return name;
  return `${name.slice(0, 40)}-${createHash("sha256").update(name).digest("hex").slice(0, 12)}`;
}

const releaseNameOf = (given: string | undefined, target: string | undefined, name: string): string =>
  shortenReleaseName(given ?? (target === undefined ? name : `${target}-${name}`));

/** Whatever JSON says, as it stands; anything but a map is none. */
const valuesOf = (spec: Json | undefined): JsonObject => (isObject(spec) && isObject(spec.values) ? spec.values : {});

function readSpec(spec: Reader, { name, namespace }: ObjectMeta, values: JsonObject): HelmRelease["spec"] {
  const interval = spec.requiredDuration("interval");
  const timeout = spec.duration("timeout") ?? DEFAULT_TIMEOUT;
  const targetNamespace = spec.text("targetNamespace");
  return given({
    ...readActions(spec, timeout),
    chart: spec.child("chart", (chart) => readTemplate(chart, namespace, interval)),
    chartRef: spec.child("chartRef", (ref) => readChartReference(ref, namespace)),
    interval,
    kubeConfig: spec.child("kubeConfig", readKubeConfig),
    suspend: spec.flag("suspend"),
    releaseName: releaseNameOf(spec.text("releaseName"), targetNamespace, name),
    releaseNamespace: targetNamespace ?? namespace,
    targetNamespace,
    storageNamespace: spec.text("storageNamespace") ?? namespace,
    dependsOn: spec.list("dependsOn", (dependency) => readDependency(dependency, namespace)),
    timeout,
    maxHistory: spec.whole("maxHistory") ?? DEFAULT_MAX_HISTORY,
    serviceAccountName: spec.anyText("serviceAccountName"),
    driftDetection: spec.child("driftDetection", readDriftDetection) ?? { mode: "disabled" as const, ignore: [] },
    values,
    valuesFrom: spec.list("valuesFrom", readValuesReference),
    postRenderers: spec.list("postRenderers", readPostRenderer),
    postRenderStrategy: spec.oneOf("postRenderStrategy", ["nohooks", "combined", "separate"]) ?? "combined",
    commonMetadata: spec.child("commonMetadata", readCommonMetadata),
    waitStrategy: spec.child("waitStrategy", (wait) => wait.oneOf("name", ["poller", "legacy"])) ?? "poller",
    healthCheckExprs: spec.list("healthCheckExprs", readHealthCheckExpression),
  });
}

function readTemplate(template: Reader, namespace: string, interval: Milliseconds): HelmChartTemplate {
  const metadata = template.child("metadata", readCommonMetadata) ?? { labels: {}, annotations: {} };
  return template.requiredChild("spec", (spec) =>
    given({
      metadata,
      chart: spec.requiredText("chart"),
      version: spec.text("version") ?? "*",
      sourceRef: spec.requiredChild("sourceRef", (ref) =>
        given({
          apiVersion: ref.text("apiVersion"),
          kind: ref.requiredOneOf("kind", ["HelmRepository", "GitRepository", "Bucket"]),
          name: ref.requiredText("name"),
          namespace: ref.text("namespace") ?? namespace,
        }),
      ),
      interval: spec.duration("interval") ?? interval,
      reconcileStrategy: spec.oneOf("reconcileStrategy", ["ChartVersion", "Revision"]) ?? "ChartVersion",
      valuesFiles: spec.texts("valuesFiles"),
      ignoreMissingValuesFiles: spec.flag("ignoreMissingValuesFiles"),
      verify: spec.child("verify", (verify) =>
        given({
          provider: verify.oneOf("provider", ["cosign", "notation"]) ?? "cosign",
          secretRef: verify.child("secretRef", (ref) => ref.requiredText("name")),
        }),
      ),
    }),
  );
}

const readChartReference = (ref: Reader, namespace: string): ChartReference => ({
  kind: ref.requiredOneOf("kind", ["OCIRepository", "HelmChart", "ExternalArtifact"]),
  name: ref.requiredText("name"),
  namespace: ref.text("namespace") ?? namespace,
});

const readDriftDetection = (drift: Reader): HelmRelease["spec"]["driftDetection"] => ({
  mode: drift.oneOf("mode", ["enabled", "warn", "disabled"]) ?? "disabled",
  ignore: drift.list("ignore", readIgnoreRule),
});

const readValuesReference = (reference: Reader): ValuesReference =>
  given({
    kind: reference.requiredOneOf("kind", ["Secret", "ConfigMap"]),
    name: reference.requiredText("name"),
    valuesKey: reference.text("valuesKey") ?? "values.yaml",
    targetPath: reference.text("targetPath"),
    optional: reference.flag("optional"),
    literal: reference.flag("literal"),
  });

const readPostRenderer = (renderer: Reader): PostRenderer =>
  given({
    kustomize: renderer.child("kustomize", (kustomize) => ({ patches: kustomize.list("patches", readPatch), images: kustomize.list("images", readImage) })),
  });
