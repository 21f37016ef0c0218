import { isArray, isEqual, isObject, type Json, type JsonObject } from "../domain/json.ts";
import type { Manifest } from "../domain/manifest.ts";
import { jsonOf } from "../domain/manifest-json.ts";
import { maskedPair } from "./mask.ts";

/** One field in which the cluster differs from what an apply would make. Values of Secrets are masked. */
export type FieldDrift = {
  /** Names of fields and indexes of list items, from the root: `["spec", "replicas"]`. */
  readonly path: readonly (string | number)[];
  /** What an apply would do to the field. */
  readonly kind: "add" | "change" | "remove";
  readonly live?: Json;
  readonly desired?: Json;
};

/** Deeper than any schema; beyond it two values are compared whole. */
const MAX_DEPTH = 100;

/** `.spec.template.spec.containers[0].image`, `.metadata.labels["app.kubernetes.io/name"]` */
export const driftPathText = ({ path }: Pick<FieldDrift, "path">): string =>
  path.map((step) => (typeof step === "number" ? `[${step}]` : /^[A-Za-z_][\w-]*$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`)).join("");

/**
 * The fields in which `live` differs from `dryRun`, what the server says an apply would make of it; none means no drift.
 * Compared are labels, annotations and everything outside of metadata and status. Pass both without ignored fields (ignore.ts).
 * Source: reference 2.6.3.
 */
export function driftOf(live: Manifest, dryRun: Manifest): readonly FieldDrift[] {
  if (!hasDrifted(live, dryRun)) return [];
  const shown = maskedPair(live, dryRun);
  const found: FieldDrift[] = [];
  collect(compared(shown.live), compared(shown.desired), [], found);
  return found;
}

/** True when an apply would change something that counts; cheaper than naming the fields. */
export const hasDrifted = (live: Manifest, dryRun: Manifest): boolean => !isEqual(compared(live), compared(dryRun));

/** What counts of an object: no and empty labels are the same. */
function compared(object: Manifest): JsonObject {
  const { metadata: _metadata, status: _status, ...fields } = jsonOf(object);
  const { labels, annotations } = object.metadata;
  return { ...withoutDoubleMetrics(fields), metadata: { labels: labels ?? {}, annotations: annotations ?? {} } };
}

/** Old API servers answer a dry-run of an HPA with doubled and empty metrics. Source: reference 2.6.3. */
function withoutDoubleMetrics(fields: JsonObject): JsonObject {
  const { apiVersion, kind, spec } = fields;
  if (kind !== "HorizontalPodAutoscaler" || apiVersion !== "autoscaling/v2" || !isObject(spec) || !isArray(spec.metrics)) return fields;
  const metrics: Json[] = [];
  for (const metric of spec.metrics) {
    const typed = isObject(metric) && typeof metric.type === "string" && metric.type !== "";
    if (typed && !metrics.some((known) => isEqual(known, metric))) metrics.push(metric);
  }
  return { ...fields, spec: { ...spec, metrics } };
}

function collect(live: Json, desired: Json, path: readonly (string | number)[], found: FieldDrift[]): void {
  if (isEqual(live, desired)) return;
  if (path.length < MAX_DEPTH && isObject(live) && isObject(desired)) collectMap(live, desired, path, found);
  else if (path.length < MAX_DEPTH && isArray(live) && isArray(desired)) collectList(live, desired, path, found);
  else found.push({ path, kind: "change", live, desired });
}

function collectMap(live: JsonObject, desired: JsonObject, path: readonly (string | number)[], found: FieldDrift[]): void {
  for (const key of [...new Set([...Object.keys(live), ...Object.keys(desired)])].toSorted()) {
    const [before, after] = [own(live, key), own(desired, key)];
    collectOne(before, after, [...path, key], found);
  }
}

function collectList(live: readonly Json[], desired: readonly Json[], path: readonly (string | number)[], found: FieldDrift[]): void {
  for (let index = 0; index < Math.max(live.length, desired.length); index++) collectOne(live[index], desired[index], [...path, index], found);
}

function collectOne(before: Json | undefined, after: Json | undefined, path: readonly (string | number)[], found: FieldDrift[]): void {
  if (before === undefined && after === undefined) return;
  if (before === undefined) found.push({ path, kind: "add", desired: after ?? null });
  else if (after === undefined) found.push({ path, kind: "remove", live: before });
  else collect(before, after, path, found);
}

const own = (object: JsonObject, key: string): Json | undefined => (Object.hasOwn(object, key) ? object[key] : undefined);
