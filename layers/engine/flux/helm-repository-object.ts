import type { Artifact } from "../domain/artifact.ts";
import type { Manifest } from "../domain/manifest.ts";
import { ok, problem, type Result } from "../domain/result.ts";
import { type Milliseconds, minutes, seconds } from "../domain/time.ts";
import { artifactIn } from "./artifact-object.ts";
import type { HelmRepositoryStatus as StoredStatus } from "./helm-repository.ts";
import { type ObjectMeta, objectMetaOf, partOf, readCondition } from "./object.ts";
import { createReader, given, ignore, type Reader } from "./reader.ts";

/** In the form in which it is written; what is absent was never written. `observedGeneration` -1: never looked at. */
export type HelmRepositoryStatus = Omit<StoredStatus, "artifact"> & { readonly artifact?: Artifact };

export type HelmRepository = {
  readonly apiVersion: string;
  readonly kind: "HelmRepository";
  readonly metadata: ObjectMeta;
  readonly spec: {
    readonly url: string;
    readonly type: "default" | "oci";
    readonly interval: Milliseconds;
    readonly timeout: Milliseconds;
    /** Name of a Secret of the same namespace, as are those that follow. */
    readonly secretRef?: string;
    readonly certSecretRef?: string;
    readonly passCredentials: boolean;
    readonly insecure: boolean;
    readonly provider: "generic" | "aws" | "azure" | "gcp";
    readonly suspend: boolean;
  };
  readonly status: HelmRepositoryStatus;
  /** The object as it came. */
  readonly manifest: Manifest;
};

const DEFAULT_INTERVAL = minutes(1);
export const DEFAULT_TIMEOUT = seconds(60);

/**
 * The HelmRepository in a manifest, with the engine's defaults applied, or all that is wrong with its spec. `accessFrom` is read by nobody, as in Flux.
 * A malformed status is read as far as it goes: what it lost, the next pass finds again. Source: reference 1.4.
 */
export function parseHelmRepository(manifest: Manifest): Result<HelmRepository> {
  const problems: string[] = [];
  const spec = readSpec(createReader(partOf(manifest, "spec") ?? {}, "spec", (text) => problems.push(text)));
  if (problems.length > 0) return problem(problems.join("; "));
  return ok({
    apiVersion: manifest.apiVersion,
    kind: "HelmRepository",
    metadata: objectMetaOf(manifest),
    spec,
    status: readStatus(createReader(partOf(manifest, "status"), "status", ignore)),
    manifest,
  });
}

function readSpec(spec: Reader): HelmRepository["spec"] {
  return given({
    url: spec.requiredText("url"),
    type: spec.oneOf("type", ["default", "oci"]) ?? "default",
    interval: spec.duration("interval") ?? DEFAULT_INTERVAL,
    timeout: spec.duration("timeout") ?? DEFAULT_TIMEOUT,
    secretRef: spec.child("secretRef", readName),
    certSecretRef: spec.child("certSecretRef", readName),
    passCredentials: spec.flag("passCredentials"),
    insecure: spec.flag("insecure"),
    provider: spec.oneOf("provider", ["generic", "aws", "azure", "gcp"]) ?? "generic",
    suspend: spec.flag("suspend"),
  });
}

const readName = (reference: Reader): string => reference.requiredText("name");

function readStatus(status: Reader): HelmRepositoryStatus {
  return given({
    observedGeneration: status.whole("observedGeneration"),
    conditions: status.soundOnes("conditions", readCondition),
    artifact: artifactIn(status),
    url: status.anyText("url"),
    lastHandledReconcileAt: status.anyText("lastHandledReconcileAt"),
  });
}
