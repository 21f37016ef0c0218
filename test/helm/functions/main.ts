import { parseArgs } from "node:util";
import { createFunctions } from "../../../layers/engine/build/helm/functions/functions.ts";
import { helmOfTests } from "../../support/helm.ts";
import { generateCalls, SIGNATURES } from "./generate.ts";
import { askHelm } from "./oracle.ts";
import { expressionOf, ourAnswer } from "./ours.ts";

/** Compares our functions with helm's: `node test/helm/functions/main.ts [--calls 40] [--seed 1] [--only toYaml]`: so many calls of each function. */
const { values } = parseArgs({
  options: { calls: { type: "string", default: "40" }, seed: { type: "string", default: "1" }, only: { type: "string" }, helm: { type: "string" } },
});

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const helm = values.helm ?? (await helmOfTests());
if (helm === undefined) throw new Error("helm does not run on this machine");
const functions = createFunctions();
const names = values.only === undefined ? Object.keys(SIGNATURES) : values.only.split(",");
const calls = names.flatMap((name) => generateCalls(name, Number(values.calls), Number(values.seed)));
const ours = calls.map((call) => ourAnswer(functions, call));
const theirs = await askHelm(helm, calls.map(expressionOf), (index) => ours[index]?.kind === "error");
let different = 0;
for (const [index, call] of calls.entries()) {
  const [our, their] = [ours[index], theirs[index]];
  if (JSON.stringify(our) === JSON.stringify(their)) continue;
  different++;
  say(`${expressionOf(call)}\n  helm ${show(their)}\n  ours ${show(our)}`);
}
say(`${calls.length} calls of ${names.length} functions, ${ours.filter(({ kind }) => kind === "error").length} errors, ${different} different`);
process.exitCode = different > 0 ? 1 : 0;

function show(answer: (typeof ours)[number] | undefined): string {
  return answer === undefined ? "" : answer.kind === "error" ? `! ${answer.message}` : answer.text;
}
