import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";
import type { ProviderSettings } from "@sluice/engine/ports/notifier.ts";
import { boolYaml11Tag, CORE_SCHEMA, defineScalarTag, loadAll, mergeTag, NOT_RESOLVED } from "js-yaml";
import { secretText } from "./authorization.ts";

/** More than any server takes in headers. */
const LONGEST = 64 * 1024;

/**
 * The key `headers` of the Provider's Secret, a YAML map of texts; empty when there is none. A problem shows nothing of it.
 * Numbers and booleans become texts as sigs.k8s.io/yaml makes them (`yes` is `true`, `1.0` is `1`), nothing becomes `""`, of keys that come twice the last one counts.
 * Source: reference 4.3; tried out with sigs.k8s.io/yaml v1.6.
 */
export function secretHeaders(provider: ProviderSettings): Result<{ readonly [name: string]: string }> {
  const text = secretText(provider, "headers");
  const map = text.length > LONGEST ? undefined : parseYaml(text);
  if (typeof map !== "object" || Array.isArray(map)) return problem("failed to read headers from secret: expected a YAML map");
  const entries = Object.entries(map ?? {}).map(([name, value]) => [name, scalarText(value)] as const);
  if (entries.some(([, value]) => value === undefined)) return problem("failed to read headers from secret: expected each value to be a text");
  return ok(Object.fromEntries(entries.map(([name, value = ""]) => [name, value])));
}

/** With all digits: a key may be a long number. `017` is octal, as in YAML 1.1. */
const integer = defineScalarTag<string>("tag:yaml.org,2002:int", {
  implicit: true,
  identify: () => false,
  resolve: (text) => {
    if (!/^[-+]?\d+$/.test(text)) return NOT_RESOLVED;
    return String(/^0[0-7]+$/.test(text) ? BigInt(`0o${text}`) : BigInt(text.replace("+", "")));
  },
});

const SCHEMA = CORE_SCHEMA.withTags(boolYaml11Tag, integer, mergeTag);

/** The first document; null when there is none, undefined for what is no YAML. */
function parseYaml(text: string): unknown {
  try {
    return loadAll(text, { schema: SCHEMA, json: true })[0] ?? null;
  } catch {
    return undefined;
  }
}

function scalarText(value: unknown): string | undefined {
  if (value === null) return "";
  return typeof value === "object" ? undefined : String(value);
}
