import { createHash } from "node:crypto";
import type { HelmHook, HelmStoredRelease } from "../domain/helm-release.ts";
import { isArray, isObject, type Json, type JsonObject } from "../domain/json.ts";
import { CHART_METADATA, HOOK, RELEASE_INFO } from "./field-orders.ts";
import { type FieldOrder, goJson } from "./go-json.ts";

const OBSERVATION: FieldOrder = {
  fields: ["name", "version", "info", "chartMetadata", "config", "manifest", "hooks", "namespace", "ociDigest"],
  inside: { info: RELEASE_INFO, chartMetadata: CHART_METADATA, hooks: HOOK },
};

/**
 * What tells whether somebody else has changed a release since: the same as Flux's, so that a release of Flux's is known again and the other way round.
 * Tests may be run by hand, so what they leave counts for nothing. Source: reference 3.2; fluxcd/helm-controller, internal/release.
 */
export function releaseDigest(release: HelmStoredRelease, ociDigest = ""): string {
  return `sha256:${createHash("sha256")
    .update(`${observationJson(release, ociDigest)}\n`)
    .digest("hex")}`;
}

/** Go's encoder writes what is not there as null where the field is no pointer, and leaves out what is empty where it is told to. */
export function observationJson({ name, version, namespace, info, chart, config = {}, manifest, hooks = [] }: HelmStoredRelease, ociDigest: string): string {
  const kept = hooks.filter((hook) => !isTest(hook));
  const observation = {
    name,
    version,
    info: known(info, RELEASE_INFO),
    chartMetadata: chartMetadata(chart.metadata),
    config: Object.keys(config).length === 0 ? null : config,
    manifest,
    hooks: kept.length === 0 ? null : kept.map((hook) => known({ ...hook }, HOOK, ["last_run"])),
    namespace,
    ociDigest,
  };
  return goJson(observation, OBSERVATION);
}

export const isTest = ({ events }: HelmHook): boolean => events.includes("test");

function chartMetadata(metadata: Json | undefined): JsonObject {
  if (!isObject(metadata)) return {};
  const { dependencies, maintainers, ...rest } = metadata;
  const order = CHART_METADATA.inside ?? {};
  return known(
    {
      ...rest,
      ...(isArray(dependencies) && { dependencies: structs(dependencies, order.dependencies, ["name", "repository"]) }),
      ...(isArray(maintainers) && { maintainers: structs(maintainers, order.maintainers) }),
    },
    CHART_METADATA,
  );
}

const structs = (items: readonly Json[], order: FieldOrder | undefined, always: readonly string[] = []): readonly Json[] =>
  items.map((item) => (isObject(item) && order !== undefined ? { ...defaults(always), ...known(item, order, always) } : item));

const defaults = (fields: readonly string[]): JsonObject => Object.fromEntries(fields.map((field) => [field, ""]));

/** The fields that the struct has and that say something, or are always written. */
function known(value: JsonObject, { fields }: FieldOrder, always: readonly string[] = []): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([field, item]) => fields.includes(field) && (always.includes(field) || !isEmpty(item))));
}

function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === "" || value === false || value === 0) return true;
  if (isArray(value)) return value.length === 0;
  return typeof value === "object" && Object.keys(value).length === 0;
}
