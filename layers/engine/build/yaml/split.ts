import { ok, problem, type Result } from "../../domain/result.ts";

/** A part of a manifest file between two separators: from `start` to `end` of the text; `line` is that of its beginning, from 1. */
export type Part = { readonly start: number; readonly end: number; readonly line: number };

export type WrongSeparator = { readonly message: string; readonly line: number };

const SEPARATOR = /\n---[^\n]*\n/g;

/**
 * The parts of a file between the lines that begin with `---`; such a line may hold nothing else but a comment. The first and the last line of the
 * file are no separators. Line ends are `\n` already. Source: kyaml kio/byteio_reader.go, splitDocuments.
 */
export function splitParts(text: string): Result<readonly Part[], WrongSeparator> {
  const parts: Part[] = [];
  let start = 0;
  let line = 1;
  for (const match of text.matchAll(SEPARATOR)) {
    const rest = trimSpace(match[0].slice(4));
    if (rest !== "" && !rest.startsWith("#")) {
      return problem({ message: `invalid document separator: ${trimSpace(match[0])}`, line: line + countBreaks(text, start, match.index + 1) });
    }
    // The line break before the separator belongs to the part, where it may end a block of text.
    parts.push({ start, end: match.index + 1, line });
    line += countBreaks(text, start, match.index + match[0].length);
    start = match.index + match[0].length;
  }
  if (text !== "") parts.push({ start, end: text.length, line });
  return ok(parts);
}

function countBreaks(text: string, start: number, end: number): number {
  let count = 0;
  for (let at = text.indexOf("\n", start); at !== -1 && at < end; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

/** Go's strings.TrimSpace knows U+0085, JavaScript's does not; JavaScript's knows U+FEFF, Go's does not. */
const trimSpace = (text: string): string =>
  text
    .replace(/^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/, "")
    .replace(/[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/, "");
