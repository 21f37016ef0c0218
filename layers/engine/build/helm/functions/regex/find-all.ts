import type { Pattern } from "./pattern.ts";

/** Beginnings and ends of at most `most` matches (negative: all), none of them empty behind another. Source: Go regexp.allMatches. */
export function findAll(pattern: Pattern, text: string, most: number): readonly (readonly [start: number, end: number])[] {
  const found: (readonly [number, number])[] = [];
  let at = 0;
  let lastEnd = -1;
  while ((most < 0 || found.length < most) && at <= text.length) {
    const match = pattern.find(text, at);
    if (match === undefined) break;
    const [start = 0, end = 0] = match;
    const isRepeated = end === at && start === lastEnd;
    at = end === at ? at + widthAt(text, at) : end;
    lastEnd = end;
    if (!isRepeated) found.push([start, end]);
  }
  return found;
}

/** Code units of the letter at `at`; behind the end one, so that a search comes to an end. */
export const widthAt = (text: string, at: number): number => ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);

/** Source: Go regexp.Split. */
export function splitAt(pattern: Pattern, text: string, most: number): readonly string[] {
  if (pattern.source !== "" && text === "") return [""];
  const parts: string[] = [];
  let begin = 0;
  let end = 0;
  for (const [start, stop] of findAll(pattern, text, most)) {
    if (most > 0 && parts.length === most - 1) break;
    end = start;
    if (stop !== 0) parts.push(text.slice(begin, end));
    begin = stop;
  }
  if (end !== text.length) parts.push(text.slice(begin));
  return parts;
}
