import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import { type FieldError, forbidden, invalid, notSupported, required } from "../schema/field-error.ts";
import { nameIsSubdomain, pathSegment } from "../schema/names.ts";
import { errorsOf, has, listAt, numberAt, objectAt, textAt, valueAt } from "./fields.ts";
import { countOrPercent, noMoreThanAll } from "./ports.ts";
import type { KindRules } from "./rule.ts";
import { validateSelector } from "./selectors.ts";

/** Source: autoscaling/validation ValidateHorizontalPodAutoscaler; v2, and what v1 shares with it. */
function checkAutoscaler(object: JsonObject): readonly FieldError[] {
  const spec = objectAt(object, "spec");
  const errors: FieldError[] = [];
  const min = numberAt(spec, "minReplicas");
  const max = numberAt(spec, "maxReplicas") ?? 0;
  if (min !== undefined && min < 1) errors.push(invalid("spec.minReplicas", min, "must be greater than or equal to 1"));
  if (max < 1) errors.push(invalid("spec.maxReplicas", max, "must be greater than 0"));
  if (max < (min ?? 1)) errors.push(invalid("spec.maxReplicas", max, "must be greater than or equal to `minReplicas`"));
  errors.push(...validateTarget(objectAt(spec, "scaleTargetRef")));
  if (min === 0) errors.push(forbidden("spec.metrics", "must specify at least one Object or External metric to support scaling to zero replicas"));
  errors.push(...listAt(spec, "metrics").flatMap((metric, index) => validateMetric(metric, `spec.metrics[${index}]`)));
  for (const direction of ["scaleUp", "scaleDown"]) {
    const seconds = numberAt(objectAt(objectAt(spec, "behavior"), direction), "stabilizationWindowSeconds");
    const at = `spec.behavior.${direction}.stabilizationWindowSeconds`;
    if (seconds !== undefined && seconds < 0) errors.push(invalid(at, seconds, "must be greater than or equal to zero"));
    if (seconds !== undefined && seconds > 3600) errors.push(invalid(at, seconds, "must be less than or equal to 3600"));
  }
  return errors;
}

function validateTarget(target: JsonObject): readonly FieldError[] {
  const errors: FieldError[] = [];
  for (const field of ["kind", "name"]) {
    const value = textAt(target, field);
    if (value === "") errors.push(required(`spec.scaleTargetRef.${field}`));
    else errors.push(...errorsOf(`spec.scaleTargetRef.${field}`, value, pathSegment(value)));
  }
  const version = textAt(target, "apiVersion");
  const kind = textAt(target, "kind");
  if (version === "" || (version === "v1" && kind !== "ReplicationController"))
    errors.push(invalid("spec.scaleTargetRef.apiVersion", version, "apiVersion must specify API group"));
  return errors;
}

const SOURCES: ReadonlyMap<string, string> = new Map([
  ["ContainerResource", "containerResource"],
  ["External", "external"],
  ["Object", "object"],
  ["Pods", "pods"],
  ["Resource", "resource"],
]);

function validateMetric(metric: Json, path: string): readonly FieldError[] {
  const type = textAt(metric, "type");
  const errors: FieldError[] = [];
  if (type === "") errors.push(required(`${path}.type`, "must specify a metric source type"));
  const field = SOURCES.get(type);
  if (field === undefined) return [...errors, notSupported(`${path}.type`, type, [...SOURCES.keys()])];
  if (!has(metric, field)) return [...errors, required(`${path}.${field}`, "must populate information for the given metric source")];
  return type === "Resource" ? [...errors, ...validateResource(objectAt(metric, field), `${path}.resource`)] : errors;
}

function validateResource(resource: JsonObject, path: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (textAt(resource, "name") === "") errors.push(required(`${path}.name`, "must specify a resource name"));
  const target = objectAt(resource, "target");
  const utilization = numberAt(target, "averageUtilization");
  if (utilization !== undefined && utilization < 1) errors.push(invalid(`${path}.target.averageUtilization`, utilization, "must be greater than 0"));
  if (utilization === undefined && !has(target, "averageValue"))
    errors.push(required(`${path}.target.averageUtilization`, "must set either a target raw value or a target utilization"));
  return errors;
}

const POLICIES = ["AlwaysAllow", "IfHealthyBudget"];

function checkBudget(object: JsonObject): readonly FieldError[] {
  const spec = objectAt(object, "spec");
  const { minAvailable, maxUnavailable } = spec;
  const errors: FieldError[] = [];
  if (has(spec, "minAvailable") && has(spec, "maxUnavailable"))
    errors.push(invalid("spec", budgetShown(spec), "minAvailable and maxUnavailable cannot be both set"));
  for (const [field, value] of [
    ["minAvailable", minAvailable],
    ["maxUnavailable", maxUnavailable],
  ] as const)
    errors.push(...countOrPercent(value, `spec.${field}`), ...noMoreThanAll(value, `spec.${field}`));
  errors.push(...validateSelector(valueAt(spec, "selector"), "spec.selector"));
  const policy = textAt(spec, "unhealthyPodEvictionPolicy");
  return policy === "" || POLICIES.includes(policy) ? errors : [...errors, notSupported("spec.unhealthyPodEvictionPolicy", policy, POLICIES)];
}

const budgetShown = (spec: JsonObject): Json => ({
  MinAvailable: spec.minAvailable ?? null,
  Selector: spec.selector ?? null,
  MaxUnavailable: spec.maxUnavailable ?? null,
  UnhealthyPodEvictionPolicy: spec.unhealthyPodEvictionPolicy ?? null,
});

export const AUTOSCALER: KindRules = { name: nameIsSubdomain, check: checkAutoscaler };
export const DISRUPTION_BUDGET: KindRules = { name: nameIsSubdomain, check: checkBudget };
