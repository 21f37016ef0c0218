import { isArray, isEqual, isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import type { Wanted } from "./scenario.ts";

/** What the scenario so far knows of the object that somebody waits for. */
export type Expected = {
  /** The token of the last requested reconciliation, which must have been handled. */
  readonly token?: string;
  /** The commit that the status must speak of. */
  readonly commit?: string;
};

/** Whether `object` (undefined: not there) is as wanted: ready as seen at its latest generation, at the commit, with these values. */
export function holds(object: JsonObject | undefined, wanted: Wanted, expected: Expected): boolean {
  if (wanted === "absent") return object === undefined;
  if (object === undefined) return false;
  if (wanted === "present") return true;
  const { ready, reason, where = {} } = typeof wanted === "string" ? { ready: wanted } : wanted;
  const status = objectAt(object, "status");
  const condition = conditionOf(status, "Ready");
  const generation = objectAt(object, "metadata").generation;
  if (expected.token !== undefined && status.lastHandledReconcileAt !== expected.token) return false;
  if (ready !== undefined && (condition?.status !== ready || (condition.observedGeneration ?? generation) !== generation)) return false;
  if (ready === "True" && (status.observedGeneration ?? generation) !== generation) return false;
  if (reason !== undefined && condition?.reason !== reason) return false;
  if (expected.commit !== undefined && !revisionOf(status).includes(expected.commit)) return false;
  return Object.entries(where).every(([path, value]) => (value === null ? valueAt(object, path) === undefined : isEqual(valueAt(object, path), value)));
}

/** What to show of an object that did not become as wanted. */
export const readiness = (object: JsonObject | undefined): Json =>
  object === undefined ? "absent" : (conditionOf(objectAt(object, "status"), "Ready") ?? object.status ?? "without status");

const objectAt = (object: JsonObject, key: string): JsonObject => (isObject(object[key]) ? object[key] : {});

function conditionOf(status: JsonObject, type: string): JsonObject | undefined {
  return isArray(status.conditions) ? status.conditions.filter(isObject).find((condition) => condition.type === type) : undefined;
}

function revisionOf(status: JsonObject): string {
  const revision = objectAt(status, "artifact").revision ?? status.lastAttemptedRevision;
  return typeof revision === "string" ? revision : "";
}

/** By `a.b.0.c`. */
function valueAt(object: Json, path: string): Json | undefined {
  let value: Json | undefined = object;
  for (const key of path.split(".")) value = isArray(value) ? value[Number(key)] : isObject(value) ? value[key] : undefined;
  return value;
}
