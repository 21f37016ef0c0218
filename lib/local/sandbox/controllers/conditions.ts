import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import { listAt, textAt } from "../validation/fields.ts";

export type ConditionNow = { readonly type: string; readonly status: "True" | "False" | "Unknown"; readonly reason: string; readonly message: string };

export const conditionsOf = (status: JsonObject): readonly Json[] => listAt(status, "conditions");
export const findCondition = (conditions: readonly Json[], type: string): Json | undefined => conditions.find((one) => textAt(one, "type") === type);

/** The same status and reason leave a condition as it is; the same status leaves its transition time. A changed one moves to the end. */
export function setCondition(conditions: readonly Json[], next: ConditionNow, now: string, times: readonly string[] = ["lastUpdateTime"]): readonly Json[] {
  const old = findCondition(conditions, next.type);
  const sameStatus = old !== undefined && textAt(old, "status") === next.status;
  if (sameStatus && textAt(old, "reason") === next.reason) return conditions;
  const stamps = Object.fromEntries(times.map((time) => [time, now]));
  const made = { ...next, lastTransitionTime: sameStatus ? textAt(old, "lastTransitionTime") : now, ...stamps };
  return [...conditions.filter((one) => textAt(one, "type") !== next.type), made];
}

/** A number that the server leaves out when it is zero. */
export const unlessZero = (name: string, value: number): JsonObject => (value === 0 ? {} : { [name]: value });
