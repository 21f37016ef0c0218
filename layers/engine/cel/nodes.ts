import type { ASTNode } from "@marcbachmann/cel-js";

/**
 * What this wrapper uses of the library beyond its types (8.0.0, pinned): how a node is evaluated, what it was checked to be, and what a macro became.
 * Tests of budgets, `has` and error texts break if an update changes it.
 */
export type Node = {
  readonly op: string;
  args: unknown;
  readonly start: number;
  readonly end: number;
  readonly pos: number;
  readonly input: string;
  readonly meta: {
    evaluate: Evaluate;
    check(checker: TypeChecker, node: unknown, context: unknown): Type;
    alternate?: Node;
    macro?: { evaluate(ev: Evaluator, macro: unknown, context: unknown): unknown };
  };
  checkedType?: { readonly name: string; readonly kind: string };
  evaluate: Evaluate;
  handle?: (...given: readonly unknown[]) => unknown;
  setMeta(key: string, value: unknown): Node;
};

export type Evaluate = (evaluator: Evaluator, node: unknown, context: unknown) => unknown;
export type Evaluator = { run(node: Node, context: unknown): unknown; debugType(value: unknown): unknown; debugTypeDeep(value: unknown): unknown };

export type Type = { readonly hasPlaceholderType: boolean; templated(registry: unknown, bound: ReadonlyMap<string, unknown>): Type };
export type TypeChecker = { readonly registry: unknown; readonly dynType: unknown };

/** The one place where a node of the library is taken for more than its types say. */
export const nodeOf = (ast: ASTNode): Node => ast as unknown as Node;

export const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && "op" in value && "args" in value && "meta" in value;

/** Nodes directly in the arguments of a node: in its lists too, and in the loop that a macro has become. */
export function childrenOf(args: unknown): readonly Node[] {
  if (isNode(args)) return [args];
  if (Array.isArray(args)) return args.flatMap(childrenOf);
  if (typeof args !== "object" || args === null || !("iterable" in args)) return [];
  return Object.values(args).filter(isNode);
}

/** The name, the receiver and the arguments of a call; a function has no receiver. */
export type Call = { readonly name: string; readonly receiver: Node | undefined; readonly given: readonly Node[] };

export function callOf({ op, args }: Node): Call | undefined {
  if (!Array.isArray(args) || typeof args[0] !== "string") return undefined;
  if (op === "call") return { name: args[0], receiver: undefined, given: childrenOf(args[1]) };
  return op === "rcall" && isNode(args[1]) ? { name: args[0], receiver: args[1], given: childrenOf(args[2]) } : undefined;
}

/** Every node of the expression as it was written, parents first. */
export function eachNode(root: Node, visit: (node: Node, depth: number) => number): void {
  const open: { readonly node: Node; readonly depth: number }[] = [{ node: root, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const inner = visit(next.node, next.depth);
    for (const child of childrenOf(next.node.args)) open.push({ node: child, depth: inner });
  }
}
