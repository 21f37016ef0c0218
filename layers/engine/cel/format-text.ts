import { EvaluationError } from "@marcbachmann/cel-js";
import type { Meter } from "./meter.ts";

const failed = (message: string): Error => new EvaluationError({ code: "function_failed", message });

/** More decimals say nothing about a double. */
const MAX_PRECISION = 100;

/** `%s %d %f %e %x %X %o %b %%`, with a precision for f and e. Source: cel-go ext/formatting.go. */
export function formatText(meter: Meter, text: string, values: readonly unknown[]): string {
  let next = 0;
  const made = text.replace(/%(?:\.([0-9]{1,9}))?([\s\S]?)/g, (_, digits: string | undefined, clause: string) => {
    if (clause === "%" && digits === undefined) return "%";
    if (next >= values.length) throw failed(`index ${next} out of range`);
    const value = values[next];
    next += 1;
    const shown = format(meter, clause, value, digits === undefined ? 6 : Math.min(Number(digits), MAX_PRECISION));
    meter.spend(shown.length / 10);
    return shown;
  });
  return made;
}

function format(meter: Meter, clause: string, value: unknown, precision: number): string {
  switch (clause) {
    case "s":
      return show(meter, value);
    case "d":
      if (typeof value === "bigint" || typeof value === "number") return show(meter, value);
      break;
    case "f":
      if (typeof value === "number" || typeof value === "bigint") return Number(value).toFixed(precision);
      break;
    case "e":
      if (typeof value === "number" || typeof value === "bigint") return exponent(Number(value), precision);
      break;
    case "x":
    case "X":
      return hex(clause, value);
    case "o":
      if (typeof value === "bigint") return value.toString(8);
      break;
    case "b":
      if (typeof value === "bigint") return value.toString(2);
      if (typeof value === "boolean") return value ? "1" : "0";
      break;
    default:
      throw failed(`could not parse formatting clause: unrecognized formatting clause "${clause}"`);
  }
  throw failed(`error during formatting: no formatting function for this value of clause "${clause}"`);
}

const exponent = (value: number, precision: number): string => value.toExponential(precision).replace(/e([+-])(\d)$/, "e$10$2");

function hex(clause: string, value: unknown): string {
  const text =
    typeof value === "bigint" ? value.toString(16) : typeof value === "string" || value instanceof Uint8Array ? Buffer.from(value).toString("hex") : undefined;
  if (text === undefined) throw failed(`error during formatting: no formatting function for this value of clause "${clause}"`);
  return clause === "X" ? text.toUpperCase() : text;
}

/** A value as `%s` shows it. Lists and maps may share their parts: each one shown is paid for. */
function show(meter: Meter, value: unknown): string {
  meter.spend(1);
  if (typeof value === "string") {
    meter.spend(value.length / 10);
    return value;
  }
  if (Array.isArray(value)) return `[${value.map((item) => show(meter, item)).join(", ")}]`;
  if (value instanceof Map)
    return `{${[...value]
      .map(([key, item]) => `${show(meter, key)}: ${show(meter, item)}`)
      .toSorted()
      .join(", ")}}`;
  if (value instanceof Uint8Array) return Buffer.from(value).toString("utf8");
  if (value instanceof Date) return value.toISOString().replace(".000Z", "Z");
  return String(value);
}
