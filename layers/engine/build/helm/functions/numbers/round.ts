/** Beyond so many places nothing is left of a number. */
const FAR = 5_000;

/** `value` with so many places behind the point; a half is rounded up where `roundOn` says so: -2.5 becomes -3. Source: sprig numeric.go (round). */
export function round(value: number, places: number, roundOn: number): number {
  const power = powerOfTen(Math.max(-FAR, Math.min(FAR, places)));
  const digit = power * value;
  return (digit - Math.trunc(digit) >= roundOn ? Math.ceil(digit) : Math.floor(digit)) / power;
}

/** Ten to a power as Go computes it, which beyond 10^22 differs from the nearest number in its last bit. Source: Go math.Pow. */
function powerOfTen(exponent: number): number {
  if (exponent === 0) return 1;
  if (exponent === 1) return 10;
  let mantissa = 1;
  let shift = 0;
  // 10 is 0.625 times 2 to the power of 4.
  let square = 0.625;
  let squareShift = 4;
  for (let left = Math.abs(exponent); left !== 0; left = Math.floor(left / 2)) {
    if (Math.abs(squareShift) > 4_096) {
      shift += squareShift;
      break;
    }
    if (left % 2 === 1) {
      mantissa *= square;
      shift += squareShift;
    }
    square *= square;
    squareShift *= 2;
    if (square < 0.5) {
      square += square;
      squareShift--;
    }
  }
  return exponent < 0 ? scale(1 / mantissa, -shift) : scale(mantissa, shift);
}

/** `mantissa` times two to a power that alone might be no number. */
function scale(mantissa: number, shift: number): number {
  const half = Math.trunc(shift / 2);
  return mantissa * 2 ** half * 2 ** (shift - half);
}
