import { GO_ESCAPES } from "../../domain/go-escapes.ts";

const PRINTED = /^[ \p{L}\p{M}\p{N}\p{P}\p{S}]$/u;

/** A text in the quotes and escapes of Go's `%q`. */
export const quote = (text: string): string => `"${Array.from(text, quoteCharacter).join("")}"`;

function quoteCharacter(character: string): string {
  const short = GO_ESCAPES.get(character);
  if (short !== undefined) return short;
  if (PRINTED.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20 || code === 0x7f) return `\\x${hex(code, 2)}`;
  return code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`;
}

const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, "0");
