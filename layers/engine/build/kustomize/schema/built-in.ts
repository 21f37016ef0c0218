import { onFirstUse } from "../../../tables/on-first-use.ts";
import { unpackTable } from "../../../tables/packed-table.ts";
import packed from "./built-in.packed.json" with { type: "json" };

/**
 * What kustomize knows of the kinds of Kubernetes: which lists it merges item by item, and which kinds live in namespaces. It is that of Kubernetes 1.21,
 * whose OpenAPI document kustomize and so Flux carry: newer kinds are to both what custom resources are.
 * Made by `npm run generate:merge-keys`: built-in.generated.json, and the same in few bytes.
 */
export type BuiltIn = {
  readonly kubernetes: string;
  /** The definitions with such lists somewhere below. */
  readonly names: readonly string[];
  readonly definitions: readonly BuiltInPlace[];
  /** By API version and kind. */
  readonly kinds: Readonly<Record<string, Readonly<Record<string, BuiltInPlace>>>>;
  readonly namespaced: Readonly<Record<string, readonly string[]>>;
  readonly clusterScoped: Readonly<Record<string, readonly string[]>>;
};

/**
 * What stands at a place: a definition by its number, which counts from 1; something that holds no list to be merged (0); a map with fields, of which `"*"`
 * is what all others hold; or a list that is merged by the keys `k`, with items `i`.
 */
export type BuiltInPlace = number | BuiltInMap | BuiltInList;
export type BuiltInMap = { readonly f?: Readonly<Record<string, BuiltInPlace>>; readonly "*"?: BuiltInPlace };
export type BuiltInList = { readonly k: readonly string[]; readonly i?: BuiltInPlace };

export const builtIn: () => BuiltIn = onFirstUse(() => unpackTable(packed) as BuiltIn);
