import type { Json } from "@sluice/engine/domain/json.ts";

/**
 * What the API server knows of a value's shape: one form for built-in kinds (from the generated table) and for custom
 * resources (from a CRD's structural schema), so that merging, defaulting, pruning and validating are written once.
 */
export type Schema = {
  readonly type?: "object" | "array" | "string" | "integer" | "number" | "boolean";
  readonly properties?: { readonly [field: string]: Schema };
  /** Maps: the schema of every value. `true`: anything. */
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  /** x-kubernetes-list-type; lists without one are atomic. */
  readonly listType?: "atomic" | "set" | "map";
  readonly listMapKeys?: readonly string[];
  /** x-kubernetes-map-type; maps without one are granular. */
  readonly mapType?: "granular" | "atomic";
  readonly preserveUnknownFields?: boolean;
  readonly intOrString?: boolean;
  readonly embeddedResource?: boolean;
  readonly default?: Json;
  readonly nullable?: boolean;
  readonly required?: readonly string[];
  readonly enum?: readonly Json[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly exclusiveMaximum?: boolean;
  readonly multipleOf?: number;
  readonly uniqueItems?: boolean;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly not?: Schema;
  /** x-kubernetes-validations. */
  readonly rules?: readonly Rule[];
  /** kubectl's patch strategy for strategic merge patches, of built-in kinds. */
  readonly patchStrategy?: string;
  readonly patchMergeKey?: string;
};

export type Rule = {
  readonly rule: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly reason?: string;
  readonly fieldPath?: string;
  readonly optionalOldSelf?: boolean;
};
