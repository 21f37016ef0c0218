import { isTrue } from "../../domain/condition.ts";
import { type HelmRelease, parseHelmRelease } from "../../flux/helm-release-object.ts";
import { KINDS } from "../../flux/kinds.ts";
import type { Cluster } from "../../ports/cluster.ts";
import { findUserKind } from "../dependents/references.ts";
import { sendDependents } from "../dependents.ts";
import { reconcileHelmRelease } from "../helm-release.ts";
import { type Pass, type PassDeps, sendLostSource } from "./pass.ts";

const { group: SOURCE_GROUP, kind: CHART } = KINDS.HelmChart;

export const passHelmRelease: Pass = async (deps, manifest) => {
  const parsed = parseHelmRelease(manifest);
  if (!parsed.ok) return { kind: "malformed", problem: parsed.problem };
  const outcome = await reconcileHelmRelease({ ...deps, cluster: sendingCharts(deps) }, parsed.value);
  const source = findUserKind(manifest.kind)?.source(manifest);
  if (outcome.kind === "waiting" && outcome.lostArtifact === true && source !== undefined) await sendLostSource(deps, source);
  if (outcome.kind === "succeeded" && !wasReadyAt(parsed.value, outcome.revision)) await sendDependents(deps, manifest, outcome.revision);
  return outcome;
};

/** Its dependents have been told already. */
const wasReadyAt = ({ metadata, status }: HelmRelease, revision: string | undefined): boolean =>
  isTrue(status.conditions ?? [], "Ready") && status.lastAttemptedRevision === revision && status.observedGeneration === metadata.generation;

/** Where nobody watches, a HelmChart that a pass makes, changes or deletes would be looked at by the next sweep; so it is sent. */
function sendingCharts({ cluster, queue, clock, clusterName }: PassDeps): Cluster {
  const send = async (cause: "generation" | "deletion", namespace = "", name = ""): Promise<void> => {
    const key = { cluster: clusterName, group: SOURCE_GROUP, kind: CHART, namespace, name };
    await queue.send({ kind: "object", key, cause, look: `${cause} ${clock.now()}` });
  };
  return {
    ...cluster,
    apply: async (manifest, options) => {
      const answer = await cluster.apply(manifest, options);
      if (manifest.kind === CHART && answer.kind !== "refused" && !options.dryRun)
        await send("generation", manifest.metadata.namespace, manifest.metadata.name);
      return answer;
    },
    delete: async (ref, options) => {
      const answer = await cluster.delete(ref, options);
      if (ref.kind === CHART && answer.kind === "deleted") await send("deletion", ref.namespace, ref.name);
      return answer;
    },
  };
}
