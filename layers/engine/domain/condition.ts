import { type EpochMs, formatTime } from "./time.ts";

export type ConditionStatus = "True" | "False" | "Unknown";

export type Condition = {
  readonly type: string;
  readonly status: ConditionStatus;
  readonly reason: string;
  readonly message: string;
  readonly observedGeneration?: number;
  readonly lastTransitionTime: string;
};

/** A condition as a reconciler says it; when it changed is found by comparison. */
export type ConditionNow = Omit<Condition, "lastTransitionTime">;

const MAX_MESSAGE = 32_768;
const FIRST = ["Stalled", "Reconciling", "Ready"];

/** Cut at 32,768 characters, the last three then being `...`. Source: reference 0.2. */
export const cutMessage = (message: string): string => (message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE - 3)}...` : message);

/**
 * `conditions` with `next` in it, in Flux's order.
 * `lastTransitionTime` is kept unless status, reason or message differ: a change of observedGeneration alone keeps it.
 * Source: reference 0.2.
 */
export function setCondition(conditions: readonly Condition[], next: ConditionNow, now: EpochMs): readonly Condition[] {
  const cut = { ...next, message: cutMessage(next.message) };
  const old = conditions.find(({ type }) => type === next.type);
  const same = old !== undefined && old.status === cut.status && old.reason === cut.reason && old.message === cut.message;
  const made: Condition = { ...cut, lastTransitionTime: same ? old.lastTransitionTime : formatTime(now) };
  return inFluxOrder([...conditions.filter(({ type }) => type !== next.type), made]);
}

export const withoutCondition = (conditions: readonly Condition[], type: string): readonly Condition[] =>
  conditions.filter((condition) => condition.type !== type);

export const findCondition = (conditions: readonly Condition[], type: string): Condition | undefined => conditions.find((condition) => condition.type === type);

export const isTrue = (conditions: readonly Condition[], type: string): boolean => findCondition(conditions, type)?.status === "True";

/** Stalled, Reconciling, Ready, then the newest generation first, then by type. */
function inFluxOrder(conditions: readonly Condition[]): readonly Condition[] {
  const rank = ({ type }: Condition): number => (FIRST.includes(type) ? FIRST.indexOf(type) : FIRST.length);
  return conditions.toSorted(
    (a, b) => rank(a) - rank(b) || (b.observedGeneration ?? 0) - (a.observedGeneration ?? 0) || (a.type < b.type ? -1 : a.type > b.type ? 1 : 0),
  );
}
