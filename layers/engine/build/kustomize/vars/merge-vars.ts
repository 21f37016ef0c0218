import { ok, type Result } from "../../../domain/result.ts";
import { type BuildProblem, buildProblem, problemBelow } from "../build-problem.ts";
import type { Var } from "../kustomization/kustomization.ts";

/** `more` behind `vars`; no two may have the same name. Source: kustomize api/types, VarSet.Merge. */
export function mergeVars(vars: readonly Var[], more: readonly Var[]): Result<readonly Var[], BuildProblem> {
  if (more.length === 0) return ok(vars);
  const names = new Set(vars.map(({ name }) => name));
  for (const [index, { name, at }] of more.entries()) {
    if (names.has(name)) return at === undefined ? problemBelow(["vars", index], repeated(name)) : buildProblem(repeated(name), at);
    names.add(name);
  }
  return ok([...vars, ...more.map(withDefaults)]);
}

const repeated = (name: string): string => `var '${name}' already encountered`;

/** A var takes the name of its object unless it says something else. */
const withDefaults = (given: Var): Var => ({ ...given, fieldPath: given.fieldPath === "" ? "metadata.name" : given.fieldPath });
