import { isArray, isObject, type Json } from "@sluice/engine/domain/json.ts";

const HTML: ReadonlyMap<string, string> = new Map([
  ["<", "\\u003c"],
  [">", "\\u003e"],
  ["&", "\\u0026"],
  ["\u2028", "\\u2028"],
  ["\u2029", "\\u2029"],
]);

/** JSON as Go's encoding/json writes it: no blanks, `<`, `>` and `&` escaped; keys in the order that they have. */
export const goJson = (value: Json): string => JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (char) => HTML.get(char) ?? char);

/** The same with the keys of every map sorted, as Go writes a map[string]interface{}. */
export const goSortedJson = (value: Json): string => goJson(sorted(value, 0));

const MAX_DEPTH = 200;

function sorted(value: Json, depth: number): Json {
  if (depth > MAX_DEPTH) return null;
  if (isArray(value)) return value.map((item) => sorted(item, depth + 1));
  if (!isObject(value)) return value;
  const keys = Object.keys(value).toSorted((a, b) => (a < b ? -1 : 1));
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key] ?? null, depth + 1)]));
}

/** A number as Go's `%v` prints a float64: `100`, `0.5`, `1e+06` for whole numbers is not used here since limits come from JSON. */
export const goNumber = (value: number): string => {
  const exponent = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
  if (exponent < 21 && exponent >= -4) return String(value);
  const [mantissa = "", power = "0"] = value.toExponential().split("e");
  const sign = power.startsWith("-") ? "-" : "+";
  return `${mantissa}e${sign}${power.replace(/^[+-]/, "").padStart(2, "0")}`;
};
