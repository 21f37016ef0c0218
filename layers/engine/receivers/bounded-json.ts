import type { Json } from "../domain/json.ts";
import { ok, problem, type Result } from "../domain/result.ts";

/** Deeper than anything that a webhook sends, and shallow for whoever walks it. */
const MAX_DEPTH = 100;
/** A push of thousands of commits has tens of thousands. */
const MAX_VALUES = 250_000;

const DOUBLE_QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACES = new Set([0x20, 0x09, 0x0a, 0x0d]);

export type JsonExtent =
  /** What follows the first value is not looked at, as Go's Decoder has it. */
  | "first"
  /** Nothing but white space may follow. */
  | "whole";

/** The JSON in the body of a stranger: no deeper and no more than somebody could mean. Problems say nothing of what stands there. */
export function parseBoundedJson(body: Uint8Array, extent: JsonExtent): Result<Json> {
  const end = endOfValue(body);
  if (!end.ok) return end;
  if (extent === "whole" && !body.subarray(end.value).every((byte) => SPACES.has(byte))) return problem("there is something behind the JSON");
  try {
    return ok(JSON.parse(new TextDecoder("utf-8", { ignoreBOM: true }).decode(body.subarray(0, end.value))));
  } catch {
    return problem("the body is no JSON");
  }
}

/** Where the first value ends, if it is one. What is within its brackets is for the parser to judge. */
function endOfValue(body: Uint8Array): Result<number> {
  let depth = 0;
  let values = 0;
  for (let at = skipSpaces(body, 0); at < body.length; at++) {
    switch (body[at]) {
      case DOUBLE_QUOTE:
        at = endOfText(body, at);
        if (depth === 0) return ok(at + 1);
        break;
      case 0x7b: // {
      case 0x5b: // [
        values++;
        if (++depth > MAX_DEPTH) return problem(`the JSON is deeper than ${MAX_DEPTH} levels`);
        break;
      case 0x7d: // }
      case 0x5d: // ]
        if (--depth <= 0) return ok(at + 1);
        break;
      case 0x2c: // ,
        values++;
        break;
      default:
        if (depth === 0) return ok(endOfWord(body, at));
    }
    if (values > MAX_VALUES) return problem(`the JSON has more than ${MAX_VALUES} values`);
  }
  return problem("the body is no JSON");
}

function skipSpaces(body: Uint8Array, from: number): number {
  let at = from;
  while (at < body.length && SPACES.has(body[at] ?? 0)) at++;
  return at;
}

/** The place of the closing quote, or the last byte when there is none. */
function endOfText(body: Uint8Array, opening: number): number {
  let at = opening + 1;
  while (at < body.length && body[at] !== DOUBLE_QUOTE) at += body[at] === BACKSLASH ? 2 : 1;
  return Math.min(at, body.length - 1);
}

function endOfWord(body: Uint8Array, from: number): number {
  let at = from;
  while (at < body.length && !SPACES.has(body[at] ?? 0)) at++;
  return at;
}
