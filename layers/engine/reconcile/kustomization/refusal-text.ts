import { isObject } from "../../domain/json.ts";
import { groupOf, type Manifest, subjectOf } from "../../domain/manifest.ts";
import { jsonOf } from "../../plan/manifest-json.ts";
import type { Refusal } from "../../ports/cluster.ts";

/** Shorter values occur in every text; replacing them would say more than it hides. */
const SHORTEST_MASKED = 3;

/**
 * What Flux says of an object that the server refused while it did `what`. Values of a Secret that the server quoted are masked.
 * Source: reference 2.6.3.
 */
export function refusalText(manifest: Manifest, refusal: Refusal, what: "dry-run" | "apply"): string {
  const { kind, metadata } = manifest;
  const subject = subjectOf({ kind, name: metadata.name ?? "", ...(metadata.namespace !== undefined && { namespace: metadata.namespace }) });
  const message = withoutSecretValues(manifest, refusal.message);
  if (refusal.code === 404) return metadata.namespace === undefined ? `${subject} namespace not specified: ${message}` : `${subject} not found: ${message}`;
  return refusal.reason === "" ? `${subject} ${what} failed: ${message}` : `${subject} ${what} failed (${refusal.reason}): ${message}`;
}

function withoutSecretValues(manifest: Manifest, message: string): string {
  if (groupOf(manifest.apiVersion) !== "" || manifest.kind !== "Secret") return message;
  const values = ["data", "stringData"].flatMap((field) => {
    const map = jsonOf(manifest)[field];
    return isObject(map) ? Object.values(map) : [];
  });
  const shown = values.flatMap((value) => (typeof value === "string" && value.length >= SHORTEST_MASKED ? [value, decoded(value)] : []));
  return shown.filter((value) => value.length >= SHORTEST_MASKED).reduce((text, value) => text.replaceAll(value, "*****"), message);
}

const decoded = (value: string): string => Buffer.from(value, "base64").toString("utf8");
