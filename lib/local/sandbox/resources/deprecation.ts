import type { ResourceKind } from "../kinds/kind.ts";
import type { Memory } from "../storage/memory.ts";
import { DEFINITIONS, fieldOf, listOf, textOf } from "./definitions.ts";

/** Built-in kinds that are on their way out. Source: APILifecycleDeprecated of k8s.io/api 1.35. */
const DEPRECATED: { readonly [groupVersionKind: string]: string } = {
  "/v1/Endpoints": "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
  "/v1/ComponentStatus": "v1 ComponentStatus is deprecated in v1.19+",
};

/** What the server warns of with every use of the kind in that version: a CRD's own words, or those of a built-in kind. */
export function deprecationWarning(memory: Memory, { group, version, kind, plural, custom }: ResourceKind): string | undefined {
  if (!custom) return DEPRECATED[`${group}/${version}/${kind}`];
  const crd = memory.get(DEFINITIONS, "", `${plural}.${group}`);
  const found = crd === undefined ? undefined : listOf(fieldOf(crd, "spec").versions).find(({ name }) => name === version);
  if (found?.deprecated !== true) return undefined;
  return textOf(found.deprecationWarning) || `${group}/${version} ${kind} is deprecated`;
}
