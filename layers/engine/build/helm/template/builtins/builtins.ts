import { sprint, sprintf, sprintln } from "../../go/printf.ts";
import { failure, type GoResult } from "../../go/result.ts";
import { isTrue } from "../../go/truth.ts";
import { ANY, type GoType, REFLECT_VALUE, STRING } from "../../go/type.ts";
import { typeName } from "../../go/value.ts";
import type { Found } from "../state.ts";
import { at, length, slice } from "./access.ts";
import { equals, isLess } from "./compare.ts";
import { escapeHtml, escapeJs, escapeQuery } from "./escape.ts";

/**
 * A function of text/template itself. Other than those of Helm it can tell a value that is not there at all from nil, as a reflect.Value does.
 * `callee` is the first argument as it is written.
 */
export type Builtin = {
  readonly params: readonly GoType[];
  readonly variadic: boolean;
  readonly call: (args: readonly Found[], callee: string) => GoResult | undefined;
};

const value = REFLECT_VALUE;
const fixed = (count: number, call: Builtin["call"]): Builtin => ({ params: Array<GoType>(count).fill(value), variadic: false, call });
/** One value and any number of others. */
const oneAndMore = (call: Builtin["call"]): Builtin => ({ params: [value, value], variadic: true, call });
const anyNumber = (call: Builtin["call"]): Builtin => ({ params: [ANY], variadic: true, call });

/** `and` and `or` are evaluated where functions are called, for they leave arguments out. */
const shortCircuit = oneAndMore(() => undefined);

const known = (args: readonly Found[]) => args.map((arg) => arg ?? null);
const not = (result: boolean | ReturnType<typeof failure>) => (typeof result === "boolean" ? !result : result);

export const BUILTINS: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  ["and", shortCircuit],
  ["or", shortCircuit],
  ["not", fixed(1, ([arg]) => !isTrue(arg))],
  ["len", fixed(1, ([arg]) => length(arg))],
  ["index", oneAndMore(([item, ...indexes]) => at(item, indexes))],
  ["slice", oneAndMore(([item, ...indexes]) => slice(item, indexes))],
  ["call", oneAndMore(([callee], name) => callNothing(callee, name))],
  ["print", anyNumber((args) => sprint(known(args)))],
  ["println", anyNumber((args) => sprintln(known(args)))],
  ["printf", { params: [STRING, ANY], variadic: true, call: ([format, ...args]) => sprintf(typeof format === "string" ? format : "", known(args)) }],
  ["html", anyNumber((args) => escapeHtml(known(args)))],
  ["js", anyNumber((args) => escapeJs(known(args)))],
  ["urlquery", anyNumber((args) => escapeQuery(known(args)))],
  ["eq", oneAndMore(([first, ...others]) => equals(first, others))],
  ["ne", fixed(2, ([a, b]) => not(equals(a, [b])))],
  ["lt", fixed(2, ([a, b]) => isLess(a, b))],
  ["le", fixed(2, ([a, b]) => isLessOrEqual(a, b))],
  ["gt", fixed(2, ([a, b]) => not(isLessOrEqual(a, b)))],
  ["ge", fixed(2, ([a, b]) => not(isLess(a, b)))],
]);

function isLessOrEqual(a: Found, b: Found): boolean | ReturnType<typeof failure> {
  const less = isLess(a, b);
  return less === false ? equals(a, [b]) : less;
}

/** No value that a chart can get is a function. */
function callNothing(callee: Found, name: string): GoResult {
  if (callee === undefined || callee === null) return failure("call of nil");
  const shown = name !== "" ? name : typeof callee === "string" ? callee : `<${typeName(callee)} Value>`;
  return failure(`non-function ${shown} of type ${typeName(callee)}`);
}
