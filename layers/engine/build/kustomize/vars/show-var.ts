import type { Var } from "../kustomization/kustomization.ts";
import { type Gvk, showGvk, splitApiVersion } from "../resource/id.ts";

/** What an `objref` means; an `apiVersion` with more than one slash says nothing. Source: kustomize api/types, Target.GVK. */
export function gvkOfVar({ objref: { apiVersion, group, version, kind } }: Var): Gvk {
  const parts = apiVersion.split("/");
  if (apiVersion === "" || parts.length > 2) return { group, version, kind };
  return parts.length === 1 ? { group, version: apiVersion, kind } : { ...splitApiVersion(apiVersion), kind };
}

/** `{NAME ConfigMap.v1.[noGrp] {metadata.name}}`: Go's `%v` of a var; of its object the kind is all that is shown. */
export const showVar = (given: Var): string => `{${given.name} ${showGvk(gvkOfVar(given))} {${given.fieldPath}}}`;

/** The vars of a kustomization as Go prints the list of them: as they stand there, without what an `apiVersion` says. */
export const showVars = (vars: readonly Var[]): string =>
  `[${vars.map(({ name, objref, fieldPath }) => `{${name} ${showGvk(objref)} {${fieldPath}}}`).join(" ")}]`;
