import type { Manifest } from "../../domain/manifest.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { LOST_ARTIFACT } from "../../domain/work-item.ts";
import { artifactOf } from "../../flux/artifact-object.ts";
import { KINDS, SOURCE_GROUP } from "../../flux/kinds.ts";
import type { RenderStore } from "../../ports/artifact-store.ts";
import type { Reference } from "../dependents/references.ts";
import type { DependentsDeps } from "../dependents.ts";
import type { GitRepositoryDeps } from "../git-repository/deps.ts";
import type { HelmChartDeps } from "../helm-chart/deps.ts";
import type { HelmReleaseDeps } from "../helm-release/deps.ts";
import type { HelmRepositoryDeps } from "../helm-repository/deps.ts";
import type { KustomizationDeps } from "../kustomization/deps.ts";
import type { ReceiverDeps } from "../receiver/deps.ts";

/** What the passes over all kinds need. */
export type PassDeps = KustomizationDeps &
  GitRepositoryDeps &
  ReceiverDeps &
  Omit<HelmRepositoryDeps, "renders"> &
  Omit<HelmChartDeps, "renders"> &
  HelmReleaseDeps &
  DependentsDeps & {
    /** Parts of the indexes of Helm repositories; not where renders are, since who fetches sources has no business there. */
    readonly indexes: RenderStore;
  };

export type PassEnd =
  | Outcome
  /** The API server lets nothing through that cannot be read; if it did, this object is stopped, and no other. Nothing was done. */
  | { readonly kind: "malformed"; readonly problem: string };

/** One pass over an object of one kind, as the server has it, and whatever follows from it for others. `cause`: why it is looked at. */
export type Pass = (deps: PassDeps, manifest: Manifest, cause: string) => Promise<PassEnd>;

/** The revision of a source that those who use it are owed, or undefined when it is the one that they were told of. */
export function owedRevision(source: Manifest, outcome: Outcome, cause: string): string | undefined {
  if (outcome.kind !== "succeeded") return undefined;
  return cause === LOST_ARTIFACT || outcome.revision !== artifactOf(source)?.revision ? outcome.revision : undefined;
}

/** Kinds whose artifacts we store. */
const OURS = new Set<string>([KINDS.GitRepository.kind, KINDS.HelmChart.kind, KINDS.HelmRepository.kind]);

/** The source says that it has an artifact; that it is gone nobody notices before its interval comes round, so it is looked at now. */
export async function sendLostSource({ queue, clock, clusterName }: DependentsDeps, { kind, namespace, name }: Reference): Promise<void> {
  if (!OURS.has(kind)) return;
  const key = { cluster: clusterName, group: SOURCE_GROUP, kind, namespace, name };
  await queue.send({ kind: "object", key, cause: LOST_ARTIFACT, look: String(clock.now()) });
}
