import { parsePathGlob } from "@sluice/engine/build/helm/objects/path-glob.ts";
import { describe, expect, it } from "vitest";

const PATHS = ["a.txt", "b.txt", "dir/a.txt", "dir/sub/c.md", "[x]", "{a}", "x,y", ""];

describe("parsePathGlob", () => {
  it.each<{ pattern: string; want: readonly string[] | undefined }>([
    { pattern: "", want: [""] },
    { pattern: "*", want: ["a.txt", "b.txt", "[x]", "{a}", "x,y", ""] },
    { pattern: "**", want: PATHS },
    { pattern: "**.txt", want: ["a.txt", "b.txt", "dir/a.txt"] },
    { pattern: "*/*", want: ["dir/a.txt"] },
    { pattern: "dir/**", want: ["dir/a.txt", "dir/sub/c.md"] },
    { pattern: "?.txt", want: ["a.txt", "b.txt"] },
    { pattern: "[ab].txt", want: ["a.txt", "b.txt"] },
    { pattern: "[!a].txt", want: ["b.txt"] },
    { pattern: "[b-z].txt", want: ["b.txt"] },
    { pattern: "{a,dir/{a,b}}.txt", want: ["a.txt", "dir/a.txt"] },
    { pattern: "\\[x\\]", want: ["[x]"] },
    { pattern: "x,y", want: ["x,y"] },
    { pattern: "[", want: undefined },
    { pattern: "[]", want: undefined },
    { pattern: "[z-a]", want: undefined },
    { pattern: "{a", want: undefined },
    { pattern: "a\\", want: undefined },
  ])("$pattern", ({ pattern, want }) => {
    const matches = parsePathGlob(pattern);
    expect(matches && PATHS.filter(matches)).toEqual(want);
  });

  it("takes no square of time for many stars", () => {
    expect(parsePathGlob(`${"*a".repeat(50)}b`)?.("a".repeat(5_000))).toBe(false);
  });
});
