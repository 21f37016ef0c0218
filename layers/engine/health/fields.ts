import { isArray, isObject, type Json, type JsonObject } from "../domain/json.ts";
import { ok, problem, type Result } from "../domain/result.ts";

/** The value under a path such as `status.readyReplicas`, undefined when any step is missing. */
export function at(object: Json | undefined, path: string): Json | undefined {
  return path.split(".").reduce<Json | undefined>((value, key) => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined), object);
}

/** A whole number, or `otherwise` when there is none. */
export function numberAt(object: Json, path: string, otherwise: number): number {
  const value = at(object, path);
  return typeof value === "number" && Number.isInteger(value) ? value : otherwise;
}

export function textAt(object: Json, path: string, otherwise: string): string {
  const value = at(object, path);
  return typeof value === "string" ? value : otherwise;
}

/** A condition as far as health goes by it. */
export type HealthCondition = { readonly type: string; readonly status: string; readonly reason: string; readonly message: string };

/** `status.conditions` in their order; a problem when they are there in a form that no condition has. */
export function conditionsOf(object: Json): Result<readonly HealthCondition[]> {
  const status = at(object, "status");
  if (status === undefined || status === null) return ok([]);
  if (!isObject(status)) return problem("status is no map");
  const { conditions } = status;
  if (conditions === undefined || conditions === null) return ok([]);
  if (!isArray(conditions)) return problem("status.conditions is no list");
  const parsed: HealthCondition[] = [];
  for (const condition of conditions) {
    const text = isObject(condition) ? conditionOf(condition) : undefined;
    if (text === undefined) return problem("status.conditions has an item that is no condition");
    parsed.push(text);
  }
  return ok(parsed);
}

function conditionOf(condition: JsonObject): HealthCondition | undefined {
  const { type = "", status = "", reason = "", message = "" } = condition;
  if (typeof type !== "string" || typeof status !== "string") return undefined;
  return typeof reason === "string" && typeof message === "string" ? { type, status, reason, message } : undefined;
}
