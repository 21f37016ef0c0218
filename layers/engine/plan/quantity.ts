/** Powers of ten that the suffixes stand for. */
const DECIMAL: ReadonlyMap<string, number> = new Map([
  ["n", -9],
  ["u", -6],
  ["m", -3],
  ["", 0],
  ["k", 3],
  ["M", 6],
  ["G", 9],
  ["T", 12],
  ["P", 15],
  ["E", 18],
]);
const BINARY: readonly string[] = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const SUFFIXES: ReadonlyMap<number, string> = new Map([...DECIMAL].map(([suffix, exponent]) => [exponent, suffix]));

const FORM = /^([+-]?)(\d*)(?:\.(\d*))?(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?\d{1,2})?$/;
/** Longer numbers are beyond what Kubernetes can hold. */
const MAX_DIGITS = 40;
const MAX_EXPONENT = 18;
/** Quantities are kept to a billionth. */
const NANO = 9;

const pow10 = (exponent: number): bigint => 10n ** BigInt(exponent);

/**
 * A quantity as the API server writes it: `0.5` → `500m`, `1024Mi` → `1Gi`, `1000m` → `1`, `1.5Gi` → `1536Mi`.
 * Undefined when the text is no quantity. Source: k8s.io/apimachinery, resource.Quantity.
 */
export function canonicalQuantity(text: string): string | undefined {
  const [, sign, whole = "", fraction = "", suffix = ""] = FORM.exec(text) ?? [];
  if (sign === undefined || whole + fraction === "" || whole.length + fraction.length > MAX_DIGITS) return undefined;
  const base = BINARY.indexOf(suffix);
  const binary = suffix !== "" && base > 0;
  const exponential = /^[eE]./.test(suffix);
  const exponent = exponential ? Number(suffix.slice(1)) : (DECIMAL.get(suffix) ?? 0);
  if (Math.abs(exponent) > MAX_EXPONENT) return undefined;
  const nano = inNano(BigInt(whole + fraction) * (binary ? 1024n ** BigInt(base) : 1n), exponent - fraction.length);
  if (nano === 0n) return "0";
  const minus = sign === "-" ? "-" : "";
  const one = pow10(NANO);
  if (binary && nano >= 1024n * one && nano % one === 0n) return `${minus}${binaryText(nano / one)}`;
  return `${minus}${decimalText(nano, exponential)}`;
}

/** `digits` · 10^`scale` in billionths, rounded away from zero. */
function inNano(digits: bigint, scale: number): bigint {
  const shift = scale + NANO;
  if (shift >= 0) return digits * pow10(shift);
  const divisor = pow10(-shift);
  return (digits + divisor - 1n) / divisor;
}

function binaryText(value: bigint): string {
  let rest = value;
  let power = 0;
  while (rest % 1024n === 0n && power < BINARY.length - 1) {
    rest /= 1024n;
    power++;
  }
  return `${rest}${BINARY[power]}`;
}

function decimalText(nano: bigint, exponential: boolean): string {
  let rest = nano;
  let exponent = -NANO;
  while (rest % 1000n === 0n && exponent < MAX_EXPONENT) {
    rest /= 1000n;
    exponent += 3;
  }
  if (!exponential) return `${rest}${SUFFIXES.get(exponent) ?? ""}`;
  return exponent === 0 ? `${rest}` : `${rest}e${exponent}`;
}
