import { type ASTNode, Environment, Optional } from "@marcbachmann/cel-js";
import { hasOverride } from "./has.ts";
import { createMeter, type Meter } from "./meter.ts";
import { meterNodes } from "./metered.ts";
import { callOf, eachNode, type Node, nodeOf, type TypeChecker } from "./nodes.ts";
import { optionalMap } from "./optional-map.ts";
import { createPatterns } from "./patterns.ts";

/** A function that expressions may call: `string.charAt(int): string`. */
export type CelFunction = { readonly signature: string; run(...given: never[]): unknown };

export type EnvironmentOptions = {
  /** Name and type (`dyn`, `map<string, dyn>`) of what may be named; "any" takes every name for one of type dyn. */
  readonly variables: readonly (readonly [name: string, type: string])[] | "any";
  /** The functions beyond the library's own; those that make much of little spend from the meter. */
  readonly functions: (meter: Meter) => readonly CelFunction[];
  /** Names of namespaces with functions: `sets` of `sets.contains(…)`, whose functions are written `Sets.contains(…)`. */
  readonly namespaces?: readonly string[];
};

export type CelAnswer =
  | { readonly kind: "value"; readonly value: unknown }
  /** What went wrong while evaluating, in cel-go's words where they are known: `no such key: x`. */
  | { readonly kind: "error"; readonly message: string }
  /** It would have cost too much. */
  | { readonly kind: "too-costly" };

/** `work`: how much of the budget it took. */
export type Ran = { readonly answer: CelAnswer; readonly work: number };

/** An expression as it was written; where the library finds something wrong with its types, `fault` says what. */
export type CelProgram = {
  readonly root: Node;
  /** The type of what it gives: `dyn`, `list<string>`. */
  readonly type: string;
  readonly fault: Fault | undefined;
  run(variables: ReadonlyMap<string, unknown>, budget: number): Ran;
};

/** An error of the library: its code, its words, and where. */
export type Fault = { readonly code: string; readonly summary: string; readonly offset: number; readonly node: Node | undefined };

export type Parsed = { readonly kind: "program"; readonly program: CelProgram } | { readonly kind: "broken"; readonly fault: Fault };

export type CelEnvironment = { parse(text: string): Parsed };

/** Nothing waits for anything here. */
const SYNC = { async: false };
const MAX_NODES = 5_000;
/** `matches` of the library is a RegExp; ours is RE2. The name is one that no expression can hold. */
const MATCHES = "re2_matches";

/** The one place that knows the CEL library: an environment with bounded work, RE2 for `matches`, and `has` of anything. */
export function createEnvironment(options: EnvironmentOptions): CelEnvironment {
  const meter = createMeter();
  const environment = withFunctions(createBare(options), options, meter);
  return { parse: (text) => parse(environment, meter, text) };
}

const createBare = ({ variables }: EnvironmentOptions): Environment => {
  const environment = new Environment({
    enableOptionalTypes: true,
    homogeneousAggregateLiterals: false,
    unlistedVariablesAreDyn: variables === "any",
    limits: { maxAstNodes: MAX_NODES, maxDepth: 100, maxListElements: 1000, maxMapEntries: 1000, maxCallArguments: 32 },
  });
  if (variables !== "any") for (const [name, type] of variables) environment.registerVariable(name, type);
  return environment;
};

function withFunctions(environment: Environment, { functions, namespaces = [] }: EnvironmentOptions, meter: Meter): Environment {
  const patterns = createPatterns(meter.spend);
  const matches = (text: string, pattern: string): boolean => {
    const compiled = patterns(pattern);
    meter.spend(pattern.length);
    if (compiled.kind === "broken") throw new Error(`error parsing regexp: ${compiled.problem.replace(/^error parsing regexp: /, "")}`);
    meter.spend((1 + text.length) * (1 + compiled.states / 8));
    return compiled.test(text);
  };
  environment.registerFunction(`string.${MATCHES}(string): bool`, matches, SYNC).registerFunction(`${MATCHES}(string, string): bool`, matches, SYNC);
  for (const name of namespaces) {
    class Namespace {}
    const type = `${name[0]?.toUpperCase()}${name.slice(1)}Namespace`;
    environment.registerType(type, Namespace).registerConstant(name, type, new Namespace());
  }
  environment.registerFunction("optional.optMap(ast, ast): optional<dyn>", optionalMap(false), SYNC);
  environment.registerFunction("optional.optFlatMap(ast, ast): optional<dyn>", optionalMap(true), SYNC);
  for (const { signature, run } of functions(meter)) environment.registerFunction(signature, run, SYNC);
  return environment;
}

