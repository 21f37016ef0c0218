import { quote } from "../../text/quote.ts";

/** A character as Go's `%q` shows it. */
export function quoteRune(character: string): string {
  if (character === "'") return "'\\''";
  return character === '"' ? "'\"'" : `'${quote(character).slice(1, -1)}'`;
}
