import { writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { helmOfTests } from "../support/helm.ts";
import { compareAnswers } from "./answers/compare.ts";
import { compareCharts } from "./compare-charts.ts";
import { compareFolders } from "./compare-folders.ts";
import { compareFunctions } from "./functions/compare.ts";
import { SIGNATURES } from "./functions/generate.ts";
import { recordAnswers } from "./functions/record.ts";
import { compareRandom } from "./random/run.ts";
import { wantedFile } from "./read-cases.ts";
import { compareTemplates } from "./template/compare.ts";

/**
 * Our rendering beside that of the real helm 4.1.4, `node test/helm/main.ts MODE… [options]`; without a mode all of them. What they are: README.md beside this.
 *
 *     charts     [--record] [--only NAME]
 *     templates  [--record]
 *     functions  [--record] [--only NAME,NAME] [--calls 40] [--seed 1]
 *     answers    [--record] [--versions 3000] [--schemas 1000] [--seed 1]
 *     random     [--count 1000] [--from 0] [--shrinks 2]
 *     folders    DIR…    charts of yours, with their own values and each of those in ci/
 *
 * It ends with 1 where one differs from the other. `--record` writes down helm's answers, with which `npm test` compares.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    record: { type: "boolean", default: false },
    only: { type: "string" },
    count: { type: "string", default: "1000" },
    from: { type: "string", default: "0" },
    shrinks: { type: "string", default: "2" },
    calls: { type: "string", default: "40" },
    versions: { type: "string", default: "3000" },
    schemas: { type: "string", default: "1000" },
    seed: { type: "string", default: "1" },
  },
});

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const helm = await helmOfTests();
if (helm === undefined) {
  say("the real helm does not run here: nothing was compared");
  process.exit(1);
}

const folders = positionals[0] === "folders" ? positionals.slice(1) : [];
const modes = folders.length > 0 ? ["folders"] : positionals.length === 0 ? ["charts", "templates", "functions", "answers", "random"] : positionals;
const workers = availableParallelism();
let different = 0;
for (const mode of modes) {
  const started = performance.now();
  different += await run(mode);
  say(`${mode}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
}
process.exitCode = different > 0 ? 1 : 0;

async function run(mode: string): Promise<number> {
  if (helm === undefined) return 1;
  switch (mode) {
    case "charts":
      return compareCharts({ helm, workers, say, only: values.only, record: values.record ? (name, text) => writeFile(wantedFile(name), text) : undefined });
    case "templates":
      return compareTemplates({ helm, workers, say, record: values.record });
    case "functions":
      if (values.record) say(`${await recordAnswers(helm)} answers are recorded`);
      return compareFunctions({ helm, names: values.only?.split(",") ?? Object.keys(SIGNATURES), calls: Number(values.calls), seed: Number(values.seed), say });
    case "answers":
      return compareAnswers({
        helm,
        versions: Number(values.versions),
        schemas: Number(values.schemas),
        seed: Number(values.seed),
        say,
        record: values.record,
      });
    case "random":
      return compareRandom({ helm, workers, say, from: Number(values.from), count: Number(values.count), shrinks: Number(values.shrinks) });
    case "folders":
      return compareFolders({ helm, folders, say });
    default:
      say(`no such mode: ${mode}`);
      return 1;
  }
}
