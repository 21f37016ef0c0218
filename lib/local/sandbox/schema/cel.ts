import { type ASTNode, Environment } from "@marcbachmann/cel-js";
import { createPatterns, type Pattern } from "./patterns.ts";

/** A value as CEL sees it: integers are bigint, doubles number, so that `2` and `2.0` are what the schema says. */
export type CelValue = unknown;

export type CelAnswer =
  | { readonly kind: "value"; readonly value: unknown }
  /** What went wrong while evaluating: `no such key: x`. */
  | { readonly kind: "error"; readonly message: string }
  /** It would have cost too much. */
  | { readonly kind: "too-costly" };

export type CelProgram = {
  readonly usesOldSelf: boolean;
  /** `size`: the most items of any list or map in the values. */
  run(variables: { readonly self: CelValue; readonly oldSelf?: CelValue }, size: number): CelAnswer;
};

export type CelCompiled = { readonly kind: "program"; readonly program: CelProgram } | { readonly kind: "broken"; readonly problem: string };

/**
 * About what the server allows for all rules of one object (RuntimeCELCostBudget). Evaluation cannot be interrupted, so the cost is
 * estimated before: nodes of the expression, times the largest collection for each level of nested macros.
 */
const COST_LIMIT = 10_000_000;
const MAX_NODES = 5_000;
const MACROS = ["all", "exists", "exists_one", "existsOne", "map", "filter", "transformList", "transformMap", "transformMapEntry"];

/** `matches` of the library is a RegExp; ours is RE2. The name is one that no rule can hold. */
const MATCHES = "re2Matches";
const LITERAL_OR_MATCHES = /r?"""[\s\S]*?"""|r?'''[\s\S]*?'''|r?"(?:\\.|[^"\\\n])*"|r?'(?:\\.|[^'\\\n])*'|\bmatches(?=\s*\()/g;
const withRe2 = (rule: string): string => rule.replace(LITERAL_OR_MATCHES, (found) => (found === "matches" ? MATCHES : found));

/** The one place that knows the CEL library. Rules of CRDs and what they may call: `self`, `oldSelf`, CEL's standard functions, strings and lists. */
export function createCel(): { compile(rule: string): CelCompiled } {
  const environment = createEnvironment(createPatterns());
  const known = new Map<string, CelCompiled>();
  return {
    compile: (rule) => {
      const found = known.get(rule);
      if (found !== undefined) return found;
      const made = compile(environment, rule);
      known.set(rule, made);
      return made;
    },
  };
}

function compile(environment: Environment, rule: string): CelCompiled {
  try {
    const parsed = environment.parse(withRe2(rule));
    const checked = parsed.check();
    if (!checked.valid) return { kind: "broken", problem: checked.error?.message ?? "the expression does not compile" };
    const { nodes, depth, variables } = measure(parsed.ast);
    const run: CelProgram["run"] = (variables, size) => {
      if (nodes * Math.max(1, size) ** depth > COST_LIMIT) return { kind: "too-costly" };
      return evaluate(() => parsed({ ...variables }));
    };
    return { kind: "program", program: { usesOldSelf: variables.has("oldSelf"), run } };
  } catch (error) {
    return { kind: "broken", problem: messageOf(error) };
  }
}

function evaluate(run: () => unknown): CelAnswer {
  try {
    return { kind: "value", value: run() };
  } catch (error) {
    return { kind: "error", message: serverWords(messageOf(error)) };
  }
}

/** The library's message without the excerpt of the source below it. */
const messageOf = (error: unknown): string => (error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error));

/** cel-go's words for the errors that people meet. */
const serverWords = (message: string): string =>
  message.replace(/^No such key: index out of bounds, index (\d+).*$/, "index out of bounds: $1").replace(/^No such key: /, "no such key: ");

type Measure = { readonly nodes: number; readonly depth: number; readonly variables: ReadonlySet<string> };

