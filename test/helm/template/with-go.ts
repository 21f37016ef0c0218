import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { GOLDEN, goldenCases, isSameAnswer } from "./golden.ts";
import { ourAnswer, type TemplateAnswer, type TemplateCase } from "./ours.ts";
import { randomCase } from "./random.ts";

/**
 * Compares our templates with Go's own, far faster than helm is asked: those of cases.ts and random ones. Needs Go 1.26, with which Helm 4.2.2 is built.
 *
 *     node test/helm/template/with-go.ts [--record] [--count 20000] [--from 0]
 *
 * With `--record` what Go says of the golden cases is written down for `npm test`.
 */
const { values } = parseArgs({
  options: {
    count: { type: "string", default: "20000" },
    from: { type: "string", default: "0" },
    shown: { type: "string", default: "10" },
    record: { type: "boolean", default: false },
  },
});

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const folder = mkdtempSync(join(tmpdir(), "sluice-go-"));
const oracle = join(folder, "oracle");
process.on("exit", () => rmSync(folder, { recursive: true }));
const built = spawnSync("go", ["build", "-o", oracle, join(import.meta.dirname, "oracle/main.go")], { stdio: "inherit" });
if (built.status !== 0) throw new Error("Go did not build test/helm/template/oracle/main.go");

if (values.record) {
  const lines = askOracle(oracle, goldenCases).map((answer) => `  ${JSON.stringify(answer)}`);
  writeFileSync(GOLDEN, `[\n${lines.join(",\n")}\n]\n`);
  say(`${lines.length} answers recorded`);
}
const from = Number(values.from);
const random = Array.from({ length: Number(values.count) }, (_, index) => randomCase(from + index));
const different = compare("written", goldenCases) + compare("random", random);
process.exitCode = different === 0 ? 0 : 1;

function compare(name: string, cases: readonly TemplateCase[]): number {
  const theirs = askOracle(oracle, cases);
  let differences = 0;
  for (const [index, question] of cases.entries()) {
    const ours = ourAnswer(question);
    const expected = theirs[index] ?? {};
    if (isSameAnswer(ours, expected)) continue;
    differences++;
    if (differences > Number(values.shown)) continue;
    const [, text] = question.files.at(-1) ?? [];
    say(`${name} ${index} ${question.missingKey}\n${text}\n  Go:   ${JSON.stringify(expected)}\n  ours: ${JSON.stringify(ours)}\n`);
  }
  say(`${name}: ${cases.length} templates, ${differences} different`);
  return differences;
}

function askOracle(program: string, questions: readonly TemplateCase[]): readonly TemplateAnswer[] {
  const input = questions.map((question) => JSON.stringify(question)).join("\n");
  const { stdout, status } = spawnSync(program, { input, encoding: "utf8", maxBuffer: 1 << 30 });
  if (status !== 0) throw new Error(`${program} ended with ${status}`);
  return stdout
    .trimEnd()
    .split("\n")
    .map((line): TemplateAnswer => JSON.parse(line));
}
