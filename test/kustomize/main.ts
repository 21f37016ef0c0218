import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createKubectl } from "../support/kustomize/kubectl.ts";
import { createLineOracle } from "../support/kustomize/oracle.ts";
import { ourAnswer, ourAnswerAsKubectl, oursAs } from "../support/kustomize/ours.ts";
import { runCorpus } from "./corpus.ts";
import { runRandom } from "./random/run.ts";

/**
 * Compares our builder with kustomize: the corpus and random trees, `node test/kustomize/main.ts [--trees 2000] [--from 0] [--oracle PROGRAM]`.
 * The oracle is kubectl; a program that speaks lines of JSON (`oracle.ts`) is much faster and answers for the library of Flux.
 */
const { values } = parseArgs({
  options: {
    trees: { type: "string", default: "2000" },
    from: { type: "string", default: "0" },
    oracle: { type: "string" },
    shrinks: { type: "string", default: "5" },
    folder: { type: "string", default: join(tmpdir(), "sluice-kustomize") },
    "no-corpus": { type: "boolean", default: false },
  },
});

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const started = performance.now();
const passed = (): string => `${((performance.now() - started) / 1000).toFixed(1)} s`;

const asFlux = values.oracle !== undefined;
const oracle = values.oracle === undefined ? await createKubectl() : createLineOracle(values.oracle);
const ours = asFlux ? oursAs("sluice, as Flux builds", ourAnswer) : oursAs("sluice, as kubectl builds", ourAnswerAsKubectl);

const differentCases = values["no-corpus"] ? 0 : await runCorpus({ oracle, asFlux, ours, workers: availableParallelism(), say });
if (!values["no-corpus"]) say(`corpus: ${differentCases} different, ${passed()}`);

const seeds = { from: Number(values.from), count: Number(values.trees) };
const outcome = await runRandom({
  seeds,
  oracle,
  ours,
  workers: asFlux ? 1 : availableParallelism(),
  folder: values.folder,
  shrinks: Number(values.shrinks),
  say,
});
oracle.end();

say(`random trees ${seeds.from} to ${seeds.from + seeds.count - 1}: ${outcome.built} build, ${outcome.failed} fail, ${passed()}`);
for (const [why, count] of outcome.explained) say(`  ${count} differ as listed: ${why}`);
if (outcome.undecided.length > 0)
  say(`  ${outcome.undecided.length} where kustomize itself says another thing each time: seeds ${outcome.undecided.join(", ")}`);
say(`  ${outcome.different.length} different${outcome.different.length > 0 ? `: seeds ${outcome.different.join(", ")}` : ""}`);
process.exitCode = differentCases + outcome.different.length > 0 ? 1 : 0;
