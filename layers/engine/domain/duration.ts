import { type Milliseconds, ms } from "./time.ts";

const UNITS: ReadonlyMap<string, number> = new Map([
  ["ns", 1e-6],
  ["us", 1e-3],
  ["µs", 1e-3],
  ["μs", 1e-3],
  ["ms", 1],
  ["s", 1000],
  ["m", 60_000],
  ["h", 3_600_000],
]);

const WHOLE = /^([+-])?((?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/;
const PART = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g;

/** Of digits without a unit the expression takes the square. */
const LONGEST = 128;

/** `"1h30m"`, `"1.5s"`, `"500ms"` in milliseconds, undefined when it is no duration. Source: Go, time.ParseDuration. */
export function parseDuration(text: string): Milliseconds | undefined {
  if (text === "0") return ms(0);
  if (text.length > LONGEST || !WHOLE.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(PART)) total += Number(amount) * (UNITS.get(unit ?? "") ?? 0);
  return ms(text.startsWith("-") ? -total : total);
}

/** Up to nine decimals, none of them a trailing zero. */
const trimmed = (value: number): string => value.toFixed(9).replace(/\.?0+$/, "");

/** The duration as Go prints it: `1h0m0s`, `59m30s`, `1.5s`, `750ms`, `0s`. Source: Go, time.Duration.String. */
export function formatDuration(duration: Milliseconds): string {
  const sign = duration < 0 ? "-" : "";
  const size = Math.abs(duration);
  if (size === 0) return "0s";
  if (size < 0.001) return `${sign}${Math.round(size * 1e6)}ns`;
  if (size < 1) return `${sign}${trimmed(Math.round(size * 1e6) / 1e3)}µs`;
  if (size < 1000) return `${sign}${trimmed(Math.round(size * 1e6) / 1e6)}ms`;
  const hours = Math.floor(size / 3_600_000);
  const minutes = Math.floor((size % 3_600_000) / 60_000);
  const rest = `${trimmed(Math.round((size % 60_000) * 1e6) / 1e9)}s`;
  if (hours > 0) return `${sign}${hours}h${minutes}m${rest}`;
  return minutes > 0 ? `${sign}${minutes}m${rest}` : `${sign}${rest}`;
}
