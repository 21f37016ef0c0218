import { isTrue } from "../../domain/condition.ts";
import { type HelmRelease, parseHelmRelease } from "../../flux/helm-release-object.ts";
import { findUserKind } from "../dependents/references.ts";
import { sendDependents } from "../dependents.ts";
import { reconcileHelmRelease } from "../helm-release.ts";
import { type Pass, sendLostSource } from "./pass.ts";
import { sendingWritten } from "./sending-written.ts";

export const passHelmRelease: Pass = async (deps, manifest) => {
  const parsed = parseHelmRelease(manifest);
  if (!parsed.ok) return { kind: "malformed", problem: parsed.problem };
  const outcome = await sendingWritten(deps, (sending) => reconcileHelmRelease(sending, parsed.value));
  const source = findUserKind(manifest.kind)?.source(manifest);
  if (outcome.kind === "waiting" && outcome.lostArtifact === true && source !== undefined) await sendLostSource(deps, source);
  if (outcome.kind === "succeeded" && !wasReadyAt(parsed.value, outcome.revision)) await sendDependents(deps, manifest, outcome.revision);
  return outcome;
};

/** Its dependents have been told already. */
const wasReadyAt = ({ metadata, status }: HelmRelease, revision: string | undefined): boolean =>
  isTrue(status.conditions ?? [], "Ready") && status.lastAttemptedRevision === revision && status.observedGeneration === metadata.generation;
