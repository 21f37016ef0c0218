import { ok, problem, type Result } from "../../../domain/result.ts";
import type { Var } from "../kustomization/kustomization.ts";

/** `more` behind `vars`; no two may have the same name. Source: kustomize api/types, VarSet.Merge. */
export function mergeVars(vars: readonly Var[], more: readonly Var[]): Result<readonly Var[]> {
  if (more.length === 0) return ok(vars);
  const names = new Set(vars.map(({ name }) => name));
  for (const { name } of more) {
    if (names.has(name)) return problem(`var '${name}' already encountered`);
    names.add(name);
  }
  return ok([...vars, ...more.map(withDefaults)]);
}

/** A var takes the name of its object unless it says something else. */
const withDefaults = (given: Var): Var => ({ ...given, fieldPath: given.fieldPath === "" ? "metadata.name" : given.fieldPath });
