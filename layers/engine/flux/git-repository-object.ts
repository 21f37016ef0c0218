import type { Artifact } from "../domain/artifact.ts";
import type { Manifest } from "../domain/manifest.ts";
import { ok, problem, type Result } from "../domain/result.ts";
import { type Milliseconds, seconds } from "../domain/time.ts";
import { artifactIn, readArtifact } from "./artifact-object.ts";
import type { GitRepositoryStatus as StoredStatus } from "./git-repository.ts";
import { type ObjectMeta, objectMetaOf, partOf, readCondition } from "./object.ts";
import { createReader, given, ignore, type Reader } from "./reader.ts";

/** What to check out; `commit` wins over `name`, `tag`, `semver` and `branch`, in that order. Source: reference 1.2. */
export type GitReference = {
  readonly branch?: string;
  readonly tag?: string;
  readonly semver?: string;
  readonly name?: string;
  readonly commit?: string;
};

/** As it is written, in spec and in `status.observedInclude`. `toPathOf` says where it goes. */
export type GitInclude = { readonly repository: { readonly name: string }; readonly fromPath?: string; readonly toPath?: string };

/** Where an include goes: the repository's name when nothing is written. Source: reference 1.2. */
export const toPathOf = ({ repository, toPath }: GitInclude): string => toPath ?? repository.name;

export type GitProvider = "generic" | "aws" | "azure" | "github";

/** In the form in which it is written; what is absent was never written. `observedGeneration` -1: never looked at. */
export type GitRepositoryStatus = Omit<StoredStatus, "artifact" | "includedArtifacts"> & {
  readonly artifact?: Artifact;
  readonly includedArtifacts?: readonly Artifact[];
};

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
  readonly status: GitRepositoryStatus;
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

const readInclude = (include: Reader): GitInclude =>
  given({
    repository: include.requiredChild("repository", (repository) => ({ name: readName(repository) })),
    fromPath: include.text("fromPath"),
    toPath: include.text("toPath"),
  });

function readStatus(status: Reader): GitRepositoryStatus {
  return given({
    observedGeneration: status.whole("observedGeneration"),
    conditions: status.soundOnes("conditions", readCondition),
    artifact: artifactIn(status),
    includedArtifacts: status.soundOnes("includedArtifacts", readArtifact),
    observedIgnore: status.anyText("observedIgnore"),
    observedInclude: status.soundOnes("observedInclude", readInclude),
    observedRecurseSubmodules: status.flag("observedRecurseSubmodules") || undefined,
    observedSparseCheckout: status.someTexts("observedSparseCheckout"),
    sourceVerificationMode: status.text("sourceVerificationMode"),
    lastHandledReconcileAt: status.anyText("lastHandledReconcileAt"),
  });
}
