import { parseHelmChart } from "../../flux/helm-chart-object.ts";
import { sendUsers } from "../dependents.ts";
import { reconcileHelmChart } from "../helm-chart.ts";
import { owedRevision, type Pass, sendLostSource } from "./pass.ts";

export const passHelmChart: Pass = async (deps, manifest, cause) => {
  const parsed = parseHelmChart(manifest);
  if (!parsed.ok) return { kind: "malformed", problem: parsed.problem };
  const { metadata, spec } = parsed.value;
  const outcome = await reconcileHelmChart({ ...deps, renders: deps.indexes }, parsed.value);
  if (outcome.kind === "waiting" && outcome.lostArtifact === true) await sendLostSource(deps, { ...spec.sourceRef, namespace: metadata.namespace });
  const revision = owedRevision(manifest, outcome, cause);
  if (revision !== undefined) await sendUsers(deps, manifest, revision);
  return outcome;
};
