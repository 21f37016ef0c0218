import { isObject } from "@sluice/engine/domain/json.ts";
import { apiVersionOf, type Manifest } from "@sluice/engine/domain/manifest.ts";
import type { KindFacts, Kinds } from "@sluice/engine/ports/kinds.ts";
import { itemsAt, textAt } from "../fields.ts";

/** What a cluster will serve once `definitions` (CustomResourceDefinitions) are in it. */
export function withDefinitions(kinds: Kinds, definitions: readonly Manifest[]): Kinds {
  const coming = definitions.flatMap(kindsOf);
  const isComing =
    (apiVersion: string, kind: string) =>
    (facts: KindFacts): boolean =>
      facts.apiVersion === apiVersion && facts.kind === kind;
  return {
    ...kinds,
    find: async (apiVersion, kind) => (await kinds.find(apiVersion, kind)) ?? coming.find(isComing(apiVersion, kind)),
    all: async () => {
      const served = await kinds.all();
      return [...served, ...coming.filter((one) => !served.some(isComing(one.apiVersion, one.kind)))];
    },
  };
}

function kindsOf(definition: Manifest): readonly KindFacts[] {
  const kind = textAt(definition, "spec", "names", "kind");
  const plural = textAt(definition, "spec", "names", "plural");
  const namespaced = textAt(definition, "spec", "scope") === "Namespaced";
  return itemsAt(definition, "spec", "versions").flatMap((version): readonly KindFacts[] => {
    if (!isObject(version) || version.served !== true || typeof version.name !== "string") return [];
    const hasStatus = isObject(version.subresources) && isObject(version.subresources.status);
    return [{ apiVersion: apiVersionOf(textAt(definition, "spec", "group"), version.name), kind, plural, namespaced, verbs: [], hasStatus }];
  });
}
