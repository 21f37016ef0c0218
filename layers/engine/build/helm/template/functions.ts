import type { GoResult } from "../go/result.ts";
import { ANY, BOOL, BYTES, DICT, FLOAT64, type GoType, INT, INT64, LIST, STRING, STRINGS, UINT32 } from "../go/type.ts";
import type { GoBytes, GoMap, GoSlice, GoValue } from "../go/value.ts";

/**
 * A function that a template may call. The static types of its parameters decide what is said of arguments that do not fit, before it is called:
 * `wrong type for value; expected string; got int`, `expected integer; found "x"` (a constant), `invalid value; expected string` (nil).
 * What it returns as a failure becomes `error calling <name>: <message>`; so does a GoPanic that it throws. Nothing else may be thrown.
 */
export type GoFunction = {
  readonly params: readonly GoType[];
  /** Whether the last of `params` is the element of a `...T`, and may be given any number of times, also never. */
  readonly variadic: boolean;
  /** The static type of the result: ANY unless it is certain. Seen in messages about fields of it only. */
  readonly result: GoType;
  /** Gets as many arguments as `params` asks for, each of its type. */
  readonly call: (args: readonly GoValue[]) => GoResult;
};

export type GoFunctions = ReadonlyMap<string, GoFunction>;

/** A parameter: its type in Go, and how the function gets it in TypeScript. */
export type Param<A> = { readonly type: GoType; readonly take: (value: GoValue) => A };

/** What an argument of a type that was checked before is for TypeScript. Fails for bugs only. */
function take<A extends GoValue>(type: GoType, is: (value: GoValue) => value is A): Param<A> {
  return {
    type,
    take: (value) => {
      if (!is(value)) throw new TypeError(`an argument of ${type.name} was not checked`);
      return value;
    },
  };
}

const bigintOf = (value: GoValue): bigint => {
  if (typeof value !== "object" || value === null || value.go !== "int") throw new TypeError("an argument that is an integer was not checked");
  return value.value;
};

const isMapValue = (value: GoValue): value is GoMap => typeof value === "object" && value !== null && value.go === "map";
const isSliceValue = (value: GoValue): value is GoSlice => typeof value === "object" && value !== null && value.go === "slice";

/** A value of a named type becomes one of the parameter's type when it is given, as in Go: `typeOf (set .Values "a" 1)` is no common.Values. */
const asPlain = <A extends GoMap | GoSlice>(param: Param<A>): Param<A> => ({
  type: param.type,
  take: (value) => {
    const given = param.take(value);
    return given.type === param.type ? given : { ...given, type: param.type };
  },
});

/**
 * The parameters that functions of Helm have. `int` gives a number: beyond 2^53 it is no longer exact, which does not matter for a count of characters; who
 * calculates takes `int64` or ANY. A map or list that was nil comes as one that is empty and says isNil.
 */
export const ARG = {
  any: { type: ANY, take: (value: GoValue) => value },
  string: take(STRING, (value) => typeof value === "string"),
  bool: take(BOOL, (value) => typeof value === "boolean"),
  float64: take(FLOAT64, (value) => typeof value === "number"),
  int: { type: INT, take: (value: GoValue) => Number(bigintOf(value)) },
  int64: { type: INT64, take: bigintOf },
  uint32: { type: UINT32, take: (value: GoValue) => Number(bigintOf(value)) },
  /** map[string]interface {}. `.Values` (common.Values) fits as well, and is one for the function; it is the same map, whatever changes. */
  dict: asPlain(take(DICT, isMapValue)),
  /** []interface {}: a []string does not fit. */
  list: asPlain(take(LIST, isSliceValue)),
  strings: asPlain(take(STRINGS, isSliceValue)),
  bytes: take(BYTES, (value): value is GoBytes => typeof value === "object" && value !== null && value.go === "bytes"),
} satisfies Record<string, Param<unknown>>;

/** A parameter of any other type, as common.Values or time.Time: comes as it is. */
export const argOf = (type: GoType): Param<GoValue> => ({ type, take: (value) => value });

type Params<A extends readonly unknown[]> = { readonly [I in keyof A]: Param<A[I]> };

/** `goFunction([ARG.int, ARG.string], (width, text) => …)`. `result` only where Go's function does not return interface {} and fields of the result may be asked for. */
export function goFunction<const A extends readonly unknown[]>(params: Params<A>, call: (...args: A) => GoResult, result: GoType = ANY): GoFunction {
  const takes = params.map((param: Param<unknown>) => param.take);
  return {
    params: params.map((param: Param<unknown>) => param.type),
    variadic: false,
    result,
    // The executor has checked number and types of the arguments.
    call: (args) => call(...(takes.map((takeOne, index) => takeOne(args[index] ?? null)) as unknown as A)),
  };
}

/** `variadicFunction([ARG.string], ARG.any, (format, rest) => …)`: any number of the last, as one list. */
export function variadicFunction<const A extends readonly unknown[], R>(
  params: Params<A>,
  rest: Param<R>,
  call: (...args: [...A, readonly R[]]) => GoResult,
  result: GoType = ANY,
): GoFunction {
  const takes = params.map((param: Param<unknown>) => param.take);
  return {
    params: [...params.map((param: Param<unknown>) => param.type), rest.type],
    variadic: true,
    result,
    call: (args) => {
      const fixed = takes.map((takeOne, index) => takeOne(args[index] ?? null)) as unknown as A;
      return call(...fixed, args.slice(takes.length).map(rest.take));
    },
  };
}
