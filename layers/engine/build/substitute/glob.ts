import { type Bytes, cut, joinAll, letterAt } from "./bytes.ts";

/** A pattern that is malformed where the match came by it. */
type Match = "yes" | "no" | "malformed";
type Chunk = { readonly star: boolean; readonly chunk: Bytes; readonly rest: Bytes };

/** Counts down with every comparison, so that a long value and a long pattern cannot hold a process. */
export type Effort = { left: number };

/**
 * Whether `pattern` (`*`, `?`, `[a-z]`, `[^a-z]`, backslash) matches all of `text`; a slash is a character like any other.
 * Source: reference 2.5.3.
 */
export function matchGlob(pattern: Bytes, text: Bytes, effort: Effort): Match {
  let left = pattern;
  let rest = text;
  while (left.length > 0) {
    const { star, chunk, rest: further } = firstChunk(left);
    left = further;
    if (star && chunk === "") return "yes";
    const found = findChunk(chunk, rest, star, left === "", effort);
    if (typeof found === "string") return found;
    rest = cut(rest, found.end);
  }
  return rest === "" ? "yes" : "no";
}

/** Where the first occurrence of `chunk` ends: at the beginning of `text`, or behind anything when a star stands before it. */
function findChunk(chunk: Bytes, text: Bytes, star: boolean, isLast: boolean, effort: Effort): { readonly end: number } | "no" | "malformed" {
  for (let from = 0; from <= (star ? text.length : 0); from++) {
    const end = matchChunk(chunk, text, from, effort);
    if (end === "malformed") return end;
    if (end !== "no" && (!isLast || end === text.length)) return { end };
  }
  return "no";
}

function firstChunk(pattern: Bytes): Chunk {
  let begin = 0;
  while (pattern[begin] === "*") begin++;
  let inRange = false;
  let end = begin;
  for (; end < pattern.length; end++) {
    const character = pattern[end];
    if (character === "\\") end += end + 1 < pattern.length ? 1 : 0;
    else if (character === "[") inRange = true;
    else if (character === "]") inRange = false;
    else if (character === "*" && !inRange) break;
  }
  return { star: begin > 0, chunk: cut(pattern, begin, end), rest: cut(pattern, end) };
}

/** Where a match of `chunk`, which has no star, ends that begins at `from`. */
function matchChunk(chunk: Bytes, text: Bytes, from: number, effort: Effort): number | "no" | "malformed" {
  let at = from;
  for (let index = 0; index < chunk.length; ) {
    effort.left -= 1;
    if (at >= text.length) return "no";
    const character = chunk[index];
    if (character === "[") {
      const range = matchRange(chunk, index + 1, letterAt(text, at).code);
      if (range === "malformed") return range;
      if (!range.matches) return "no";
      at += letterAt(text, at).width;
      index = range.end;
      continue;
    }
    if (character === "?") {
      at += letterAt(text, at).width;
      index += 1;
      continue;
    }
    const literal = character === "\\" ? index + 1 : index;
    if (literal >= chunk.length) return "malformed";
    if (chunk[literal] !== text[at]) return "no";
    at += 1;
    index = literal + 1;
  }
  return at;
}

function matchRange(chunk: Bytes, start: number, code: number): { readonly matches: boolean; readonly end: number } | "malformed" {
  const negated = chunk[start] === "^";
  let index = negated ? start + 1 : start;
  let matches = false;
  for (let count = 0; ; count++) {
    if (chunk[index] === "]" && count > 0) return { matches: matches !== negated, end: index + 1 };
    const low = rangeLetter(chunk, index);
    if (low === "malformed") return low;
    const high = chunk[low.end] === "-" ? rangeLetter(chunk, low.end + 1) : low;
    if (high === "malformed") return high;
    if (low.code <= code && code <= high.code) matches = true;
    index = high.end;
  }
}

function rangeLetter(chunk: Bytes, start: number): { readonly code: number; readonly end: number } | "malformed" {
  if (start >= chunk.length || chunk[start] === "-" || chunk[start] === "]") return "malformed";
  const index = chunk[start] === "\\" ? start + 1 : start;
  const { code, width } = letterAt(chunk, index);
  const broken = code === 0xfffd && width === 1;
  // A range must be closed, so something has to follow.
  return broken || index + width >= chunk.length ? "malformed" : { code, end: index + width };
}

/** The letters in reverse: suffixes are matched as prefixes of the reversed text. */
export function reverse(bytes: Bytes): Bytes {
  const parts: Bytes[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { code, width } = letterAt(bytes, at);
    // A broken byte turns into U+FFFD, as it does in Go when a string becomes runes.
    parts.push(code === 0xfffd && width === 1 ? ("\u00ef\u00bf\u00bd" as Bytes) : cut(bytes, at, at + width));
    at += width;
  }
  return joinAll(parts.toReversed());
}
