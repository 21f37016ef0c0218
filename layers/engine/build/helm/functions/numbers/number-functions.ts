import { printed } from "../../go/print-value.ts";
import { failure, GoPanic, type GoResult } from "../../go/result.ts";
import { FLOAT64, INT, INT64, STRING, sliceOf } from "../../go/type.ts";
import { type GoValue, goInt, goSlice } from "../../go/value.ts";
import { ARG, type GoFunction, goFunction, variadicFunction } from "../../template/functions.ts";
import { claimValues } from "../limits.ts";
import { toFloat64, toInt64 } from "./cast.ts";
import { computeDecimal, type DecimalStep } from "./decimal.ts";
import { round } from "./round.ts";

const { any, float64, int, string } = ARG;

/** Functions of sprig's numeric.go. Sums, products and quotients are of integers of 64 bits, which run over silently. */
export const NUMBER_FUNCTIONS: { readonly [name: string]: GoFunction } = {
  add: variadicFunction(
    [],
    any,
    (values) =>
      goInt(
        values.reduce((sum: bigint, value) => wrapped(sum + toInt64(value)), 0n),
        INT64,
      ),
    INT64,
  ),
  add1: goFunction([any], (value) => goInt(toInt64(value) + 1n, INT64), INT64),
  add1f: goFunction([any], (value) => decimal("add", [toFloat64(value), 1]), FLOAT64),
  addf: variadicFunction([], any, (values) => decimal("add", [0, ...values.map(toFloat64)]), FLOAT64),
  atoi: goFunction([string], (text) => goInt(readDecimal(text)), INT),
  biggest: extreme((a, b) => b > a),
  ceil: goFunction([any], (value) => Math.ceil(toFloat64(value)), FLOAT64),
  div: goFunction([any, any], (a, b) => goInt(toInt64(a) / divisor(b), INT64), INT64),
  divf: ofDecimals("divide"),
  float64: goFunction([any], toFloat64, FLOAT64),
  floor: goFunction([any], (value) => Math.floor(toFloat64(value)), FLOAT64),
  int: goFunction([any], (value) => goInt(toInt64(value)), INT),
  int64: goFunction([any], (value) => goInt(toInt64(value), INT64), INT64),
  max: extreme((a, b) => b > a),
  maxf: extremeFloat(1),
  min: extreme((a, b) => b < a),
  minf: extremeFloat(-1),
  mod: goFunction([any, any], (a, b) => goInt(toInt64(a) % divisor(b), INT64), INT64),
  mul: variadicFunction(
    [any],
    any,
    (first, values) =>
      goInt(
        values.reduce((product: bigint, value) => wrapped(product * toInt64(value)), toInt64(first)),
        INT64,
      ),
    INT64,
  ),
  mulf: ofDecimals("multiply"),
  round: variadicFunction([any, int], float64, (value, places, [roundOn = 0.5]) => round(toFloat64(value), places, roundOn), FLOAT64),
  seq: variadicFunction([], int, (numbers) => sequence(numbers).join(" "), STRING),
  sub: goFunction([any, any], (a, b) => goInt(toInt64(a) - toInt64(b), INT64), INT64),
  subf: ofDecimals("subtract"),
  toDecimal: goFunction([any], (value) => goInt(readOctal(printed(value)), INT64), INT64),
  until: goFunction([int], (count) => ints(counted(0, count, count < 0 ? -1 : 1)), sliceOf(INT)),
  untilStep: goFunction([int, int, int], (start, stop, step) => ints(counted(start, stop, step)), sliceOf(INT)),
};

const wrapped = (value: bigint): bigint => BigInt.asIntN(64, value);

function divisor(value: GoValue): bigint {
  const by = toInt64(value);
  if (by === 0n) throw new GoPanic("runtime error: integer divide by zero");
  return by;
}

function ofDecimals(step: DecimalStep): GoFunction {
  return variadicFunction([any], any, (first, values) => decimal(step, [first, ...values].map(toFloat64)), FLOAT64);
}

function decimal(step: DecimalStep, numbers: readonly number[]): GoResult {
  const answer = computeDecimal(step, numbers);
  return answer.ok ? answer.value : failure(answer.problem);
}

function extreme(isBeyond: (best: bigint, next: bigint) => boolean): GoFunction {
  return variadicFunction(
    [any],
    any,
    (first, values) =>
      goInt(
        values.map(toInt64).reduce((best, next) => (isBeyond(best, next) ? next : best), toInt64(first)),
        INT64,
      ),
    INT64,
  );
}

/** What is infinite wins over what is no number. Source: Go math.Max and math.Min. */
function extremeFloat(sign: 1 | -1): GoFunction {
  const pick = (a: number, b: number): number => {
    const end = sign * Number.POSITIVE_INFINITY;
    if (a === end || b === end) return end;
    return sign > 0 ? Math.max(a, b) : Math.min(a, b);
  };
  return variadicFunction([any], any, (first, values) => values.map(toFloat64).reduce(pick, toFloat64(first)), FLOAT64);
}

const MAX_INT64 = 2n ** 63n - 1n;
const MIN_INT64 = -(2n ** 63n);
/** No number has more digits but zeros. */
const LONGEST = 1_000;

/** What Go's Atoi and ParseInt give beside their error: too large a number is the largest one. */
function readDecimal(text: string): bigint {
  if (!/^[-+]?[0-9]+$/.test(text) || text.length > LONGEST) return 0n;
  const value = BigInt(text.replace("+", ""));
  return value > MAX_INT64 ? MAX_INT64 : value < MIN_INT64 ? MIN_INT64 : value;
}

function readOctal(text: string): bigint {
  if (!/^[-+]?[0-7]+$/.test(text) || text.length > LONGEST) return 0n;
  const size = BigInt(`0o${text.replace(/^[-+]/, "")}`);
  const value = text.startsWith("-") ? -size : size;
  return value > MAX_INT64 || value < MIN_INT64 ? 0n : value;
}

const ints = (numbers: readonly number[]): GoValue =>
  goSlice(
    numbers.map((number) => goInt(number)),
    sliceOf(INT),
  );

/** Source: sprig numeric.go (untilStep). */
function counted(start: number, stop: number, step: number): readonly number[] {
  if (stop < start ? step >= 0 : step <= 0) return [];
  const count = Math.ceil((stop - start) / step);
  claimValues(count);
  return Array.from({ length: count }, (_, index) => start + index * step);
}

/** As the command seq counts: up to the end, and the end with it. Source: sprig numeric.go (seq). */
function sequence(numbers: readonly number[]): readonly number[] {
  const [first = 0, second = 0, third = 0] = numbers;
  const through = (start: number, end: number, step: number): readonly number[] => counted(start, end < start ? end - 1 : end + 1, step);
  switch (numbers.length) {
    case 1:
      return through(1, first, first < 1 ? -1 : 1);
    case 2:
      return through(first, second, second < first ? -1 : 1);
    case 3:
      return third < first && second > 0 ? [] : through(first, third, second);
    default:
      return [];
  }
}
