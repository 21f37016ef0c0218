const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
/** From this exponent on, and below -4, a number is written as a power of ten. */
const LEAST_EXPONENT = 6;

/** A number of a message: `12,345.6`, `1.5×10⁰⁶`, `1×10⁻⁰⁷`. Source: golang.org/x/text, message.Printer in English, `%v` of a float64. */
export function showNumber(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "-∞";
  const [mantissa = "", power = "0"] = value.toExponential().split("e");
  const exponent = Number(power);
  if (exponent < -4 || exponent >= LEAST_EXPONENT) return `${mantissa}×10${exponent < 0 ? "⁻" : ""}${raised(Math.abs(exponent))}`;
  const [whole = "", fraction] = String(value).split(".");
  return fraction === undefined ? groupDigits(whole) : `${groupDigits(whole)}.${fraction}`;
}

/** A count of a message: `1,234,567`. Source: the same printer, `%d`. */
export const showCount = (value: number | bigint): string => groupDigits(value.toString());

const groupDigits = (digits: string): string => digits.replace(/\B(?=(?:\d{3})+$)/g, ",");
const raised = (exponent: number): string =>
  String(exponent)
    .padStart(2, "0")
    .replace(/\d/g, (digit) => SUPERSCRIPTS[Number(digit)] ?? "");
