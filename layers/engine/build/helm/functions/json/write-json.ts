import { spend } from "../../../work.ts";
import { bytesOf, stringOf } from "../../go/bytes.ts";
import { type GoValue, sortedKeys } from "../../go/value.ts";
import { encodeBase64 } from "../encoding/base64.ts";
import { MAX_DEPTH } from "../limits.ts";
import { type GoTyped, marshalled } from "./marshal.ts";

export type JsonStyle = {
  /** Of one level; undefined for all on one line. */
  readonly indent?: string;
  /** `<`, `>` and `&` as `\u003c`, … */
  readonly escapeHtml: boolean;
};

export type Written = { readonly ok: true; readonly value: string } | { readonly ok: false; readonly problem: string };

/** Why there is no JSON of a value, from deep inside of it. */
export class Unwritable extends Error {}

/** A value as Go's encoding/json writes it. Not every value can be: NaN, infinities, a map that holds itself. */
export function writeJson(value: GoValue, style: JsonStyle): Written {
  try {
    return { ok: true, value: textOf(value, style, 0) };
  } catch (error) {
    if (error instanceof Unwritable) return { ok: false, problem: error.message };
    throw error;
  }
}

function textOf(value: GoValue, style: JsonStyle, depth: number): string {
  switch (typeof value) {
    case "string":
      spend(value.length);
      return jsonText(value, style.escapeHtml);
    case "number":
      return jsonNumber(value);
    case "boolean":
      return value ? "true" : "false";
  }
  if (value === null) return "null";
  spend(STEPS_OF_VALUE);
  if (depth >= MAX_DEPTH) throw new Unwritable(`json: unsupported value: encountered a cycle via ${value.type.name}`);
  const instead = marshalled(value);
  return instead === undefined ? textOfTyped(value, style, depth) : textOf(unwrap(instead), style, depth + 1);
}

const STEPS_OF_VALUE = 4;

function textOfTyped(value: GoTyped, style: JsonStyle, depth: number): string {
  switch (value.go) {
    case "int":
      return value.value.toString();
    case "complex":
      throw new Unwritable("json: unsupported type: complex128");
    case "bytes":
      return value.isNil ? "null" : `"${encodeBase64(value.bytes)}"`;
    case "slice":
      return value.isNil
        ? "null"
        : bracketed(
            "[",
            value.items.map((item) => textOf(item, style, depth + 1)),
            "]",
            style,
            depth,
          );
    case "map":
      return value.isNil ? "null" : fields(sortedKeys(value), value.entries, style, depth);
    case "struct":
      return fields([...value.fields.keys()], value.fields, style, depth);
    case "pointer":
      return textOf(value.to, style, depth + 1);
  }
}

/** The value, or a way out. */
export function unwrap(found: { readonly ok: true; readonly value: GoValue } | { readonly ok: false; readonly problem: string }): GoValue {
  if (!found.ok) throw new Unwritable(found.problem);
  return found.value;
}

function fields(names: readonly string[], values: ReadonlyMap<string, GoValue>, style: JsonStyle, depth: number): string {
  const colon = style.indent === undefined ? ":" : ": ";
  const texts = names.map((name) => jsonText(name, style.escapeHtml) + colon + textOf(values.get(name) ?? null, style, depth + 1));
  return bracketed("{", texts, "}", style, depth);
}

function bracketed(open: string, texts: readonly string[], close: string, { indent }: JsonStyle, depth: number): string {
  if (texts.length === 0) return open + close;
  const pad = indent === undefined ? "" : `\n${indent.repeat(depth)}`;
  // Each level joins all that is below it, before it is looked at whether that was too much.
  spend(2 * texts.reduce((length, text) => length + text.length + pad.length, 0));
  if (indent === undefined) return open + texts.join(",") + close;
  return `${open}${pad}${indent}${texts.join(`,${pad}${indent}`)}${pad}${close}`;
}

const PLAIN = /^[ !#-%'-;=?-[\]-~]*$/;
const ESCAPED_HTML = /[<>&]/g;
const LINE_ENDS = /[\u2028\u2029]/g;
/** A byte that is no character. */
const LONE = /[\ud800-\udfff]/u;

/** A text in quotes. What is no UTF-8 is `\ufffd`. Source: Go encoding/json appendString. */
export function jsonText(text: string, escapeHtml: boolean): string {
  if (PLAIN.test(text)) return `"${text}"`;
  const whole = text.isWellFormed() ? JSON.stringify(text) : `"${stringOf(bytesOf(text)).split(LONE).map(unquotedText).join("\\ufffd")}"`;
  const escaped = whole.replaceAll(LINE_ENDS, unicodeEscape);
  return escapeHtml ? escaped.replaceAll(ESCAPED_HTML, unicodeEscape) : escaped;
}

const unquotedText = (text: string): string => JSON.stringify(text).slice(1, -1);
const unicodeEscape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** Below, and from the other on, with an exponent: as JavaScript has it, but for the zero with a sign. Source: Go encoding/json floatEncoder. */
export function jsonNumber(value: number): string {
  if (!Number.isFinite(value)) throw new Unwritable(`json: unsupported value: ${Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf"}`);
  return Object.is(value, -0) ? "-0" : String(value);
}
