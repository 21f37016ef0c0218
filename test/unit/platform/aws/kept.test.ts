import { createKept, isAnswer, PAUSE_MS } from "@sluice/platform/aws/kept.ts";
import { describe, expect, it } from "vitest";

const said = (name: string, fault?: string): Error => Object.assign(new Error(name), { name, ...(fault !== undefined && { $fault: fault }) });
const SILENCE = said("TimeoutError");
const REFUSAL = said("AccessDeniedException", "client");

/** A value that is good for a minute; `script` says what each question is answered with. */
function world(script: readonly (string | Error)[], isUsable?: (value: string) => boolean) {
  const left = [...script];
  const state = { now: 0, asked: 0 };
  const kept = createKept<string>({
    load: async () => {
      state.asked++;
      await Promise.resolve();
      const next = left.shift();
      if (next === undefined || next instanceof Error) throw next ?? new Error("asked too often");
      return next;
    },
    now: () => state.now,
    until: (_, at) => at + 60_000,
    ...(isUsable !== undefined && { isUsable }),
  });
  return { kept, state };
}

const outcome = (value: Promise<string>): Promise<string> => value.catch((error: Error) => `throws ${error.name}`);

describe("createKept", () => {
  type Step = { readonly at: number; readonly expire?: true; readonly want: string; readonly asked: number };
  it.each<{ why: string; script: readonly (string | Error)[]; steps: readonly Step[]; isUsable?: (value: string) => boolean }>([
    {
      why: "asks when the value has run out, not before",
      script: ["a", "b"],
      steps: [
        { at: 0, want: "a", asked: 1 },
        { at: 59_999, want: "a", asked: 1 },
        { at: 60_000, want: "b", asked: 2 },
      ],
    },
    {
      why: "uses on what it has while nobody answers, and does not press",
      script: ["a", SILENCE, SILENCE, "b"],
      steps: [
        { at: 0, want: "a", asked: 1 },
        { at: 60_000, want: "a", asked: 2 },
        { at: 60_000 + PAUSE_MS - 1, want: "a", asked: 2 },
        { at: 60_000 + PAUSE_MS, want: "a", asked: 3 },
        { at: 60_000 + 2 * PAUSE_MS, want: "b", asked: 4 },
        { at: 60_000 + 3 * PAUSE_MS, want: "b", asked: 4 },
      ],
    },
    {
      why: "believes an answer, whatever it has",
      script: ["a", REFUSAL],
      steps: [
        { at: 0, want: "a", asked: 1 },
        { at: 60_000, want: "throws AccessDeniedException", asked: 2 },
      ],
    },
    {
      why: "throws silence when it has nothing, and asks again at once",
      script: [SILENCE, "a"],
      steps: [
        { at: 0, want: "throws TimeoutError", asked: 1 },
        { at: 1, want: "a", asked: 2 },
      ],
    },
    {
      why: "asks anew when told, but for a moment after it asked",
      script: ["a", "b"],
      steps: [
        { at: 0, want: "a", asked: 1 },
        { at: PAUSE_MS - 1, expire: true, want: "a", asked: 1 },
        { at: PAUSE_MS, want: "b", asked: 2 },
        { at: PAUSE_MS + 1, expire: true, want: "b", asked: 2 },
      ],
    },
    {
      why: "does not use what is of no use any more",
      script: ["a", SILENCE, "b"],
      isUsable: () => false,
      steps: [
        { at: 0, want: "a", asked: 1 },
        { at: 60_000, want: "throws TimeoutError", asked: 2 },
        { at: 60_001, want: "b", asked: 3 },
        { at: 60_002, expire: true, want: "throws Error", asked: 4 },
      ],
    },
  ])("$why", async ({ script, steps, isUsable }) => {
    const { kept, state } = world(script, isUsable);
    for (const { at, expire, want, asked } of steps) {
      state.now = at;
      if (expire === true) kept.expire();
      expect(`${at}: ${await outcome(kept.get())}`).toBe(`${at}: ${want}`);
      expect(state.asked).toBe(asked);
    }
  });

  it("asks once for all who want it at the same time", async () => {
    const { kept, state } = world(["a", "b"]);
    expect(await Promise.all([kept.get(), kept.get(), kept.get()])).toEqual(["a", "a", "a"]);
    state.now = 60_000;
    expect(await Promise.all([kept.get(), kept.get()])).toEqual(["b", "b"]);
    expect(state.asked).toBe(2);
  });
});

describe("isAnswer", () => {
  it.each<{ error: unknown; want: boolean }>([
    { error: REFUSAL, want: true },
    { error: said("ResourceNotFoundException", "client"), want: true },
    { error: said("ThrottlingException", "client"), want: false },
    { error: said("TooManyRequestsException", "client"), want: false },
    { error: said("InternalServiceError", "server"), want: false },
    { error: SILENCE, want: false },
    { error: "AccessDenied", want: false },
  ])("$error.name: $want", ({ error, want }) => expect(isAnswer(error)).toBe(want));
});
