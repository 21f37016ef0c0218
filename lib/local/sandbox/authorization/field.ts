import type { Json } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";

/** A field of the object beside `metadata`, which alone has a type of its own: all others are JSON. */
export const fieldOf = (object: Manifest, field: string): Json | undefined =>
  field === "metadata" || !Object.hasOwn(object, field) ? undefined : (object[field] as Json | undefined);
