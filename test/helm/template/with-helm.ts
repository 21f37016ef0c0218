import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { helmOfTests } from "../../support/helm.ts";
import { templateOurs } from "../template-ours.ts";
import { templateWithHelm } from "../template-with-helm.ts";
import { GOLDEN_OF_HELM, templateCharts } from "./helm-charts.ts";

/**
 * Compares templates with the real helm (4.1.4): `node test/helm/template/with-helm.ts [--record]`. Each that fails needs a run of its own, some 40 ms.
 * With `--record` helm's answers are written down; without helm they are read.
 */
const { values } = parseArgs({ options: { record: { type: "boolean", default: false }, shown: { type: "string", default: "10" } } });
const helm = await helmOfTests();
const theirs: string[] = [];
if (helm === undefined) theirs.push(...JSON.parse(readFileSync(GOLDEN_OF_HELM, "utf8")));
else for (const chart of templateCharts) theirs.push(await templateWithHelm(helm, chart));
if (values.record && helm !== undefined) writeFileSync(GOLDEN_OF_HELM, `[\n${theirs.map((answer) => `  ${JSON.stringify(answer)}`).join(",\n")}\n]\n`);

let different = 0;
for (const [index, chart] of templateCharts.entries()) {
  const ours = templateOurs(chart);
  if (ours === theirs[index]) continue;
  different++;
  if (different <= Number(values.shown))
    process.stdout.write(
      `${index} ${chart.about}\n  helm: ${firstDifference(theirs[index] ?? "", ours)}\n  ours: ${firstDifference(ours, theirs[index] ?? "")}\n\n`,
    );
}
process.stdout.write(`${templateCharts.length} charts, ${different} different\n`);
process.exitCode = different === 0 ? 0 : 1;

function firstDifference(text: string, other: string): string {
  const lines = text.split("\n");
  const others = other.split("\n");
  const at = lines.findIndex((line, index) => line !== others[index]);
  return lines.slice(Math.max(at, 0), at + 4).join("\n        ");
}
