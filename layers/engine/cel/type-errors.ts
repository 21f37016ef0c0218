import type { Fault } from "./environment.ts";
import { callOf, childrenOf, eachNode, isNode, type Node } from "./nodes.ts";
import { offsetOf } from "./offset-of.ts";
import type { SourceError } from "./syntax/source-error.ts";

/** A type as cel-go writes it: `map(string, dyn)`. */
export const goType = (name: string): string =>
  name
    .replace(/dyn<[^<>]*>/g, "dyn")
    .replaceAll("optional<", "optional_type<")
    .replaceAll("<", "(")
    .replaceAll(">", ")")
    .replace(/\b[A-Z]\b/g, "dyn")
    .replace(/^list$/, "list(dyn)")
    .replace(/^map$/, "map(dyn, dyn)");

/**
 * What the library finds wrong with the types of an expression, in cel-go's words where those are known; else in the library's.
 * Source: cel-go checker/errors.go.
 */
export function typeError(root: Node, fault: Fault): SourceError {
  const { code, summary, node, offset } = fault;
  if (node === undefined) return { offset, message: summary };
  switch (code) {
    case "no_such_overload":
    case "no_matching_overload":
    case "invalid_logical_operand":
    case "incompatible_ternary_branches":
      return { offset: offsetOf(node), message: noOverload(node) };
    case "cannot_index_type":
    case "invalid_index_type":
      return node.op.startsWith("[") ? { offset: offsetOf(node), message: noOverload(node) } : { offset: offsetOf(node), message: noField(node) };
    case "invalid_macro_argument":
      return parseError(fault);
    case "invalid_condition_type":
      return conditionError(root, node, fault);
    case "invalid_comprehension_range":
      return { offset: offsetOf(node), message: `expression of type '${typeOf(node)}' cannot be range of a comprehension (must be list, map, or dynamic)` };
    default:
      return { offset, message: summary };
  }
}

const typeOf = (node: Node | undefined): string => goType(node?.checkedType?.name ?? "dyn");
const typesOf = (nodes: readonly Node[]): string => nodes.map(typeOf).join(", ");

function noOverload(node: Node): string {
  const call = callOf(node);
  if (call === undefined) return `found no matching overload for '${operatorName(node.op)}' applied to '(${typesOf(childrenOf(node.args))})'`;
  const receiver = call.receiver === undefined ? "" : `${typeOf(call.receiver)}.`;
  return `found no matching overload for '${call.name.replace(/^re2_/, "")}' applied to '${receiver}(${typesOf(call.given)})'`;
}

const OPERATORS: ReadonlyMap<string, string> = new Map([
  ["!_", "!_"],
  ["-_", "-_"],
  ["?:", "_?_:_"],
  ["[]", "_[_]"],
  ["[?]", "_[?_]"],
  ["in", "@in"],
]);

const operatorName = (op: string): string => OPERATORS.get(op) ?? `_${op}_`;

function noField({ args }: Node): string {
  const operand = Array.isArray(args) && isNode(args[0]) ? args[0] : undefined;
  return `type '${typeOf(operand)}' does not support field selection`;
}

/** What the library's parser refuses although it is the grammar: macros with something else than a name, literals that are too large. */
export function parseError({ code, summary, node, offset }: Fault): SourceError {
  switch (code) {
    case "invalid_macro_argument":
      return { offset: node === undefined ? offset : offsetOf(node), message: macroWords(summary) };
    case "invalid_integer":
    case "invalid_hex_integer":
      return { offset, message: "invalid int literal" };
    case "invalid_number":
      return { offset, message: "invalid double literal" };
    case "limit_exceeded":
      return { message: `expression too large: ${summary}` };
    default:
      return { offset, message: `unsupported syntax: ${summary}` };
  }
}

const macroWords = (summary: string): string => {
  if (summary.startsWith("has()")) return "invalid argument to has() macro";
  return /^(map|filter)\(/.test(summary) ? "argument is not an identifier" : "argument must be a simple name";
};

/** A condition that is no bool: that of a ternary, or of a macro, which is one inside. */
function conditionError(root: Node, condition: Node, { summary, offset }: Fault): SourceError {
  let found: SourceError = { offset, message: summary };
  eachNode(root, (parent, depth) => {
    const children = callOf(parent)?.given ?? childrenOf(parent.args);
    if (children.includes(condition)) found = { offset: offsetOf(parent), message: inMacro(parent, condition) ?? noOverload(parent) };
    return depth;
  });
  return found;
}

function inMacro(parent: Node, condition: Node): string | undefined {
  const call = callOf(parent);
  if (call === undefined) return undefined;
  const type = typeOf(condition);
  const inside = new Map([
    ["all", `'_&&_' applied to '(bool, ${type})'`],
    ["exists", `'_||_' applied to '(bool, ${type})'`],
    ["exists_one", `'_?_:_' applied to '(${type}, int, int)'`],
  ]).get(call.name);
  return `found no matching overload for ${inside ?? `'_?_:_' applied to '(${type}, list(dyn), list(dyn))'`}`;
}

/** Lists and maps with items of several types: Flux allows one type, or dyn. Source: cel-go checker joinTypes. */
export function findMixed(root: Node): readonly SourceError[] {
  const found: SourceError[] = [];
  eachNode(root, (node, depth) => {
    if (node.op === "list" && Array.isArray(node.args)) found.push(...mixedAmong(childrenOf(node.args)));
    if (node.op === "map" && Array.isArray(node.args)) {
      const entries = node.args.map(childrenOf);
      found.push(...mixedAmong(entries.flatMap(([key]) => key ?? [])), ...mixedAmong(entries.flatMap(([, value]) => value ?? [])));
    }
    return depth;
  });
  return found;
}

function mixedAmong(items: readonly Node[]): readonly SourceError[] {
  let first: string | undefined;
  const found: SourceError[] = [];
  for (const item of items) {
    const type = typeOf(item);
    if (type.includes("dyn")) continue;
    first ??= type;
    if (type !== first) found.push({ offset: offsetOf(item), message: `expected type '${first}' but found '${type}'` });
  }
  return found;
}

const MAX_INT = 2n ** 63n - 1n;

/** Integers that are none of 64 bits. The least one is written with a minus, which is a part of it. */
export function findOverflows(root: Node): readonly SourceError[] {
  const found: SourceError[] = [];
  const negated = new Set<unknown>();
  eachNode(root, (node, depth) => {
    if (node.op === "-_") negated.add(node.args);
    if (typeof node.args === "bigint" && node.args > MAX_INT + (negated.has(node) ? 1n : 0n))
      found.push({ offset: node.start, message: "invalid int literal" });
    return depth;
  });
  return found;
}
