import type { Json } from "../domain/json.ts";
import { ok, problem, type Result } from "../domain/result.ts";
import { type Allowance, createAllowance } from "./allowance.ts";
import { type CelAnswer, type CelEnvironment, type CelProgram, createEnvironment } from "./environment.ts";
import { fluxFunctions, NAMESPACES } from "./flux-functions.ts";
import { findUndeclared } from "./names.ts";
import { findSyntaxErrors } from "./syntax/find-syntax-errors.ts";
import { renderSourceErrors, type SourceError } from "./syntax/source-error.ts";
import { findMixed, findOverflows, goType, parseError, typeError } from "./type-errors.ts";
import { celValue, isTooDeep, jsonOfCel } from "./value.ts";

/** What an evaluation ended in. `message` is cel-go's text, with Flux's prefix: `failed to evaluate the CEL expression '…': no such key: x`. */
export type Evaluation<Value> = { readonly kind: "value"; readonly value: Value } | { readonly kind: "failed"; readonly message: string };

/** A compiled expression. Evaluating never throws, never waits and costs a bounded amount of work, whatever expression and variables are. */
export type Expression<Value = Json> = { evaluate(variables: Readonly<Record<string, Json>>): Evaluation<Value> };

export type CompileOptions = {
  /** The declared variables, each an object; anything else that the text names is an `undeclared reference`. */
  readonly variables: readonly string[];
  /** What the static type of the whole expression must be; "any" gives whatever it is as JSON, integers as numbers. */
  readonly result: "bool" | "string" | "any";
  /** Where others are compiled and evaluated beside it: what all of them may do. */
  readonly allowance?: Allowance;
};

/** About a second of a small function's time. */
export const BUDGET = 2_000_000;
/** A character is as much work to compile as that many nodes to evaluate. */
const COMPILING = 10;
/** And a value that is handed in. */
const CONVERTING = 2;
/** How many values one that is handed out may have in it: lists may share parts, so that a small one can be endless as JSON. */
const LARGEST = 100_000;
/** Source: cel-go's default limit of an expression. */
const MAX_CHARACTERS = 100_000;

/**
 * Parses and type checks `text`, as Flux does with `readyExpr`, `filter`, `resourceFilter`, OIDC validations and `commitStatusExpr`. The problem is
 * what Flux puts after its own words (`invalid resourceFilter expression: `, `failed to compile expression: `): either
 * `failed to parse the CEL expression '<text>': ERROR: <input>:1:9: …` with the excerpt, or `CEL expression output type mismatch: expected bool, got dyn`.
 * Source: reference 0.11; fluxcd/pkg runtime/cel; the recordings of notifications/.
 */
export function compileExpression(text: string, options: CompileOptions & { readonly result: "bool" }): Result<Expression<boolean>>;
export function compileExpression(text: string, options: CompileOptions & { readonly result: "string" }): Result<Expression<string>>;
export function compileExpression(text: string, options: CompileOptions & { readonly result: "any" }): Result<Expression<Json>>;
export function compileExpression(text: string, options: CompileOptions): Result<Expression>;
export function compileExpression(text: string, { variables, result, allowance = createAllowance() }: CompileOptions): Result<Expression> {
  const parsed = parse(() => declaring(variables), text, allowance);
  if (!parsed.ok) return parsed;
  const program = parsed.value;
  const errors = findUndeclared(program.root, variables);
  if (errors.length > 0) return unparsable(text, errors);
  if (program.fault !== undefined) return unparsable(text, [typeError(program.root, program.fault)]);
  const mixed = findMixed(program.root);
  if (mixed.length > 0) return unparsable(text, mixed);
  const type = goType(program.type);
  const compiled = { program, text, allowance };
  if (result === "any") return ok(createExpression(compiled, "doubles", asJson));
  if (type !== result) return problem(`CEL expression output type mismatch: expected ${result}, got ${type}`);
  return result === "bool" ? ok(createExpression(compiled, "doubles", asBoolean)) : ok(createExpression(compiled, "doubles", asText));
}

/** Parses `text` without a type check, as Flux does with `healthCheckExprs`: the variables are whatever is given when it is evaluated. Must yield a boolean. */
export function parseExpression(text: string, allowance: Allowance = createAllowance()): Result<Expression<boolean>> {
  const parsed = parse(anything, text, allowance);
  if (!parsed.ok) return parsed;
  return ok(createExpression({ program: parsed.value, text, allowance }, "integers", asBoolean));
}

