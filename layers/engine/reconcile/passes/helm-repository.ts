import { parseHelmRepository } from "../../flux/helm-repository-object.ts";
import { sendUsers } from "../dependents.ts";
import { reconcileHelmRepository } from "../helm-repository.ts";
import { owedRevision, type Pass } from "./pass.ts";

export const passHelmRepository: Pass = async (deps, manifest, cause) => {
  const parsed = parseHelmRepository(manifest);
  if (!parsed.ok) return { kind: "malformed", problem: parsed.problem };
  const outcome = await reconcileHelmRepository({ ...deps, renders: deps.indexes }, parsed.value);
  const revision = owedRevision(manifest, outcome, cause);
  if (revision !== undefined) await sendUsers(deps, manifest, revision);
  return outcome;
};
