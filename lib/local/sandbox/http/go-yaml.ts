import { readFirstYaml } from "@sluice/engine/build/yaml/read.ts";
import type { Json } from "@sluice/engine/domain/json.ts";
import { ok, type Result } from "@sluice/engine/domain/result.ts";

/** The first document. `repeated`: of keys that come twice, `line 6: key "x" already set in map`; the last one counts. */
export type YamlBody = { readonly value: Json; readonly repeated: readonly string[] };

/** What go-yaml says before it names the keys that come twice, one on a line. */
const REPEATED = "yaml: unmarshal errors:\n";

/** YAML as the API server reads it, problems in the words of go-yaml: `yaml: line 2: mapping values are not allowed in this context`. */
export function decodeYaml(text: string): Result<YamlBody> {
  const strict = readFirstYaml(text);
  if (strict.ok) return ok({ value: strict.value, repeated: [] });
  if (!strict.problem.startsWith(REPEATED)) return strict;
  const lax = readFirstYaml(text, "last wins");
  const repeated = strict.problem.slice(REPEATED.length).split("\n");
  return lax.ok ? ok({ value: lax.value, repeated: repeated.map((line) => line.trim()) }) : lax;
}

export const repeatedKey = (line: number, key: string): string => `line ${line}: key ${JSON.stringify(key)} already set in map`;
