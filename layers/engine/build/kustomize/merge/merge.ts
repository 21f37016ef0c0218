import type { Schema, SchemaNode } from "../schema/schema.ts";
import type { Draft } from "./draft.ts";

/** One run of `strategicMerge`. The first problem ends it; what is returned after that counts for nothing. */
export type Merge = {
  readonly schema: Schema;
  /** Merges two values, of which one may be missing, at a place of the schema. */
  readonly values: (target: Draft | undefined, patch: Draft | undefined, at: SchemaNode | undefined) => Draft | undefined;
  problem: string | undefined;
};

export function fail(merge: Merge, message: string): undefined {
  merge.problem ??= message;
  return undefined;
}
