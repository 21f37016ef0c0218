import { epochMs, hours, minutes, ms } from "@sluice/engine/domain/time.ts";
import { type DueInput, isDue, nextTurn, turnWindow } from "@sluice/engine/plan/due.ts";
import { describe, expect, it } from "vitest";

const T0 = Date.UTC(2030, 0, 1);
const window = { from: epochMs(T0), to: epochMs(T0 + 60_000) };
const ready: DueInput = {
  uid: "6f1c1f0e-0000-4000-8000-000000000001",
  generation: 2,
  seenGeneration: 2,
  ready: "True",
  deleted: false,
  suspended: false,
  stalled: false,
  requestedAt: undefined,
  handledAt: undefined,
  interval: minutes(100_000),
};
const HOURLY: Partial<DueInput> = { interval: minutes(100_000), retryInterval: ms(30_000) };

describe("isDue", () => {
  it.each<{ name: string; input: Partial<DueInput>; want: string }>([
    { name: "all well", input: {}, want: "not-due" },
    { name: "being deleted, though suspended and stalled", input: { deleted: true, suspended: true, stalled: true }, want: "deletion" },
    { name: "asked for", input: { requestedAt: "x", handledAt: "w" }, want: "request" },
    { name: "asked for the first time", input: { requestedAt: "x" }, want: "request" },
    { name: "asked for and handled", input: { requestedAt: "x", handledAt: "x" }, want: "not-due" },
    { name: "a new generation of a suspended one", input: { observedGeneration: 1, suspended: true }, want: "generation" },
    { name: "one that was created suspended", input: { observedGeneration: -1, suspended: true, ready: undefined }, want: "generation" },
    { name: "a suspended one whose generation was seen", input: { observedGeneration: 2, seenGeneration: 1, suspended: true }, want: "not-due" },
    { name: "asked for while suspended", input: { requestedAt: "x", suspended: true }, want: "request" },
    { name: "asked for while stalled", input: { requestedAt: "x", stalled: true, ready: "False" }, want: "request" },
    { name: "never seen", input: { ready: undefined, seenGeneration: undefined }, want: "new" },
    { name: "never seen and suspended", input: { ready: undefined, seenGeneration: undefined, suspended: true }, want: "not-due" },
    { name: "a new generation", input: { generation: 3 }, want: "generation" },
    { name: "a new generation of a stalled one", input: { generation: 3, stalled: true, ready: "False" }, want: "generation" },
    { name: "stalled", input: { ...HOURLY, stalled: true, ready: "False" }, want: "not-due" },
    { name: "a run that did not finish", input: { ready: "Unknown" }, want: "unfinished" },
    { name: "another revision", input: { sourceRevision: "main@sha1:b", attemptedRevision: "main@sha1:a" }, want: "revision" },
    { name: "a revision for the first time", input: { sourceRevision: "main@sha1:b" }, want: "revision" },
    { name: "the same revision", input: { sourceRevision: "main@sha1:b", attemptedRevision: "main@sha1:b" }, want: "not-due" },
    { name: "another revision while suspended", input: { sourceRevision: "main@sha1:b", suspended: true }, want: "not-due" },
    { name: "dependencies that have become ready", input: { ready: "False", unblocked: true }, want: "dependencies" },
    { name: "a failure within its retry interval", input: { ...HOURLY, ready: "False" }, want: "retry" },
    { name: "a success does not go by the retry interval", input: { ...HOURLY }, want: "not-due" },
    { name: "an interval shorter than the window", input: { interval: ms(60_000) }, want: "interval" },
    { name: "a failure without a retry interval", input: { interval: ms(60_000), ready: "False" }, want: "retry" },
    { name: "an interval of nothing", input: { interval: ms(0) }, want: "interval" },
  ])("$name → $want", ({ input, want }) => {
    const due = isDue({ ...ready, ...input }, window);
    expect(due.kind === "due" ? due.cause : due.kind).toBe(want);
  });

  it("has every object's turn exactly once per interval, whatever the windows", () => {
    for (const uid of ["a", "b", "c", "d"]) {
      const turns: number[] = [];
      for (let from = T0; from < T0 + 3_600_000 * 4; from += 60_000 - (from % 7)) {
        const to = from + 60_000 - (from % 7);
        if (isDue({ ...ready, uid, interval: minutes(60) }, { from: epochMs(from), to: epochMs(to) }).kind === "due") turns.push(from);
      }
      expect(turns.length).toBe(4);
    }
  });

  it("spreads objects over the interval", () => {
    const minutesOfTurns = Array.from({ length: 600 }, (_, index) => Math.floor((nextTurn(`uid-${index}`, minutes(10), epochMs(T0)) - T0) / 60_000));
    for (let minute = 0; minute < 10; minute++) expect(minutesOfTurns.filter((at) => at === minute).length).toBeGreaterThan(30);
  });

  it("has windows of passes by the clock that join, however late each pass is", () => {
    const interval = minutes(10);
    let before: ReturnType<typeof turnWindow> | undefined;
    for (let turn = nextTurn("u", interval, epochMs(T0)), pass = 0; pass < 200; pass++, turn = nextTurn("u", interval, turn)) {
      const late = (pass * 7919) % (interval - 1);
      const next = turnWindow("u", interval, epochMs(turn + late));
      expect(next.to).toBe(turn);
      if (before !== undefined) expect(next.from).toBe(before.to);
      before = next;
    }
    // So a turn of the day falls into the window of exactly one pass in a day.
    expect(turnWindow("u", ms(0), epochMs(T0))).toEqual({ from: T0, to: T0 });
    const day = nextTurn("object", hours(24), epochMs(T0));
    const passes = Array.from({ length: 144 }, (_, pass) => turnWindow("u", interval, epochMs(T0 + (pass + 1) * interval)));
    expect(passes.filter(({ from, to }) => from < day && day <= to).length).toBe(1);
  });

  it("says when to look next", () => {
    const due = isDue({ ...ready, interval: minutes(60) }, { from: epochMs(T0), to: epochMs(T0) });
    if (due.kind !== "not-due" || due.at === undefined) throw new Error("expected a time");
    expect(due.at).toBe(nextTurn(ready.uid, minutes(60), epochMs(T0)));
    expect(isDue({ ...ready, interval: minutes(60) }, { from: epochMs(T0), to: due.at }).kind).toBe("due");
  });
});
