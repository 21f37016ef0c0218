import type { JsonObject } from "./json.ts";
import type { Manifest } from "./manifest.ts";

/** A manifest as plain JSON. Its type differs from JSON only in that optional metadata may be undefined, which no parser makes. */
export const jsonOf = (manifest: Manifest): JsonObject => manifest as unknown as JsonObject;

/** The other way round, for JSON that was made out of a manifest without touching what names it. */
export const manifestOf = (json: JsonObject): Manifest => json as unknown as Manifest;
