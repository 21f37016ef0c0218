import { createFunctions } from "../../../layers/engine/build/helm/functions/functions.ts";
import { goOfJson } from "../../../layers/engine/build/helm/go/json.ts";
import { DICT, named } from "../../../layers/engine/build/helm/go/type.ts";
import { type GoValue, goMap, isMap } from "../../../layers/engine/build/helm/go/value.ts";
import { createTemplates } from "../../../layers/engine/build/helm/template/templates.ts";
import { epochMs } from "../../../layers/engine/domain/time.ts";
import { type Answer, lineOf, VALUES } from "./oracle.ts";

/** What our templates make of an expression. */
export function ourAnswer(expression: string): Answer {
  const templates = createTemplates({ name: "gotpl", functions: () => FUNCTIONS, missingKey: "zero" });
  const parsed = templates.parse("t", lineOf(expression));
  if (!parsed.ok) return { kind: "error", text: parsed.message.replace(/^template: t:1: /, "") };
  const output = templates.execute("t", data());
  if (output.ok) return { kind: "value", text: output.text.replace(/^ *=/, "") };
  // As it stands on a terminal, where a byte that is no character cannot be told from another.
  const message = output.failure.message.toWellFormed();
  const from = message.indexOf("error calling ");
  return { kind: "error", text: from === -1 ? message.slice(message.lastIndexOf(">: ") + 3) : message.slice(from) };
}

const FUNCTIONS = createFunctions({ seed: new Uint8Array(32), now: epochMs(1_700_000_000_000) });

const data = (): GoValue => {
  const values = goOfJson(VALUES);
  return goMap([["Values", isMap(values) ? { ...values, type: VALUES_TYPE } : values]]);
};
const VALUES_TYPE = named("common.Values", DICT);
