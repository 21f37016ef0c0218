import { createMessagePatterns } from "@sluice/engine/events/message-pattern.ts";
import { describe, expect, it } from "vitest";

describe("what Go makes of a pattern", () => {
  it.each([
    { pattern: "failed", message: "it failed", want: "matches" },
    { pattern: "^failed", message: "it failed", want: "differs" },
    { pattern: "(?i)FAILED", message: "it failed", want: "matches" },
    { pattern: "", message: "anything", want: "matches" },
    { pattern: "a.c", message: "a\nc", want: "differs" },
    { pattern: "(?s)a.c", message: "a\nc", want: "matches" },
    { pattern: "\\bit\\b", message: "it failed", want: "matches" },
    { pattern: "x{2}", message: "axxb", want: "matches" },
    { pattern: "(of", message: "of", want: "wrong" },
    { pattern: "(?=x)", message: "x", want: "wrong" },
    { pattern: "(a)\\1", message: "aa", want: "wrong" },
    { pattern: "a{1001}", message: "a", want: "wrong" },
  ])("$pattern", ({ pattern, message, want }) => expect(createMessagePatterns().test(pattern, message)).toBe(want));
});

describe("no pattern stalls", () => {
  /** Without a literal that could be missed at once. */
  const message = Array.from({ length: 39_000 }, (_, index) => ((index * 7919) % 13 < 6 ? "a" : "b")).join("");

  it.each(["(a*)*c", "(a|aa)+$", "(.*)(.*)(.*)(.*)(.*)c", "([ab]|b)*a([ab]|b){20}c"])("%s ends", (pattern) =>
    expect(createMessagePatterns().test(pattern, message)).toBe("differs"));

  it.each([
    "([ab]|b)*a([ab]|b){1000}c?$",
    "(?:[ab]{0,900}[ab]{0,900})c",
    "x{1000}".repeat(2_000),
    "(((a{10}){10}){10})".repeat(1_000),
    "a".repeat(600_000),
    `[${"a-z".repeat(10_000)}]`,
    "a{1000}".repeat(280),
    "(?i)\\pL{1000}b",
  ])("what could take long is not begun: %#", (pattern) => expect(createMessagePatterns().test(pattern, message)).toBe("too-much"));

  it("a usual pattern has a limit that dozens of it do not come to, with the longest message", () => {
    const patterns = createMessagePatterns();
    const ends = Array.from({ length: 30 }, () => patterns.test("(?i)waiting.*for|no such (host|file)", message));
    expect(new Set(ends)).toEqual(new Set(["differs"]));
  });

  it("patterns that each take little have one limit together", () => {
    const patterns = createMessagePatterns(100_000);
    const ends = Array.from({ length: 40 }, () => patterns.test("[ab]+c$", "ab".repeat(1_000)));
    expect(ends[0]).toBe("differs");
    expect(ends.at(-1)).toBe("too-much");
  });
});
