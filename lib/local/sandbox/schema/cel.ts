import { type CelAnswer, type CelFunction, createEnvironment } from "@sluice/engine/cel/environment.ts";
import { replace } from "@sluice/engine/cel/flux-functions.ts";
import { formatText } from "@sluice/engine/cel/format-text.ts";
import type { Meter } from "@sluice/engine/cel/meter.ts";
import { callOf, eachNode, type Node } from "@sluice/engine/cel/nodes.ts";
import { kubernetesLibraries } from "./cel-libraries.ts";

export type { CelAnswer } from "@sluice/engine/cel/environment.ts";

/** A value as CEL sees it: integers are bigint, doubles number, so that `2` and `2.0` are what the schema says. */
export type CelValue = unknown;

export type CelProgram = {
  readonly usesOldSelf: boolean;
  /** `size`: the most items of any list or map in the values. */
  run(variables: { readonly self: CelValue; readonly oldSelf?: CelValue }, size: number): CelAnswer;
};

export type CelCompiled = { readonly kind: "program"; readonly program: CelProgram } | { readonly kind: "broken"; readonly problem: string };

/**
 * About what the server allows for all rules of one object (RuntimeCELCostBudget). As the server does, a rule that could cost more is refused before it
 * runs: nodes of the expression, times the largest collection for each level of nested macros. What it costs is counted while it runs as well.
 */
const COST_LIMIT = 10_000_000;
const MACROS = ["all", "exists", "exists_one", "map", "filter"];
/** Rules of one API server's CRDs: more of them are compiled again. */
const KEPT = 5_000;

/** Rules of CRDs and what they may call: `self`, `oldSelf`, CEL's standard functions, strings and lists. */
export function createCel(): { compile(rule: string): CelCompiled } {
  const environment = createEnvironment({
    variables: [
      ["self", "dyn"],
      ["oldSelf", "dyn"],
    ],
    functions: rulesMayCall,
  });
  const known = new Map<string, CelCompiled>();
  return {
    compile: (rule) => {
      const found = known.get(rule);
      if (found !== undefined) return found;
      const made = compile(environment, rule);
      if (known.size >= KEPT) known.clear();
      known.set(rule, made);
      return made;
    },
  };
}

function compile(environment: ReturnType<typeof createEnvironment>, rule: string): CelCompiled {
  const parsed = environment.parse(rule);
  if (parsed.kind === "broken") return { kind: "broken", problem: parsed.fault.summary };
  const { program } = parsed;
  if (program.fault !== undefined) return { kind: "broken", problem: program.fault.summary };
  const { nodes, depth, variables } = measure(program.root);
  const run: CelProgram["run"] = (given, size) => {
    if (nodes * Math.max(1, size) ** depth > COST_LIMIT) return { kind: "too-costly" };
    return program.run(new Map(Object.entries(given)), COST_LIMIT).answer;
  };
  return { kind: "program", program: { usesOldSelf: variables.has("oldSelf"), run } };
}

type Measure = { readonly nodes: number; readonly depth: number; readonly variables: ReadonlySet<string> };

/** How large the expression is, how deep its macros nest, and what it names. */
function measure(root: Node): Measure {
  const variables = new Set<string>();
  let nodes = 0;
  let deepest = 0;
  eachNode(root, (node, depth) => {
    nodes += 1;
    const call = callOf(node);
    const inner = call?.receiver !== undefined && MACROS.includes(call.name) ? depth + 1 : depth;
    deepest = Math.max(deepest, inner);
    if (node.op === "id" && typeof node.args === "string") variables.add(node.args);
    return inner;
  });
  return { nodes, depth: deepest, variables };
}

const rulesMayCall = (meter: Meter): readonly CelFunction[] => [
  { signature: "string.replace(string, string): string", run: (text: string, from: string, to: string) => replace(meter, text, from, to, -1n) },
  {
    signature: "string.replace(string, string, int): string",
    run: (text: string, from: string, to: string, limit: bigint) => replace(meter, text, from, to, limit),
  },
  { signature: "string.charAt(int): string", run: (text: string, index: bigint) => text.charAt(Number(index)) },
  { signature: "string.format(list): string", run: (text: string, values: readonly unknown[]) => formatText(meter, text, values) },
  { signature: "list.isSorted(): bool", run: isSorted },
  { signature: "list.sum(): dyn", run: sum },
  { signature: "list.min(): dyn", run: least },
  { signature: "list.max(): dyn", run: most },
  ...kubernetesLibraries(meter),
  { signature: "list.indexOf(dyn): int", run: (list: readonly unknown[], item: unknown) => BigInt(list.indexOf(item)) },
];

type Sortable = bigint | number | string;

const isSorted = (list: readonly Sortable[]): boolean => list.every((item, index) => index === 0 || (list[index - 1] ?? item) <= item);
const least = (list: readonly Sortable[]): Sortable => list.reduce((a, b) => (b < a ? b : a));
const most = (list: readonly Sortable[]): Sortable => list.reduce((a, b) => (b > a ? b : a));

function sum(list: readonly Sortable[]): Sortable {
  if (list.every((item) => typeof item === "number")) return list.length === 0 ? 0n : list.reduce((a, b) => a + b, 0);
  return list.reduce((total: bigint, item) => total + BigInt(item), 0n);
}
