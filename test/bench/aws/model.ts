import type { Measured, Spread } from "./measure.ts";
import type { Rounds, RunName } from "./rounds.ts";

/** Milliseconds: half of all are below `p50`, and so on. */
export type Quantiles = { readonly p50: number; readonly p90: number; readonly p99: number };

/** One part of the way of a push; `own` when it is measured here, else it is AWS's or GitHub's, by the source that is named. */
export type Part = { readonly what: string; readonly source: string; readonly count: number; readonly each: Quantiles };

/** One answer of others, or one handing over between two functions, in milliseconds. */
export const PUBLISHED = {
  httpApi: {
    each: { p50: 15, p90: 25, p99: 60 },
    source: 'HTTP API: AWS, "Announcing HTTP APIs", less than 10 ms for 99 %; handing over to a warm function: assumed',
  },
  fifo: {
    each: { p50: 28.1, p90: 61.2, p99: 645 },
    source: "Bite-Sized Serverless, “Messaging latency compared”, SQS FIFO to Lambda, sending included, eu-west-1, 2022",
  },
  apiServer: { each: { p50: 15, p90: 30, p99: 100 }, source: "assumed: EKS publishes none; Kubernetes promises 1 s for 99 %" },
  s3: { each: { p50: 30, p90: 80, p99: 200 }, source: "Quickwit, “S3 Express speculations”: 30 ms, 80 not rare; AWS, “Optimizing S3 performance”: 100-200" },
  sns: { each: { p50: 15, p90: 30, p99: 80 }, source: "assumed" },
  git: { each: { p50: 150, p90: 300, p99: 800 }, source: "assumed: GitHub publishes none" },
  coldStart: { each: { p50: 150, p90: 300, p99: 700 }, source: "beside our own initialisation: assumed, AWS says 100 ms to over 1 s in all" },
} as const satisfies Readonly<Record<string, { readonly each: Quantiles; readonly source: string }>>;

export const BUDGET_MS = { p50: 2000, p95: 4000 };

/** Memory of the functions in MB; one processor is 1,769. */
const ONE_PROCESSOR_MB = 1769;
const MEMORY: { readonly [Name in RunName]: number } = { webhook: 1024, "source push": 1769, "source object": 1769, apply: 1769 };
const FUNCTION_OF: { readonly [Name in RunName]: string } = { webhook: "webhook", "source push": "source", "source object": "source", apply: "apply" };
const RUNS = ["webhook", "source push", "source object", "apply"] as const satisfies readonly RunName[];

export type ModelInput = { readonly measured: Measured; readonly rounds: { readonly [Name in RunName]: Rounds } };
export type Model = { readonly parts: readonly Part[]; readonly p50: number; readonly p95: number; readonly isMet: boolean };

/**
 * From the request of the webhook to the last object applied: the sum of what our functions take and of what they wait for. `isCold`: every one of the three
 * functions has to be started, each once.
 */
export function modelPush({ measured, rounds }: ModelInput, isCold: boolean): Model {
  const parts = [
    part("HTTP API and the function behind it", PUBLISHED.httpApi, 1),
    ...RUNS.flatMap((run, index) => [
      ...(index === 0 ? [] : [part(`queue before ${run}`, PUBLISHED.fifo, 1)]),
      own(run, measured.warm[run]),
      ...(["apiServer", "s3", "sns", "git"] as const).flatMap((kind) =>
        rounds[run][kind] === 0 ? [] : [part(`${run}: ${WORDS[kind]}`, PUBLISHED[kind], rounds[run][kind])],
      ),
    ]),
    ...(isCold
      ? (["webhook", "source object", "apply"] as const).flatMap((run) => [part(`start of ${FUNCTION_OF[run]}`, PUBLISHED.coldStart, 1), initOf(run, measured)])
      : []),
  ];
  const sums = sample(parts);
  const at = (share: number): number => sums[Math.min(sums.length - 1, Math.floor(share * sums.length))] ?? 0;
  const [p50, p95] = [at(0.5), at(0.95)];
  return { parts, p50, p95, isMet: p50 <= BUDGET_MS.p50 && p95 <= BUDGET_MS.p95 };
}

const WORDS = { apiServer: "API server", s3: "S3", sns: "SNS", git: "GitHub" } as const;

const part = (what: string, { each, source }: { readonly each: Quantiles; readonly source: string }, count: number): Part => ({ what, source, count, each });

const MEASURED = "ours, measured with the real bundle, the loopback's servers included";

function own(run: RunName, spread: Spread | undefined): Part {
  if (spread === undefined) throw new Error(`${run} was not measured`);
  return { what: `${run}: our own`, source: MEASURED, count: 1, each: scaled(spread, MEMORY[run]) };
}

function initOf(run: RunName, { init }: Measured): Part {
  const name = FUNCTION_OF[run];
  const spread = init[name];
  if (spread === undefined) throw new Error(`the start of ${name} was not measured`);
  return { what: `start of ${name}: our own`, source: MEASURED, count: 1, each: scaled(spread, MEMORY[run]) };
}

/** Less memory than a whole processor has is that share of one. The worst of a few rounds stands for all that is rarer than every other one. */
function scaled({ median, max }: Spread, memoryMb: number): Quantiles {
  const factor = Math.max(1, ONE_PROCESSOR_MB / memoryMb);
  return { p50: median * factor, p90: max * factor, p99: max * factor };
}

const SAMPLES = 20_000;

/**
 * Sums of one draw from each part, ascending. The answers of one kind within one run are drawn together: an API server that is slow is slow for all of them,
 * and the tail is not averaged away.
 */
function sample(parts: readonly Part[]): readonly number[] {
  const chance = createChance();
  return Array.from({ length: SAMPLES }, () => parts.reduce((sum, { count, each }) => sum + count * quantile(each, chance()), 0)).toSorted((a, b) => a - b);
}

/** Straight between what is known; below the median down to half of it, above p99 no further. */
function quantile({ p50, p90, p99 }: Quantiles, at: number): number {
  if (at < 0.5) return p50 * (0.5 + at);
  if (at < 0.9) return p50 + ((p90 - p50) * (at - 0.5)) / 0.4;
  return p90 + ((p99 - p90) * (Math.min(at, 0.99) - 0.9)) / 0.09;
}

/** The same every time. Source: mulberry32. */
function createChance(): () => number {
  let state = 7;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** As docs/performance.md shows it. */
export function renderModel(input: ModelInput): string {
  const [warm, cold] = [modelPush(input, false), modelPush(input, true)];
  const ms = (value: number): string => value.toFixed(value < 10 ? 1 : 0);
  const rows = cold.parts.map(({ what, source, count, each }) => `| ${what} | ${count} | ${ms(each.p50)} | ${ms(each.p90)} | ${ms(each.p99)} | ${source} |`);
  const seconds = (value: number): string => `${(value / 1000).toFixed(2)} s`;
  const sum = (title: string, { p50, p95 }: Model, verdict: string): string => `| ${title} | ${seconds(p50)} | ${seconds(p95)} | ${verdict} |`;
  return [
    "| part | times | p50, ms | p90 | p99 | from |",
    "|---|---|---|---|---|---|",
    ...rows,
    "",
    "| sum | p50 | p95 | |",
    "|---|---|---|---|",
    sum("budget, warm", { parts: [], p50: BUDGET_MS.p50, p95: BUDGET_MS.p95, isMet: true }, ""),
    sum("warm", warm, warm.isMet ? "met" : "MISSED"),
    sum("every function started anew", cold, ""),
  ].join("\n");
}
