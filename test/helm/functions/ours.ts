import { printed } from "../../../layers/engine/build/helm/go/print-value.ts";
import { quote } from "../../../layers/engine/build/helm/go/quote.ts";
import { GoPanic, isFailure } from "../../../layers/engine/build/helm/go/result.ts";
import { type GoValue, typeName } from "../../../layers/engine/build/helm/go/value.ts";
import type { GoFunctions } from "../../../layers/engine/build/helm/template/functions.ts";
import type { Call } from "./generate.ts";
import type { Answer } from "./oracle.ts";

/** Functions whose order in Go is chance: what they give is sorted on both sides. */
const UNORDERED = new Set(["keys", "values"]);

export const expressionOf = ({ name, args }: Call): string => {
  const call = [name, ...args.map(({ text }) => text)].join(" ");
  return UNORDERED.has(name) ? `${call} | toStrings | sortAlpha` : call;
};

/** What our function answers, called directly. */
export function ourAnswer(functions: GoFunctions, call: Call): Answer {
  try {
    const result = functions.get(call.name)?.call(call.args.map(({ value }) => value()));
    if (result === undefined) throw new Error(`there is no function ${call.name}`);
    if (isFailure(result)) return { kind: "error", message: `error calling ${call.name}: ${result.message}` };
    const value = UNORDERED.has(call.name) ? functions.get("sortAlpha")?.call([result]) : result;
    return { kind: "value", text: describe(functions, isFailure(value) || value === undefined ? null : value) };
  } catch (error) {
    if (!(error instanceof GoPanic)) throw error;
    return { kind: "error", message: `error calling ${call.name}: ${error.message}` };
  }
}

function describe(functions: GoFunctions, value: GoValue): string {
  const json = functions.get("toJson")?.call([value]);
  return `${typeName(value)} ${quote(printed(value))} ${quote(typeof json === "string" ? json : "")}`;
}
