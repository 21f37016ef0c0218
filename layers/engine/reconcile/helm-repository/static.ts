import type { Outcome } from "../../domain/outcome.ts";
import type { HelmRepository, HelmRepositoryStatus } from "../../flux/helm-repository-object.ts";
import { FINALIZER } from "../object-status.ts";
import type { SourceKind } from "../source/source-object.ts";
import { announce, finalize } from "../source/source-pass.ts";
import type { HelmRepositoryDeps } from "./deps.ts";

/**
 * A registry is nothing that is polled: the object stands as it is. What is left of the time when it was a repository with an index goes: status and finalizer, once
 * it is not suspended. Source: reference 1.4; source-controller, migrationToStatic.
 */
export async function becomeStatic(deps: HelmRepositoryDeps, kind: SourceKind<HelmRepository>, object: HelmRepository): Promise<Outcome> {
  const still: Outcome = { kind: "skipped", why: "static" };
  if (object.spec.suspend && object.metadata.deletionTimestamp === undefined) return still;
  const hasStatus = object.status.conditions !== undefined || object.status.artifact !== undefined || object.status.url !== undefined;
  if (!hasStatus && !object.metadata.finalizers.includes(FINALIZER)) return still;
  const emptied = await announce(deps, kind, object, hasStatus ? EMPTY : undefined);
  if (emptied.kind === "end") return emptied.outcome;
  // The artifact that goes is told of, and it stood in the status as it was found.
  const left = await finalize(deps, kind, { ...emptied.object, status: object.status });
  return left.kind === "skipped" && left.again === true ? left : still;
}

const EMPTY: HelmRepositoryStatus = {};
