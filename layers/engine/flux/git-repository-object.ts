import type { Artifact } from "../domain/artifact.ts";
import type { Condition } from "../domain/condition.ts";
import type { Manifest } from "../domain/manifest.ts";
import { ok, problem, type Result } from "../domain/result.ts";
import { type Milliseconds, seconds } from "../domain/time.ts";
import { artifactIn, readArtifact } from "./artifact-object.ts";
import { conditionsIn, type ObjectMeta, objectMetaOf, partOf } from "./object.ts";
import { createReader, given, ignore, type Reader } from "./reader.ts";

/** What to check out; `commit` wins over `name`, `tag`, `semver` and `branch`, in that order. Source: reference 1.2. */
export type GitReference = {
  readonly branch?: string;
  readonly tag?: string;
  readonly semver?: string;
  readonly name?: string;
  readonly commit?: string;
};

/** `fromPath` as it is written, `""` when it is not; `toPath` is the repository's name when it is not written. */
export type GitInclude = { readonly repository: string; readonly fromPath: string; readonly toPath: string };

export type GitProvider = "generic" | "aws" | "azure" | "github";

export type GitRepository = {
  readonly apiVersion: string;
  readonly kind: "GitRepository";
  readonly metadata: ObjectMeta;
  readonly spec: {
    readonly url: string;
    readonly interval: Milliseconds;
    readonly timeout: Milliseconds;
    /** Never empty: branch `master` when nothing is written. */
    readonly ref: GitReference;
    /** Name of a Secret of the same namespace. */
    readonly secretRef?: string;
    readonly provider: GitProvider;
    readonly serviceAccountName?: string;
    /** Name of a Secret of the same namespace. */
    readonly proxySecretRef?: string;
    readonly verify?: { readonly mode: "head" | "HEAD" | "Tag" | "TagAndHEAD"; readonly secretRef: string };
    readonly ignore?: string;
    readonly suspend: boolean;
    readonly recurseSubmodules: boolean;
    readonly include: readonly GitInclude[];
    readonly sparseCheckout: readonly string[];
  };
  readonly status: {
    /** -1: never looked at. */
    readonly observedGeneration?: number;
    readonly conditions: readonly Condition[];
    readonly artifact?: Artifact;
    readonly includedArtifacts: readonly Artifact[];
    readonly observedIgnore?: string;
    readonly observedInclude: readonly GitInclude[];
    readonly observedRecurseSubmodules: boolean;
    readonly observedSparseCheckout: readonly string[];
    readonly sourceVerificationMode?: string;
    readonly lastHandledReconcileAt?: string;
  };
  /** The object as it came. */
  readonly manifest: Manifest;
};

const DEFAULT_TIMEOUT = seconds(60);

/**
 * The GitRepository in a manifest, with the engine's defaults applied, or all that is wrong with its spec.
 * A malformed status is read as far as it goes: what it lost, the next pass finds again.
 */
export function parseGitRepository(manifest: Manifest): Result<GitRepository> {
  const problems: string[] = [];
  const spec = readSpec(createReader(partOf(manifest, "spec") ?? {}, "spec", (text) => problems.push(text)));
  if (problems.length > 0) return problem(problems.join("; "));
  return ok({
    apiVersion: manifest.apiVersion,
    kind: "GitRepository",
    metadata: objectMetaOf(manifest),
    spec,
    status: readStatus(createReader(partOf(manifest, "status"), "status", ignore)),
    manifest,
  });
}

function readSpec(spec: Reader): GitRepository["spec"] {
  return given({
    url: spec.requiredText("url"),
    interval: spec.requiredDuration("interval"),
    timeout: spec.duration("timeout") ?? DEFAULT_TIMEOUT,
    ref: withDefaultBranch(spec.child("ref", readReference)),
    secretRef: spec.child("secretRef", readName),
    provider: spec.oneOf("provider", ["generic", "aws", "azure", "github"]) ?? "generic",
    serviceAccountName: spec.text("serviceAccountName"),
    proxySecretRef: spec.child("proxySecretRef", readName),
    verify: spec.child("verify", readVerification),
    ignore: spec.anyText("ignore"),
    suspend: spec.flag("suspend"),
    recurseSubmodules: spec.flag("recurseSubmodules"),
    include: spec.list("include", readInclude),
    sparseCheckout: spec.texts("sparseCheckout"),
  });
}

const readName = (reference: Reader): string => reference.requiredText("name");

const readReference = (ref: Reader): GitReference =>
  given({ branch: ref.text("branch"), tag: ref.text("tag"), semver: ref.text("semver"), name: ref.text("name"), commit: ref.text("commit") });

const withDefaultBranch = (ref: GitReference | undefined): GitReference => (ref === undefined || Object.keys(ref).length === 0 ? { branch: "master" } : ref);

const readVerification = (verify: Reader) => ({
  mode: verify.oneOf("mode", ["head", "HEAD", "Tag", "TagAndHEAD"]) ?? ("HEAD" as const),
  secretRef: verify.requiredChild("secretRef", readName),
});

function readInclude(include: Reader): GitInclude {
  const repository = include.requiredChild("repository", readName);
  return { repository, fromPath: include.text("fromPath") ?? "", toPath: include.text("toPath") ?? repository };
}

function readStatus(status: Reader): GitRepository["status"] {
  return given({
    observedGeneration: status.whole("observedGeneration"),
    conditions: conditionsIn(status),
    artifact: artifactIn(status),
    includedArtifacts: status.soundOnes("includedArtifacts", readArtifact),
    observedIgnore: status.anyText("observedIgnore"),
    observedInclude: status.soundOnes("observedInclude", readInclude),
    observedRecurseSubmodules: status.flag("observedRecurseSubmodules"),
    observedSparseCheckout: status.texts("observedSparseCheckout"),
    sourceVerificationMode: status.text("sourceVerificationMode"),
    lastHandledReconcileAt: status.anyText("lastHandledReconcileAt"),
  });
}
