import { hideValues, secretValuesOf } from "../../build/hide-secrets.ts";
import { groupOf, type Manifest, subjectOf } from "../../domain/manifest.ts";
import { jsonOf } from "../../domain/manifest-json.ts";
import type { Refusal } from "../../ports/cluster.ts";

const HIDDEN = "*****";

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

/** The server quotes what does not fit, whatever its form: a number, a map. */
function withoutSecretValues(manifest: Manifest, message: string): string {
  if (groupOf(manifest.apiVersion) !== "" || manifest.kind !== "Secret") return message;
  const unquoted = message.replaceAll(/(valueUnstructured\{Value:)[\s\S]*?\}(?=$|,|;|\n| )/g, `$1${HIDDEN}}`);
  return hideValues(unquoted, secretValuesOf(jsonOf(manifest)), HIDDEN);
}
