import { type ChartProgress, type Ended, ended } from "./end.ts";

/** Why a chart could not be built. `cause` goes behind the words of its stage. */
export type BuildFailure = { readonly stage: Stage; readonly cause: string };

/** Source: source-controller, internal/helm/chart/errors.go. `lasting`: another attempt would end the same. */
const STAGES = {
  reference: { condition: "FetchFailed", reason: "InvalidChartReference", words: "invalid chart reference", lasting: true },
  pull: { condition: "FetchFailed", reason: "ChartPullError", words: "chart pull error", lasting: false },
  metadata: { condition: "BuildFailed", reason: "MetadataPatchError", words: "chart metadata patch error", lasting: true },
  values: { condition: "BuildFailed", reason: "ValuesFilesError", words: "values files merge error", lasting: true },
  dependencies: { condition: "BuildFailed", reason: "DependencyBuildError", words: "dependency build error", lasting: false },
  verification: { condition: "BuildFailed", reason: "ChartVerificationError", words: "chart verification error", lasting: false },
  package: { condition: "BuildFailed", reason: "ChartPackageError", words: "chart package error", lasting: false },
} as const;

type Stage = keyof typeof STAGES;

export type Built<Value> = { readonly kind: "built"; readonly value: Value } | { readonly kind: "failed"; readonly failure: BuildFailure };

export const built = <Value>(value: Value): Built<Value> => ({ kind: "built", value });
export const notBuilt = (stage: Stage, cause: string): { readonly kind: "failed"; readonly failure: BuildFailure } => ({
  kind: "failed",
  failure: { stage, cause },
});

export function buildEnd({ stage, cause }: BuildFailure, progress: ChartProgress): Ended {
  const { condition, reason, words, lasting } = STAGES[stage];
  const failure = { condition, cause: { reason, message: `${words}: ${cause}` }, progress };
  return ended(lasting ? { kind: "stalled", ...failure } : { kind: "failed", ...failure });
}

/** Words by which Flux takes a failure to be one of login or trust, wherever they stand. */
const REFUSED = ["401", "unauthorized", "authentication required", "tls", "unknown certificate authority"];

/** The same where the chart comes from a HelmRepository: what looks like a refused login is called one. Source: source-controller, buildFromHelmRepository. */
export function remoteBuildEnd(failure: BuildFailure, progress: ChartProgress): Ended {
  const message = `${STAGES[failure.stage].words}: ${failure.cause}`;
  if (!REFUSED.some((word) => message.includes(word))) return buildEnd(failure, progress);
  return unknownFailure("failed", "AuthenticationFailed", `failed to authenticate with the Helm repository: ${message}`, progress);
}

/**
 * A failure on the way to the chart: the event and `Stalled` name its reason, the condition does not know it.
 * Source: source-controller, observeChartBuild, which looks at errors of builds only.
 */
export const unknownFailure = (kind: "failed" | "stalled", reason: string, message: string, progress: ChartProgress): Ended =>
  ended({
    kind,
    condition: "FetchFailed",
    cause: { reason, message },
    shown: { reason: "Unknown", message: `unknown build error: ${message}` },
    progress,
  });
