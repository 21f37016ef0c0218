import { isObject, type Json } from "@sluice/engine/domain/json.ts";
import { type FieldError, forbidden, invalid, required } from "../schema/field-error.ts";
import { validateLabels } from "../schema/metadata.ts";
import { labelValue, qualifiedName } from "../schema/names.ts";
import { listAt, objectAt, textAt } from "./fields.ts";

const NEEDS_VALUES = ["In", "NotIn"];
const TAKES_NONE = ["Exists", "DoesNotExist"];

/** Source: apimachinery, meta/v1/validation ValidateLabelSelector. */
export function validateSelector(selector: Json | undefined, path: string): readonly FieldError[] {
  if (!isObject(selector)) return [];
  const labels = validateLabels(objectAt(selector, "matchLabels"), `${path}.matchLabels`);
  return [...labels, ...listAt(selector, "matchExpressions").flatMap((one, index) => validateRequirement(one, `${path}.matchExpressions[${index}]`))];
}

function validateRequirement(requirement: Json, path: string): readonly FieldError[] {
  const operator = textAt(requirement, "operator");
  const values = listAt(requirement, "values");
  const key = textAt(requirement, "key");
  const errors: FieldError[] = [];
  if (NEEDS_VALUES.includes(operator)) {
    if (values.length === 0) errors.push(required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
  } else if (TAKES_NONE.includes(operator)) {
    if (values.length > 0) errors.push(forbidden(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
  } else errors.push(invalid(`${path}.operator`, operator, "not a valid selector operator"));
  errors.push(...qualifiedName(key).map((problem) => invalid(`${path}.key`, key, problem)));
  for (const [index, value] of values.entries())
    if (typeof value === "string") errors.push(...labelValue(value).map((problem) => invalid(`${path}.values[${index}]`, value, problem)));
  return errors;
}

export const isEmptySelector = (selector: Json | undefined): boolean =>
  Object.keys(objectAt(selector, "matchLabels")).length === 0 && listAt(selector, "matchExpressions").length === 0;

/** Whether labels fit a LabelSelector; an empty one fits all, none fits nothing. */
export function selects(selector: Json | undefined, labels: { readonly [key: string]: Json | undefined }): boolean {
  if (!isObject(selector)) return false;
  const wanted = Object.entries(objectAt(selector, "matchLabels"));
  if (!wanted.every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value)) return false;
  return listAt(selector, "matchExpressions").every((requirement) => {
    const key = textAt(requirement, "key");
    const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
    switch (textAt(requirement, "operator")) {
      case "In":
        return value !== undefined && listAt(requirement, "values").includes(value);
      case "NotIn":
        return value === undefined || !listAt(requirement, "values").includes(value);
      case "Exists":
        return value !== undefined;
      case "DoesNotExist":
        return value === undefined;
      default:
        return false;
    }
  });
}
