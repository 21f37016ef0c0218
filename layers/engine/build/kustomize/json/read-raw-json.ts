import { ok, problem, type Result } from "../../../domain/result.ts";
import { quote } from "../../text/quote.ts";

/** A JSON document whose numbers and texts are still as they were written: Go compares and copies them like that. Null is undefined, as Go has a nil pointer for it. */
export type RawJson =
  | undefined
  | RawScalar
  | { readonly kind: "list"; readonly items: readonly RawJson[] }
  | { readonly kind: "map"; readonly fields: ReadonlyMap<string, RawJson> };
export type RawScalar = { readonly kind: "scalar"; readonly text: string };

/** Go's limit is 10,000; nothing else here reads what is nested deeper than this. */
const MAX_DEPTH = 100;
const SPACE = /[ \t\r\n]*/y;
const SPACE_CODE = 0x20;
const ESCAPED = '"\\/bfnrtu';
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y;

type Reading = { readonly text: string; at: number };

/** A JSON document; of equal keys the last counts. The problem is in the words of Go's encoding/json. */
export function readRawJson(text: string): Result<RawJson> {
  const reading: Reading = { text, at: 0 };
  const value = readValue(reading, 0);
  if (!value.ok) return value;
  skipSpace(reading);
  return reading.at < text.length ? unexpected(reading, "after top-level value") : value;
}

function readValue(reading: Reading, depth: number): Result<RawJson> {
  if (depth > MAX_DEPTH) return problem("exceeded max depth");
  skipSpace(reading);
  switch (reading.text[reading.at]) {
    case "{":
      return readMap(reading, depth);
    case "[":
      return readList(reading, depth);
    case '"':
      return readText(reading);
    case "t":
      return readWord(reading, "true");
    case "f":
      return readWord(reading, "false");
    case "n":
      return readWord(reading, "null");
    default:
      return readNumber(reading);
  }
}

function readList(reading: Reading, depth: number): Result<RawJson> {
  const items: RawJson[] = [];
  reading.at += 1;
  if (takes(reading, "]")) return ok({ kind: "list", items });
  for (;;) {
    const item = readValue(reading, depth + 1);
    if (!item.ok) return item;
    items.push(item.value);
    if (takes(reading, "]")) return ok({ kind: "list", items });
    if (!takes(reading, ",")) return unexpected(reading, "after array element");
  }
}

function readMap(reading: Reading, depth: number): Result<RawJson> {
  const fields = new Map<string, RawJson>();
  reading.at += 1;
  if (takes(reading, "}")) return ok({ kind: "map", fields });
  for (;;) {
    skipSpace(reading);
    if (reading.text[reading.at] !== '"') return unexpected(reading, "looking for beginning of object key string");
    const key = readText(reading);
    if (!key.ok) return key;
    if (!takes(reading, ":")) return unexpected(reading, "after object key");
    const value = readValue(reading, depth + 1);
    if (!value.ok) return value;
    fields.set(textOfJson(key.value.text), value.value);
    if (takes(reading, "}")) return ok({ kind: "map", fields });
    if (!takes(reading, ",")) return unexpected(reading, "after object key:value pair");
  }
}

/** What a JSON text in quotes says. Half of a pair of surrogates is no character in Go. */
export const textOfJson = (quoted: string): string => String(JSON.parse(quoted)).toWellFormed();

function readText(reading: Reading): Result<RawScalar> {
  const { text, at: start } = reading;
  for (let at = start + 1; at < text.length; at++) {
    const character = text[at] ?? "";
    if (character === '"') {
      reading.at = at + 1;
      return ok({ kind: "scalar", text: text.slice(start, at + 1) });
    }
    if (character < " ") return problem(unexpectedAt(text, at, "in string literal"));
    if (character !== "\\") continue;
    at += 1;
    const wrong = problemOfEscape(text, at);
    if (wrong !== undefined) return problem(wrong);
  }
  return problem(END);
}

/** What is wrong behind the backslash before `at`. */
function problemOfEscape(text: string, at: number): string | undefined {
  const character = text[at] ?? "";
  if (character === "" || !ESCAPED.includes(character)) return unexpectedAt(text, at, "in string escape code");
  if (character !== "u") return undefined;
  for (let digit = 1; digit <= 4; digit++) {
    if (!/[0-9a-fA-F]/.test(text[at + digit] ?? "")) return unexpectedAt(text, at + digit, "in \\u hexadecimal character escape");
  }
  return undefined;
}

function readWord(reading: Reading, word: "true" | "false" | "null"): Result<RawJson> {
  for (let index = 1; index < word.length; index++) {
    if (reading.text[reading.at + index] === word[index]) continue;
    reading.at += index;
    return unexpected(reading, `in literal ${word} (expecting '${word[index]}')`);
  }
  reading.at += word.length;
  return ok(word === "null" ? undefined : { kind: "scalar", text: word });
}

function readNumber(reading: Reading): Result<RawJson> {
  const number = match(reading, NUMBER);
  const [next = "", after = ""] = reading.text.slice(reading.at, reading.at + 2);
  if (number === undefined) {
    if (next !== "-") return unexpected(reading, "looking for beginning of value");
    reading.at += 1;
    return unexpected(reading, "in numeric literal");
  }
  if (next === "." && !number.includes(".") && !/e/i.test(number)) {
    reading.at += 1;
    return unexpected(reading, "after decimal point in numeric literal");
  }
  if (/^e/i.test(next) && !/e/i.test(number)) {
    reading.at += after === "+" || after === "-" ? 2 : 1;
    return unexpected(reading, "in exponent of numeric literal");
  }
  return ok({ kind: "scalar", text: number });
}

function match(reading: Reading, pattern: RegExp): string | undefined {
  pattern.lastIndex = reading.at;
  const found = pattern.exec(reading.text)?.[0];
  if (found !== undefined) reading.at += found.length;
  return found;
}

const skipSpace = (reading: Reading): void => {
  match(reading, SPACE);
};

/** True, and behind it, when `character` is next. */
function takes(reading: Reading, character: string): boolean {
  skipSpace(reading);
  if (reading.text[reading.at] !== character) return false;
  reading.at += 1;
  return true;
}

const unexpected = ({ text, at }: Reading, where: string): { readonly ok: false; readonly problem: string } => problem(unexpectedAt(text, at, where));

const END = "unexpected end of JSON input";

/** Go takes the end of a document for a space, which fits everywhere but inside of words, numbers and escapes. */
function unexpectedAt(text: string, at: number, where: string): string {
  if (at >= text.length && !/^in |^after decimal/.test(where)) return END;
  return `invalid character ${showByte(text, at)} ${where}`;
}

/** Go sees bytes: of a character beyond ASCII the first one, and takes that for a character. */
function showByte(text: string, at: number): string {
  const [byte = 0] = new TextEncoder().encode(String.fromCodePoint(text.codePointAt(at) ?? SPACE_CODE));
  const character = String.fromCharCode(byte);
  if (character === "'") return String.raw`'\''`;
  return character === '"' ? `'"'` : `'${quote(character).slice(1, -1)}'`;
}
