import { isScalar, jsonOf, type Node } from "../../node/node.ts";
import { readNumber } from "../number-text.ts";

const MAX_INT64 = 2n ** 63n - 1n;

/**
 * The text of a key that is a boolean or a number in version 2; undefined for a number beyond 2^63, which has none.
 * Source: sigs.k8s.io/yaml, convertToJSONableObject.
 */
export function jsonKey(text: string, node: Node): string | undefined {
  if (typeof node !== "number" && !isScalar(node)) return String(node);
  const number = readNumber(text);
  if (number?.kind !== "integer") return shortFloat(Number(jsonOf(node)));
  return BigInt(number.value) > MAX_INT64 ? undefined : number.value.toString();
}

const MOST_DIGITS = 9;
/** From this exponent on, and below -4, Go's shortest `%g` writes an exponent. */
const LEAST_EXPONENT = 6;

/** The shortest text that names the same number of 32 bits, as Go's `%g` writes it. */
function shortFloat(value: number): string {
  if (Number.isNaN(value)) return ".nan";
  const single = Math.fround(value);
  if (!Number.isFinite(single)) return single > 0 ? ".inf" : "-.inf";
  let digits = 1;
  while (digits < MOST_DIGITS && Math.fround(Number(single.toPrecision(digits))) !== single) digits++;
  const [mantissa = "", exponent = "0"] = Number(single.toPrecision(digits)).toExponential().split("e");
  const power = Number(exponent);
  if (power >= -4 && power < LEAST_EXPONENT) return String(Number(single.toPrecision(digits)));
  return `${mantissa}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}
