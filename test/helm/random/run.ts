import { stringify } from "yaml";
import type { ChartCase } from "../chart-case.ts";
import { templateOurs } from "../template-ours.ts";
import { CRASHED, templateWithHelm } from "../template-with-helm.ts";
import { randomChart } from "./random-chart.ts";
import { shrinkChart } from "./shrink-chart.ts";

export type CompareRandom = {
  readonly helm: string;
  readonly workers: number;
  readonly say: (line: string) => void;
  readonly from: number;
  readonly count: number;
  readonly shrinks?: number;
};

/** Charts in charts/ that Chart.yaml does not name, and maps, come in another order each time: of several answers of helm one has to be ours. */
const ANSWERS = 6;
/** So many that differ are made smaller. */
const SHRINKS = 2;

/** Random charts beside helm; how many differ. */
export async function compareRandom({ helm, workers, say, from, count, shrinks = SHRINKS }: CompareRandom): Promise<number> {
  const different: number[] = [];
  let failed = 0;
  let next = from;
  const work = async (): Promise<void> => {
    for (let seed = next++; seed < from + count; seed = next++) {
      const chart = randomChart(seed);
      const ours = templateOurs(chart);
      if (ours.startsWith("Error: ")) failed++;
      if (await differs(helm, chart, ours)) different.push(seed);
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  different.sort((a, b) => a - b);
  for (const seed of different.slice(0, shrinks)) await show(helm, seed, say);
  say(
    `${count} random charts from seed ${from}: ${failed} fail, ${different.length} different${different.length > 0 ? `: seeds ${different.join(", ")}` : ""}`,
  );
  return different.length;
}

async function differs(helm: string, chart: ChartCase, ours: string): Promise<boolean> {
  for (let round = 0; round < ANSWERS; round++) {
    const theirs = await templateWithHelm(helm, chart);
    // Values that contain themselves: ours is an error and no crash.
    if (theirs === ours || (theirs === CRASHED && ours.startsWith("Error: "))) return false;
  }
  return true;
}

async function show(helm: string, seed: number, say: (line: string) => void): Promise<void> {
  const chart = randomChart(seed);
  const theirs = (await templateWithHelm(helm, chart)).split("\n");
  const ours = templateOurs(chart).split("\n");
  const line = theirs.findIndex((text, index) => text !== ours[index]);
  say(`seed ${seed}, line ${line + 1}:\n  helm ${theirs[line] ?? ""}\n  ours ${ours[line] ?? ""}`);
  const small = await shrinkChart(chart, (candidate) => differs(helm, candidate, templateOurs(candidate)));
  say(`seed ${seed}:\n${stringify(small)}--- helm\n${await templateWithHelm(helm, small)}--- ours\n${templateOurs(small)}`);
}