function parse(environment: Environment, meter: Meter, text: string): Parsed {
  try {
    const parsed = environment.parse(text);
    const root = nodeOf(parsed.ast);
    adapt(root);
    const checked = parsed.check();
    const fault = checked.valid ? undefined : faultOf(checked.error);
    if (fault === undefined) meterNodes(root, meter);
    const run: CelProgram["run"] = (variables, budget) =>
      fault === undefined ? evaluate(meter, budget, () => parsed(new Map(variables))) : { answer: faulty(fault), work: 0 };
    return { kind: "program", program: { root, type: checked.type ?? "dyn", fault, run } };
  } catch (error) {
    return { kind: "broken", fault: faultOf(error) };
  }
}

/** Before types are checked: `matches` becomes RE2's, and `has` one that takes any operand. */
function adapt(root: Node): void {
  eachNode(root, (node, depth) => {
    const call = callOf(node);
    if (call !== undefined) withoutPlaceholders(node);
    if (call?.name === "matches" && Array.isArray(node.args)) node.args[0] = MATCHES;
    if (call?.name === "has" && call.receiver === undefined) hasOverride(node);
    return depth;
  });
}

/** A function of a list or optional of unknown items leaves its placeholder in the type: `list<A>`. What is not known is dyn. */
function withoutPlaceholders(node: Node): void {
  const { check } = node.meta;
  node.setMeta("check", (checker: TypeChecker, given: unknown, context: unknown) => {
    const type = check(checker, given, context);
    return type.hasPlaceholderType ? type.templated(checker.registry, new Map([..."ATKV"].map((name) => [name, checker.dynType]))) : type;
  });
}

function evaluate(meter: Meter, budget: number, run: () => unknown): Ran {
  meter.start(budget);
  const answer = answerOf(meter, run);
  return { answer, work: budget - meter.left() };
}

function answerOf(meter: Meter, run: () => unknown): CelAnswer {
  try {
    const value = run();
    return meter.isExhausted() ? { kind: "too-costly" } : { kind: "value", value: value instanceof Optional ? undefined : value };
  } catch (error) {
    return meter.isExhausted() ? { kind: "too-costly" } : { kind: "error", message: goWords(faultOf(error)) };
  }
}

const faulty = (fault: Fault): CelAnswer => ({ kind: "error", message: goWords(fault) });

function faultOf(error: unknown): Fault {
  const { code, summary, message, range, node } = (typeof error === "object" && error !== null ? error : {}) as Partial<LibraryError>; // thrown by the library: anything
  const at = range?.start;
  return {
    code: typeof code === "string" ? code : "",
    summary: summary ?? message?.split("\n")[0] ?? String(error),
    offset: typeof at === "number" ? at : 0,
    node: node !== undefined && "meta" in node ? nodeOf(node) : undefined,
  };
}

type LibraryError = {
  readonly code: string;
  readonly summary: string;
  readonly message: string;
  readonly range: { readonly start: number };
  readonly node: ASTNode;
};

const OVERLOADS: ReadonlySet<string> = new Set([
  "no_such_overload",
  "no_matching_overload",
  "invalid_logical_operand",
  "invalid_condition_type",
  "variable_type_mismatch",
  "field_type_mismatch",
  "list_item_type_mismatch",
  "invalid_list_element_type",
  "incompatible_ternary_branches",
]);

/** cel-go's words for what goes wrong while evaluating. */
function goWords({ code, summary }: Fault): string {
  if (OVERLOADS.has(code)) return "no such overload";
  const unnamed = /^Unknown variable: (.*)$/.exec(summary);
  if (unnamed !== null) return `no such attribute(s): ${unnamed[1]}`;
  if (code === "modulo_by_zero") return "modulus by zero";
  if (code === "optional_value_missing") return "optional.none() dereference";
  if (code === "numeric_overflow") return "integer overflow";
  return summary.replace(/^No such key: index out of bounds, index (-?\d+).*$/, "index out of bounds: $1").replace(/^No such key: /, "no such key: ");
}
