/** `digits` times ten to the power of `exponent`. */
type Decimal = { readonly digits: bigint; readonly exponent: number };

/** Behind the point, in a quotient. */
const PRECISION = 16;

export type DecimalStep = "add" | "subtract" | "multiply" | "divide";
export type DecimalAnswer = { readonly ok: true; readonly value: number } | { readonly ok: false; readonly problem: string };

/**
 * `addf`, `subf`, `mulf` and `divf`: the numbers are taken for the decimal fractions that they are written as, so that 0.1 + 0.2 is 0.3.
 * Source: sprig numeric.go (execDecimalOp), shopspring/decimal.
 */
export function computeDecimal(step: DecimalStep, numbers: readonly number[]): DecimalAnswer {
  const [first = 0, ...others] = numbers;
  if (!Number.isFinite(first)) return refuse(first);
  let sum = decimalOf(first);
  for (const other of others) {
    if (!Number.isFinite(other)) return refuse(other);
    const next = decimalOf(other);
    if (step === "divide" && next.digits === 0n) return { ok: false, problem: "decimal division by 0" };
    sum = STEPS[step](sum, next);
  }
  return { ok: true, value: Number(`${sum.digits}e${sum.exponent}`) };
}

const refuse = (value: number): DecimalAnswer => ({
  ok: false,
  problem: `Cannot create a Decimal from ${Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf"}`,
});

const STEPS: { readonly [Step in DecimalStep]: (a: Decimal, b: Decimal) => Decimal } = {
  add: (a, b) => aligned(a, b, (x, y) => x + y),
  subtract: (a, b) => aligned(a, b, (x, y) => x - y),
  multiply: (a, b) => ({ digits: a.digits * b.digits, exponent: a.exponent + b.exponent }),
  divide,
};

/** The shortest digits that name the number, as Go and JavaScript find them alike. */
function decimalOf(value: number): Decimal {
  if (value === 0) return { digits: 0n, exponent: 0 };
  const [mantissa = "", power = "0"] = value.toExponential().split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  return { digits: BigInt(whole + fraction), exponent: Number(power) - fraction.length };
}

function aligned(a: Decimal, b: Decimal, combine: (x: bigint, y: bigint) => bigint): Decimal {
  const exponent = Math.min(a.exponent, b.exponent);
  return { digits: combine(a.digits * tenTo(a.exponent - exponent), b.digits * tenTo(b.exponent - exponent)), exponent };
}

/** Rounded half away from zero. Source: shopspring/decimal DivRound. */
function divide(a: Decimal, b: Decimal): Decimal {
  const shift = a.exponent - b.exponent + PRECISION;
  const above = shift < 0 ? a.digits : a.digits * tenTo(shift);
  const below = shift < 0 ? b.digits * tenTo(-shift) : b.digits;
  const quotient = above / below;
  const isHalf = size(above % below) * 2n >= size(below);
  const away = a.digits < 0n !== b.digits < 0n ? -1n : 1n;
  return { digits: isHalf ? quotient + away : quotient, exponent: -PRECISION };
}

const tenTo = (power: number): bigint => 10n ** BigInt(power);
const size = (value: bigint): bigint => (value < 0n ? -value : value);
