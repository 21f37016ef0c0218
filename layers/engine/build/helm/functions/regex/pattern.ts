import { RE2JS, RE2JSSyntaxException } from "re2js";
import { ok, problem, type Result } from "../../../../domain/result.ts";
import { spend } from "../../../work.ts";
import { GoPanic } from "../../go/result.ts";

/** A compiled expression that finds matches from a position on. */
export type Pattern = {
  readonly source: string;
  /** Of one name there may be several groups. */
  readonly groupsOf: (name: string) => readonly number[];
  /** The first match at or behind `from`: beginnings and ends of the match and of its groups, -1 where a group takes no part. */
  find(text: string, from: number): readonly number[] | undefined;
};

/** What charts write is far below; RE2 takes time for each state of what it compiles. */
const LONGEST_PATTERN = 10_000;
const STEPS_OF_MATCH = 200;
/** A repetition makes up to a thousand states of one. */
const stepsOfPattern = (text: string): number => (text.includes("{") ? 100_000 : 200 * text.length);

/** The words of the problem are those of Go's regexp/syntax. */
export function compilePattern(source: string): Result<Pattern> {
  if (source.length > LONGEST_PATTERN) return problem(`error parsing regexp: expression nests too deeply: more than ${LONGEST_PATTERN} characters`);
  const lone = source.search(/[\ud800-\udfff]/u);
  if (lone !== -1) return problem(`error parsing regexp: invalid UTF-8: \`${source.slice(lone)}\``);
  spend(stepsOfPattern(source));
  const compiled = compile(source);
  if (compiled.ok || !compiled.problem.includes(REPEATED_NAME)) return compiled;
  // Go lets a name be given again.
  const unique = compile(source.replaceAll(GROUP_NAME, numberedName));
  return unique.ok ? ok({ ...unique.value, source }) : unique;
}

const REPEATED_NAME = "duplicate capture group name";
const GROUP_NAME = /\(\?P?<(\w+)>/g;
/** What is appended to make names unique; a name of a chart does not end like that. */
const NUMBERED = /_again[0-9]+_$/;
const numberedName = (_: string, name: string, at: number): string => `(?P<${name}_again${at}_>`;

function compile(source: string): Result<Pattern> {
  try {
    return ok(patternOf(RE2JS.compile(source), source));
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    return problem(error.message.includes(": `") ? error.message : `${error.message}: \`\``);
  }
}

/** A state that is tried takes less than a step. */
const TRIED_IN_VAIN = 2;
/** States times letters of one search: some seconds. */
const MOST_WORK = 100_000_000;

function patternOf(compiled: RE2JS, source: string): Pattern {
  const groups = compiled.groupCount();
  const names = Object.entries(compiled.namedGroups());
  const states = compiled.programSize();
  const isEndless = /[*+]|\{\d*,\}/.test(source);
  return {
    source,
    groupsOf: (name) =>
      names
        .filter(([given]) => given.replace(NUMBERED, "") === name)
        .map(([, group]) => group)
        .toSorted((a, b) => a - b),
    find: (text, from) => {
      if (states * (text.length - from) > MOST_WORK) throw new GoPanic("a regular expression of this size and so long a text take too long");
      const matcher = compiled.matcher(text);
      const found = matcher.find(from);
      const passed = (found ? matcher.end() : text.length) - from;
      // What is found may be short, and what was tried before in vain go to the end of the text, for each match anew: `a*b|a`.
      const tried = isEndless ? Math.floor((states * (text.length - from)) / TRIED_IN_VAIN) : 0;
      spend(STEPS_OF_MATCH + states * (1 + passed) + tried);
      if (!found) return undefined;
      return Array.from({ length: groups + 1 }, (_, group) => [matcher.start(group), matcher.end(group)]).flat();
    },
  };
}
