import { isEqual, type JsonObject } from "@sluice/engine/domain/json.ts";
import { type FieldError, forbidden, invalid, notSupported, required } from "../schema/field-error.ts";
import { nameIsSubdomain, qualifiedName } from "../schema/names.ts";
import { errorsOf, numberAt, objectAt, textAt } from "./fields.ts";
import type { KindRules } from "./rule.ts";

const RECLAIM = ["Delete", "Retain"];
const BINDING = ["Immediate", "WaitForFirstConsumer"];
const PREEMPTION = ["PreemptLowerPriority", "Never"];
const SYSTEM = ["system-node-critical", "system-cluster-critical"];
const MAX_PRIORITY = 1_000_000_000;

function checkStorageClass(object: JsonObject): readonly FieldError[] {
  const provisioner = textAt(object, "provisioner");
  const reclaim = textAt(object, "reclaimPolicy");
  const binding = textAt(object, "volumeBindingMode");
  const errors: FieldError[] = [];
  if (provisioner === "") errors.push(required("provisioner"));
  else errors.push(...errorsOf("provisioner", provisioner.toLowerCase(), qualifiedName(provisioner.toLowerCase())));
  if (reclaim !== "" && !RECLAIM.includes(reclaim)) errors.push(notSupported("reclaimPolicy", reclaim, RECLAIM));
  if (binding !== "" && !BINDING.includes(binding)) errors.push(notSupported("volumeBindingMode", binding, BINDING));
  return errors;
}

function storageClassChange(object: JsonObject, old: JsonObject): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (!isEqual(objectAt(object, "parameters"), objectAt(old, "parameters"))) errors.push(forbidden("parameters", "updates to parameters are forbidden."));
  for (const field of ["provisioner", "reclaimPolicy"])
    if (textAt(object, field) !== textAt(old, field)) errors.push(forbidden(field, `updates to ${field} are forbidden.`));
  const binding = textAt(object, "volumeBindingMode");
  return binding === textAt(old, "volumeBindingMode") ? errors : [...errors, invalid("volumeBindingMode", binding, "field is immutable")];
}

function checkPriorityClass(object: JsonObject): readonly FieldError[] {
  const name = textAt(objectAt(object, "metadata"), "name");
  const value = numberAt(object, "value") ?? 0;
  const policy = textAt(object, "preemptionPolicy");
  const errors: FieldError[] = [];
  if (name.startsWith("system-") && !SYSTEM.includes(name))
    errors.push(
      forbidden(
        "metadata.name",
        `priority class names with 'system-' prefix are reserved for system use only. error: ${name} is not a known system priority class`,
      ),
    );
  else if (!name.startsWith("system-") && value > MAX_PRIORITY)
    errors.push(forbidden("value", `maximum allowed value of a user defined priority is ${MAX_PRIORITY}`));
  return policy === "" || PREEMPTION.includes(policy) ? errors : [...errors, notSupported("preemptionPolicy", policy, PREEMPTION)];
}

function priorityClassChange(object: JsonObject, old: JsonObject): readonly FieldError[] {
  const errors: FieldError[] = numberAt(object, "value") === numberAt(old, "value") ? [] : [forbidden("value", "may not be changed in an update.")];
  const policy = textAt(object, "preemptionPolicy");
  return policy === textAt(old, "preemptionPolicy") ? errors : [...errors, invalid("preemptionPolicy", policy, "field is immutable")];
}

export const STORAGE_CLASS: KindRules = { name: nameIsSubdomain, check: checkStorageClass, change: storageClassChange };
export const PRIORITY_CLASS: KindRules = { name: nameIsSubdomain, check: checkPriorityClass, change: priorityClassChange };
