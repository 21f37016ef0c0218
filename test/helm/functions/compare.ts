import { listedReason } from "./disagreements.ts";
import { expressionOf, generateCalls } from "./generate.ts";
import { type Answer, askHelm } from "./oracle.ts";
import { ourAnswer } from "./ours.ts";
import { WRITTEN } from "./written.ts";

export type CompareOptions = {
  /** The program. */
  readonly helm: string;
  readonly names: readonly string[];
  /** Of each function. */
  readonly calls: number;
  readonly seed: number;
  readonly say: (line: string) => void;
};

/** Says where helm's functions and ours differ, and returns how often they do for no reason that is listed. */
export async function compareFunctions({ helm, names, calls, seed, say }: CompareOptions): Promise<number> {
  const generated = names.flatMap((name) => generateCalls(name, calls, seed)).map(expressionOf);
  const expressions = [...new Set([...(names.length === 1 ? [] : WRITTEN), ...generated])];
  const ours = expressions.map(ourAnswer);
  const theirs = await askHelm(helm, expressions, (index) => ours[index]?.kind === "error");
  const explained = new Map<string, number>();
  let different = 0;
  for (const [index, expression] of expressions.entries()) {
    const [our, their] = [ours[index], theirs[index]];
    if (our === undefined || their === undefined || (our.kind === their.kind && our.text === their.text)) continue;
    const why = listedReason(expression, our);
    if (why !== undefined) explained.set(why, (explained.get(why) ?? 0) + 1);
    else {
      different++;
      say(`${expression}\n  helm ${shown(their)}\n  ours ${shown(our)}`);
    }
  }
  say(`${expressions.length} calls of ${names.length} functions, ${ours.filter(({ kind }) => kind === "error").length} errors, ${different} different`);
  for (const [why, count] of explained) say(`  ${count} differ as listed: ${why}`);
  return different;
}

const shown = ({ kind, text }: Answer): string => (kind === "error" ? `! ${text}` : text);