/** How large the expression is, how deep its macros nest, and what it names. */
function measure(root: ASTNode): Measure {
  const variables = new Set<string>();
  let nodes = 0;
  let deepest = 0;
  const open: { readonly node: ASTNode; readonly depth: number }[] = [{ node: root, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, depth } = next;
    nodes += 1;
    const macro = node.op === "rcall" && MACROS.includes(node.args[0]);
    const inner = macro ? depth + 1 : depth;
    deepest = Math.max(deepest, inner);
    if (node.op === "id") variables.add(node.args);
    for (const child of childrenOf(node.args)) open.push({ node: child, depth: inner });
  }
  return { nodes, depth: deepest, variables };
}

const isNode = (value: unknown): value is ASTNode => typeof value === "object" && value !== null && "op" in value && "args" in value;

/** Nodes directly in the arguments of a node, in lists of them too. */
function childrenOf(args: unknown): readonly ASTNode[] {
  if (isNode(args)) return [args];
  return Array.isArray(args) ? args.flatMap(childrenOf) : [];
}

function createEnvironment(patterns: (pattern: string) => Pattern): Environment {
  const matches = (text: string, pattern: string): boolean => re2(patterns, pattern).test(text);
  const environment = new Environment({
    enableOptionalTypes: true,
    homogeneousAggregateLiterals: false,
    limits: { maxAstNodes: MAX_NODES, maxDepth: 100, maxListElements: 1000, maxMapEntries: 1000, maxCallArguments: 32 },
  })
    .registerVariable("self", "dyn")
    .registerVariable("oldSelf", "dyn")
    .registerFunction(`string.${MATCHES}(string): bool`, matches)
    .registerFunction(`${MATCHES}(string, string): bool`, matches);
  return withTextFunctions(withListFunctions(environment));
}

function re2(patterns: (pattern: string) => Pattern, pattern: string): { test(text: string): boolean } {
  const compiled = patterns(pattern);
  if (compiled.kind === "broken") throw new Error(`error parsing regexp: ${compiled.problem}`);
  return compiled;
}

const withTextFunctions = (environment: Environment): Environment =>
  environment
    .registerFunction("string.replace(string, string): string", (text: string, from: string, to: string) => text.replaceAll(from, () => to))
    .registerFunction("string.replace(string, string, int): string", replaceSome)
    .registerFunction("string.charAt(int): string", (text: string, index: bigint) => text.charAt(Number(index)))
    .registerFunction("string.format(list): string", formatText);

function replaceSome(text: string, from: string, to: string, limit: bigint): string {
  if (limit < 0n) return text.replaceAll(from, () => to);
  const parts = text.split(from);
  const head = parts.slice(0, Number(limit) + 1).join(to);
  const tail = parts.slice(Number(limit) + 1);
  return tail.length === 0 ? head : [head, ...tail].join(from);
}

/** `%s` and `%d` take the next value, `%%` is a percent sign. */
function formatText(text: string, values: readonly unknown[]): string {
  let next = 0;
  return text.replace(/%[sd%]/g, (verb) => {
    if (verb === "%%") return "%";
    const value = values[next];
    next += 1;
    return String(value);
  });
}

type Sortable = bigint | number | string;

const isSorted = (list: readonly Sortable[]): boolean => list.every((item, index) => index === 0 || (list[index - 1] ?? item) <= item);
const least = (list: readonly Sortable[]): Sortable => list.reduce((a, b) => (b < a ? b : a));
const most = (list: readonly Sortable[]): Sortable => list.reduce((a, b) => (b > a ? b : a));

function sum(list: readonly Sortable[]): Sortable {
  if (list.every((item) => typeof item === "number")) return list.length === 0 ? 0n : list.reduce((a, b) => a + b, 0);
  return list.reduce((total: bigint, item) => total + BigInt(item), 0n);
}

const withListFunctions = (environment: Environment): Environment =>
  environment
    .registerFunction("list.isSorted(): bool", isSorted)
    .registerFunction("list.sum(): dyn", sum)
    .registerFunction("list.min(): dyn", least)
    .registerFunction("list.max(): dyn", most)
    .registerFunction("list.indexOf(dyn): int", (list: readonly unknown[], item: unknown) => BigInt(list.indexOf(item)));
