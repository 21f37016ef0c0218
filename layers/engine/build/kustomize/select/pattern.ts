import { RE2JS, RE2JSSyntaxException } from "re2js";
import { ok, problem, type Result } from "../../../domain/result.ts";

/** Whether a text is meant. */
export type Pattern = (text: string) => boolean;

const ANY: Pattern = () => true;
const PLAIN = /^[^\\.+*?()|[\]{}^$]*$/;

/**
 * A regular expression over a whole text; an empty one matches everything. What has no special character is compared without one.
 * Source: kustomize api/types/selector.go; the words of a problem are those of Go's regexp/syntax.
 */
export function compilePattern(text: string): Result<Pattern> {
  if (text === "") return ok(ANY);
  if (PLAIN.test(text)) return ok((given) => given === text);
  const anchored = `^(?:${text})$`;
  try {
    const compiled = RE2JS.compile(anchored);
    return ok((given) => compiled.matcher(given).find());
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    return problem(error.message.includes(": `") ? error.message : `${error.message}: \`${anchored}\``);
  }
}
