import { isList, isMap, isScalar, type Node, VALUE } from "../../node/node.ts";
import { fieldOf, numberText } from "./decode.ts";
import type { AnyShape, Shape } from "./shape.ts";

/**
 * The document with numbers and booleans turned into text where a text is wanted, as sigs.k8s.io/yaml does before it decodes. For a field of an embedded
 * struct it takes the struct for the field, so nothing is turned there. Source: sigs.k8s.io/yaml 1.6, convertToJSONableObject.
 */
export function coerce(node: Node, shape: Shape | undefined): Node {
  const target: AnyShape | undefined = shape?.kind === "pointer" ? shape.to : shape;
  if (isList(node)) {
    const items = target?.kind === "list" ? target.items : undefined;
    return node.map((item) => coerce(item, items));
  }
  if (isMap(node)) return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, coerce(value, targetOf(target, key))]));
  return target?.kind === "text" ? asText(node) : node;
}

function targetOf(target: AnyShape | undefined, key: string): Shape | undefined {
  if (target?.kind === "map") return target.items;
  if (target?.kind !== "struct") return undefined;
  const field = fieldOf(target, key)?.[1];
  return field?.through[0] ?? field?.shape;
}

function asText(node: Node): Node {
  const value = isScalar(node) ? node[VALUE] : node;
  switch (typeof value) {
    case "boolean":
      return value ? "true" : "false";
    case "bigint":
      return String(value);
    case "number":
      return Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 64 ? numberText(value) : shortFloat(value);
    default:
      return node;
  }
}

/** From this exponent on, and below -4, Go's shortest `%g` writes an exponent. */
const LEAST_EXPONENT = 6;

/** The shortest digits that mean the same number of 32 bits. Source: Go, strconv.FormatFloat with 'g', -1, 32. */
export function shortFloat(value: number): string {
  const single = Math.fround(value);
  if (!Number.isFinite(single)) return single > 0 ? "+Inf" : single < 0 ? "-Inf" : "NaN";
  const digits = [1, 2, 3, 4, 5, 6, 7, 8, 9].find((count) => Math.fround(Number(single.toPrecision(count))) === single) ?? 9;
  const [mantissa = "", exponent = "0"] = single.toExponential(digits - 1).split("e");
  const power = Number(exponent);
  if (power >= -4 && power < LEAST_EXPONENT) return Number(single.toPrecision(digits)).toString();
  return `${mantissa}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}
