import { resolve } from "node:path";
import { type Beside, comparable, createBeside, kustomizationFolders } from "../support/cli/kustomize-beside.ts";

/**
 * `node test/cli/compare-kustomize.ts FOLDER...`: builds every folder with a kustomization at or below these, by kubectl and by sluice, and prints what
 * differs. Ends with 1 when something does, but for what sluice refuses because it would have to be fetched or run.
 */
const REFUSALS = /not supported/;

type Verdict = "same" | "same error" | "refused" | "DIFFERENT";

async function verdictOf(beside: Beside, folder: string, flags: readonly string[]): Promise<{ readonly verdict: Verdict; readonly text: string }> {
  const [theirs, ours] = await Promise.all([beside.kubectl([folder, ...flags], { folder }), beside.sluice([folder, ...flags], { folder })]);
  const [expected, got] = [comparable(theirs), comparable(ours)];
  if (JSON.stringify(expected) === JSON.stringify(got)) return { verdict: got.code === 0 ? "same" : "same error", text: "" };
  if (got.code !== 0 && REFUSALS.test(got.err)) return { verdict: "refused", text: `  ${got.err.split("\n").find((line) => REFUSALS.test(line))}\n` };
  const output = expected.out === got.out ? "" : `  stdout: ${firstDifference(expected.out, got.out)}\n`;
  const story = expected.err === got.err ? "" : `  kubectl (${expected.code}): ${first(expected.err)}\n  sluice  (${got.code}): ${first(got.err)}\n`;
  return { verdict: "DIFFERENT", text: output + story };
}

const first = (text: string): string => text.split("\n").slice(0, 3).join("\n           ");

function firstDifference(expected: string, got: string): string {
  const [left, right] = [expected.split("\n"), got.split("\n")];
  const at = left.findIndex((line, index) => line !== right[index]);
  const line = at < 0 ? left.length : at;
  return `line ${line + 1}: kubectl ${JSON.stringify(left[line])}, sluice ${JSON.stringify(right[line])}`;
}

const beside = await createBeside();
const counts = new Map<Verdict, number>();
for (const folder of process.argv.slice(2).flatMap((folder) => kustomizationFolders(resolve(folder)))) {
  for (const flags of [[], ["--load-restrictor", "LoadRestrictionsNone"]]) {
    const { verdict, text } = await verdictOf(beside, folder, flags);
    counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
    if (text !== "") process.stdout.write(`${verdict} ${folder} ${flags.join(" ")}\n${text}`);
  }
}
process.stdout.write(`${[...counts].map(([verdict, count]) => `${count} ${verdict}`).join(", ")}\n`);
process.exitCode = counts.has("DIFFERENT") ? 1 : 0;
