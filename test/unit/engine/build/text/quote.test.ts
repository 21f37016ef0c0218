import { expect, it } from "vitest";
import { canBackquote, quote, quoteCharacter } from "../../../../../layers/engine/build/text/quote.ts";

it.each([
  ["", '""'],
  ['say "hi" \\ bye', String.raw`"say \"hi\" \\ bye"`],
  ["a\nb\tc\r\u0007\b\f\v", String.raw`"a\nb\tc\r\a\b\f\v"`],
  ["\0\u001b\u007f", String.raw`"\x00\x1b\x7f"`],
  ["é 😀 日", '"é 😀 日"'],
  ["\u0080\u00a0\u00ad\u2028\u200b\ufeff", String.raw`"\u0080\u00a0\u00ad\u2028\u200b\ufeff"`],
  ["\u{e0001}", String.raw`"\U000e0001"`],
])("quotes %j as Go's %%q does", (text, want) => expect(quote(text)).toBe(want));

it.each([
  ["\udc80x\udcff", String.raw`"\x80x\xff"`],
  ["\ud83d", String.raw`"\ufffd"`],
])("quotes %j, which is no text, as Go's bytes are", (text, want) => expect(quote(text)).toBe(want));

it("quotes in ASCII", () => expect(quote("é 😀", true)).toBe(String.raw`"\u00e9 \U0001f600"`));

it.each([
  ["a", "'a'"],
  ["'", String.raw`'\''`],
  ['"', `'"'`],
  ["\n", String.raw`'\n'`],
  ["😀", "'😀'"],
])("quotes the character %j as Go's %%q does a rune", (text, want) => expect(quoteCharacter(text)).toBe(want));

it.each([
  ["a\tb", true],
  ["a\nb", false],
  ["a`b", false],
])("%j between backquotes: %s", (text, want) => expect(canBackquote(text)).toBe(want));
