import type { Allowance } from "../../cel/allowance.ts";
import { findCondition } from "../../domain/condition.ts";
import type { Manifest } from "../../domain/manifest.ts";
import { conditionsOf, observedGenerationOf } from "../../flux/object.ts";
import type { Cluster } from "../../ports/cluster.ts";
import type { Surroundings } from "../due-input.ts";

/** Reasons for which a HelmRelease is not Ready before it has tried the revision of its chart: that it did not is no cause for a look. Source: reference 3.4. */
const UNTRIED = new Set(["AccessDenied", "ArtifactFailed", "ChartMutateError", "RESTClientError", "ValuesError"]);

/** `revision`: what its chart has as artifact. `allowance`: what expressions of its dependencies may do. */
export type AroundRelease = { readonly source: Manifest; readonly revision: string; readonly allowance: Allowance };

/** As `surroundingsOf`; `cluster` is what the LISTs have. */
export async function aroundHelmRelease(cluster: Pick<Cluster, "get">, manifest: Manifest, around: AroundRelease): Promise<Surroundings> {
  const failure = failureOf(manifest);
  switch (failure) {
    case "SourceNotReady":
      return isUsable(around.source) ? { unblocked: true } : {};
    case "DependencyNotReady":
      return (await areDependenciesReady(cluster, manifest, around.allowance)) ? { unblocked: true } : {};
    default:
      return failure !== undefined && UNTRIED.has(failure) ? {} : { sourceRevision: around.revision };
  }
}

async function areDependenciesReady(cluster: Pick<Cluster, "get">, manifest: Manifest, allowance: Allowance): Promise<boolean> {
  // A cold start does not wait for what only a HelmRelease that waits needs.
  const [{ parseHelmRelease }, { findUnready }] = await Promise.all([import("../../flux/helm-release-object.ts"), import("../helm-release/dependencies.ts")]);
  const parsed = parseHelmRelease(manifest);
  return parsed.ok && (await findUnready(cluster, parsed.value, allowance)) === undefined;
}

/** The reason of a Ready that is False. */
export function failureOf(manifest: Manifest): string | undefined {
  const ready = findCondition(conditionsOf(manifest), "Ready");
  return ready?.status === "False" ? ready.reason : undefined;
}

/** It speaks of what it is now; that its last attempt at something newer failed keeps nobody from what it has. Source: reference 3.4, step 7. */
const isUsable = (source: Manifest): boolean =>
  findCondition(conditionsOf(source), "Stalled")?.status !== "True" && observedGenerationOf(source) === source.metadata.generation;
