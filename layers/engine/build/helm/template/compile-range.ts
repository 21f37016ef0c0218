import { spend } from "../../work.ts";
import { printed } from "../go/print-value.ts";
import { type GoValue, goInt, itemsOf, sortedKeys } from "../go/value.ts";
import { compilePipe } from "./compile-pipeline.ts";
import type { ListNode, RangeNode } from "./nodes.ts";
import { type Found, fail, indexOfVariable, markVariables, type Program, popVariables, type State, setVariable } from "./state.ts";

/** One round: the index (or key) and the item; `isInterface` is of the item. */
type Round = (index: Found, item: Found, isInterface: boolean) => "go on" | "stop";

/** Source: text/template, walkRange. `compileList` is handed in, for it compiles ranges. */
export function compileRange(node: RangeNode, compileList: (list: ListNode) => Program): Program {
  const evaluate = compilePipe(node.pipe);
  const list = compileList(node.list);
  const otherwise = node.otherwise === undefined ? undefined : compileList(node.otherwise);
  return (state) => {
    state.node = node;
    const outer = markVariables(state);
    const value = evaluate(state);
    const ran = each(state, value, node, createRound(state, node, list));
    const signal = ran ? "next" : (otherwise?.(state) ?? "next");
    popVariables(state, outer);
    return signal;
  };
}

function createRound(state: State, { pipe }: RangeNode, list: Program): Round {
  const mark = markVariables(state);
  const { dot, isDotInterface } = state;
  // One variable is the item; of two, the first is the index.
  const [first, second] = pipe.declared.map(({ names: [name = ""] }) => name);
  const place = (name: string, fromTop: number): number => (pipe.isAssignment ? indexOfVariable(state, name) : mark - fromTop);
  return (index, item, isInterface) => {
    if (first !== undefined && second === undefined) setVariable(state, place(first, 1), item, isInterface);
    if (first !== undefined && second !== undefined) {
      // Go sets the item first where it declares, and the index first where it assigns; both variables may be the same one.
      if (pipe.isAssignment) setVariable(state, place(first, 2), index, false);
      setVariable(state, place(second, 1), item, isInterface);
      if (!pipe.isAssignment) setVariable(state, place(first, 2), index, false);
    }
    state.dot = item;
    state.isDotInterface = isInterface;
    state.environment.budget.steps(1);
    const signal = list(state);
    popVariables(state, mark);
    state.dot = dot;
    state.isDotInterface = isDotInterface;
    return signal === "break" ? "stop" : "go on";
  };
}

/** Whether there was a round at all. */
function each(state: State, value: Found, { pipe }: RangeNode, round: Round): boolean {
  if (value === undefined || value === null) return false;
  const target = typeof value === "object" && value.go === "pointer" ? value.to : value;
  if (typeof target !== "object" || target === null) return fail(state, `range can't iterate over ${printed(target)}`);
  switch (target.go) {
    case "int":
      if (pipe.declared.length > 1) fail(state, `can't use ${printed(target)} to iterate over more than one variable`);
      for (let count = 0n; count < target.value; count++) if (round(undefined, goInt(count, target.type), false) === "stop") break;
      return target.value > 0n;
    case "map":
      return eachEntry(sortedKeys(target), target.entries, target.type.element?.kind === "interface", round);
    case "slice":
    case "bytes":
      return eachItem(itemsOf(target), target.type.element?.kind === "interface", round);
    case "complex":
    case "struct":
      return fail(state, `range can't iterate over ${printed(target)}`);
  }
}

/** They are sorted before the first round. */
const STEPS_OF_KEY = 20;

/** A key that a round takes away still has its turn, with the value that it had: Go looks at all before the first. */
function eachEntry(keys: readonly string[], entries: ReadonlyMap<string, GoValue>, isInterface: boolean, round: Round): boolean {
  spend(STEPS_OF_KEY * keys.length);
  const pairs = keys.map((key) => [key, entries.get(key) ?? null] as const);
  for (const [key, item] of pairs) if (round(key, item, isInterface) === "stop") break;
  return pairs.length > 0;
}

function eachItem(items: readonly GoValue[], isInterface: boolean, round: Round): boolean {
  for (let index = 0; index < items.length; index++) if (round(goInt(index), items[index] ?? null, isInterface) === "stop") break;
  return items.length > 0;
}
