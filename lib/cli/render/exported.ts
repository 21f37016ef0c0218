import { writeYaml } from "@sluice/engine/build/yaml/write.ts";
import { formatDuration, parseDuration } from "@sluice/engine/domain/duration.ts";
import { isArray, isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { valueAt } from "../fields.ts";

/** Durations in a spec, wherever they stand; what they hold is written as Go writes a duration. */
const DURATIONS: ReadonlySet<string> = new Set(["interval", "retryInterval", "timeout"]);
/** Of these nothing is Flux's to read. */
const FOREIGN: ReadonlySet<string> = new Set(["values", "patches", "substitute"]);
/** The one flag that is written when it is false. */
const ALWAYS_WRITTEN = "prune";

/** The object as it would stand in a repository: no status, nothing that the server added. Source: reference 6.9. */
export function renderExport({ apiVersion, kind, metadata, ...rest }: Manifest): string {
  const { name = "", namespace, labels, annotations } = metadata;
  const spec = valueAt({ apiVersion, kind, metadata, ...rest }, "spec");
  return document({
    apiVersion,
    kind,
    metadata: { name, ...(namespace !== undefined && { namespace }), ...filled("labels", labels), ...filled("annotations", annotations) },
    spec: isObject(spec) ? withInterval(kind, withoutFalse(asGoWrites(spec))) : {},
  });
}

/** A Secret with its data as stored. */
export function renderSecret(secret: Manifest): string {
  const { name = "", namespace = "" } = secret.metadata;
  const data = valueAt(secret, "data");
  const type = valueAt(secret, "type");
  return document({ apiVersion: "v1", kind: "Secret", metadata: { name, namespace }, ...(isObject(data) && { data }), ...(type !== undefined && { type }) });
}

/** A Secret that is not in a cluster yet, its values to be read. Metadata in the order in which Go writes a map. */
export function renderNewSecret(
  { name = "", namespace = "", labels, annotations }: Manifest["metadata"],
  stringData: { readonly [key: string]: string },
): string {
  const metadata = { ...filled("annotations", annotations), ...filled("labels", labels), name, namespace };
  return `${document({ apiVersion: "v1", kind: "Secret", metadata, stringData: Object.fromEntries(Object.entries(stringData).sort()) })}\n`;
}

const document = (object: JsonObject): string => `---\n${writeYaml(object).trim()}\n`;

const filled = (name: string, map: { readonly [key: string]: string } | undefined): JsonObject =>
  map === undefined || Object.keys(map).length === 0 ? {} : { [name]: map };

const withoutFalse = (spec: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(spec).filter(([name, value]) => value !== false || name === ALWAYS_WRITTEN));

/** That of a HelmRepository may be left out, and Go has no word for a duration that was. */
const withInterval = (kind: string, spec: JsonObject): JsonObject => (kind === "HelmRepository" ? { interval: "0s", ...spec } : spec);

const asGoWrites = (object: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, FOREIGN.has(name) ? value : fieldAsGoWrites(name, value)]));

function fieldAsGoWrites(name: string, value: Json): Json {
  if (isObject(value)) return asGoWrites(value);
  if (isArray(value)) return value.map((item) => (isObject(item) ? asGoWrites(item) : item));
  const duration = DURATIONS.has(name) && typeof value === "string" ? parseDuration(value) : undefined;
  return duration === undefined ? value : formatDuration(duration);
}
