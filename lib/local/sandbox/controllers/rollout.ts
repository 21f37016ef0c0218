import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { jsonOf, numberAt, objectAt, textAt } from "../validation/fields.ts";

export type Rollout = {
  readonly desired: number;
  /** With the surge. */
  readonly most: number;
  /** Replicas of the ReplicaSet of the current template. */
  readonly current: number;
  readonly others: readonly { readonly set: Manifest; readonly replicas: number }[];
};

/** A number or a percentage of `total`; surges round up, absences down. Source: apimachinery, intstr. */
export function amountOf(value: Json | undefined, total: number, round: (number: number) => number, otherwise: number): number {
  if (typeof value === "number") return value;
  if (typeof value === "string" && value.endsWith("%")) return round((Number(value.slice(0, -1)) * total) / 100);
  return otherwise;
}

const replicasOf = (set: Manifest | undefined): number => (set === undefined ? 0 : (numberAt(objectAt(jsonOf(set), "spec"), "replicas") ?? 1));
const availableOf = (set: Manifest | undefined): number => (set === undefined ? 0 : (numberAt(objectAt(jsonOf(set), "status"), "availableReplicas") ?? 0));
const podsOf = (set: Manifest): number => numberAt(objectAt(jsonOf(set), "status"), "replicas") ?? 0;
const sum = (sets: readonly Manifest[], count: (set: Manifest) => number): number => sets.reduce((total, set) => total + count(set), 0);

/** How many Pods may be missing in a rollout. */
export function maxUnavailable(spec: JsonObject, desired: number): number {
  const strategy = objectAt(spec, "strategy");
  if (textAt(strategy, "type") === "Recreate") return 0;
  const rolling = objectAt(strategy, "rollingUpdate");
  const most = amountOf(rolling.maxUnavailable, desired, Math.floor, Math.floor(desired / 4));
  const surge = amountOf(rolling.maxSurge, desired, Math.ceil, Math.ceil(desired / 4));
  return Math.min(desired, most === 0 && surge === 0 ? 1 : most);
}

/** The next step of a rollout. `current` undefined: its ReplicaSet is about to be made. */
export function planRollout(spec: JsonObject, current: Manifest | undefined, others: readonly Manifest[]): Rollout {
  const desired = numberAt(spec, "replicas") ?? 1;
  const strategy = objectAt(spec, "strategy");
  if (textAt(strategy, "type") === "Recreate") {
    const running = sum(others, podsOf) + sum(others, replicasOf);
    return { desired, most: desired, current: running > 0 ? replicasOf(current) : desired, others: others.map((set) => ({ set, replicas: 0 })) };
  }
  const surge = amountOf(objectAt(strategy, "rollingUpdate").maxSurge, desired, Math.ceil, Math.ceil(desired / 4));
  const most = desired === 0 ? 0 : desired + surge;
  const own = replicasOf(current);
  const room = Math.max(0, desired + surge - own - sum(others, replicasOf));
  const next = own > desired ? desired : own + Math.min(room, desired - own);
  return { desired, most, current: next, others: shrink(spec, desired, next, current, others) };
}

/** Old Pods go as far as enough are available without them; what is not available goes first. */
function shrink(spec: JsonObject, desired: number, next: number, current: Manifest | undefined, others: readonly Manifest[]): Rollout["others"] {
  const least = desired - maxUnavailable(spec, desired);
  const unready = Math.max(0, next - availableOf(current));
  let spare = Math.max(0, next + sum(others, replicasOf) - least - unready);
  return others.map((set) => {
    const gone = Math.min(replicasOf(set), spare);
    spare -= gone;
    return { set, replicas: replicasOf(set) - gone };
  });
}
