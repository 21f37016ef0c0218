import { validText } from "../../../layers/engine/build/helm/go/bytes.ts";
import { goOfJson } from "../../../layers/engine/build/helm/go/json.ts";
import type { MissingKey } from "../../../layers/engine/build/helm/template/state.ts";
import { createTemplates } from "../../../layers/engine/build/helm/template/templates.ts";
import type { Json } from "../../../layers/engine/domain/json.ts";
import { testFunctions } from "./test-functions.ts";

/** Files of templates in the order in which they are parsed, and the one that is executed. */
export type TemplateCase = {
  readonly files: readonly (readonly [name: string, text: string])[];
  readonly main: string;
  readonly data: Json;
  readonly missingKey: MissingKey;
};

export type TemplateAnswer = { readonly out?: string; readonly err?: string };

/** What our templates make of it, as the oracle says it. */
export function ourAnswer({ files, main, data, missingKey }: TemplateCase): TemplateAnswer {
  const set = createTemplates({ name: "gotpl", functions: testFunctions, missingKey });
  for (const [name, text] of files) {
    const parsed = set.parse(name, text);
    if (!parsed.ok) return { err: parsed.message };
  }
  const answer = set.execute(main, goOfJson(data));
  return answer.ok ? { out: validText(answer.text) } : { err: validText(answer.failure.message) };
}
