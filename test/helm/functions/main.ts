import { parseArgs } from "node:util";
import { helmOfTests } from "../../support/helm.ts";
import { compareFunctions } from "./compare.ts";
import { SIGNATURES } from "./generate.ts";
import { recordAnswers } from "./record.ts";

/**
 * Compares our functions with helm's: `node test/helm/functions/main.ts [--calls 40] [--seed 1] [--only toYaml,toJson] [--helm PROGRAM]`: so many calls of each
 * function. `--record` writes what `npm test` compares with.
 */
const { values } = parseArgs({
  options: {
    record: { type: "boolean", default: false },
    calls: { type: "string", default: "40" },
    seed: { type: "string", default: "1" },
    only: { type: "string" },
    helm: { type: "string" },
  },
});

const helm = values.helm ?? (await helmOfTests());
if (helm === undefined) throw new Error("helm does not run on this machine");
const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

if (values.record) say(`${await recordAnswers(helm)} answers are recorded`);
else {
  const names = values.only?.split(",") ?? Object.keys(SIGNATURES);
  const different = await compareFunctions({ helm, names, calls: Number(values.calls), seed: Number(values.seed), say });
  process.exitCode = different > 0 ? 1 : 0;
}
