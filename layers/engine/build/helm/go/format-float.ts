/** A decimal number: 0.d1d2d3… times 10 to the power of `point`. No zeros at the end; zero itself has no digits. */
type Decimal = { readonly digits: string; readonly point: number };

export type FloatFormat = "e" | "E" | "f" | "g" | "G" | "b" | "x" | "X";

/** strconv.FormatFloat for 64 bits; `precision` -1 takes as many digits as make the number distinct from all others. */
export function formatFloat(value: number, format: FloatFormat, precision = -1): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const size = Math.abs(value);
  switch (format) {
    case "b":
      return sign + formatBinary(size);
    case "x":
      return sign + formatHex(size, precision);
    case "X":
      return sign + formatHex(size, precision).toUpperCase();
    case "f":
      return sign + withoutExponent(precision < 0 ? shortest(size) : roundedTo(size, -precision), precision);
    case "e":
    case "E":
      return sign + withExponent(precision < 0 ? shortest(size) : significant(size, precision + 1), precision, format);
    case "g":
    case "G":
      return sign + general(size, format === "g" ? "e" : "E", precision);
  }
}

/** %v of a float64, the form in which numbers of values stand in manifests: `1e+06` from a million on. */
export function floatText(value: number): string {
  const whole = Number.isInteger(value) && value > -1e6 && value < 1e6 && !Object.is(value, -0);
  return whole ? String(value) : formatFloat(value, "g");
}

function general(size: number, exponentLetter: "e" | "E", precision: number): string {
  const isShortest = precision < 0;
  const wanted = precision === 0 ? 1 : precision;
  const decimal = isShortest ? shortest(size) : significant(size, wanted);
  const { digits, point } = decimal;
  let limit = isShortest ? 6 : wanted;
  if (!isShortest && limit > digits.length && digits.length >= point) limit = digits.length;
  const exponent = point - 1;
  if (exponent < -4 || exponent >= limit) {
    const shown = isShortest || wanted > digits.length ? digits.length : wanted;
    return withExponent(decimal, shown - 1, exponentLetter);
  }
  return withoutExponent(decimal, Math.max(digits.length - point, 0));
}

function withExponent({ digits, point }: Decimal, precision: number, letter: "e" | "E"): string {
  const shown = precision < 0 ? Math.max(digits.length - 1, 0) : precision;
  const fraction = shown > 0 ? `.${digits.slice(1, 1 + shown).padEnd(shown, "0")}` : "";
  const exponent = digits === "" ? 0 : point - 1;
  return `${digits[0] ?? "0"}${fraction}${letter}${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

function withoutExponent({ digits, point }: Decimal, precision: number): string {
  const shown = precision < 0 ? Math.max(digits.length - point, 0) : precision;
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, "0") : "0";
  if (shown === 0) return whole;
  const fraction = point >= 0 ? digits.slice(point) : "0".repeat(-point) + digits;
  return `${whole}.${fraction.slice(0, shown).padEnd(shown, "0")}`;
}

/** The fewest digits that read back as `size`: what JavaScript writes as well. */
function shortest(size: number): Decimal {
  if (size === 0) return { digits: "", point: 0 };
  const [mantissa = "", exponent = "0"] = size.toExponential().split("e");
  return { digits: mantissa.replace(".", ""), point: Number(exponent) + 1 };
}

/** The `count` most significant digits, rounded to even from the exact value. */
function significant(size: number, count: number): Decimal {
  if (size === 0) return { digits: "", point: 0 };
  const guess = shortest(size).point;
  const decimal = roundedTo(size, guess - count);
  // The shortest text may be a power of ten that the number itself does not reach.
  const tooFew = decimal.point < guess;
  return tooFew ? roundedTo(size, guess - 1 - count) : decimal;
}

/** Rounded at 10^position, half to even, exactly: JavaScript's toFixed rounds half up and knows 100 digits at most. */
function roundedTo(size: number, position: number): Decimal {
  if (size === 0) return { digits: "", point: 0 };
  const { mantissa, exponent } = partsOf(size);
  let numerator = mantissa;
  let denominator = 1n;
  if (exponent >= 0) numerator <<= BigInt(exponent);
  else denominator <<= BigInt(-exponent);
  if (position >= 0) denominator *= 10n ** BigInt(position);
  else numerator *= 10n ** BigInt(-position);
  const text = String(divideToEven(numerator, denominator));
  if (text === "0") return { digits: "", point: 0 };
  return { digits: text.replace(/0+$/, ""), point: text.length + position };
}

function divideToEven(numerator: bigint, denominator: bigint): bigint {
  const whole = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  const up = twice > denominator || (twice === denominator && whole % 2n === 1n);
  return up ? whole + 1n : whole;
}

/** size = mantissa * 2^exponent. */
function partsOf(size: number): { readonly mantissa: bigint; readonly exponent: number } {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, size);
  const raw = bits.getBigUint64(0);
  const biased = Number(raw >> 52n);
  const fraction = raw & 0xfffffffffffffn;
  return biased === 0 ? { mantissa: fraction, exponent: -1074 } : { mantissa: fraction | (1n << 52n), exponent: biased - 1075 };
}

function formatBinary(size: number): string {
  const { mantissa, exponent } = partsOf(size);
  return `${mantissa}p${exponent < 0 ? "" : "+"}${exponent}`;
}

function formatHex(size: number, precision: number): string {
  let { mantissa, exponent } = partsOf(size);
  if (mantissa !== 0n) {
    const shift = 53 - mantissa.toString(2).length;
    mantissa <<= BigInt(shift);
    exponent += 52 - shift;
  } else exponent = 0;
  let digits = 13;
  if (precision >= 0 && precision < 13) {
    mantissa = divideToEven(mantissa, 1n << BigInt(4 * (13 - precision)));
    digits = precision;
    if (mantissa === 1n << BigInt(4 * precision + 1)) {
      mantissa >>= 1n;
      exponent += 1;
    }
  }
  const text = mantissa.toString(16).padStart(digits + 1, "0");
  const fraction = precision < 0 ? text.slice(1).replace(/0+$/, "") : text.slice(1).padEnd(precision, "0");
  return `0x${text[0]}${fraction === "" ? "" : `.${fraction}`}p${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}
