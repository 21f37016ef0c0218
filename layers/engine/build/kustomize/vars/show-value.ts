import { isList, isMap, jsonOf, type Node } from "../../node/node.ts";
import { byBytes } from "../../text/by-bytes.ts";
import type { VarValue } from "./var-value.ts";

/** Go's `%v`: in the middle of a text. */
export function showValue(value: VarValue): string {
  switch (value.kind) {
    case "text":
      return value.text;
    case "integer":
    case "boolean":
      return String(value.value);
    case "fraction":
      return shortFloat(value.value);
    case "no scalar":
      return showAny(value.node);
  }
}

/** Go's type of a value that cannot be put anywhere. */
export const typeOfValue = (value: VarValue): string => (value.kind === "no scalar" && isList(value.node) ? "[]interface {}" : "map[string]interface {}");

function showAny(node: Node): string {
  if (node === null) return "<nil>";
  if (isList(node)) return `[${node.map(showAny).join(" ")}]`;
  if (!isMap(node)) return typeof node === "number" && !Number.isInteger(node) ? shortFloat(node) : String(jsonOf(node));
  const entries = Object.entries(node).toSorted(([a], [b]) => byBytes(a, b));
  return `map[${entries.map(([key, value]) => `${key}:${showAny(value)}`).join(" ")}]`;
}

const LEAST_EXPONENT = 6;

/** Go's `%v` of a float64: `1.5`, `1e-05`, `1e+06`. */
export function shortFloat(value: number): string {
  const [mantissa = "", exponent = "0"] = value.toExponential().split("e");
  const power = Number(exponent);
  if (power >= -4 && power < LEAST_EXPONENT) return plainFloat(value);
  return `${mantissa}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

/** Go's `strconv.FormatFloat(value, 'f', -1, 64)`: all digits, no exponent. */
export function plainFloat(value: number): string {
  const [mantissa = "", exponent = "0"] = Math.abs(value).toExponential().split("e");
  const digits = mantissa.replace(".", "");
  const point = Number(exponent) + 1;
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  return digits.length <= point ? sign + digits.padEnd(point, "0") : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}
