import { parseGitRepository } from "../../flux/git-repository-object.ts";
import { sendUsers } from "../dependents.ts";
import { reconcileGitRepository } from "../git-repository.ts";
import { owedRevision, type Pass } from "./pass.ts";

export const passGitRepository: Pass = async (deps, manifest, cause) => {
  const parsed = parseGitRepository(manifest);
  if (!parsed.ok) return { kind: "malformed", problem: parsed.problem };
  const outcome = await reconcileGitRepository(deps, parsed.value);
  const revision = owedRevision(manifest, outcome, cause);
  if (revision !== undefined) await sendUsers(deps, manifest, revision);
  return outcome;
};
