import { ok, problem, type Result } from "../domain/result.ts";
import { type Bytes, bytesOf, fromArray } from "./substitute/bytes.ts";

/** The variables of a build by name; the values may be secret and are in no message. */
export type Variables = ReadonlyMap<string, Bytes>;

/** One entry of `postBuild.substituteFrom` with what the cluster said about it. */
export type VariableSource = {
  readonly kind: "ConfigMap" | "Secret";
  readonly name: string;
  readonly optional: boolean;
  readonly answer:
    | { readonly kind: "found"; readonly values: ReadonlyMap<string, string | Uint8Array> }
    | { readonly kind: "absent"; readonly message: string }
    /** Any other refusal, in the server's words: an error even when optional. */
    | { readonly kind: "refused"; readonly message: string };
};

const NAME_RULE = "^[_[:alpha:]][_[:alpha:][:digit:]]*$";

/**
 * The variables of all sources in order, later ones win, `substitute` of the spec last; line breaks in values go away. The problem is
 * what Flux says when a source that is not optional is missing. Source: reference 2.5.3.
 */
export function mergeVariables(sources: readonly VariableSource[], substitute: Readonly<Record<string, string>> = {}): Result<Variables> {
  const merged = new Map<string, Bytes>();
  for (const { kind, name, optional, answer } of sources) {
    if (answer.kind === "absent" && optional) continue;
    if (answer.kind !== "found") return problem(`substitute from '${kind}/${name}' error: ${answer.message}`);
    for (const [key, value] of answer.values) merged.set(key, withoutBreaks(typeof value === "string" ? bytesOf(value) : fromArray(value)));
  }
  for (const [key, value] of Object.entries(substitute)) merged.set(key, withoutBreaks(bytesOf(value)));
  return ok(merged);
}

const withoutBreaks = (value: Bytes): Bytes => value.replaceAll("\n", "") as Bytes;

/** What is wrong with the first name that no variable may have, or undefined. Source: reference 2.5.3. */
export function nameProblem(variables: Variables): string | undefined {
  const wrong = [...variables.keys()].toSorted().find((name) => !/^[_a-zA-Z][_a-zA-Z0-9]*$/.test(name));
  return wrong === undefined ? undefined : `'${wrong}' var name is invalid, must match '${NAME_RULE}'`;
}
