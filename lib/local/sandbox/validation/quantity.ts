import type { Json } from "@sluice/engine/domain/json.ts";

const QUANTITY = /^([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E|(?:[eE][+-]?[0-9]+))?$/;
const FACTORS: ReadonlyMap<string, number> = new Map([
  ["n", 1e-9],
  ["u", 1e-6],
  ["m", 1e-3],
  ["k", 1e3],
  ["M", 1e6],
  ["G", 1e9],
  ["T", 1e12],
  ["P", 1e15],
  ["E", 1e18],
  ["Ki", 2 ** 10],
  ["Mi", 2 ** 20],
  ["Gi", 2 ** 30],
  ["Ti", 2 ** 40],
  ["Pi", 2 ** 50],
  ["Ei", 2 ** 60],
]);

/** Source: apimachinery, api/resource. */
export const QUANTITY_PROBLEM = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

/** `"1Gi"`, `"100m"`, `2`, `"1e3"` as a number, undefined when it is no quantity. Exact enough to compare with. */
export function parseQuantity(value: Json | undefined): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return undefined;
  const parts = QUANTITY.exec(value);
  if (parts === null) return undefined;
  const [, digits = "", suffix = ""] = parts;
  return /^[eE]/.test(suffix) && suffix.length > 1 ? Number(`${digits}${suffix}`) : Number(digits) * (FACTORS.get(suffix) ?? 1);
}

/** The quantity as errors show it: whole numbers as they were written, fractions in thousandths. */
export function quantityText(value: Json): string {
  const number = parseQuantity(value);
  if (typeof value === "number" || (typeof value === "string" && /^[+-]?[0-9]*\.[0-9]+$/.test(value)))
    return number === undefined || Number.isInteger(number) ? String(number) : `${Math.ceil(number * 1000)}m`;
  return String(value);
}