function parse(environment: () => CelEnvironment, text: string, allowance: Allowance): Result<CelProgram> {
  if (text.length > MAX_CHARACTERS)
    return unparsable(text.slice(0, 100), [{ message: `expression code point size exceeds limit: size: ${text.length}, limit ${MAX_CHARACTERS}` }]);
  allowance.spend(COMPILING * text.length);
  if (allowance.left() < 0) return problem("the CEL expressions are too large together");
  const errors = findSyntaxErrors(text);
  if (errors.length > 0) return unparsable(text, errors);
  const parsed = environment().parse(text);
  if (parsed.kind === "broken") return unparsable(text, [parseError(parsed.fault)]);
  // cel-go expands macros while it parses.
  const { fault } = parsed.program;
  if (fault?.code === "invalid_macro_argument") return unparsable(text, [parseError(fault)]);
  const overflows = findOverflows(parsed.program.root);
  return overflows.length > 0 ? unparsable(text, overflows) : ok(parsed.program);
}

const unparsable = (text: string, errors: readonly SourceError[]): { readonly ok: false; readonly problem: string } =>
  problem(`failed to parse the CEL expression '${text}': ${renderSourceErrors(text, errors)}`);

/** Of a declared variable, a protobuf Struct, every number is a double; of the fields of an object whole numbers are integers. */
type Numbers = "doubles" | "integers";
type Read<Value> = (value: unknown, text: string) => Evaluation<Value>;
type Compiled = { readonly program: CelProgram; readonly text: string; readonly allowance: Allowance };

function createExpression<Value>({ program, text, allowance }: Compiled, numbers: Numbers, read: Read<Value>): Expression<Value> {
  const last = new Map<string, { readonly json: Json; readonly value: unknown }>();

  /** Of each variable the last value is kept: the request is the same for each object that a filter is asked about. */
  function convert(name: string, json: Json): unknown {
    const known = last.get(name);
    if (known?.json === json) return known.value;
    const value = celValue(json, numbers, () => allowance.spend(CONVERTING));
    last.set(name, { json, value });
    return value;
  }

  return { evaluate: (given) => evaluate({ program, text, allowance }, given, convert, read) };
}

function evaluate<Value>(
  { program, text, allowance }: Compiled,
  given: Readonly<Record<string, Json>>,
  convert: (name: string, json: Json) => unknown,
  read: Read<Value>,
): Evaluation<Value> {
  if (Object.values(given).some(isTooDeep)) return { kind: "failed", message: `failed to evaluate the CEL expression '${text}': the value is nested too deep` };
  const variables = new Map(allowance.left() < 0 ? [] : Object.entries(given).map(([name, value]) => [name, convert(name, value)]));
  if (allowance.left() < 0) return answerOf({ kind: "too-costly" }, text, read);
  const { answer, work } = program.run(variables, Math.min(BUDGET, allowance.left()));
  allowance.spend(work);
  return answerOf(answer, text, read);
}

function answerOf<Value>(answer: CelAnswer, text: string, read: (value: unknown, text: string) => Evaluation<Value>): Evaluation<Value> {
  switch (answer.kind) {
    case "value":
      return read(answer.value, text);
    case "error":
      return { kind: "failed", message: `failed to evaluate the CEL expression '${text}': ${answer.message}` };
    case "too-costly":
      return { kind: "failed", message: `failed to evaluate the CEL expression '${text}': operation cancelled: actual cost limit exceeded` };
  }
}

const asBoolean = (value: unknown, text: string): Evaluation<boolean> =>
  typeof value === "boolean" ? { kind: "value", value } : { kind: "failed", message: `failed to evaluate CEL expression as boolean: '${text}'` };
const asText = (value: unknown, text: string): Evaluation<string> =>
  typeof value === "string" ? { kind: "value", value } : { kind: "failed", message: `failed to evaluate CEL expression as string: '${text}'` };

function asJson(value: unknown, text: string): Evaluation<Json> {
  const json = jsonOfCel(value, LARGEST);
  if (json === undefined) return { kind: "failed", message: `failed to evaluate the CEL expression '${text}': the value is too large or no JSON` };
  return { kind: "value", value: json };
}

/** An environment holds declarations and patterns only, and costs some milliseconds: one for each set of variables that is asked for, some of them kept. */
const KEPT = 16;
const environments = new Map<string, CelEnvironment>();

function declaring(variables: readonly string[]): CelEnvironment {
  return kept(variables.join(","), () => createFlux(variables.map((name) => [name, "map<string, dyn>"])));
}

const anything = (): CelEnvironment => kept("any", () => createFlux("any"));

function kept(key: string, create: () => CelEnvironment): CelEnvironment {
  const found = environments.get(key);
  if (found !== undefined) return found;
  if (environments.size >= KEPT) environments.clear();
  const made = create();
  environments.set(key, made);
  return made;
}

const createFlux = (variables: readonly (readonly [string, string])[] | "any"): CelEnvironment =>
  createEnvironment({ variables, functions: fluxFunctions, namespaces: NAMESPACES });
