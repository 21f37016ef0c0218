import { readYaml } from "@sluice/engine/build/yaml/read.ts";
import type { Json } from "@sluice/engine/domain/json.ts";
import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";

/** The first document. `repeated`: of keys that come twice, `line 6: key "x" already set in map`; the last one counts. */
export type YamlBody = { readonly value: Json; readonly repeated: readonly string[] };

/** YAML as the API server reads it, problems in the words of go-yaml: `yaml: line 2: mapping values are not allowed in this context`. */
export function decodeYaml(text: string): Result<YamlBody> {
  const strict = readYaml(text);
  if (strict.ok) return ok({ value: strict.value[0] ?? null, repeated: [] });
  const found = /^yaml: line (\d+): (.*)$/s.exec(strict.problem);
  const line = Number(found?.[1] ?? 0);
  const reason = found?.[2] ?? strict.problem.replace(/^yaml: /, "");
  if (!reason.startsWith("duplicated mapping key")) return problem(goText(text, line, reason));
  const lax = readYaml(text, "last wins");
  if (!lax.ok) return problem(goText(text, 0, lax.problem.replace(/^yaml: (line \d+: )?/, "")));
  return ok({ value: lax.value[0] ?? null, repeated: [repeatedKey(line, keyOn(lineAt(text, line)))] });
}

export const repeatedKey = (line: number, key: string): string => `line ${line}: key ${JSON.stringify(key)} already set in map`;

const lineAt = (text: string, line: number): string => text.split("\n")[line - 1] ?? "";
const keyOn = (line: string): string => /^\s*(?:-\s+)*["']?([^"':]+)["']?\s*:/.exec(line)?.[1] ?? "";

const UNSTARTABLE = /^[\t@`%]/;

/** Our parser's reasons in the words that go-yaml has for the same fault. Its scanner counts lines from the second on, its parser from zero. */
function goText(text: string, line: number, reason: string): string {
  const scanner = (words: string): string => `yaml: ${line > 1 ? `line ${line}: ` : ""}${words}`;
  const parser = (words: string): string => `yaml: ${line > 1 ? `line ${line - 1}: ` : ""}${words}`;
  const here = lineAt(text, line);
  if (reason.includes("within a flow collection")) return `yaml: line ${Math.max(line, 1)}: did not find expected node content`;
  if (/within an? (single|double) quoted scalar/.test(reason)) return scanner("found unexpected end of stream");
  const alias = /^unidentified alias "(.*)"/.exec(reason)?.[1];
  if (alias !== undefined) return `yaml: unknown anchor '${alias}' referenced`;
  if (reason.startsWith("directive name must not")) return scanner("could not find expected directive name");
  if (reason.startsWith("bad indentation of a mapping entry"))
    return scanner(
      UNSTARTABLE.test(here.replace(/^[^:]*:\s*/, "")) ? "found character that cannot start any token" : "mapping values are not allowed in this context",
    );
  if (reason.startsWith("end of the stream or a document separator is expected")) {
    if (UNSTARTABLE.test(here)) return scanner("found character that cannot start any token");
    return parser(text.trimStart().startsWith("- ") ? "did not find expected '-' indicator" : "did not find expected key");
  }
  return scanner(reason);
}
