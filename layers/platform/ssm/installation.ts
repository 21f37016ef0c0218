import { isArray, isObject, type Json } from "@sluice/engine/domain/json.ts";
import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";

/** What the stack tells the command line about itself; one parameter for each cluster that it looks after. */
export type Installation = {
  readonly region: string;
  /** URLs. */
  readonly queues: { readonly source: string; readonly apply: string };
  readonly logGroups: readonly string[];
  readonly webhookUrl: string;
  /** ARN of the Secrets Manager secret that pushes are signed with; a stack that does not say leaves registering to a person. */
  readonly webhookSecret?: string;
  readonly version: string;
};

export const parameterNameOf = (cluster: string): string => `/sluice/${cluster}`;

/** Reads the parameter's value; a problem names the field and what was expected there. */
export function parseInstallation(text: string): Result<Installation> {
  const value = parseJson(text);
  if (!isObject(value)) return problem("expected a JSON object");
  const queues = isObject(value.queues) ? value.queues : {};
  const texts = { region: value.region, "queues.source": queues.source, "queues.apply": queues.apply, webhookUrl: value.webhookUrl, version: value.version };
  for (const [field, found] of Object.entries(texts)) if (typeof found !== "string" || found === "") return problem(`${field}: expected a text`);
  const { logGroups, webhookSecret } = value;
  if (!isArray(logGroups) || !logGroups.every((group) => typeof group === "string")) return problem("logGroups: expected a list of names");
  return ok({
    region: String(value.region),
    queues: { source: String(queues.source), apply: String(queues.apply) },
    logGroups,
    webhookUrl: String(value.webhookUrl),
    ...(typeof webhookSecret === "string" && webhookSecret !== "" && { webhookSecret }),
    version: String(value.version),
  });
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the caller says what was expected
  }
}
