import type { JsonObject } from "../../domain/json.ts";
import type { NotifiedEvent } from "../../domain/notified-event.ts";
import { ok, problem, type Result } from "../../domain/result.ts";
import type { Provider } from "../../flux/provider-object.ts";

/** One for each object and Provider: `kustomization/apps/0f2b3c4d`. Source: reference 4.3.2. */
export const defaultStatusId = ({ involvedObject }: NotifiedEvent, { metadata }: Pick<Provider, "metadata">): string =>
  `${involvedObject.kind}/${involvedObject.name}/${metadata.uid.split("-")[0] ?? ""}`.toLowerCase();

/** What `spec.commitStatusExpr` comes to. Source: reference 4.3; recorded in providers/expr-*. */
export async function computedStatusId(
  expression: string,
  variables: { readonly event: JsonObject; readonly alert: JsonObject; readonly provider: JsonObject },
): Promise<Result<string>> {
  const wrong = (text: string) => problem(`failed to create commit status: failed to evaluate the spec.commitStatusExpr CEL expression for the event: ${text}`);
  const { compileExpression } = await import("../../cel/expression.ts"); // a cold start does not wait for CEL
  const compiled = compileExpression(expression, { variables: ["event", "alert", "provider"], result: "string" });
  if (!compiled.ok) return wrong(`failed to compile expression: ${compiled.problem}`);
  const evaluated = compiled.value.evaluate(variables);
  return evaluated.kind === "value" ? ok(evaluated.value) : wrong(evaluated.message);
}
