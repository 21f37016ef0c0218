import { writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { helmOfTests } from "../support/helm.ts";
import { compareCharts } from "./compare-charts.ts";
import { compareFunctions } from "./functions/compare.ts";
import { SIGNATURES } from "./functions/generate.ts";
import { compareRandom } from "./random/run.ts";
import { wantedFile } from "./read-cases.ts";

/**
 * Our rendering beside that of the real helm 4.1.4: `node test/helm/main.ts charts [--record] [--only NAME]`, `functions [--calls 40]`,
 * `random [--count 1000] [--from 0] [--shrinks 2]`;
 * without a mode all of them. It ends with 1 where one differs from the other.
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

const modes = positionals.length === 0 ? ["charts", "functions", "random"] : positionals;
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
    case "functions":
      return compareFunctions({ helm, names: Object.keys(SIGNATURES), calls: Number(values.calls), seed: 1, say });
    case "random":
      return compareRandom({ helm, workers, say, from: Number(values.from), count: Number(values.count), shrinks: Number(values.shrinks) });
    default:
      say(`no such mode: ${mode}`);
      return 1;
  }
}
