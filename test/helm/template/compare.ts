import { writeFile } from "node:fs/promises";
import { templateOurs } from "../template-ours.ts";
import { templateWithHelm } from "../template-with-helm.ts";
import { GOLDEN_OF_HELM, templateCharts } from "./helm-charts.ts";

export type CompareTemplates = { readonly helm: string; readonly workers: number; readonly say: (line: string) => void; readonly record: boolean };

/** So many that differ are shown. */
const SHOWN = 10;

/** The templates of cases.ts beside helm; how many differ. Each that fails needs a run of its own. With `record` helm's answers are written down. */
export async function compareTemplates({ helm, workers, say, record }: CompareTemplates): Promise<number> {
  const theirs: string[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < templateCharts.length; index = next++) {
      const chart = templateCharts[index];
      if (chart !== undefined) theirs[index] = await templateWithHelm(helm, chart);
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  if (record) await writeFile(GOLDEN_OF_HELM, `[\n${theirs.map((answer) => `  ${JSON.stringify(answer)}`).join(",\n")}\n]\n`);
  const different = templateCharts.flatMap((chart, index) => {
    const [ours, their] = [templateOurs(chart), theirs[index] ?? ""];
    return ours === their ? [] : [`${index} ${chart.about}\n  helm: ${firstDifference(their, ours)}\n  ours: ${firstDifference(ours, their)}\n`];
  });
  for (const text of different.slice(0, SHOWN)) say(text);
  say(`${templateCharts.length} charts, ${different.length} different`);
  return different.length;
}

function firstDifference(text: string, other: string): string {
  const lines = text.split("\n");
  const others = other.split("\n");
  const at = lines.findIndex((line, index) => line !== others[index]);
  return lines.slice(Math.max(at, 0), at + 4).join("\n        ");
}
