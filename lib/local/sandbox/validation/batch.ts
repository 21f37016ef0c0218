import { isEqual, isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import { type FieldError, invalid, notSupported, required } from "../schema/field-error.ts";
import { nameIsSubdomain } from "../schema/names.ts";
import { scheduleProblem } from "./cron.ts";
import { has, notNegative, objectAt, textAt } from "./fields.ts";
import { validateTemplate } from "./pod.ts";
import type { KindRules } from "./rule.ts";
import { selects } from "./selectors.ts";
import { selectorShown } from "./workloads.ts";

const IMMUTABLE = "field is immutable";
const MODES = ["NonIndexed", "Indexed"];

function validateJobSpec(spec: JsonObject, path: string): readonly FieldError[] {
  const errors = [...notNegative(spec, path, "parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished")];
  const mode = textAt(spec, "completionMode");
  if (mode !== "" && !MODES.includes(mode)) errors.push(notSupported(`${path}.completionMode`, mode, MODES));
  errors.push(...validateTemplate(spec.template, `${path}.template`));
  const policy = textAt(objectAt(objectAt(spec, "template"), "spec"), "restartPolicy");
  if (policy === "" || policy === "Always") errors.push(required(`${path}.template.spec.restartPolicy`, 'valid values: "OnFailure", "Never"'));
  else if (policy !== "OnFailure" && policy !== "Never") errors.push(notSupported(`${path}.template.spec.restartPolicy`, policy, ["OnFailure", "Never"]));
  return errors;
}

const checkJob = (object: JsonObject): readonly FieldError[] => [...validateOwnSelector(object), ...validateJobSpec(objectAt(object, "spec"), "spec")];

/** A Job selects its Pods by its uid, unless it says that its selector is made by hand. Source: batch/validation validateGeneratedSelector. */
function validateOwnSelector(object: JsonObject): readonly FieldError[] {
  const spec = objectAt(object, "spec");
  const labels = objectAt(objectAt(objectAt(spec, "template"), "metadata"), "labels");
  const selector = objectAt(spec, "selector");
  const errors: FieldError[] = [];
  if (!has(spec, "selector") && spec.manualSelector !== true) return []; // not through the server yet, which makes one
  if (!has(spec, "selector")) errors.push(required("spec.selector"));
  else if (spec.manualSelector !== true && !isOwn(selector, textAt(objectAt(object, "metadata"), "uid")))
    errors.push(invalid("spec.selector", selectorShown(selector), "`selector` not auto-generated"));
  if (!has(spec, "selector") || !selects(selector, labels))
    errors.push(invalid("spec.template.metadata.labels", labels, "`selector` does not match template `labels`"));
  return errors;
}

const isOwn = (selector: JsonObject, uid: string): boolean =>
  ["batch.kubernetes.io/controller-uid", "controller-uid"].some((label) => isEqual(selector, { matchLabels: { [label]: uid } }));

/** What may change of a Job's template before it has started is left out. Source: registry/batch/job, scheduling directives of suspended Jobs. */
function withoutScheduling({ metadata, spec, ...rest }: JsonObject): JsonObject {
  const { labels: _labels, annotations: _annotations, ...named } = isObject(metadata) ? metadata : {};
  const { nodeSelector: _selector, tolerations: _tolerations, schedulingGates: _gates, affinity, ...pod } = isObject(spec) ? spec : {};
  const { nodeAffinity: _node, ...others } = isObject(affinity) ? affinity : {};
  return { ...rest, metadata: named, spec: { ...pod, affinity: others } };
}

function jobChange(object: JsonObject, old: JsonObject): readonly FieldError[] {
  const spec = objectAt(object, "spec");
  const before = objectAt(old, "spec");
  const suspended = before.suspend === true && !has(objectAt(old, "status"), "startTime");
  const errors: FieldError[] = [];
  const fixed = (field: string, shown: (value: Json | undefined) => Json): void => {
    if (!isEqual(spec[field] ?? null, before[field] ?? null)) errors.push(invalid(`spec.${field}`, shown(spec[field]), IMMUTABLE));
  };
  if (textAt(spec, "completionMode") !== "Indexed") fixed("completions", (value) => value ?? null);
  fixed("selector", selectorShown);
  const fixedPart = suspended ? withoutScheduling : (template: JsonObject): JsonObject => template;
  if (!isEqual(fixedPart(objectAt(spec, "template")), fixedPart(objectAt(before, "template"))))
    errors.push(invalid("spec.template", spec.template ?? null, IMMUTABLE));
  fixed("completionMode", (value) => value ?? null);
  fixed("podFailurePolicy", (value) => value ?? null);
  return errors;
}

const CONCURRENCY = ["Allow", "Forbid", "Replace"];

function checkCronJob(object: JsonObject): readonly FieldError[] {
  const spec = objectAt(object, "spec");
  const schedule = textAt(spec, "schedule");
  const errors = [...validateSchedule(schedule), ...validateZone(spec)];
  errors.push(...notNegative(spec, "spec", "startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit"));
  const policy = textAt(spec, "concurrencyPolicy");
  if (policy !== "" && !CONCURRENCY.includes(policy)) errors.push(notSupported("spec.concurrencyPolicy", policy, CONCURRENCY));
  return [...errors, ...validateJobSpec(objectAt(objectAt(spec, "jobTemplate"), "spec"), "spec.jobTemplate.spec")];
}

function validateSchedule(schedule: string): readonly FieldError[] {
  if (schedule === "") return [required("spec.schedule")];
  if (/TZ=/.test(schedule)) return [invalid("spec.schedule", schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead")];
  const problem = scheduleProblem(schedule);
  return problem === undefined ? [] : [invalid("spec.schedule", schedule, problem)];
}

function validateZone(spec: JsonObject): readonly FieldError[] {
  const { timeZone } = spec;
  if (typeof timeZone !== "string") return [];
  if (timeZone === "") return [invalid("spec.timeZone", timeZone, "timeZone must be nil or non-empty string")];
  return isZone(timeZone) ? [] : [invalid("spec.timeZone", timeZone, `unknown time zone ${timeZone}`)];
}

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

/** Names of the Jobs are made from it, with eleven letters more. */
const cronJobName: KindRules["name"] = (name, prefix) => [
  ...nameIsSubdomain(name, prefix),
  ...(Buffer.byteLength(name) > 52 ? ["must be no more than 52 characters"] : []),
];

export const JOB: KindRules = { name: nameIsSubdomain, check: checkJob, change: jobChange };
export const CRON_JOB: KindRules = { name: cronJobName, check: checkCronJob };
