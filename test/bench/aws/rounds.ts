import { simulate } from "../../simulation/simulate.ts";
import type { Costs } from "../../simulation/waits.ts";

/** How often a run waits for others, one after another: what it asks side by side is one round. */
export type Rounds = { readonly [Of in keyof Costs]: number };
export type RunName = "webhook" | "source push" | "source object" | "apply";

const KINDS = ["apiServer", "s3", "sqs", "sns", "git"] as const satisfies readonly (keyof Costs)[];
const NOTHING: Costs = { apiServer: 0, s3: 0, sqs: 0, sns: 0, git: 0 };

/**
 * Counted and not estimated: the functions of one push run over stores in memory, each kind of answer in turn taking one millisecond and all others none.
 * What they waited in all is the number of rounds.
 */
export async function countRounds(objects: number): Promise<{ readonly [Name in RunName]: Rounds }> {
  const counted: Record<RunName, Record<keyof Costs, number>> = {
    webhook: { ...NOTHING },
    "source push": { ...NOTHING },
    "source object": { ...NOTHING },
    apply: { ...NOTHING },
  };
  for (const kind of KINDS) {
    const waits: Record<string, number[]> = {};
    await simulate({
      clusters: ["pushed"],
      kustomizations: 1,
      bystanders: 0,
      hours: 1,
      sharedPushes: 0,
      ticks: { late: [], doubled: [], lost: [] },
      objects,
      costs: { ...NOTHING, [kind]: 1 },
      onInvocation: (fn, waited) => {
        const all = waits[fn] ?? [];
        all.push(waited);
        waits[fn] = all;
      },
    });
    // The last push is warm: a run of source over the push item, and one over the object that it names.
    const [push = 0, object = 0] = (waits["source"] ?? []).slice(-2);
    counted.webhook[kind] = waits["webhook"]?.at(-1) ?? 0;
    counted["source push"][kind] = push;
    counted["source object"][kind] = object;
    counted.apply[kind] = waits["apply"]?.at(-1) ?? 0;
  }
  return counted;
}
