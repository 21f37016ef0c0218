import { quote } from "../../../text/quote.ts";
import { INT64 } from "../../go/type.ts";
import { type GoValue, goInt } from "../../go/value.ts";
import { parseTime } from "../dates/parse-time.ts";
import { timeValue } from "../dates/time-type.ts";
import { fixedZone, LOCAL } from "../dates/zones.ts";
import { parseFloat64, parseInteger } from "../numbers/parse-number.ts";
import { type Cursor, problemAt } from "./cursor.ts";
import type { NumberToken } from "./scan-number.ts";

/** What a number or a time means. Source: BurntSushi/toml parse.go. */
export function numberValue(cursor: Cursor, token: NumberToken): GoValue {
  switch (token.kind) {
    case "integer":
      return integerValue(cursor, token);
    case "float":
      return floatValue(cursor, token);
    case "time":
      return timeOf(cursor, token);
  }
}

const LEADING_ZERO = /^(?:0[^box]|[-+]0.)/;
const GROUPS = /^[^_](?:_?[^_])*$/;
const SIGN_FIRST = /^[-+](?=_)/;
const SPECIAL = /^[-+]?(?:nan|inf)$/;

/** Underscores stand between digits of any base, and nothing else does. */
const isGrouped = (text: string): boolean =>
  SPECIAL.test(text) || (GROUPS.test(text) && !SIGN_FIRST.test(text) && /[0-9a-fA-F]$/.test(text) && !/[^0-9a-fA-F]_/.test(text));

function integerValue(cursor: Cursor, { text, line }: NumberToken): GoValue {
  if (!isGrouped(text)) throw problemAt(cursor, line, `Invalid integer ${quote(text)}: underscores must be surrounded by digits`);
  if (LEADING_ZERO.test(text)) throw problemAt(cursor, line, `Invalid integer ${quote(text)}: cannot have leading zeroes`);
  const value = parseInteger(text);
  if (value === undefined) throw problemAt(cursor, line, `${text} is out of range for int64`);
  return goInt(value, INT64);
}

function floatValue(cursor: Cursor, { text, line }: NumberToken): GoValue {
  const parts = text.split(/[.eE]/).filter((part) => part !== "");
  if (!parts.every(isGrouped)) throw problemAt(cursor, line, `Invalid float ${quote(text)}: underscores must be surrounded by digits`);
  if (LEADING_ZERO.test(parts[0] ?? "")) throw problemAt(cursor, line, `Invalid float ${quote(text)}: cannot have leading zeroes`);
  if (/\.(?![0-9])/.test(text)) throw problemAt(cursor, line, `Invalid float ${quote(text)}: '.' must be followed by one or more digits`);
  const digits = text.replaceAll("_", "").replace(/^[-+](?=nan)/, "");
  const value = parseFloat64(digits);
  if (value !== undefined) return value;
  throw problemAt(cursor, line, Number.isNaN(Number(digits)) ? `Invalid float value: ${quote(text)}` : `${text} is out of range for float64`);
}

const [LOCAL_DATETIME, LOCAL_DATE, LOCAL_TIME] = [fixedZone("datetime-local", 0), fixedZone("date-local", 0), fixedZone("time-local", 0)];

const FORMS = [
  ["2006-01-02T15:04:05.999999999Z07:00", LOCAL],
  ["2006-01-02T15:04:05.999999999", LOCAL_DATETIME],
  ["2006-01-02", LOCAL_DATE],
  ["15:04:05.999999999", LOCAL_TIME],
  ["2006-01-02T15:04Z07:00", LOCAL],
  ["2006-01-02T15:04", LOCAL_DATETIME],
  ["15:04", LOCAL_TIME],
] as const;

/** How times that were read without a zone are written again. Source: BurntSushi/toml encode.go (eElement). */
export const LOCAL_FORMS: ReadonlyMap<string, string> = new Map([
  [LOCAL_DATETIME.name, "2006-01-02T15:04:05.999999999"],
  [LOCAL_DATE.name, "2006-01-02"],
  [LOCAL_TIME.name, "15:04:05.999999999"],
]);

function timeOf(cursor: Cursor, { text, line }: NumberToken): GoValue {
  const plain = text.replaceAll("z", "Z").replaceAll(/[t ]/g, "T");
  for (const [layout, zone] of FORMS) {
    const time = parseTime(layout, plain, zone);
    if (!time.ok) continue;
    if (lacksZero(plain, layout)) break;
    return timeValue(time.value);
  }
  throw problemAt(cursor, line, `invalid datetime: ${quote(plain)}`);
}

/** Go reads `7:32` for `07:32`. */
function lacksZero(text: string, layout: string): boolean {
  for (const [index, character] of Array.from(layout).entries()) {
    if (character === "." || character === "Z") return false;
    if (!/[0-9]/.test(character) && text[index] !== character) return true;
  }
  return false;
}
