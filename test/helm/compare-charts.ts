import { readCases } from "./read-cases.ts";
import { templateOurs } from "./template-ours.ts";
import { templateWithHelm } from "./template-with-helm.ts";

export type CompareCharts = {
  readonly helm: string;
  readonly workers: number;
  readonly say: (line: string) => void;
  readonly only?: string | undefined;
  /** Takes what helm says, as what is wanted from then on. */
  readonly record?: ((name: string, text: string) => Promise<void>) | undefined;
};

/** The corpus beside helm; how many charts differ. */
export async function compareCharts({ helm, workers, say, only, record }: CompareCharts): Promise<number> {
  const cases = (await readCases()).filter(({ name }) => only === undefined || name === only);
  let different = 0;
  const waiting = [...cases];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const theirs = await templateWithHelm(helm, next.chart);
      const ours = templateOurs(next.chart);
      if (record !== undefined) await record(next.name, theirs);
      else if (next.wanted !== theirs) say(`${next.name}: helm says something else than was recorded`);
      if (ours === theirs) continue;
      different++;
      say(`${next.name}: ${next.chart.about}\n--- helm\n${theirs}--- ours\n${ours}`);
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  say(`${cases.length} charts, ${different} different`);
  return different;
}
