import type { Json } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import type { Result } from "@sluice/engine/domain/result.ts";
import type { ResourceKind } from "../kinds/kind.ts";
import type { FieldError } from "../schema/field-error.ts";
import type { Schema } from "../schema/schema.ts";

export type FieldConflict = {
  readonly manager: string;
  /** `.spec.replicas` */
  readonly field: string;
  readonly operation: string;
  readonly apiVersion: string;
  readonly subresource?: string;
  readonly time?: string;
};

export type ApplyInput = {
  readonly schema: Schema;
  readonly live: Manifest | undefined;
  readonly applied: Manifest;
  readonly manager: string;
  readonly force: boolean;
  readonly time: string;
  readonly subresource?: string;
};

export type ApplyResult =
  | { readonly kind: "applied"; readonly object: Manifest }
  | { readonly kind: "conflicts"; readonly conflicts: readonly FieldConflict[] }
  | { readonly kind: "invalid"; readonly message: string };

export type TrackInput = {
  readonly schema: Schema;
  readonly before: Manifest | undefined;
  readonly after: Manifest;
  readonly manager: string;
  readonly time: string;
  readonly subresource?: string;
};

/** What operations ask about fields: who owns them, how they merge, whether they are right. Pure functions, given by the composition. */
export type FieldRules = {
  readonly applyFields: (input: ApplyInput) => ApplyResult;
  readonly trackUpdate: (input: TrackInput) => Manifest;
  readonly strategicMergePatch: (schema: Schema, live: Json, patch: Json) => Result<Json>;
  /** Of the whole object, metadata included; `old` for an update. */
  readonly validate: (kind: ResourceKind, object: Manifest, old: Manifest | undefined, subresource: string) => readonly FieldError[];
};
