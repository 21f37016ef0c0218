import type { GoValue } from "../../go/value.ts";
import { parseFloat64, parseInteger } from "./parse-number.ts";

/** What integers become of named types: only those of the calendar. Source: spf13/cast ToIntE; a time.Duration is none of its types. */
const NAMED_INTEGERS: ReadonlySet<string> = new Set(["time.Weekday", "time.Month"]);

const MIN_INT64 = -(2n ** 63n);

/** The integer that Go's `int64` makes of anything; 0 where it makes none. Source: spf13/cast ToInt64. */
export function toInt64(value: GoValue): bigint {
  switch (typeof value) {
    case "boolean":
      return value ? 1n : 0n;
    case "number":
      return truncate(value);
    case "string":
      return parseInteger(withoutZeroDecimal(value)) ?? 0n;
    default:
      return value !== null && value.go === "int" && isCast(value.type) ? BigInt.asIntN(64, value.value) : 0n;
  }
}

/** Source: spf13/cast ToFloat64. */
export function toFloat64(value: GoValue): number {
  switch (typeof value) {
    case "boolean":
      return value ? 1 : 0;
    case "number":
      return value;
    case "string":
      return parseFloat64(value) ?? 0;
    default:
      return value !== null && value.go === "int" && isCast(value.type) ? Number(value.value) : 0;
  }
}

const isCast = ({ name, kind }: { readonly name: string; readonly kind: string }): boolean => (name === kind && kind !== "uintptr") || NAMED_INTEGERS.has(name);

/** What an integer of 64 bits cannot hold becomes the smallest one, as processors of Intel have it. */
function truncate(value: number): bigint {
  if (!(Math.abs(value) < 2 ** 63)) return MIN_INT64;
  return BigInt(Math.trunc(value));
}

/** `12.000` is 12; `12.` is no integer. */
const withoutZeroDecimal = (text: string): string => text.replace(ZERO_DECIMAL, "");
const ZERO_DECIMAL = /\.0+$/;
