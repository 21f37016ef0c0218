import type { Artifact } from "../domain/artifact.ts";
import type { Manifest } from "../domain/manifest.ts";
import { ok, problem, type Result } from "../domain/result.ts";
import type { Milliseconds } from "../domain/time.ts";
import { artifactIn } from "./artifact-object.ts";
import type { HelmChartStatus as StoredStatus } from "./helm-chart.ts";
import { type ObjectMeta, objectMetaOf, partOf, readCondition } from "./object.ts";
import { createReader, given, ignore, type Reader } from "./reader.ts";

/** In the form in which it is written; what is absent was never written. `observedGeneration` -1: never looked at. */
export type HelmChartStatus = Omit<StoredStatus, "artifact"> & { readonly artifact?: Artifact };

export type HelmChart = {
  readonly apiVersion: string;
  readonly kind: "HelmChart";
  readonly metadata: ObjectMeta;
  readonly spec: {
    /** A chart's name; a path where the source is no HelmRepository. */
    readonly chart: string;
    /** A version or a constraint; `*` when nothing is written. */
    readonly version: string;
    /** In the same namespace. */
    readonly sourceRef: { readonly kind: "HelmRepository" | "GitRepository" | "Bucket"; readonly name: string };
    readonly interval: Milliseconds;
    readonly reconcileStrategy: "ChartVersion" | "Revision";
    readonly valuesFiles: readonly string[];
    readonly ignoreMissingValuesFiles: boolean;
    readonly verify?: { readonly provider: "cosign" | "notation"; readonly secretRef?: string };
    readonly suspend: boolean;
  };
  readonly status: HelmChartStatus;
  /** The object as it came. */
  readonly manifest: Manifest;
};

/**
 * The HelmChart in a manifest, with the engine's defaults applied, or all that is wrong with its spec.
 * A malformed status is read as far as it goes: what it lost, the next pass finds again. Source: reference 1.5.
 */
export function parseHelmChart(manifest: Manifest): Result<HelmChart> {
  const problems: string[] = [];
  const spec = readSpec(createReader(partOf(manifest, "spec") ?? {}, "spec", (text) => problems.push(text)));
  if (problems.length > 0) return problem(problems.join("; "));
  return ok({
    apiVersion: manifest.apiVersion,
    kind: "HelmChart",
    metadata: objectMetaOf(manifest),
    spec,
    status: readStatus(createReader(partOf(manifest, "status"), "status", ignore)),
    manifest,
  });
}

function readSpec(spec: Reader): HelmChart["spec"] {
  return given({
    // Flux refuses an empty one itself, in words of its own.
    chart: spec.anyText("chart") ?? "",
    // An empty one is the API server's default written out: the newest.
    version: spec.anyText("version") ?? "*",
    sourceRef: spec.requiredChild("sourceRef", readSourceRef),
    interval: spec.requiredDuration("interval"),
    reconcileStrategy: spec.oneOf("reconcileStrategy", ["ChartVersion", "Revision"]) ?? "ChartVersion",
    valuesFiles: spec.texts("valuesFiles"),
    ignoreMissingValuesFiles: spec.flag("ignoreMissingValuesFiles"),
    verify: spec.child("verify", readVerification),
    suspend: spec.flag("suspend"),
  });
}

const readSourceRef = (reference: Reader): HelmChart["spec"]["sourceRef"] => ({
  kind: reference.requiredOneOf("kind", ["HelmRepository", "GitRepository", "Bucket"]),
  name: reference.requiredText("name"),
});

const readVerification = (verify: Reader) =>
  given({
    provider: verify.oneOf("provider", ["cosign", "notation"]) ?? ("cosign" as const),
    secretRef: verify.child("secretRef", (reference) => reference.requiredText("name")),
  });

function readStatus(status: Reader): HelmChartStatus {
  return given({
    observedGeneration: status.whole("observedGeneration"),
    conditions: status.soundOnes("conditions", readCondition),
    artifact: artifactIn(status),
    url: status.anyText("url"),
    observedChartName: status.anyText("observedChartName"),
    observedSourceArtifactRevision: status.anyText("observedSourceArtifactRevision"),
    observedValuesFiles: status.someTexts("observedValuesFiles"),
    lastHandledReconcileAt: status.anyText("lastHandledReconcileAt"),
  });
}
