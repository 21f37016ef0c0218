import type { Artifact } from "../../domain/artifact.ts";
import { isEqual } from "../../domain/json.ts";
import type { GitRepository } from "../../flux/git-repository-object.ts";
import { toPathOf } from "../../source/include.ts";
import type { Observed } from "./end.ts";
import { haveMoved } from "./includes.ts";

/** What of the spec, and of the includes, goes into an artifact: kept in status, so that a later pass sees a change. Source: reference 1.2. */
export function observedContent({ spec }: GitRepository, includes: readonly Artifact[]): Observed {
  return {
    ...(spec.ignore !== undefined && { observedIgnore: spec.ignore }),
    ...(spec.include.length > 0 && { observedInclude: spec.include, includedArtifacts: includes }),
    ...(spec.sparseCheckout.length > 0 && { observedSparseCheckout: spec.sparseCheckout }),
  };
}

/** True when an artifact made now would not be the one in status, even of the same commit. Source: reference 1.2, file name. */
export function hasContentChanged({ spec, status }: GitRepository, includes: readonly Artifact[]): boolean {
  const observed = status.observedInclude ?? [];
  const sameIncludes =
    observed.length === spec.include.length &&
    spec.include.every((include, index) => {
      const last = observed[index];
      return (
        last !== undefined && last.repository.name === include.repository.name && last.fromPath === include.fromPath && toPathOf(last) === toPathOf(include)
      );
    });
  return (
    !sameIncludes ||
    haveMoved(includes, status.includedArtifacts) ||
    spec.ignore !== status.observedIgnore ||
    spec.recurseSubmodules !== (status.observedRecurseSubmodules ?? false) ||
    !isEqual(spec.sparseCheckout, status.observedSparseCheckout ?? [])
  );
}
