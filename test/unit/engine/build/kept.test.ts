import { createKept } from "@sluice/engine/build/kept.ts";
import { describe, expect, it } from "vitest";

describe("what is remembered", () => {
  it.each<{ what: string; steps: readonly (readonly [key: string, weight: number] | string)[]; want: string }>([
    { what: "all that fits", steps: [["a", 4], ["b", 6]], want: "ab" }, // biome-ignore format: a row
    { what: "the oldest goes first", steps: [["a", 4], ["b", 4], ["c", 4]], want: "bc" }, // biome-ignore format: a row
    { what: "who is asked for stays", steps: [["a", 4], ["b", 4], "a", ["c", 4]], want: "ac" }, // biome-ignore format: a row
    { what: "what is too heavy is not kept, and drives nobody out", steps: [["a", 4], ["b", 11]], want: "a" }, // biome-ignore format: a row
    { what: "a key that comes again counts once", steps: [["a", 6], ["a", 6], ["b", 4]], want: "ab" }, // biome-ignore format: a row
    { what: "one that has become too heavy is forgotten", steps: [["a", 6], ["a", 11], ["b", 10]], want: "b" }, // biome-ignore format: a row
  ])("$what", ({ steps, want }) => {
    const kept = createKept<string>(10);
    for (const step of steps) {
      if (typeof step === "string") kept.get(step);
      else kept.set(step[0], `value of ${step[0]}`, step[1]);
    }
    const found = ["a", "b", "c"].filter((key) => kept.get(key) === `value of ${key}`);
    expect(found.join("")).toBe(want);
  });
});
