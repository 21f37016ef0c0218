import { isEqual, isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import { type FieldError, forbidden, invalid, notSupported, required } from "../schema/field-error.ts";
import { nameIsLabel, nameIsSubdomain } from "../schema/names.ts";
import { validateClaimSpec } from "./claims.ts";
import { has, listAt, notNegative, numberAt, objectAt, textAt, valueAt } from "./fields.ts";
import { validateTemplate } from "./pod.ts";
import { countOrPercent, noMoreThanAll } from "./ports.ts";
import type { KindRules } from "./rule.ts";
import { isEmptySelector, selects, validateSelector } from "./selectors.ts";

const NO_MATCH = "`selector` does not match template `labels`";
const IMMUTABLE = "field is immutable";

/** The selector as the server shows it: matchLabels before matchExpressions. */
export const selectorShown = (selector: Json | undefined): Json => {
  const { matchLabels, matchExpressions } = isObject(selector) ? selector : {};
  return { ...(matchLabels !== undefined && { matchLabels }), ...(matchExpressions !== undefined && { matchExpressions }) };
};

/** Nothing can be selected with it. */
const isBroken = (selector: Json | undefined): boolean => validateSelector(selector, "spec.selector").length > 0;

function validateTemplated(spec: JsonObject, kind: string): readonly FieldError[] {
  const { selector, template } = spec;
  const labels = objectAt(objectAt(template, "metadata"), "labels");
  const errors: FieldError[] = [];
  if (!isObject(selector)) errors.push(required("spec.selector"));
  else errors.push(...validateSelector(selector, "spec.selector"));
  if (isObject(selector) && isEmptySelector(selector)) errors.push(invalid("spec.selector", selectorShown(selector), `empty selector is invalid for ${kind}`));
  // The server looks at the template only once it knows what is selected.
  if (isBroken(selector)) return [...errors, invalid("spec.selector", selectorShown(selector), "invalid label selector")];
  if (!isObject(selector) || (!isEmptySelector(selector) && !selects(selector, labels)))
    errors.push(invalid("spec.template.metadata.labels", Object.keys(labels).length === 0 ? null : labels, NO_MATCH));
  return [...errors, ...validateTemplate(template, "spec.template"), ...alwaysRestarted(template)];
}

function alwaysRestarted(template: Json | undefined): readonly FieldError[] {
  const spec = objectAt(template, "spec");
  const policy = textAt(spec, "restartPolicy");
  const errors: FieldError[] = policy === "" || policy === "Always" ? [] : [notSupported("spec.template.spec.restartPolicy", policy, ["Always"])];
  if (!has(spec, "activeDeadlineSeconds")) return errors;
  return [...errors, forbidden("spec.template.spec.activeDeadlineSeconds", "activeDeadlineSeconds in ReplicaSet is not Supported")];
}

const immutableSelector = (object: JsonObject, old: JsonObject): readonly FieldError[] => {
  const selector = valueAt(objectAt(object, "spec"), "selector");
  return isEqual(selector, valueAt(objectAt(old, "spec"), "selector")) ? [] : [invalid("spec.selector", selectorShown(selector), IMMUTABLE)];
};

/** The internal form of an update strategy, as errors show it. */
const strategyShown = (strategy: JsonObject): Json => ({
  Type: textAt(strategy, "type"),
  RollingUpdate: has(strategy, "rollingUpdate") ? (strategy.rollingUpdate ?? null) : null,
});

function validateStrategy(spec: JsonObject): readonly FieldError[] {
  const strategy = objectAt(spec, "strategy");
  const type = textAt(strategy, "type");
  const rolling = objectAt(strategy, "rollingUpdate");
  if (type === "Recreate")
    return has(strategy, "rollingUpdate") ? [forbidden("spec.strategy.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'")] : [];
  if (type !== "" && type !== "RollingUpdate") return [notSupported("spec.strategy", strategyShown(strategy), ["Recreate", "RollingUpdate"])];
  const at = "spec.strategy.rollingUpdate";
  const { maxUnavailable, maxSurge } = rolling;
  const errors = [...countOrPercent(maxUnavailable, `${at}.maxUnavailable`), ...countOrPercent(maxSurge, `${at}.maxSurge`)];
  if (isNone(maxUnavailable) && isNone(maxSurge)) errors.push(invalid(`${at}.maxUnavailable`, maxUnavailable ?? 0, "may not be 0 when `maxSurge` is 0"));
  return [...errors, ...noMoreThanAll(maxUnavailable, `${at}.maxUnavailable`)];
}

const isNone = (value: Json | undefined): boolean => value === 0 || value === "0%";

function checkDeployment(object: JsonObject): readonly FieldError[] {
  const spec = objectAt(object, "spec");
  const errors = [...notNegative(spec, "spec", "replicas"), ...validateTemplated(spec, "deployment"), ...validateStrategy(spec)];
  errors.push(...notNegative(spec, "spec", "minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds"));
  const deadline = numberAt(spec, "progressDeadlineSeconds");
  if (deadline !== undefined && deadline <= (numberAt(spec, "minReadySeconds") ?? 0))
    errors.push(invalid("spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds"));
  return errors;
}

function checkReplicaSet(object: JsonObject): readonly FieldError[] {
  const spec = objectAt(object, "spec");
  return [...notNegative(spec, "spec", "replicas", "minReadySeconds"), ...validateTemplated(spec, "replicaset")];
}

function checkDaemonSet(object: JsonObject): readonly FieldError[] {
  const spec = objectAt(object, "spec");
  const strategy = objectAt(spec, "updateStrategy");
  const rolling = objectAt(strategy, "rollingUpdate");
  const type = textAt(strategy, "type");
  // The server tells of a missing selector only that it does not match.
  const errors = validateTemplated(spec, "daemonset").filter(({ field, type }) => !(field === "spec.selector" && type === "FieldValueRequired"));
  errors.push(...notNegative(spec, "spec", "minReadySeconds", "revisionHistoryLimit"));
  if (type !== "" && type !== "RollingUpdate" && type !== "OnDelete")
    errors.push(notSupported("spec.updateStrategy", strategyShown(strategy), ["RollingUpdate", "OnDelete"]));
  errors.push(...countOrPercent(rolling.maxUnavailable, "spec.updateStrategy.rollingUpdate.maxUnavailable"));
  if (isNone(rolling.maxUnavailable) && (rolling.maxSurge === undefined || isNone(rolling.maxSurge)))
    errors.push(required("spec.updateStrategy.rollingUpdate.maxUnavailable", "cannot be 0 when maxSurge is 0"));
  return errors;
}

function checkStatefulSet(object: JsonObject): readonly FieldError[] {
  const spec = objectAt(object, "spec");
  const policy = textAt(spec, "podManagementPolicy");
  const strategy = objectAt(spec, "updateStrategy");
  const type = textAt(strategy, "type");
  const errors: FieldError[] = [];
  if (!["", "OrderedReady", "Parallel"].includes(policy)) errors.push(invalid("spec.podManagementPolicy", policy, "must be 'OrderedReady' or 'Parallel'"));
  if (!["", "RollingUpdate", "OnDelete"].includes(type))
    errors.push(invalid("spec.updateStrategy", strategyShown(strategy), "must be 'RollingUpdate' or 'OnDelete'"));
  errors.push(...notNegative(objectAt(strategy, "rollingUpdate"), "spec.updateStrategy.rollingUpdate", "partition"));
  errors.push(...notNegative(spec, "spec", "replicas", "minReadySeconds"), ...validateTemplated(claimsAsVolumes(spec), "statefulset"));
  for (const [index, claim] of listAt(spec, "volumeClaimTemplates").entries())
    errors.push(...validateClaimSpec(objectAt(claim, "spec"), `spec.volumeClaimTemplates[${index}].spec`));
  return errors;
}

/** Claims become volumes of the Pods, so that containers may mount them. */
function claimsAsVolumes(spec: JsonObject): JsonObject {
  const template = objectAt(spec, "template");
  const pod = objectAt(template, "spec");
  const claims = listAt(spec, "volumeClaimTemplates").map((claim): Json => ({ name: textAt(objectAt(claim, "metadata"), "name"), emptyDir: {} }));
  if (claims.length === 0) return spec;
  const own = listAt(pod, "volumes").filter((volume) => !claims.some((claim) => textAt(claim, "name") === textAt(volume, "name")));
  return { ...spec, template: { ...template, spec: { ...pod, volumes: [...own, ...claims] } } };
}

const MAY_CHANGE = ["replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit", "persistentVolumeClaimRetentionPolicy", "minReadySeconds"];

function statefulSetChange(object: JsonObject, old: JsonObject): readonly FieldError[] {
  const spec = objectAt(object, "spec");
  const before = objectAt(old, "spec");
  const fields = new Set([...Object.keys(spec), ...Object.keys(before)]);
  const changed = [...fields].some((field) => !MAY_CHANGE.includes(field) && !isEqual(withoutStatus(spec[field]), withoutStatus(before[field])));
  if (!changed) return [];
  return [
    forbidden(
      "spec",
      "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
    ),
  ];
}

/** Claim templates carry a status that clients do not send back. */
function withoutStatus(value: Json | undefined): Json | undefined {
  if (!Array.isArray(value)) return value;
  return value.map((item: Json) => (isObject(item) ? Object.fromEntries(Object.entries(item).filter(([field]) => field !== "status")) : item));
}

export const DEPLOYMENT: KindRules = { name: nameIsSubdomain, check: checkDeployment, change: immutableSelector };
export const REPLICA_SET: KindRules = { name: nameIsSubdomain, check: checkReplicaSet, change: immutableSelector };
export const DAEMON_SET: KindRules = { name: nameIsSubdomain, check: checkDaemonSet, change: immutableSelector };
export const STATEFUL_SET: KindRules = { name: nameIsLabel, check: checkStatefulSet, change: statefulSetChange };
