import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expressionOf, generateCalls, SIGNATURES } from "./generate.ts";
import { type Answer, askHelm } from "./oracle.ts";
import { ourAnswer } from "./ours.ts";
import { WRITTEN } from "./written.ts";

/** Expressions with what helm 4.1.4 makes of them; an error stands behind a `!`. */
export type Recorded = { readonly [expression: string]: string };

export const RECORDED_FILE = join(import.meta.dirname, "../../golden/helm/functions.json");

/** Of each function so many calls, with the same seed always. */
const CALLS = 12;

export const recordedText = ({ kind, text }: Answer): string => (kind === "error" ? `! ${text}` : text);

export async function recordAnswers(helm: string): Promise<number> {
  const generated = Object.keys(SIGNATURES).flatMap((name) => generateCalls(name, CALLS, 0).map(expressionOf));
  const expressions = [...new Set([...WRITTEN, ...generated])];
  const answers = await askHelm(helm, expressions, (index) => ourAnswer(expressions[index] ?? "").kind === "error");
  const recorded = Object.fromEntries(expressions.map((expression, index) => [expression, recordedText(answers[index] ?? { kind: "error", text: "" })]));
  await writeFile(RECORDED_FILE, `${JSON.stringify(recorded, undefined, 1)}\n`);
  return expressions.length;
}
