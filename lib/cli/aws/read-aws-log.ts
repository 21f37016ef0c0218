import { isObject, type Json } from "@sluice/engine/domain/json.ts";
import { type EpochMs, epochMs, hours, type Milliseconds, minutes, ms, seconds } from "@sluice/engine/domain/time.ts";
import type { LogLine } from "@sluice/platform/cloudwatch-logs/read-lines.ts";
import type { Cli } from "../cli.ts";
import { Failure } from "../failure.ts";
import { type LogFilter, renderLogLine } from "../log-line.ts";
import type { Aws } from "./aws.ts";

export type ReadAwsLog = {
  readonly aws: Aws;
  readonly groups: readonly string[];
  /** The installation's name for the cluster: the functions of one installation work for several. */
  readonly cluster: string;
  readonly filter: LogFilter;
  readonly follow: boolean;
  /** Only so many of the newest lines, before the filter, as of a log that is one file. */
  readonly tail?: number;
};

/** Without `--since`: a log of months would be read from its beginning. */
const DEFAULT_SPAN = hours(1);
/** How far back the newest lines are looked for, one after the other. */
const TAIL_SPANS: readonly Milliseconds[] = [minutes(10), hours(1), hours(6), hours(24), hours(7 * 24)];
const POLL = seconds(2);
/** A line may be there only so long after its own time. */
const LATE = seconds(30);

/** Prints what the functions have logged about one cluster, in order of time, then, where asked for, what comes to it. Throws a Failure with AWS's words. */
export async function readAwsLog(cli: Cli, wanted: ReadAwsLog): Promise<void> {
  const until = cli.clock.now();
  const first = await readNewest(wanted, until);
  print(cli, wanted, first);
  if (wanted.follow) await follow(cli, wanted, until, first);
}

async function readNewest(wanted: ReadAwsLog, until: EpochMs): Promise<readonly LogLine[]> {
  const { tail, filter } = wanted;
  if (tail === undefined || filter.since !== undefined) {
    const lines = await read(wanted, filter.since ?? epochMs(until - DEFAULT_SPAN), until);
    return tail === undefined ? lines : newest(lines, tail);
  }
  for (const span of TAIL_SPANS) {
    const lines = await read(wanted, epochMs(until - span), until);
    if (lines.length >= tail || span === TAIL_SPANS.at(-1)) return newest(lines, tail);
  }
  return [];
}

const newest = (lines: readonly LogLine[], count: number): readonly LogLine[] => lines.slice(Math.max(0, lines.length - count));

/** Each look goes back a little, for lines that came late; what was printed once is not printed again. */
async function follow(cli: Cli, wanted: ReadAwsLog, start: EpochMs, first: readonly LogLine[]): Promise<void> {
  let seen = new Map(first.map(({ id, at }) => [id, at]));
  let from = epochMs(Math.max(start - LATE, first.at(-1)?.at ?? 0, wanted.filter.since ?? 0));
  while (!cli.signal.aborted) {
    await cli.clock.sleep(ms(POLL));
    if (cli.signal.aborted) return;
    const now = cli.clock.now();
    const answer = await wanted.aws.readLines({ groups: wanted.groups, from, until: now });
    // Throttled, or a moment without a network: the next look reads what this one did not.
    if (answer.kind === "trouble") {
      cli.say.warning(`cannot read the log: ${answer.message}`);
      continue;
    }
    const lines = ofCluster(answer.lines, wanted.cluster).filter(({ id }) => !seen.has(id));
    print(cli, wanted, lines);
    from = epochMs(Math.max(from, now - LATE));
    seen = new Map([...seen, ...lines.map(({ id, at }) => [id, at] as const)].filter(([, at]) => at >= from));
  }
}

async function read({ aws, groups, cluster }: ReadAwsLog, from: EpochMs, until: EpochMs): Promise<readonly LogLine[]> {
  const answer = await aws.readLines({ groups, from, until });
  if (answer.kind === "trouble") throw new Failure(`failed to read the log: ${answer.message}`);
  return ofCluster(answer.lines, cluster);
}

/** Lines of ours: neither those by which Lambda tells of its runs and metrics, nor those about another cluster. */
const ofCluster = (lines: readonly LogLine[], cluster: string): readonly LogLine[] =>
  lines.filter(({ text }) => {
    const line = text.startsWith("{") ? parse(text) : undefined;
    return isObject(line) && typeof line.msg === "string" && (typeof line.cluster !== "string" || line.cluster === cluster);
  });

function print(cli: Cli, { filter }: ReadAwsLog, lines: readonly LogLine[]): void {
  const text = lines.map((line) => renderLogLine(line.text, filter) ?? "").join("");
  if (text !== "") cli.out(text);
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // not a line of ours
  }
}
