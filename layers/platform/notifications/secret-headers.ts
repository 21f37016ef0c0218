import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";
import type { ProviderSettings } from "@sluice/engine/ports/notifier.ts";
import { JSON_SCHEMA, load, YAMLException } from "js-yaml";
import { secretText } from "./authorization.ts";

/** The key `headers` of the Provider's Secret, a YAML map of texts; empty when there is none. A problem shows nothing of it. Source: reference 4.3. */
export function secretHeaders(provider: ProviderSettings): Result<{ readonly [name: string]: string }> {
  const text = secretText(provider, "headers");
  const map = text.trim() === "" ? {} : parseYaml(text);
  if (map === undefined || typeof map !== "object" || map === null || Array.isArray(map))
    return problem("failed to read headers from secret: expected a YAML map");
  const wrong = Object.entries(map).find(([, value]) => typeof value !== "string");
  if (wrong !== undefined) return problem("failed to read headers from secret: expected each value to be a text");
  return ok(Object.fromEntries(Object.entries(map).map(([name, value]) => [name, String(value)])));
}

/** Undefined for what is no YAML. */
function parseYaml(text: string): unknown {
  try {
    return load(text, { schema: JSON_SCHEMA });
  } catch (error) {
    if (error instanceof YAMLException) return undefined;
    throw error;
  }
}
