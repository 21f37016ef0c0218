import { expect, it } from "vitest";
import { unifiedDiff } from "../../../../../lib/local/sandbox/validation/unified-diff.ts";

const lines = (text: string): readonly string[] => text.split("");

it.each([
  ["abcdefghi", "abcdXfghi", "@@ -2,7 +2,7 @@\n b\n c\n d\n-e\n+X\n f\n g\n h\n"],
  ["ab", "abc", "@@ -1,2 +1,3 @@\n a\n b\n+c\n"],
  ["a", "", "@@ -1 +0,0 @@\n-a\n"],
  ["aXbcdefghYi", "abcdefghi", "@@ -1,5 +1,4 @@\n a\n-X\n b\n c\n d\n@@ -7,5 +6,4 @@\n f\n g\n h\n-Y\n i\n"],
  ["same", "same", ""],
])("%s → %s", (before, after, want) => expect(unifiedDiff(lines(before), lines(after))).toBe(want));
