import { isArray, isObject, type Json } from "../domain/json.ts";
import { parseTime } from "../domain/time.ts";

/** A type of Go, as far as bodies of webhooks have them. */
export type GoType = "text" | "time" | { readonly list: GoType } | { readonly fields: { readonly [name: string]: GoType } };

/** Whether encoding/json decodes `value` into that type: fields may be missing, `null` or of other names, but not of another type. Names count in any case. */
export function isDecodable(value: Json, type: GoType): boolean {
  if (value === null) return true;
  if (type === "text") return typeof value === "string";
  if (type === "time") return typeof value === "string" && TIME.test(value) && parseTime(value) !== undefined;
  if ("list" in type) return isArray(value) && value.every((item) => isDecodable(item, type.list));
  if (!isObject(value)) return false;
  const fields = Object.entries(type.fields);
  return Object.entries(value).every(([key, item]) => fields.every(([name, field]) => key.toLowerCase() !== name.toLowerCase() || isDecodable(item, field)));
}

/** RFC 3339. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** The field as encoding/json finds it: by its name in any case, and of several the last. */
export function fieldOf(value: Json | undefined, name: string): Json | undefined {
  if (!isObject(value)) return undefined;
  const key = Object.keys(value).findLast((candidate) => candidate.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : value[key];
}

/** The text in a field; `""` where there is none. */
export function textField(value: Json | undefined, name: string): string {
  const found = fieldOf(value, name);
  return typeof found === "string" ? found : "";
}
