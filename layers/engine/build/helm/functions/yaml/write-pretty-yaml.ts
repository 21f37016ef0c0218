import { byKey } from "../../../yaml/key-order.ts";
import { writeText } from "../../../yaml/write-text.ts";
import { bytesOf } from "../../go/bytes.ts";
import { formatFloat } from "../../go/format-float.ts";
import { printed } from "../../go/print-value.ts";
import { type GoValue, goSlice, itemsOf } from "../../go/value.ts";
import { formatTime } from "../dates/format-time.ts";
import { DURATION, momentOfValue, TIME } from "../dates/time-type.ts";
import { encodeBase64 } from "../encoding/base64.ts";
import { type GoTyped, marshalledText } from "../json/marshal.ts";
import { Unwritable, type Written } from "../json/write-json.ts";
import { type Shown, writeSheet, type YamlStyle } from "./sheet.ts";

/** `toYamlPretty`: what go-yaml v3 writes with an indentation of two, with the line break at the end: lists below their keys are indented, long texts are not folded. */
export const writePrettyYaml = (value: GoValue): Written => writeSheet(value, STYLE);

const STYLE: YamlStyle = {
  listIndent: 2,
  keyOrder: byPrettyKey,
  text: prettyText,
  key: (text) => prettyLine(text),
  longKey: prettyText,
  number: prettyNumber,
  plain: plainValue,
  fieldName: (name) => name.toLowerCase(),
  nilIsNull: false,
};

/** As a key: on one line, never folded. */
function prettyLine(text: string, indent = 0): string {
  if (!text.isWellFormed()) return `!!binary ${encodeBase64(bytesOf(text))}`;
  return writeText(text, { column: 0, indent, isKey: true });
}

/** Unlike version 2, a text of several lines may have tabs in its block. */
const TABLESS_SPECIAL = /[^\t\n\u0020-\u007e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/;
const SPACE_BREAK = / [\n\r\u0085\u2028\u2029]/;

function prettyText(text: string, _: number, indent: number): string {
  if (!text.includes("\n") || TABLESS_SPECIAL.test(text) || SPACE_BREAK.test(text) || text.endsWith(" ")) return prettyLine(text, indent);
  return blockText(text, " ".repeat(indent + 2));
}

/** Source: go-yaml v3 emitterc.go, yaml_emitter_write_literal_scalar. */
function blockText(text: string, pad: string): string {
  const hint = /^[ \n\u2028\u2029]/.test(text) ? "2" : "";
  const ends = /[\n\u2028\u2029]$/.test(text);
  const keep = ends && (text.length === 1 || /[\n\u2028\u2029]$/.test(text.slice(0, -1)));
  const body = text.replaceAll(/(?<=^|[\n\u2028\u2029])(?=[^\n\u2028\u2029])/g, pad);
  return `|${hint}${keep ? "+" : ends ? "" : "-"}\n${ends && text.endsWith("\n") ? body.slice(0, -1) : body}`;
}

function prettyNumber(value: number): string {
  if (Number.isFinite(value)) return formatFloat(value, "g");
  return Number.isNaN(value) ? ".nan" : value > 0 ? ".inf" : "-.inf";
}

/** go-yaml writes Go's values themselves: bytes are numbers, a time stands without quotes, the fields of a struct are in lower case. */
function plainValue(value: GoTyped): Shown {
  if (value.type.name === TIME.name) return { go: "raw", text: formatTime(momentOfValue(value), RFC3339_NANO) };
  if (value.type.name === DURATION.name) return printed(value);
  const text = marshalledText(value);
  if (text !== undefined) return text;
  switch (value.go) {
    case "bytes":
      return goSlice(itemsOf(value));
    case "pointer":
      return value.to === null ? null : plainValue(value.to);
    case "complex":
      throw new Unwritable("cannot marshal type: complex128");
    default:
      return value;
  }
}

const RFC3339_NANO = "2006-01-02T15:04:05.999999999Z07:00";

const LETTER = /\p{L}/u;
const DIGIT = /\p{Nd}/u;

/** As version 2, but behind a digit a letter comes before what is none. Source: go-yaml v3 sorter.go. */
function byPrettyKey(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  const at = left.findIndex((character, index) => character !== right[index]);
  const [x, y] = [left[at], right[at]];
  if (x === undefined || y === undefined || LETTER.test(x) === LETTER.test(y) || !DIGIT.test(left[at - 1] ?? "")) return byKey(a, b);
  return LETTER.test(x) ? -1 : 1;
}
