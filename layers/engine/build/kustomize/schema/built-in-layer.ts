import type { BuiltIn, BuiltInList, BuiltInPlace } from "./built-in.ts";
import { type Definition, LEAF } from "./definition.ts";
import type { Layer } from "./layer.ts";

/** kustomize's own kinds are known whatever schema is in use. */
const KUSTOMIZE = "kustomize.config.k8s.io/";

/** The kinds of Kubernetes. */
export const createBuiltInLayer = (table: BuiltIn): Layer => ({
  ...createLayer(table, (apiVersion) => !apiVersion.startsWith(KUSTOMIZE)),
  isNamespaced: (apiVersion, kind) => scopeOf(table, apiVersion, kind),
});

export const createKustomizeLayer = (table: BuiltIn): Layer => ({
  ...createLayer(table, (apiVersion) => apiVersion.startsWith(KUSTOMIZE)),
  definition: () => undefined,
});

/** Whether a kind is in a namespace by the table; that holds for every schema. Source: kyaml openapi.precomputedIsNamespaceScoped. */
export function scopeOf({ namespaced, clusterScoped }: BuiltIn, apiVersion: string, kind: string): boolean | undefined {
  if (own(namespaced, apiVersion)?.includes(kind) === true) return true;
  return own(clusterScoped, apiVersion)?.includes(kind) === true ? false : undefined;
}

function createLayer(table: BuiltIn, isIncluded: (apiVersion: string) => boolean): Layer {
  const numbers = new Map(table.names.map((name, index) => [name, index]));
  const definitionOf = (place: BuiltInPlace): Definition => {
    if (place === 0) return LEAF;
    if (typeof place === "number") return { ref: `#/definitions/${table.names[place - 1] ?? ""}` };
    if ("k" in place) return listDefinition(place, definitionOf);
    return {
      field(name) {
        const found = own(place.f ?? {}, name) ?? place["*"];
        return found === undefined ? undefined : definitionOf(found);
      },
    };
  };
  const definition = (name: string): Definition | undefined => {
    const place = table.definitions[numbers.get(name) ?? -1];
    return place === undefined ? undefined : definitionOf(place);
  };
  return {
    definition,
    kind(apiVersion, kind) {
      const place = isIncluded(apiVersion) ? own(own(table.kinds, apiVersion) ?? {}, kind) : undefined;
      if (place === undefined) return undefined;
      return typeof place === "number" && place > 0 ? definition(table.names[place - 1] ?? "") : definitionOf(place);
    },
    isNamespaced: () => undefined,
  };
}

const listDefinition = ({ k, i }: BuiltInList, definitionOf: (place: BuiltInPlace) => Definition): Definition => ({
  items: () => (i === undefined ? undefined : definitionOf(i)),
  patchStrategy: () => "merge",
  mergeKeys: () => k,
});

const own = <Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined => (Object.hasOwn(record, key) ? record[key] : undefined);
