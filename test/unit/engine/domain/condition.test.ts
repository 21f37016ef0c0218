import { type Condition, setCondition } from "@sluice/engine/domain/condition.ts";
import { epochMs } from "@sluice/engine/domain/time.ts";
import { describe, expect, it } from "vitest";

const AT = epochMs(Date.parse("2030-01-01T00:00:00.700Z"));
const ready: Condition = { type: "Ready", status: "True", reason: "R", message: "m", observedGeneration: 1, lastTransitionTime: "2029-01-01T00:00:00Z" };

describe("setCondition", () => {
  it.each([
    { what: "nothing changed", next: {}, time: "2029-01-01T00:00:00Z" },
    { what: "only the generation changed", next: { observedGeneration: 2 }, time: "2029-01-01T00:00:00Z" },
    { what: "the message changed", next: { message: "other" }, time: "2030-01-01T00:00:00Z" },
    { what: "the reason changed", next: { reason: "Other" }, time: "2030-01-01T00:00:00Z" },
    { what: "the status changed", next: { status: "False" as const }, time: "2030-01-01T00:00:00Z" },
  ])("$what: $time", ({ next, time }) => {
    const { lastTransitionTime: _, ...now } = { ...ready, ...next };
    expect(setCondition([ready], now, AT)).toEqual([{ ...ready, ...next, lastTransitionTime: time }]);
  });

  it("keeps foreign types and puts Stalled, Reconciling, Ready first", () => {
    const others: Condition[] = [{ ...ready, type: "B" }, { ...ready, type: "A", observedGeneration: 2 }, ready];
    const types = setCondition(others, { type: "Reconciling", status: "True", reason: "P", message: "" }, AT).map(({ type }) => type);
    expect(types).toEqual(["Reconciling", "Ready", "A", "B"]);
  });

  it("cuts a message at 32,768 characters", () => {
    const [made] = setCondition([], { type: "Ready", status: "False", reason: "R", message: "x".repeat(40_000) }, AT);
    expect(made?.message).toHaveLength(32_768);
    expect(made?.message.endsWith("x...")).toBe(true);
  });
});
