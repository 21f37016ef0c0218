import { type Answer, type Case, readCases } from "../support/kustomize/case.ts";
import type { Oracle } from "../support/kustomize/oracle.ts";
import { sameAnswer } from "../support/kustomize/same-answer.ts";
import { explanationOf } from "./disagreements.ts";

export type CorpusRun = {
  readonly oracle: Oracle;
  /** Whether the oracle is the library of Flux, whose answers the cases want; otherwise it is kubectl. */
  readonly asFlux: boolean;
  readonly ours: Oracle;
  readonly workers: number;
  readonly say: (line: string) => void;
};

/**
 * How many cases have another answer today: with the library, one that is not the wanted one; with kubectl, one that is neither ours nor the
 * one that the case lists. Cases by hand are ours alone, and nobody else may run them: they would fetch something.
 */
export async function runCorpus({ oracle, asFlux, ours, workers, say }: CorpusRun): Promise<number> {
  let different = 0;
  const waiting = readCases()
    .filter(({ byHand }) => byHand === undefined)
    .values();
  const worker = async (): Promise<void> => {
    for (const each of waiting) {
      const answer = await oracle.ask(each.input);
      const expected = asFlux ? each.want : await expectedOfKubectl(each, ours);
      if (expected !== undefined && (sameAnswer(answer, expected) || explanationOf(expected, answer, each.input) !== undefined)) continue;
      different += 1;
      say(`${each.name}: ${oracle.name} says\n${shown(answer)}\nand expected is\n${expected === undefined ? "nothing" : shown(expected)}`);
    }
  };
  await Promise.all(Array.from({ length: workers }, worker));
  return different;
}

const expectedOfKubectl = async ({ kubectl, input }: Case, ours: Oracle): Promise<Answer> => kubectl?.answer ?? (await ours.ask(input));
const shown = (answer: Answer): string => (answer.kind === "built" ? answer.yaml : `error: ${answer.message}`);
