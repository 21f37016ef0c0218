import { ms, seconds } from "../../domain/time.ts";
import type { ChartFailure, ChartRepositories, ChartTarget } from "../../ports/chart-repositories.ts";
import type { Clock } from "../../ports/clock.ts";
import { Wanted } from "./read-only.ts";

/** As of Git remotes, see `createImpatientRemotes`. */
const PATIENCE = seconds(5);
const MOST_SILENT = 24;

/**
 * Repositories of charts as the looks of one sweep ask them. What fails is said by the function of the source, which also waits as long as the tenant wants;
 * many that let us wait, and no other is asked in this sweep.
 */
export function createImpatientCharts(charts: ChartRepositories, clock: Clock): ChartRepositories {
  let silent = 0;

  async function ask<Answer extends { readonly kind: string }>(
    target: ChartTarget,
    question: (hasty: ChartTarget) => Promise<Answer | ChartFailure>,
  ): Promise<Answer> {
    if (silent >= MOST_SILENT) throw new Wanted("ask its repository, since many others do not answer");
    const began = clock.now();
    const answer = await question({ ...target, timeout: ms(Math.min(target.timeout, PATIENCE)) });
    if (!isFailure(answer)) return answer;
    if (clock.now() - began >= PATIENCE) silent++;
    throw new Wanted("ask its repository again");
  }

  return {
    ...charts,
    index: (target, known) => ask(target, (hasty) => charts.index(hasty, known)),
    tags: (target, repository) => ask(target, (hasty) => charts.tags(hasty, repository)),
  };
}

const isFailure = <Answer extends { readonly kind: string }>(answer: Answer | ChartFailure): answer is ChartFailure => answer.kind === "failed";
