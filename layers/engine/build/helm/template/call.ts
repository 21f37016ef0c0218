import { quote } from "../../text/quote.ts";
import { spend } from "../../work.ts";
import { failure, type GoFailure, GoPanic, type GoResult, isFailure } from "../go/result.ts";
import { isTrue } from "../go/truth.ts";
import { ANY, type GoMethod, type GoType, REFLECT_VALUE } from "../go/type.ts";
import type { GoValue } from "../go/value.ts";
import { fit } from "./arguments.ts";
import { BUILTINS } from "./builtins/builtins.ts";
import { type AnyNode, type ArgNode, printNode } from "./nodes.ts";
import { type Found, fail, type State } from "./state.ts";

/** An argument: evaluated when it is known which type is asked for. */
export type Argument = { readonly node: ArgNode; readonly evaluate: (state: State, type: GoType) => Found };

/** What a pipe brings as the last argument; NONE where nothing does. */
export const NONE = Symbol("no argument from a pipe");
export type Final = Found | typeof NONE;

type Signature = { readonly params: readonly GoType[]; readonly variadic: boolean };

/**
 * Calls the function of that name, or else text/template's own. That there is one was looked at while parsing. Source: text/template, evalFunction.
 * Few frames stand between a template and the one that it includes: JavaScript's stack is what limits how deep they go.
 */
export function callFunction(state: State, node: AnyNode, name: string, args: readonly Argument[], final: Final): Found {
  const { functions, budget } = state.environment;
  budget.steps(1);
  const custom = functions.get(name);
  if (custom === undefined) return callBuiltin(state, node, name, args, final);
  const given = evaluateArguments(state, name, custom, args, final).map(known);
  let result: GoResult;
  try {
    result = custom.call(given);
  } catch (error) {
    result = failureOf(error);
  }
  return finish(state, node, name, result);
}

function callBuiltin(state: State, node: AnyNode, name: string, args: readonly Argument[], final: Final): Found {
  const builtin = BUILTINS.get(name);
  if (builtin === undefined) return fail(state, `${quote(name)} is not a defined function`);
  if (name === "and" || name === "or") return shortCircuit(state, name, builtin, args, final);
  const given = evaluateArguments(state, name, builtin, args, final);
  const callee = args[0] === undefined ? "" : printNode(args[0].node);
  let result: GoResult | undefined;
  try {
    result = builtin.call(given, callee);
  } catch (error) {
    result = failureOf(error);
  }
  return finish(state, node, name, result);
}

export function callMethod(state: State, node: AnyNode, name: string, method: GoMethod, self: GoValue, args: readonly Argument[], final: Final): Found {
  state.environment.budget.steps(1);
  const given = evaluateArguments(state, name, method, args, final).map(known);
  let result: GoResult;
  try {
    result = method.call(self, given);
  } catch (error) {
    result = failureOf(error);
  }
  return finish(state, node, name, result);
}

/** Only the parameters of builtin functions tell what is not there at all from nil. */
const known = (value: Found): GoValue => value ?? null;

/** Go's panics are errors of the function; all else is not for a template to see. */
function failureOf(error: unknown): GoFailure {
  if (error instanceof GoPanic) return failure(error.message);
  throw error;
}

/** An error of the function is one of the node that called it, however far the arguments had come. */
function finish(state: State, node: AnyNode, name: string, result: GoResult | undefined): Found {
  if (isFailure(result)) {
    state.node = node;
    return fail(state, `error calling ${name}: ${result.message}`);
  }
  if (typeof result === "string") state.environment.budget.bytes(result.length);
  return result;
}

/** Source: text/template, evalCall. */
function evaluateArguments(state: State, name: string, { params, variadic }: Signature, args: readonly Argument[], final: Final): Found[] {
  const count = args.length + (final === NONE ? 0 : 1);
  checkCount(state, name, { params, variadic }, args.length, count);
  const typeAt = (index: number): GoType => params[Math.min(index, params.length - 1)] ?? ANY;
  const given: Found[] = [];
  for (let index = 0; index < args.length; index++) given.push(args[index]?.evaluate(state, typeAt(index)));
  if (final !== NONE) given.push(fit(state, final, typeAt(args.length)));
  payFor(given);
  return given;
}

/** So much of the arguments of a call is free: what small values cost is in the call's own step. */
const FREE = 256;
const STEPS_OF_LETTER = 6;

/**
 * Whatever a function does, it may look at every letter and item that it is given, and a hostile chart calls it a million times with the same large one.
 * What lies deeper is counted where it is gone through.
 */
function payFor(given: readonly Found[]): void {
  let steps = 0;
  for (const value of given) {
    if (typeof value === "string") steps += STEPS_OF_LETTER * value.length;
    else if (typeof value === "object" && value !== null) {
      if (value.go === "map") steps += value.entries.size;
      else if (value.go === "slice") steps += value.items.length;
      else if (value.go === "bytes") steps += STEPS_OF_LETTER * value.bytes.length;
    }
  }
  if (steps > FREE) spend(steps);
}

function checkCount(state: State, name: string, { params, variadic }: Signature, written: number, count: number): void {
  if (variadic && count < params.length - 1) fail(state, `wrong number of args for ${name}: want at least ${params.length - 1} got ${written}`);
  if (!variadic && count !== params.length) fail(state, `wrong number of args for ${name}: want ${params.length} got ${count}`);
}

/** `and` and `or` evaluate no further than they have to. */
function shortCircuit(state: State, name: "and" | "or", signature: Signature, args: readonly Argument[], final: Final): Found {
  checkCount(state, name, signature, args.length, args.length + (final === NONE ? 0 : 1));
  let value: Found;
  for (const arg of args) {
    value = arg.evaluate(state, REFLECT_VALUE);
    if (isTrue(value) === (name === "or")) return value;
  }
  return final === NONE ? value : fit(state, final, REFLECT_VALUE);
}
