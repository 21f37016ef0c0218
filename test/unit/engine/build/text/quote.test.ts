import { expect, it } from "vitest";
import { quote } from "../../../../../layers/engine/build/text/quote.ts";

it.each([
  ["", '""'],
  ['say "hi" \\ bye', String.raw`"say \"hi\" \\ bye"`],
  ["a\nb\tc\r\u0007\b\f\v", String.raw`"a\nb\tc\r\a\b\f\v"`],
  ["\0\u001b\u007f", String.raw`"\x00\x1b\x7f"`],
  ["é 😀 日", '"é 😀 日"'],
  ["\u0080\u00a0\u00ad\u2028\u200b\ufeff", String.raw`"\u0080\u00a0\u00ad\u2028\u200b\ufeff"`],
  ["\u{e0001}", String.raw`"\U000e0001"`],
])("quotes %j as Go's %%q does", (text, want) => expect(quote(text)).toBe(want));
