import { isArray, isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import { apiVersionOf, type Manifest } from "@sluice/engine/domain/manifest.ts";
import type { ResourceKind } from "../kinds/kind.ts";
import { applyDefaults } from "../schema/defaults.ts";
import { prune } from "../schema/prune.ts";

/** An object in the version that somebody asks for. */
export type Views = { in(kind: ResourceKind, object: Manifest): Manifest };

/** Remembers what it made, by object and kind: most objects are read far more often than written. */
export function createViews(): Views {
  const made = new WeakMap<ResourceKind, WeakMap<Manifest, Manifest>>();
  return {
    in: (kind, object) => {
      let ofKind = made.get(kind);
      if (ofKind === undefined) {
        ofKind = new WeakMap();
        made.set(kind, ofKind);
      }
      const known = ofKind.get(object);
      if (known !== undefined) return known;
      const view = convert(kind, object);
      ofKind.set(object, view);
      return view;
    },
  };
}

/**
 * `object` in the version of `kind`. Custom resources have no conversion but their apiVersion (strategy None); they are pruned and
 * defaulted when read, as the schema may have changed since they were written.
 */
export function convert(kind: ResourceKind, object: Manifest): Manifest {
  const apiVersion = apiVersionOf(kind.group, kind.version);
  if (kind.custom) return applyDefaults(kind.schema, prune(kind.schema, object.apiVersion === apiVersion ? object : { ...object, apiVersion }));
  if (object.apiVersion === apiVersion) return object;
  const change = CONVERSIONS[`${object.apiVersion} ${apiVersion} ${kind.kind}`];
  return change === undefined ? { ...object, apiVersion } : { ...change(object), apiVersion };
}

const CONVERSIONS: { readonly [fromToKind: string]: (object: Manifest) => Manifest } = {
  "v1 events.k8s.io/v1 Event": (event) => withoutEmpty(renamed(event, NEW_EVENT_FIELDS)),
  "events.k8s.io/v1 v1 Event": (event) => ({ ...ALWAYS_IN_OLD_EVENT, ...renamed(event, OLD_EVENT_FIELDS) }),
  "autoscaling/v2 autoscaling/v1 HorizontalPodAutoscaler": toAutoscalingV1,
  "autoscaling/v1 autoscaling/v2 HorizontalPodAutoscaler": toAutoscalingV2,
};

/** core/v1 Event → events.k8s.io/v1 Event. Source: pkg/apis/events/v1/conversion. */
const NEW_EVENT_FIELDS: { readonly [field: string]: string } = {
  involvedObject: "regarding",
  message: "note",
  source: "deprecatedSource",
  firstTimestamp: "deprecatedFirstTimestamp",
  lastTimestamp: "deprecatedLastTimestamp",
  count: "deprecatedCount",
  reportingComponent: "reportingController",
};

const OLD_EVENT_FIELDS: { readonly [field: string]: string } = Object.fromEntries(Object.entries(NEW_EVENT_FIELDS).map(([old, now]) => [now, old]));

/** What one of the two types writes when it is empty, and the other does not. */
const ALWAYS_IN_OLD_EVENT: JsonObject = {
  involvedObject: {},
  source: {},
  firstTimestamp: null,
  lastTimestamp: null,
  eventTime: null,
  reportingComponent: "",
  reportingInstance: "",
};
const LEFT_OUT_OF_NEW_EVENT = [
  "reportingController",
  "reportingInstance",
  "regarding",
  "deprecatedSource",
  "deprecatedFirstTimestamp",
  "deprecatedLastTimestamp",
];
const isEmptyValue = (value: unknown): boolean => value === "" || value === null || (isObject(value as Json) && Object.keys(value as JsonObject).length === 0);
const withoutEmpty = (event: Manifest): Manifest =>
  Object.fromEntries(Object.entries(event).filter(([field, value]) => !LEFT_OUT_OF_NEW_EVENT.includes(field) || !isEmptyValue(value))) as Manifest;

const renamed = (object: Manifest, names: { readonly [field: string]: string }): Manifest =>
  Object.fromEntries(Object.entries(object).map(([field, value]) => [names[field] ?? field, value])) as Manifest;

const part = (object: Manifest, field: string): JsonObject => {
  const value = object[field] as Json | undefined;
  return isObject(value) ? value : {};
};

const METRICS = "autoscaling.alpha.kubernetes.io/metrics";
const isCpu = (metric: Json): boolean =>
  isObject(metric) && metric.type === "Resource" && isObject(metric.resource) && metric.resource.name === "cpu" && utilization(metric) !== undefined;

function utilization(metric: Json): Json | undefined {
  const resource = isObject(metric) ? metric.resource : undefined;
  const target = isObject(resource) ? resource.target : undefined;
  return isObject(target) ? target.averageUtilization : undefined;
}

/** CPU utilization has a field of its own; other metrics go into an annotation. Source: pkg/apis/autoscaling/v1/conversion. */
function toAutoscalingV1(object: Manifest): Manifest {
  const { metrics, behavior: _1, ...spec } = part(object, "spec");
  const { currentMetrics: _2, conditions: _3, ...status } = part(object, "status");
  const all = isArray(metrics) ? metrics : [];
  const cpu = all.find(isCpu);
  const others = all.filter((metric) => metric !== cpu);
  const target = cpu === undefined ? undefined : utilization(cpu);
  const annotations = { ...object.metadata.annotations, ...(others.length > 0 && { [METRICS]: JSON.stringify(others) }) };
  return {
    ...object,
    metadata: { ...object.metadata, ...(Object.keys(annotations).length > 0 && { annotations }) },
    spec: { ...spec, ...(target !== undefined && { targetCPUUtilizationPercentage: target }) },
    status: { currentReplicas: 0, ...status },
  };
}

function toAutoscalingV2(object: Manifest): Manifest {
  const { targetCPUUtilizationPercentage: target, ...spec } = part(object, "spec");
  const { currentCPUUtilizationPercentage: _, ...status } = part(object, "status");
  const { [METRICS]: kept, ...annotations } = object.metadata.annotations ?? {};
  const { annotations: _old, ...metadata } = object.metadata;
  const metrics: Json[] =
    target === undefined ? [] : [{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: target } } }];
  return {
    ...object,
    metadata: { ...metadata, ...(Object.keys(annotations).length > 0 && { annotations }) },
    spec: { ...spec, ...((metrics.length > 0 || kept !== undefined) && { metrics: [...metrics, ...parsedMetrics(kept)] }) },
    status: { ...status },
  };
}

function parsedMetrics(text: string | undefined): readonly Json[] {
  if (text === undefined) return [];
  try {
    const parsed: Json = JSON.parse(text);
    return isArray(parsed) ? parsed : [];
  } catch {
    return []; // an annotation that somebody else wrote
  }
}
