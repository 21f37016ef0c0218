import { parseMessage } from "@sluice/platform/sqs/message.ts";
import type { Simulated, SimulationOptions } from "./simulate.ts";
import { INTERVAL_MINUTES, SOURCE_INTERVAL_MINUTES } from "./workload.ts";

/** What a simulated day must hold, whatever its size. */
export type Check = { readonly what: string; readonly budget: string; readonly measured: string; readonly isHeld: boolean };

const MINUTE = 60_000;
/** Who hung when a cluster came back hangs to its own end: up to the time limit of a sweep, and the pause before its message comes again. */
const RECOVERY_MS = 3 * MINUTE;
/** Each object is asked about once a day, and has a run for it (design §6); more than that share of all looks would mean that sweeps do not see what passes see. */
const MOST_IDLE_RUNS = 0.01;

/** By how much a tick that comes late does: see simulate.ts. */
const LATENESS_MS = 3 * MINUTE;

export type VerdictOptions = { readonly options: Pick<SimulationOptions, "ticks"> };

export function verdictOn(day: Simulated, { options }: VerdictOptions): readonly Check[] {
  const late = options.ticks.late.map((minute) => ({ from: day.from + minute * MINUTE, until: day.from + minute * MINUTE + LATENESS_MS }));
  return [longestWait(day, "Kustomization", INTERVAL_MINUTES, late), longestWait(day, "GitRepository", SOURCE_INTERVAL_MINUTES, late), ...others(day)];
}

/**
 * Between two looks at one object, beyond its interval. An object of a cluster that does not answer cannot be looked at, so that time does not count, nor
 * what was begun in it; nor does the lateness of the clock itself.
 */
function longestWait({ looks, outages, from, until }: Simulated, kind: string, intervalMinutes: number, lateTicks: readonly Span[]): Check {
  const late = [...looks]
    .filter(([object]) => object.includes(`/${kind}/`))
    .map(([object, moments]) => {
      const outage = outages.get(object.split("/")[0] ?? "");
      const inDay = [from, ...moments.filter((moment) => moment >= from && moment <= until), until];
      const gaps = inDay.map((moment, index) => {
        const before = inDay[index - 1] ?? moment;
        const outOfReach = outage === undefined ? lateTicks : [...lateTicks, { ...outage, until: outage.until + RECOVERY_MS }];
        return outOfReach.reduce((gap, span) => gap - overlap(span, before, moment), moment - before);
      });
      return { object, ms: Math.max(...gaps) - intervalMinutes * MINUTE };
    })
    .toSorted((a, b) => b.ms - a.ms)[0];
  const seconds = Math.max(0, (late?.ms ?? Number.POSITIVE_INFINITY) / 1000);
  const most = 60;
  return {
    what: `longest wait of a ${kind} beyond its interval (${looks.size} objects)`,
    budget: `${most} s`,
    measured: `${seconds.toFixed(1)} s (${late?.object ?? "none was ever looked at"})`,
    isHeld: seconds <= most,
  };
}

type Span = { readonly from: number; readonly until: number };
const overlap = ({ from, until }: Span, before: number, moment: number): number => Math.max(0, Math.min(moment, until) - Math.max(before, from));

function others(day: Simulated): readonly Check[] {
  const { drifts, outages, unready, delayed, runs, deadLetters } = day;
  const worst = Math.max(0, ...drifts.filter(({ cluster }) => !outages.has(cluster)).map(({ ms }) => ms ?? Number.POSITIVE_INFINITY)) / MINUTE;
  const foreign = deadLetters.filter(({ body }) => !isOfDead(day, body));
  return [
    {
      what: "changes by hand, the longest until put back",
      budget: `${INTERVAL_MINUTES + 2} min`,
      measured: `${worst.toFixed(1)} min of ${drifts.length}`,
      isHeld: worst <= INTERVAL_MINUTES + 2,
    },
    { what: "Kustomizations not at the revision of their source at the end", budget: "0", measured: String(unready.length), isHeld: unready.length === 0 },
    growth(delayed, "delayed looks that wait, hour by hour"),
    idleRuns(day),
    {
      what: "messages that came again since their work took longer than they were hidden for",
      budget: "0",
      measured: String(day.bill.of("late deletions")),
      isHeld: day.bill.of("late deletions") === 0,
    },
    {
      what: "dead letters of clusters that answer",
      budget: "0",
      measured: `${foreign.length} (${deadLetters.length} of those that do not)`,
      isHeld: foreign.length === 0,
    },
    { what: "runs over single objects in an hour", budget: "-", measured: `${Math.min(...runs)} to ${Math.max(...runs)}`, isHeld: true },
  ];
}

/** A chain of looks that nothing ends would go on through every hour that follows: the last quarter of the day would have more than the first. */
function growth(hours: readonly number[], what: string): Check {
  const quarter = Math.max(1, Math.floor(hours.length / 4));
  const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [first, last] = [average(hours.slice(0, quarter)), average(hours.slice(-quarter))];
  const most = 1.5 * first + 10;
  return {
    what,
    budget: `no growth: <= ${most.toFixed(1)} at the end`,
    measured: `${first.toFixed(1)} at first, ${last.toFixed(1)} at the end`,
    isHeld: last <= most,
  };
}

/** Of the objects that sweeps looked at, those that were sent and whose run ended as it began. */
function idleRuns({ swept: { looked, sent, idle } }: Simulated): Check {
  const share = looked === 0 ? 1 : idle / looked;
  return {
    what: "looks of sweeps that sent an object whose run then wrote nothing",
    budget: `${MOST_IDLE_RUNS * 100} %`,
    measured: `${(share * 100).toFixed(2)} % (${idle} of ${looked}, ${sent} sent)`,
    isHeld: share <= MOST_IDLE_RUNS,
  };
}

function isOfDead({ outages }: Simulated, body: string): boolean {
  const parsed = parseMessage(body);
  if (!parsed.ok) return false;
  const { item } = parsed.value;
  return outages.has((item.kind === "object" ? item.key.cluster : item.cluster) ?? "");
}
