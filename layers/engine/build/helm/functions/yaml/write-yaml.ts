import { asPrinted } from "../../../yaml/as-printed.ts";
import { byKey } from "../../../yaml/key-order.ts";
import { writeText } from "../../../yaml/write-text.ts";
import { bytesOf } from "../../go/bytes.ts";
import { formatFloat } from "../../go/format-float.ts";
import { type GoValue, goMap } from "../../go/value.ts";
import { encodeBase64 } from "../encoding/base64.ts";
import { type GoTyped, marshalled } from "../json/marshal.ts";
import { jsonNumber, jsonText, Unwritable, unwrap, type Written } from "../json/write-json.ts";
import { type Shown, writeSheet, type YamlStyle } from "./sheet.ts";

/** `toYaml`: what sigs.k8s.io/yaml writes, by way of JSON, with the line break at the end. A problem is in the words of Go. Source: sigs.k8s.io/yaml Marshal. */
export const writeYaml = (value: GoValue): Written => writeSheet(value, STYLE);

const STYLE: YamlStyle = {
  listIndent: 0,
  keyOrder: byKey,
  text: (text, column, indent) => writeText(throughJson(text), { column, indent, isKey: false }),
  key: (text) => writeText(keyThroughJson(text), { column: 0, indent: 0, isKey: true }),
  longKey: (text, column, indent) => writeText(keyThroughJson(text), { column, indent, isKey: false }),
  number: jsonNumberAsYaml,
  plain: jsonValue,
  fieldName: (name) => name,
  nilIsNull: true,
};

/** What JSON and go-yaml make of a text that has more than the usual characters. */
const ODD = /[\u007f-\u009f\ufffe\uffff\ud800-\udfff]/;
const LONE = /[\ud800-\udfff]/gu;

function throughJson(text: string): string {
  if (!ODD.test(text)) return text;
  const valid = text.isWellFormed() ? text : Buffer.from(bytesOf(text)).toString("utf8").replaceAll(LONE, "\ufffd");
  const printed = asPrinted(valid);
  if (!printed.ok) throw new Unwritable(printed.problem);
  return typeof printed.value === "string" ? printed.value : valid;
}

/** Letters from the quote of a key to its colon that go-yaml looks back over; each may be written as an escape of six. */
const LONGEST_KEY = 1_024;
const NO_KEY = "yaml: did not find expected ',' or '}'";

/** As a key, what is a line break for YAML is refused. */
function keyThroughJson(text: string): string {
  if (text.length >= LONGEST_KEY / 6 && Array.from(jsonText(text, true)).length > LONGEST_KEY) throw new Unwritable(NO_KEY);
  const valid = throughJson(text);
  const printed = ODD.test(text) ? asPrinted({ [text.toWellFormed()]: null }) : undefined;
  if (printed?.ok === false) throw new Unwritable(printed.problem);
  return valid;
}

const MAX_UINT64 = 2n ** 64n - 1n;
const MIN_INT64 = -(2n ** 63n);

/** A whole number with up to 21 digits stands without exponent in JSON; go-yaml takes it for an integer if it has 64 bits. */
function jsonNumberAsYaml(value: number): string {
  const text = jsonNumber(value);
  if (!Number.isInteger(value)) return formatFloat(value, "g");
  if (Number.isSafeInteger(value)) return Object.is(value, -0) ? "0" : text;
  // More digits than a float64 has are zeros in JSON.
  const isInteger = Math.abs(value) < 2 ** 64 && BigInt(text) <= MAX_UINT64 && BigInt(text) >= MIN_INT64;
  return isInteger ? text : formatFloat(value, "g");
}

/** By way of JSON: a nil list is null, and the fields of a struct are sorted like keys. */
function jsonValue(value: GoTyped): Shown {
  const instead = marshalled(value);
  if (instead !== undefined) {
    const shown = unwrap(instead);
    return typeof shown === "object" && shown !== null ? jsonValue(shown) : shown;
  }
  switch (value.go) {
    case "bytes":
      return value.isNil ? null : encodeBase64(value.bytes);
    case "struct":
      return goMap(value.fields);
    case "pointer":
      return value.to === null ? null : jsonValue(value.to);
    case "complex":
      throw new Unwritable("json: unsupported type: complex128");
    default:
      return value;
  }
}
