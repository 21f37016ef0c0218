import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Answer, Input } from "../../support/kustomize/case.ts";
import { caseText } from "../../support/kustomize/case-text.ts";
import type { Oracle } from "../../support/kustomize/oracle.ts";
import { sameAnswer } from "../../support/kustomize/same-answer.ts";
import { agrees, explanationOf } from "../disagreements.ts";
import { shrink } from "./shrink.ts";
import { randomTree } from "./tree.ts";

export type Run = {
  readonly seeds: { readonly from: number; readonly count: number };
  readonly oracle: Oracle;
  readonly ours: Oracle;
  /** Questions at the same time. */
  readonly workers: number;
  /** Where shrunk differences are written as cases. */
  readonly folder: string;
  /** So many differences are shrunk; the others are only named. */
  readonly shrinks: number;
  readonly say: (line: string) => void;
};

export type Outcome = {
  readonly built: number;
  readonly failed: number;
  readonly explained: ReadonlyMap<string, number>;
  readonly undecided: readonly number[];
  readonly different: readonly number[];
};

/** Of the orders of two objects one may come up only once in ten times. */
const AGAIN = 60;

/** Asks both about the trees of all seeds; what differs is asked again, shrunk and written down. */
export async function runRandom(run: Run): Promise<Outcome> {
  const { seeds, say } = run;
  let built = 0;
  let failed = 0;
  let done = 0;
  const explained = new Map<string, number>();
  const undecided: number[] = [];
  const different: number[] = [];
  const waiting = Array.from({ length: seeds.count }, (_, index) => seeds.from + index).values();
  const worker = async (): Promise<void> => {
    for (const seed of waiting) {
      const tree = randomTree(seed);
      const [theirs, own] = await Promise.all([run.oracle.ask(tree), run.ours.ask(tree)]);
      if (theirs.kind === "built") built += 1;
      else failed += 1;
      const why = sameAnswer(own, theirs) ? undefined : explanationOf(own, theirs, tree);
      if (why !== undefined) explained.set(why, (explained.get(why) ?? 0) + 1);
      else if (!sameAnswer(own, theirs)) {
        if (await isOfTwoMinds(run.oracle, tree, theirs)) undecided.push(seed);
        else {
          different.push(seed);
          await report(run, seed, tree, different.length <= run.shrinks);
        }
      }
      done += 1;
      if (done % 500 === 0) say(`${done} trees, ${different.length} different`);
    }
  };
  await Promise.all(Array.from({ length: run.workers }, worker));
  return { built, failed, explained, undecided, different };
}

/** kustomize goes through maps of Go, which have another order each time; what it says twice is what it means. */
async function isOfTwoMinds(oracle: Oracle, tree: Input, first: Answer): Promise<boolean> {
  for (let time = 0; time < AGAIN; time++) if (!sameAnswer(first, await oracle.ask(tree))) return true;
  return false;
}

async function report({ oracle, ours, folder, say }: Run, seed: number, tree: Input, isShrunk: boolean): Promise<void> {
  say(`seed ${seed} differs`);
  if (!isShrunk) return;
  const first = shapeOf(await ours.ask(tree));
  const theirFirst = (await oracle.ask(tree)).kind;
  // What differs must go on differing in the same way, or every tree shrinks to the same few.
  const differs = async (input: Input): Promise<boolean> => {
    const own = await ours.ask(input);
    if (shapeOf(own) !== first) return false;
    const theirs = await oracle.ask(input);
    return theirs.kind === theirFirst && !agrees(own, theirs, input);
  };
  const small = await shrink(tree, differs);
  const [theirs, own] = await Promise.all([oracle.ask(small), ours.ask(small)]);
  const file = `${folder}/seed-${seed}.yaml`;
  const text = caseText(`Seed ${seed} of the random trees. ${oracle.name} says what is wanted, we say:\n${shown(own)}`, small, { want: theirs });
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  say(`${file}\n${text}`);
}

const shown = (answer: Answer): string => (answer.kind === "built" ? answer.yaml : `error: ${answer.message}`).trimEnd();

/** A message without what it names. */
const shapeOf = (answer: Answer): string =>
  answer.kind === "built"
    ? "built"
    : answer.message
        .replaceAll(/accumulat\w+ .*?(?:'[^']*'|"[^"]*")+:? ?/g, "")
        .replaceAll(/'[^']*'|"[^"]*"|\d+|[\w.-]+\/[\w./[\]-]+/g, "")
        .slice(0, 60);
