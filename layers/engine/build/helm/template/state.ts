import { quote } from "../../text/quote.ts";
import { byteLength } from "../go/bytes.ts";
import type { GoValue } from "../go/value.ts";
import type { Budget } from "./budget.ts";
import type { GoFunctions } from "./functions.ts";
import { type AnyNode, type ListNode, printNode } from "./nodes.ts";
import type { Source } from "./parse.ts";

/**
 * What an expression comes to. `undefined` is Go's invalid reflect.Value: not there at all, printed as `<no value>`, and fields of it are silently nothing.
 * `null` is a nil that lies in an interface {}: an entry of a map, an item of a list; fields of that are an error. A pipeline makes `undefined` of it.
 */
export type Found = GoValue | undefined;

/** A template that can be executed: compiled when it is first needed. */
export type Template = { readonly name: string; readonly source: Source; readonly root: ListNode; program?: Program };

/** `break` and `continue` go up through the lists until a range takes them. */
export type Signal = "next" | "break" | "continue";
export type Program = (state: State) => Signal;

export type MissingKey = "default" | "zero" | "error";

/** What templates are executed with. */
export type Environment = {
  readonly functions: Pick<GoFunctions, "get" | "has">;
  readonly missingKey: MissingKey;
  readonly budget: Budget;
  readonly lookup: (name: string) => Template | undefined;
};

/** The state of one execution of one template. It changes all the time: what is current stands here, as in Go. */
export type State = {
  readonly environment: Environment;
  readonly template: Template;
  /** What errors say where they are. Stays at what was looked at last, also on the way back. */
  node: AnyNode | undefined;
  dot: Found;
  /** Whether the dot is an item of a []interface {} and the like: messages say so of its type. */
  isDotInterface: boolean;
  /** The same of the field that was evaluated last. */
  isInterface: boolean;
  readonly names: string[];
  readonly values: Found[];
  readonly areInterfaces: boolean[];
  output: string;
};

export const createState = (environment: Environment, template: Template, dot: Found): State => ({
  environment,
  template,
  node: undefined,
  dot,
  isDotInterface: false,
  isInterface: false,
  names: ["$"],
  values: [dot],
  areInterfaces: [false],
  output: "",
});

/** Thrown within an execution: its message is the whole error as Go says it. */
export class ExecProblem extends Error {
  override readonly name = "ExecProblem";
}

/** Ends the execution: `template: a.yaml:3:5: executing "a.yaml" at <.x>: message`. */
export function fail(state: State, message: string): never {
  const { node, template } = state;
  if (node === undefined) throw new ExecProblem(`template: ${template.name}: ${message}`);
  const { line, column } = placeOf(template.source.text, node.at);
  throw new ExecProblem(`template: ${template.source.name}:${line}:${column}: executing ${quote(template.name)} at <${printNode(node)}>: ${message}`);
}

/** The column counts bytes from 0. */
function placeOf(text: string, at: number): { readonly line: number; readonly column: number } {
  const lineStart = text.lastIndexOf("\n", at - 1) + 1;
  let line = 1;
  for (let found = text.indexOf("\n"); found >= 0 && found < at; found = text.indexOf("\n", found + 1)) line++;
  return { line, column: byteLength(text.slice(lineStart, at)) };
}

export function write(state: State, text: string): void {
  state.environment.budget.bytes(text.length);
  state.output += text;
}

export function pushVariable(state: State, name: string, value: Found): void {
  state.names.push(name);
  state.values.push(value);
  state.areInterfaces.push(false);
}

export const markVariables = (state: State): number => state.names.length;

export function popVariables(state: State, mark: number): void {
  if (state.names.length === mark) return;
  state.names.length = mark;
  state.values.length = mark;
  state.areInterfaces.length = mark;
}

/** The place of the variable that was declared last under the name. */
export function indexOfVariable(state: State, name: string): number {
  const index = state.names.lastIndexOf(name);
  return index >= 0 ? index : fail(state, `undefined variable: ${name}`);
}

export function setVariable(state: State, index: number, value: Found, isInterface: boolean): void {
  state.values[index] = value;
  state.areInterfaces[index] = isInterface;
}
