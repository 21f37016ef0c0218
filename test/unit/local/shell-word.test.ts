import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { shellWord } from "../../../lib/local/shell-word.ts";

describe("a word for a shell", () => {
  it.each([
    ["/plain/path-1.2", "/plain/path-1.2"],
    ["", "''"],
    ["/with a space", "'/with a space'"],
    ['it\'s $HOME `x` "y" \\', "'it'\\''s $HOME `x` \"y\" \\'"],
    ["~", "'~'"],
    ["two\nlines", "'two\nlines'"],
  ])("%j", (text, want) => {
    expect(shellWord(text)).toBe(want);
    expect(execFileSync("sh", ["-c", `printf %s ${shellWord(text)}`], { encoding: "utf8" })).toBe(text);
  });
});
