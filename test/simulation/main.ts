import { readFile, writeFile } from "node:fs/promises";
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { DAYS, type DayPlan } from "./days.ts";
import { type DayRecord, differencesOf, parseRecord, recordOf } from "./record.ts";
import { renderDay } from "./render.ts";
import { simulate } from "./simulate.ts";
import { verdictOn } from "./verdict.ts";

const USAGE = `npm run test:simulation -- [--day hundred|one]... [--seed N] [--write]

A day of an installation with a clock of its own: what it counts, what it costs, and whether it holds its budgets. What is counted is held against
test/simulation/recorded, which docs/cost.md shows; --write records it anew. Another seed is another day: other uids, so other turns.
`;

const { values } = parseArgs({
  options: {
    day: { type: "string", multiple: true },
    seed: { type: "string", default: "1" },
    write: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

if (values.help) process.stdout.write(USAGE);
else process.exitCode = (await runAll()) ? 0 : 1;

async function runAll(): Promise<boolean> {
  const plans = [DAYS.one, DAYS.hundred].filter(({ id }) => values.day === undefined || values.day.includes(id));
  if (plans.length === 0) throw new Error(`--day: expected one or hundred, got ${values.day?.join(", ")}`);
  let held = true;
  for (const plan of plans) held = (await run(plan)) && held;
  return held;
}

async function run(plan: DayPlan): Promise<boolean> {
  const started = performance.now();
  process.stderr.write(`► ${plan.title}: ${plan.options.clusters.length} clusters simulated, each for ${plan.times}\n`);
  const day = await simulate({ ...plan.options, seed: Number(values.seed), onHour: (hour) => process.stderr.write(hour % 6 === 0 ? `◎ ${hour} h\n` : "") });
  const record = recordOf(plan, day);
  const checks = verdictOn(day, plan);
  const file = new URL(`recorded/${plan.id}.json`, import.meta.url);
  if (values.write) await writeFile(file, `${JSON.stringify(record, undefined, 2)}\n`);
  const differences = values.write ? [] : differencesOf(await read(file), record);
  process.stdout.write(`${renderDay(plan, record, checks)}\n`);
  for (const difference of differences) process.stdout.write(`✗ not as recorded: ${difference}\n`);
  const seconds = (performance.now() - started) / 1000;
  process.stdout.write(`${seconds.toFixed(0)} s on a machine with load ${loadavg()[0]?.toFixed(1)}\n\n`);
  return differences.length === 0 && checks.every(({ isHeld }) => isHeld) && record.dollars <= plan.budget;
}

async function read(file: URL): Promise<DayRecord> {
  return parseRecord(await readFile(file, "utf8"));
}
