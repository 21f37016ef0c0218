import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createValidateValues } from "../../../layers/engine/build/helm/schema/validate-values.ts";
import { randomSchemas } from "../schema/random-schemas.ts";
import { inOrder, type SchemaCase, withGlobal } from "../schema/schema-case.ts";
import { answerOf, type Call, written } from "./call.ts";
import { fixedCalls, semverCalls, wrongCalls } from "./calls.ts";
import { askHelm, askHelmOfSchemas, openHelm } from "./helm.ts";

const GOLDEN = join(import.meta.dirname, "../../golden/helm");
/** What goes into the goldens: `npm test` has seconds, not minutes. */
const KEPT_SEMVER = 400;
const KEPT_SCHEMAS = 120;
/** Made to take long. */
const KEPT_PASSWORDS = 2;

export type CompareAnswers = {
  readonly helm: string;
  /** So many random comparisons of versions, and random schemas. */
  readonly versions: number;
  readonly schemas: number;
  readonly seed: number;
  readonly say: (line: string) => void;
  readonly record: boolean;
};

/** Our functions of dates, ciphers and versions, and our JSON Schema, beside helm; how often they differ. */
export async function compareAnswers({ helm: program, versions, schemas: count, seed, say, record }: CompareAnswers): Promise<number> {
  const helm = openHelm(program);
  let different = 0;
  const compare = (name: string, given: string, want: string, ours: string): void => {
    if (want === ours) return;
    different++;
    say(`${name}\n  ${given}\n  helm: ${want}\n  ours: ${ours}`);
  };

  const calls = [...fixedCalls(), ...semverCalls(seed, versions).filter(isRange)];
  const answers = helm.together(calls.map(written));
  for (const [index, call] of calls.entries()) compare("function", written(call), answers[index] ?? "", answerOf(call));
  const wrong = wrongCalls();
  const errors = wrong.map((call) => `error: ${askHelm(helm, written(call), call.name)}`);
  for (const [index, call] of wrong.entries()) compare("error", written(call), errors[index] ?? "", answerOf(call));

  const schemas = randomSchemas(seed, count);
  const verdicts = askHelmOfSchemas(helm, schemas).map(inOrder);
  const validate = createValidateValues();
  const ours = ({ schema, values }: SchemaCase): string => inOrder((validate(withGlobal(values), schema) ?? "").trim());
  for (const [index, one] of schemas.entries()) compare("schema", JSON.stringify(one), verdicts[index] ?? "", ours(one));

  say(`${calls.length} calls, ${wrong.length} errors, ${schemas.length} schemas: ${different} different`);
  if (record) {
    const slow = calls.filter(({ name }) => name === "derivePassword").slice(KEPT_PASSWORDS);
    const kept = calls.slice(0, fixedCalls().length + KEPT_SEMVER);
    const rows = kept.flatMap((call, index) => (slow.includes(call) ? [] : [[call, answers[index]]]));
    await write("function-answers", [...rows, ...wrong.map((call, index) => [call, errors[index]])]);
    await write(
      "schema-answers",
      schemas.slice(0, KEPT_SCHEMAS).map((one, index) => [one, verdicts[index] ?? ""]),
    );
  }
  return different;
}

const isRange = (call: Call): boolean => !answerOf(call).startsWith("error: ");

const write = (name: string, rows: readonly unknown[]): Promise<void> =>
  writeFile(join(GOLDEN, `${name}.json`), `[\n${rows.map((row) => JSON.stringify(row)).join(",\n")}\n]\n`);
