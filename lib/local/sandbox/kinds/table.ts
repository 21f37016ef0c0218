import type { Json } from "@sluice/engine/domain/json.ts";
import type { TableColumn } from "./kind.ts";

/**
 * One schema node of kinds.generated.json. Short keys: there are thousands.
 * `r` names a definition of the table whose node this one refines.
 */
export type Node = {
  readonly r?: string;
  /** Type and format, as in JSON Schema. */
  readonly t?: "object" | "array" | "string" | "integer" | "number" | "boolean";
  readonly f?: string;
  /** Properties. */
  readonly p?: { readonly [field: string]: Node };
  /** Items of an array. */
  readonly i?: Node;
  /** Values of a map. */
  readonly v?: Node;
  readonly required?: readonly string[];
  readonly default?: Json;
  readonly enum?: readonly Json[];
  readonly listType?: "atomic" | "set" | "map";
  readonly keys?: readonly string[];
  readonly mapType?: "granular" | "atomic";
  readonly patch?: string;
  readonly mergeKey?: string;
  /** True: a string or an integer. */
  readonly intOrString?: boolean;
};

export type KindRow = {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly namespaced?: true;
  readonly verbs: readonly string[];
  readonly hasStatus?: true;
  readonly hasScale?: true;
  /** Names a definition. */
  readonly schema: string;
  readonly columns?: readonly TableColumn[];
};

export type KindTable = {
  readonly kubernetes: string;
  readonly kinds: readonly KindRow[];
  readonly definitions: { readonly [name: string]: Node };
};
