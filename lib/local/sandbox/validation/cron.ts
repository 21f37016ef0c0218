type Bounds = { readonly min: number; readonly max: number; readonly names: readonly string[] };

const MONTHS = ["", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const BOUNDS: readonly Bounds[] = [
  { min: 0, max: 59, names: [] },
  { min: 0, max: 23, names: [] },
  { min: 1, max: 31, names: [] },
  { min: 1, max: 12, names: MONTHS },
  { min: 0, max: 6, names: DAYS },
];
const DESCRIPTORS = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];

/** What is wrong with a schedule, in the words of the cron parser that the server uses. Source: robfig/cron v3, ParseStandard. */
export function scheduleProblem(schedule: string): string | undefined {
  if (schedule.startsWith("@")) return descriptorProblem(schedule);
  const fields = schedule.split(/\s+/).filter((field) => field !== "");
  if (fields.length !== BOUNDS.length) return `expected exactly 5 fields, found ${fields.length}: [${fields.join(" ")}]`;
  for (const [index, bounds] of BOUNDS.entries()) {
    for (const part of (fields[index] ?? "").split(",").filter((one) => one !== "")) {
      const problem = rangeProblem(part, bounds);
      if (problem !== undefined) return problem;
    }
  }
  return undefined;
}

function descriptorProblem(schedule: string): string | undefined {
  if (DESCRIPTORS.includes(schedule)) return undefined;
  if (!schedule.startsWith("@every ")) return `unrecognized descriptor: ${schedule}`;
  const span = schedule.slice("@every ".length);
  return /^([0-9.]+(ns|us|µs|ms|s|m|h))+$/.test(span) ? undefined : `failed to parse duration ${schedule}: time: invalid duration "${span}"`;
}

function rangeProblem(part: string, bounds: Bounds): string | undefined {
  const [range = "", step, ...more] = part.split("/");
  if (more.length > 0) return `too many slashes: ${part}`;
  const [low = "", high, ...rest] = range.split("-");
  if (rest.length > 0) return `too many hyphens: ${part}`;
  if (step !== undefined && !/^\d+$/.test(step)) return `failed to parse int from ${step}: strconv.Atoi: parsing "${step}": invalid syntax`;
  if (step !== undefined && Number(step) === 0) return `step of range should be a positive number: ${part}`;
  if (low === "*" || low === "?") return undefined;
  for (const text of high === undefined ? [low] : [low, high])
    if (numberOf(text, bounds) === undefined) return `failed to parse int from ${text}: strconv.Atoi: parsing "${text}": invalid syntax`;
  const start = numberOf(low, bounds) ?? 0;
  const end = high !== undefined ? (numberOf(high, bounds) ?? 0) : step !== undefined ? bounds.max : start;
  if (start < bounds.min) return `beginning of range (${start}) below minimum (${bounds.min}): ${part}`;
  if (end > bounds.max) return `end of range (${end}) above maximum (${bounds.max}): ${part}`;
  return start > end ? `beginning of range (${start}) beyond end of range (${end}): ${part}` : undefined;
}

function numberOf(text: string, { names }: Bounds): number | undefined {
  const named = names.indexOf(text.toLowerCase());
  if (text !== "" && named >= 0) return named;
  return /^\d+$/.test(text) ? Number(text) : undefined;
}
