import { createFunctions } from "../../../layers/engine/build/helm/functions/functions.ts";
import { printed } from "../../../layers/engine/build/helm/go/print-value.ts";
import { GoPanic, isFailure } from "../../../layers/engine/build/helm/go/result.ts";
import { type GoValue, goInt } from "../../../layers/engine/build/helm/go/value.ts";
import { epochMs } from "../../../layers/engine/domain/time.ts";

/** A call of a function as a template writes it: `{ name: "date", args: ["2006", { name: "toDate", args: […] }] }`. */
export type Call = { readonly name: string; readonly args: readonly Argument[] };
export type Argument = string | number | Call;

/** As it stands in a template. */
export const written = ({ name, args }: Call): string =>
  [name, ...args.map((arg) => (typeof arg === "object" ? `(${written(arg)})` : JSON.stringify(arg)))].join(" ");

/** What our function prints, or the words of its error. `now` is never asked for: it is another one each time. */
export function answerOf(call: Call): string {
  const functions = createFunctions({ seed: new Uint8Array(32), now: epochMs(0) });
  const valueOfCall = ({ name, args }: Call): GoValue => {
    const answer = functions.get(name)?.call(args.map((arg) => (typeof arg === "object" ? valueOfCall(arg) : typeof arg === "number" ? goInt(arg) : arg)));
    if (answer === undefined) throw new Error(`no function ${name}`);
    if (isFailure(answer)) throw new GoPanic(answer.message);
    return answer;
  };
  try {
    return printed(valueOfCall(call));
  } catch (error) {
    if (error instanceof GoPanic) return `error: ${error.message}`;
    throw error;
  }
}
