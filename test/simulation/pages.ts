import { readFile, writeFile } from "node:fs/promises";
import { type ModelInput, renderModel } from "../bench/aws/model.ts";
import { readRecorded } from "../bench/aws/recorded.ts";
import { DAYS, type DayPlan } from "./days.ts";
import { alternatives } from "./others.ts";
import { type DayRecord, parseRecord } from "./record.ts";
import { renderBill, renderCounts } from "./render.ts";

/** Parts of pages that are made and not written: they stand between `<!-- made: name -->` and `<!-- end -->`. */
export type Page = { readonly file: URL; readonly parts: { readonly [name: string]: string } };

const docs = (name: string): URL => new URL(`../../docs/${name}`, import.meta.url);

export const recordFile = (plan: DayPlan): URL => new URL(`recorded/${plan.id}.json`, import.meta.url);

export async function pages(): Promise<readonly Page[]> {
  const [one, hundred] = await Promise.all([DAYS.one, DAYS.hundred].map(async (plan) => parseRecord(await readFile(recordFile(plan), "utf8"))));
  if (one === undefined || hundred === undefined) throw new Error("no day is recorded");
  return [costPage(one, hundred), performancePage(await readRecorded())];
}

const costPage = (one: DayRecord, hundred: DayRecord): Page => ({
  file: docs("cost.md"),
  parts: {
    comparison: renderComparison(one, hundred),
    "one bill": renderBill(one),
    "one counts": renderCounts(one),
    "hundred bill": renderBill(hundred),
    "hundred counts": renderCounts(hundred),
  },
});

const performancePage = (input: ModelInput): Page => ({
  file: docs("performance.md"),
  parts: { "push on aws": `${renderModel(input)}\n\nOwn parts: ${input.measured.machine}, load ${input.measured.load.toFixed(1)}.` },
});

function renderComparison(one: DayRecord, hundred: DayRecord): string {
  const ofOne = alternatives(one.clusters, one.kustomizations);
  const ofHundred = alternatives(hundred.clusters, hundred.kustomizations);
  const cell = (value: number | undefined): string => (value === undefined ? "" : Math.round(value).toLocaleString("en-US"));
  const others = ofHundred.map(
    ({ what, how, dollars }) => `| ${what} | ${cell(ofOne.find((each) => each.what === what)?.dollars)} | ${cell(dollars)} | ${how} |`,
  );
  return [
    `| $ a month | ${one.clusters} x ${one.kustomizations} | ${hundred.clusters} x ${hundred.kustomizations} | the second column's arithmetic |`,
    "|---|---|---|---|",
    `| **Sluice**, list prices | **${cell(one.dollars)}** | **${cell(hundred.dollars)}** | below |`,
    `| Sluice, after free tiers | ${cell(one.afterFree)} | ${cell(hundred.afterFree)} | below |`,
    ...others,
  ].join("\n");
}

/** The page with its parts as they are made now; throws when it has no place for one. */
export function withParts(text: string, parts: Page["parts"]): string {
  return Object.entries(parts).reduce((page, [name, part]) => {
    const begin = `<!-- made: ${name} -->\n`;
    const from = page.indexOf(begin);
    const to = page.indexOf("\n<!-- end -->", from);
    if (from < 0 || to < 0) throw new Error(`the page has no place for "${name}"`);
    return `${page.slice(0, from + begin.length)}\n${part}\n${page.slice(to)}`;
  }, text);
}

export async function writePages(): Promise<void> {
  for (const { file, parts } of await pages()) await writeFile(file, withParts(await readFile(file, "utf8"), parts));
}
