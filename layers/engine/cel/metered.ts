import { EXHAUSTED, type Meter, spendOn, spendOnShallow } from "./meter.ts";
import { childrenOf, type Evaluate, type Evaluator, type Node } from "./nodes.ts";

const JOINING: ReadonlySet<string> = new Set(["+", "<", "<=", ">", ">="]);
const COMPARING: ReadonlySet<string> = new Set(["==", "!=", "in"]);

/**
 * Makes a checked expression spend from the meter: before each of its nodes is evaluated, and before an operator or function touches its operands.
 * Once the work is used up every node throws, so that loops, which swallow errors of their items, only run out.
 */
export function meterNodes(root: Node, meter: Meter): void {
  const seen = new Set<Node>();
  const open: Node[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    open.push(...childrenOf(node.args));
    if (node.meta.alternate !== undefined) open.push(node.meta.alternate);
    meterEvaluation(node, meter);
    meterOperands(node, meter);
  }
}

function meterEvaluation(node: Node, meter: Meter): void {
  const run = evaluationOf(node);
  node.evaluate = (evaluator, given, context) => {
    meter.spend(1);
    try {
      return run(withShallowTypes(evaluator), given, context);
    } catch (error) {
      // Errors of items are swallowed by `all` and `exists`, and the library draws the place of each one into the text of the expression.
      if (error !== EXHAUSTED) meter.spend(100 + node.input.length / 10);
      throw error;
    }
  };
}

function evaluationOf({ meta }: Node): Evaluate {
  const { alternate, macro } = meta;
  if (alternate !== undefined) return (evaluator, _, context) => alternate.evaluate(evaluator, alternate, context);
  if (macro !== undefined) return (evaluator, _, context) => macro.evaluate(evaluator, macro, context);
  return meta.evaluate;
}

/**
 * The library names the type of a value by looking down its first items and keeps every such name for good: a stranger's values would fill
 * the memory. That it is a list or map is enough for it to choose an operator.
 */
function withShallowTypes(evaluator: Evaluator): Evaluator {
  if (!Object.hasOwn(evaluator, "debugTypeDeep")) evaluator.debugTypeDeep = (value) => evaluator.debugType(value);
  return evaluator;
}

function meterOperands(node: Node, meter: Meter): void {
  const { handle, op } = node;
  if (handle === undefined) return;
  const spend = spenderOf(op, meter);
  if (spend === undefined) return;
  node.handle = (...given) => {
    spend(given);
    return handle(...given);
  };
}

/** A function reads a duration or a time out of a text, say: microseconds, where a node takes a tenth of one. */
const CALL = 20;
/** The hour in another time zone is formatted by ICU, and kilobytes of it stay until they are collected. */
const TIME_ZONE = 5_000;

type Spend = (given: readonly unknown[]) => void;

function spenderOf(op: string, meter: Meter): Spend | undefined {
  if (JOINING.has(op))
    return ([left, right]) => {
      spendOnShallow(meter, left);
      spendOnShallow(meter, right);
    };
  if (COMPARING.has(op))
    return ([left, right]) => {
      if (isSimple(left) && isSimple(right)) return;
      spendOn(meter, left);
      spendOn(meter, right);
    };
  if (op === "call" || op === "rcall")
    return ([values]) => {
      if (!Array.isArray(values)) return;
      meter.spend(values[0] instanceof Date && values.length > 1 ? TIME_ZONE : CALL);
      for (const value of values) spendOnShallow(meter, value);
      meter.spend(productOf(values));
    };
  return op === "comprehension" ? ([items]) => spendOnShallow(meter, items) : undefined;
}

const isSimple = (value: unknown): boolean => value === null || (typeof value !== "object" && typeof value !== "string");

/** Searching a text for another one may compare each character with each, joining repeats the separator: an upper bound, in the meter's unit. */
function productOf([whole, part]: readonly unknown[]): number {
  if (typeof part !== "string") return 0;
  if (typeof whole === "string") return (whole.length * part.length) / 200;
  return Array.isArray(whole) ? (whole.length * part.length) / 10 : 0;
}
