import { RE2JS, RE2JSSyntaxException } from "re2js";
import { ok, problem, type Result } from "../../../../domain/result.ts";
import { spend } from "../../../work.ts";

/** A compiled expression that finds matches from a position on. */
export type Pattern = {
  readonly source: string;
  readonly groupNames: ReadonlyMap<string, number>;
  /** The first match at or behind `from`: beginnings and ends of the match and of its groups, -1 where a group takes no part. */
  find(text: string, from: number): readonly number[] | undefined;
};

/** What charts write is far below; RE2 takes time for each state of what it compiles. */
const LONGEST_PATTERN = 10_000;
const STEPS_OF_MATCH = 20;
/** A repetition makes up to a thousand states of one. */
const stepsOfPattern = (text: string): number => (text.includes("{") ? 100_000 : 200 * text.length);

/** The words of the problem are those of Go's regexp/syntax. */
export function compilePattern(source: string): Result<Pattern> {
  if (source.length > LONGEST_PATTERN) return problem(`error parsing regexp: expression nests too deeply: more than ${LONGEST_PATTERN} characters`);
  spend(stepsOfPattern(source));
  try {
    return ok(patternOf(RE2JS.compile(source), source));
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    return problem(error.message.includes(": `") ? error.message : `${error.message}: \`\``);
  }
}

function patternOf(compiled: RE2JS, source: string): Pattern {
  const groups = compiled.groupCount();
  // A long expression costs more for each letter.
  const steps = STEPS_OF_MATCH + (source.length >>> 3);
  return {
    source,
    groupNames: new Map(Object.entries(compiled.namedGroups())),
    find: (text, from) => {
      const matcher = compiled.matcher(text);
      const found = matcher.find(from);
      spend(steps * (1 + (found ? matcher.end() : text.length) - from));
      if (!found) return undefined;
      return Array.from({ length: groups + 1 }, (_, group) => [matcher.start(group), matcher.end(group)]).flat();
    },
  };
}
