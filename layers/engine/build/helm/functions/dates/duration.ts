import { ok, problem, type Result } from "../../../../domain/result.ts";
import { spend } from "../../../work.ts";
import { goQuote } from "./go-quote.ts";

const STEPS_OF_LETTER = 200;

const UNITS: ReadonlyMap<string, bigint> = new Map([
  ["ns", 1n],
  ["us", 1_000n],
  ["µs", 1_000n],
  ["μs", 1_000n],
  ["ms", 1_000_000n],
  ["s", 1_000_000_000n],
  ["m", 60_000_000_000n],
  ["h", 3_600_000_000_000n],
]);

export const SECOND_NANOS = 1_000_000_000n;
const TOO_MUCH = 2n ** 63n;

/** `1h30m` in nanoseconds. The problem in Go's words. Source: Go, time.ParseDuration. */
export function parseGoDuration(text: string): Result<bigint> {
  spend(STEPS_OF_LETTER * text.length);
  const invalid = problem(`time: invalid duration ${goQuote(text)}`);
  const isNegative = text.startsWith("-");
  let rest = text.replace(/^[+-]/, "");
  if (rest === "0") return ok(0n);
  if (rest === "") return invalid;
  let total = 0n;
  while (rest !== "") {
    const [found = "", whole = "", fraction = ""] = /^([0-9]*)(?:\.([0-9]*))?/.exec(rest) ?? [];
    if (whole === "" && fraction === "") return invalid;
    if (whole !== "" && BigInt(whole) > TOO_MUCH) return invalid;
    rest = rest.slice(found.length);
    const [name = ""] = /^[^.0-9]*/.exec(rest) ?? [];
    if (name === "") return problem(`time: missing unit in duration ${goQuote(text)}`);
    const unit = UNITS.get(name);
    if (unit === undefined) return problem(`time: unknown unit ${goQuote(name)} in duration ${goQuote(text)}`);
    rest = rest.slice(name.length);
    total += BigInt(whole === "" ? "0" : whole) * unit + fractionOf(fraction, unit);
    if (total > TOO_MUCH) return invalid;
  }
  if (!isNegative && total === TOO_MUCH) return invalid;
  return ok(isNegative ? -total : total);
}

/** By floating point, as Go does it: of more than 18 digits the first ones count. */
function fractionOf(digits: string, unit: bigint): bigint {
  const kept = digits.slice(0, digits.length > 18 && BigInt(digits.slice(0, 19)) > TOO_MUCH ? 18 : 19);
  if (kept === "" || /^0+$/.test(kept)) return 0n;
  return BigInt(Math.trunc(Number(kept) * (Number(unit) / 10 ** kept.length)));
}

/** Nanoseconds as Go prints a time.Duration: `1h0m0s`, `1.5s`, `20ms`, `0s`. */
export function durationText(nanos: bigint): string {
  const size = nanos < 0n ? -nanos : nanos;
  const sign = nanos < 0n ? "-" : "";
  if (size === 0n) return "0s";
  if (size < 1_000n) return `${sign}${size}ns`;
  if (size < 1_000_000n) return `${sign}${decimal(size, 3)}µs`;
  if (size < SECOND_NANOS) return `${sign}${decimal(size, 6)}ms`;
  const seconds = `${decimal(size % 60_000_000_000n, 9)}s`;
  const minutes = size / 60_000_000_000n;
  if (minutes === 0n) return `${sign}${seconds}`;
  return minutes < 60n ? `${sign}${minutes}m${seconds}` : `${sign}${minutes / 60n}h${minutes % 60n}m${seconds}`;
}

/** `digits` of them behind the point, without the zeros at its end. */
function decimal(value: bigint, digits: number): string {
  const scale = 10n ** BigInt(digits);
  const fraction = String(value % scale)
    .padStart(digits, "0")
    .replace(/0+$/, "");
  return fraction === "" ? `${value / scale}` : `${value / scale}.${fraction}`;
}

/** To a multiple of `unit`, half away from zero. Source: Go, Duration.Round. */
export function roundDuration(nanos: bigint, unit: bigint): bigint {
  if (unit <= 0n) return nanos;
  const rest = nanos % unit;
  const size = rest < 0n ? -rest : rest;
  const down = nanos - rest;
  if (size + size < unit) return down;
  const away = nanos < 0n ? down - unit : down + unit;
  return away >= TOO_MUCH ? TOO_MUCH - 1n : away < -TOO_MUCH ? -TOO_MUCH : away;
}
