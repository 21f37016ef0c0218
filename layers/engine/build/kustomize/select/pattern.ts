import { RE2JS, RE2JSSyntaxException } from "re2js";
import { ok, problem, type Result } from "../../../domain/result.ts";
import { spend } from "../../work.ts";

/** Whether a text is meant. */
export type Pattern = (text: string) => boolean;

const ANY: Pattern = () => true;
const PLAIN = /^[^\\.+*?()|[\]{}^$]*$/;

/** Names that it could mean have 253 characters at most; RE2 takes time for each state of what it compiles. */
export const LONGEST_PATTERN = 4_000;
export const STEPS_OF_MATCH = 20;
/** A repetition makes up to a thousand states of one. */
export const stepsOfPattern = (text: string): number => (text.includes("{") ? 100_000 : 200 * text.length);

/**
 * A regular expression over a whole text; an empty one matches everything. What has no special character is compared without one.
 * Source: kustomize api/types/selector.go; the words of a problem are those of Go's regexp/syntax.
 */
export function compilePattern(text: string): Result<Pattern> {
  if (text === "") return ok(ANY);
  if (PLAIN.test(text)) return ok((given) => given === text);
  if (text.length > LONGEST_PATTERN) return problem(`a regular expression with more than ${LONGEST_PATTERN} characters`);
  spend(stepsOfPattern(text));
  const anchored = `^(?:${text})$`;
  try {
    const compiled = RE2JS.compile(anchored);
    return ok((given) => {
      spend((STEPS_OF_MATCH + (text.length >>> 3)) * (1 + given.length));
      return compiled.matcher(given).find();
    });
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    return problem(error.message.includes(": `") ? error.message : `${error.message}: \`${anchored}\``);
  }
}
