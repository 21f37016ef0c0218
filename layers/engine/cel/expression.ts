import type { Json } from "../domain/json.ts";
import { problem, type Result } from "../domain/result.ts";

/** What an evaluation ended in. `message` is cel-go's text, with Flux's prefix: `failed to evaluate the CEL expression '…': no such key: x`. */
export type Evaluation<Value> = { readonly kind: "value"; readonly value: Value } | { readonly kind: "failed"; readonly message: string };

/** A compiled expression. Evaluating never throws, never waits and costs a bounded amount of work, whatever expression and variables are. */
export type Expression<Value = boolean | string> = { evaluate(variables: Readonly<Record<string, Json>>): Evaluation<Value> };

export type CompileOptions = {
  /** The declared variables, each an object; anything else that the text names is an `undeclared reference`. */
  readonly variables: readonly string[];
  /** What the static type of the whole expression must be; `any` asks for none, as Flux does of the variables of a generic-oidc Receiver. */
  readonly result: "bool" | "string" | "any";
};

/**
 * Parses and type checks `text`, as Flux does with `readyExpr`, `filter`, `resourceFilter`, OIDC validations and `commitStatusExpr`. The problem is
 * what Flux puts after its own words (`invalid resourceFilter expression: `, `failed to compile expression: `): either
 * `failed to parse the CEL expression '<text>': ERROR: <input>:1:9: …` with the excerpt, or `CEL expression output type mismatch: expected bool, got dyn`.
 */
export function compileExpression(text: string, options: CompileOptions & { readonly result: "bool" }): Result<Expression<boolean>>;
export function compileExpression(text: string, options: CompileOptions & { readonly result: "string" }): Result<Expression<string>>;
export function compileExpression(text: string, options: CompileOptions & { readonly result: "any" }): Result<Expression<Json>>;
export function compileExpression(text: string, options: CompileOptions): Result<Expression<Json>>;
export function compileExpression(_text: string, _options: CompileOptions): Result<Expression<Json>> {
  return problem("CEL is being written");
}

/** Parses `text` without a type check, as Flux does with `healthCheckExprs`: the variables are whatever is given when it is evaluated. Must yield a boolean. */
export function parseExpression(_text: string): Result<Expression<boolean>> {
  return problem("CEL is being written");
}
