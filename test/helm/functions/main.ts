import { parseArgs } from "node:util";
import { helmOfTests } from "../../support/helm.ts";
import { compareFunctions } from "./compare.ts";
import { SIGNATURES } from "./generate.ts";

/** Compares our functions with helm's: `node test/helm/functions/main.ts [--calls 40] [--seed 1] [--only toYaml,toJson] [--helm PROGRAM]`: so many calls of each function. */
const { values } = parseArgs({
  options: { calls: { type: "string", default: "40" }, seed: { type: "string", default: "1" }, only: { type: "string" }, helm: { type: "string" } },
});

const helm = values.helm ?? (await helmOfTests());
if (helm === undefined) throw new Error("helm does not run on this machine");
const different = await compareFunctions({
  helm,
  names: values.only?.split(",") ?? Object.keys(SIGNATURES),
  calls: Number(values.calls),
  seed: Number(values.seed),
  say: (line) => process.stdout.write(`${line}\n`),
});
process.exitCode = different > 0 ? 1 : 0;
