import type { Node } from "../../node/node.ts";
import { readNumber } from "../number-text.ts";
import { resolveScalar } from "../scalar.ts";
import { scalarOf } from "../scalar-of.ts";
import { readTimestamp } from "../timestamp.ts";
import { noteFault, type Reading } from "./reading.ts";

const STANDARD = "tag:yaml.org,2002:";
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * A scalar with a tag: `!!str 5`, `!!int "5"`, `!!binary aGk=`. A tag that YAML does not define leaves it text.
 * Source: go-yaml resolve.go.
 */
export function readTagged(reading: Reading, tag: string, text: string, line: number): Node {
  const name = tag.startsWith(STANDARD) ? tag.slice(STANDARD.length) : reading.version === 3 && tag.startsWith("!!") ? tag.slice(2) : "";
  if (name === "binary") return readBinary(reading, text, line);
  if (name !== "bool" && name !== "int" && name !== "float" && name !== "null" && name !== "timestamp") return text;
  const found = kindOf(reading, text, name === "timestamp");
  // A whole number of 64 bits with sign is a fraction, too.
  const fits = found === name || (name === "float" && found === "int" && isSigned(text));
  if (!fits) noteFault(reading, "decode", `yaml: cannot decode !!${found} \`${text}\` as a !!${name}`, line);
  return fits ? resolvedValue(reading, text) : text;
}

type Kind = "null" | "bool" | "int" | "float" | "timestamp" | "str";

function kindOf(reading: Reading, text: string, times: boolean): Kind {
  if (times && readTimestamp(text) !== undefined) return "timestamp";
  const first = text.charAt(0);
  if (/^[-+.0-9]/.test(first)) {
    if (/^[-+]?\.(?:inf|Inf|INF)$|^\.(?:nan|NaN|NAN)$/.test(text)) return "float";
    const number = readNumber(text);
    return number === undefined ? "str" : number.kind === "integer" ? "int" : "float";
  }
  const value = reading.version === 3 ? scalarOf(text) : wordOf(text);
  return value === null ? "null" : typeof value === "string" ? "str" : "bool";
}

function wordOf(text: string): Node {
  const resolved = resolveScalar(text);
  return resolved === undefined || "merge" in resolved ? text : resolved.value;
}

function isSigned(text: string): boolean {
  const value = readNumber(text)?.value ?? 0;
  return value < 2n ** 63n;
}

/** A time in front of a number tag never comes here; a number may look like a date only without underscores. */
function resolvedValue(reading: Reading, text: string): Node {
  if (reading.version === 3) return scalarOf(text);
  return readTimestamp(text) === undefined ? wordOf(text) : text;
}

function readBinary(reading: Reading, text: string, line: number): Node {
  const code = text.replace(/[\r\n]/g, "");
  if (!BASE64.test(code)) {
    noteFault(reading, "decode", "yaml: !!binary value contains invalid base64 data", line);
    return text;
  }
  const decoded = new TextDecoder("utf-8", { ignoreBOM: true }).decode(Buffer.from(code, "base64"));
  return decoded;
}
