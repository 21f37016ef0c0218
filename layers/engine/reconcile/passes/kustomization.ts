import { isTrue } from "../../domain/condition.ts";
import { type Kustomization, parseKustomization } from "../../flux/kustomization-object.ts";
import { sendDependents } from "../dependents.ts";
import { reconcileKustomization } from "../kustomization.ts";
import { type Pass, sendLostSource } from "./pass.ts";
import { sendingWritten } from "./sending-written.ts";

export const passKustomization: Pass = async (deps, manifest) => {
  const parsed = parseKustomization(manifest);
  if (!parsed.ok) return { kind: "malformed", problem: parsed.problem };
  const outcome = await sendingWritten(deps, (sending) => reconcileKustomization(sending, parsed.value));
  if (outcome.kind === "waiting" && outcome.lostArtifact === true) await sendLostSource(deps, parsed.value.spec.sourceRef);
  if (outcome.kind === "succeeded" && !wasReadyAt(parsed.value, outcome.revision)) await sendDependents(deps, manifest, outcome.revision);
  return outcome;
};

/** Its dependents have been told already. */
const wasReadyAt = ({ metadata, status }: Kustomization, revision: string | undefined): boolean =>
  isTrue(status.conditions ?? [], "Ready") && status.lastAppliedRevision === revision && status.observedGeneration === metadata.generation;
