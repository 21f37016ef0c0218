import type { Result } from "../../../domain/result.ts";
import type { Resource } from "./documents.ts";
import type { Schema } from "./schema.ts";
import type { ValueMap } from "./value.ts";

/** What a keyword is compiled with: the schema that it stands in, and how others are come by. */
export type Compiling = {
  readonly keywords: ValueMap;
  readonly schema: Schema;
  readonly resource: Resource;
  /** The schema at a pointer of the same document. */
  at(pointer: string): Schema;
  /** The schema that a reference names. */
  refer(reference: string): Result<Schema>;
  /** Whether formats are checked in every draft: metaschemas mean it. */
  readonly assertsFormats: boolean;
};
