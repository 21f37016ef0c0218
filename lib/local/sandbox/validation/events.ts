import type { JsonObject } from "@sluice/engine/domain/json.ts";
import { type FieldError, invalid, required } from "../schema/field-error.ts";
import { nameIsSubdomain, qualifiedName } from "../schema/names.ts";
import { errorsOf, objectAt, textAt } from "./fields.ts";
import type { KindRules } from "./rule.ts";

const TYPES = ["Normal", "Warning"];

/** Of both groups; each has names of its own for the same fields. Source: core/validation ValidateEventCreate, legacyValidateEvent. */
function checkEvent(event: JsonObject): readonly FieldError[] {
  const errors = [...namespaceErrors(event)];
  const isNew = event.apiVersion !== "v1";
  const hasTime = textAt(event, "eventTime") !== "";
  if (hasTime) errors.push(...reporterErrors(event, isNew ? "reportingController" : "reportingComponent"));
  if (!isNew) return errors;
  if (!hasTime) errors.push(required("eventTime"));
  const type = textAt(event, "type");
  return TYPES.includes(type) ? errors : [...errors, invalid("type", "", `has invalid value: ${type}`)];
}

/** An Event stands in the namespace of what it is about; about what has none, in `default`. */
function namespaceErrors(event: JsonObject): readonly FieldError[] {
  const about = textAt(objectAt(event, event.apiVersion === "v1" ? "involvedObject" : "regarding"), "namespace");
  const own = textAt(objectAt(event, "metadata"), "namespace");
  const fits = about === "" ? own === "" || own === "default" : about === own;
  return fits ? [] : [invalid("involvedObject.namespace", about, "does not match event.namespace")];
}

/** An Event with a time of its own says who saw it, and doing what. */
function reporterErrors(event: JsonObject, field: string): readonly FieldError[] {
  const reporter = textAt(event, field);
  return [
    ...(reporter === "" ? [required(field)] : []),
    ...errorsOf(field, reporter, qualifiedName(reporter)),
    ...["reportingInstance", "action", "reason"].filter((name) => textAt(event, name) === "").map((name) => required(name)),
  ];
}

export const EVENT: KindRules = { name: nameIsSubdomain, check: checkEvent };
