import type { AwsAnswer } from "../../support/aws/answer.ts";
import type { Effect } from "../../support/aws/faults.ts";
import type { AwsWorld } from "../world.ts";

/** The moment of a kill: the so many-th request that a function makes, to AWS or to a cluster, before it is done or after. */
export type KillPoint = { readonly fn: "source" | "apply" | "sweep" | "notify" | "receiver"; readonly nth: number; readonly when: "before" | "after" };

export type Armed = {
  /** Sandboxes that were killed in the middle of an invocation. */
  kills(): number;
  disarm(): void;
};

const SERVICES = ["s3", "sqs", "sns", "sts", "eks", "lambda"];

/** Kills all that runs of the function at that moment, once. */
export function armKill(world: AwsWorld, { fn, nth, when }: KillPoint): Armed {
  let requests = 0;
  let kills = 0;
  const isIt = (): boolean => ++requests === nth;
  const kill = (): void => {
    kills += world.fn(fn).kill("busy");
  };
  const killed = (truth: AwsAnswer): AwsAnswer => {
    kill();
    return truth;
  };
  const isHit = (caller: string): boolean => {
    const hit = caller.includes(`:assumed-role/sluice-${fn}/`) && isIt();
    if (hit && when === "before") kill();
    return hit;
  };
  const effect: Effect = when === "before" ? { kind: "drop", when } : { kind: "lie", answer: killed };
  const clusters = world.clusters.map(({ api }) => api?.fault({ when: ({ by }) => by === fn && isIt(), effect: { kind: "do", when, act: kill } }));
  const services = SERVICES.map((service) => world.aws.faults.add({ service, when: (_, caller) => isHit(caller), effect }));
  return {
    kills: () => kills,
    disarm: () => {
      for (const disarm of [...clusters, ...services]) disarm?.();
    },
  };
}
