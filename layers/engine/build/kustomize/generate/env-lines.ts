import { ok, problem, type Result } from "../../../domain/result.ts";
import { spend } from "../../work.ts";

const NEWLINE = 0x0a;
/** Steps for a line: it is decoded by itself, and becomes a pair that is compared, sorted and printed. */
const STEPS_OF_LINE = 100;
/** A line that is longer ends the reading without a word: it does not fit the buffer of Go's scanner. */
const MAX_LINE = 65_535;
const SPACE_BEFORE = /^[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

/** `line` counts from 1. */
export type EnvPair = { readonly key: string; readonly value: string; readonly line: number };
export type EnvProblem = { readonly message: string; readonly line: number };

/**
 * The pairs of a file of `key=value` lines; empty lines, comments and lines without a key are left out, a line without `=` has an empty value.
 * The message shows the whole line, as kustomize's does. Source: kustomize api/kv.
 */
export function envLines(bytes: Uint8Array): Result<readonly EnvPair[], EnvProblem> {
  const pairs: EnvPair[] = [];
  for (let start = 0, number = 1; start < bytes.length; number++) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline < 0 ? bytes.length : newline;
    if (end - start > MAX_LINE) break;
    spend(STEPS_OF_LINE + end - start);
    const raw = bytes.subarray(start, end);
    const line = raw.at(-1) === 0x0d ? raw.subarray(0, -1) : raw;
    start = end + 1;
    const text = utf8(line);
    if (text === undefined) return problem({ message: `line [${line.join(" ")}] has invalid utf8 bytes : ${brokenText(line)}`, line: number });
    const shown = (number === 1 ? text.replace(/^\ufeff/, "") : text).replace(SPACE_BEFORE, "");
    if (shown.startsWith("#")) continue;
    const [key = "", ...value] = shown.split("=");
    if (key !== "") pairs.push({ key, value: value.join("="), line: number });
  }
  return ok(pairs);
}

/** The text of bytes, undefined when they are not valid UTF-8. */
export function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The text with a replacement character for each byte that is none, as it comes out of Go. */
function brokenText(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; ) {
    const length = [1, 2, 3, 4].find((count) => at + count <= bytes.length && utf8(bytes.subarray(at, at + count)) !== undefined);
    text += length === undefined ? "\ufffd" : (utf8(bytes.subarray(at, at + length)) ?? "");
    at += length ?? 1;
  }
  return text;
}
