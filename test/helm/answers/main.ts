/**
 * Compares our functions of dates, ciphers and versions, and our JSON Schema, with the real helm, and writes down its answers for `npm test`:
 *
 *     node test/helm/answers/main.ts [--record] [--semver 5000] [--schemas 2000] [--seed 1]
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createValidateValues } from "../../../layers/engine/build/helm/schema/validate-values.ts";
import { randomSchemas } from "../schema/random-schemas.ts";
import { inOrder, type SchemaCase, withGlobal } from "../schema/schema-case.ts";
import { answerOf, type Call, written } from "./call.ts";
import { fixedCalls, semverCalls, wrongCalls } from "./calls.ts";
import { askHelm, askHelmOfSchemas, openHelm } from "./helm.ts";

const { values: options } = parseArgs({
  options: {
    record: { type: "boolean", default: false },
    semver: { type: "string", default: "3000" },
    schemas: { type: "string", default: "1000" },
    seed: { type: "string", default: "1" },
  },
});
const GOLDEN = join(import.meta.dirname, "../../golden/helm");
/** What goes into the goldens: `npm test` has seconds, not minutes. */
const KEPT_SEMVER = 400;
const KEPT_SCHEMAS = 120;
/** Made to take long. */
const KEPT_PASSWORDS = 2;

const helm = await openHelm();
const seed = Number(options.seed);
let different = 0;

function compare(name: string, given: string, want: string, ours: string): void {
  if (want === ours) return;
  different++;
  console.log(`${name}\n  ${given}\n  helm: ${want}\n  ours: ${ours}`);
}

const isRange = (call: Call): boolean => !answerOf(call).startsWith("error: ");
const calls = [...fixedCalls(), ...semverCalls(seed, Number(options.semver)).filter(isRange)];
const answers = helm.together(calls.map(written));
for (const [index, call] of calls.entries()) compare("function", written(call), answers[index] ?? "", answerOf(call));
const wrong = wrongCalls();
const errors = wrong.map((call) => `error: ${askHelm(helm, written(call), call.name)}`);
for (const [index, call] of wrong.entries()) compare("error", written(call), errors[index] ?? "", answerOf(call));

const schemas = randomSchemas(seed, Number(options.schemas));
const verdicts = askHelmOfSchemas(helm, schemas);
const validate = createValidateValues();
const ours = ({ schema, values }: SchemaCase): string => inOrder((validate(withGlobal(values), schema) ?? "").trim());
for (const [index, one] of schemas.entries()) compare("schema", JSON.stringify(one), inOrder(verdicts[index] ?? ""), ours(one));

console.log(`${calls.length} calls, ${wrong.length} errors, ${schemas.length} schemas: ${different} differ`);
if (options.record) {
  const fixed = fixedCalls().length;
  const slow = calls.filter(({ name }) => name === "derivePassword").slice(KEPT_PASSWORDS);
  const rows = calls.slice(0, fixed + KEPT_SEMVER).flatMap((call, index) => (slow.includes(call) ? [] : [[call, answers[index]]]));
  write("function-answers", [...rows, ...wrong.map((call, index) => [call, errors[index]])]);
  write(
    "schema-answers",
    schemas.slice(0, KEPT_SCHEMAS).map((one, index) => [one, inOrder(verdicts[index] ?? "")]),
  );
}
process.exitCode = different === 0 ? 0 : 1;

function write(name: string, rows: readonly unknown[]): void {
  writeFileSync(join(GOLDEN, `${name}.json`), `[\n${rows.map((row) => JSON.stringify(row)).join(",\n")}\n]\n`);
}
