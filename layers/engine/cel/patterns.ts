import { RE2JS } from "re2js";
import { statesOf } from "./pattern-states.ts";

/** Whether any part of a text matches, or what is wrong with the pattern. `states`: how much work one character of a text is. */
export type Pattern =
  | { readonly kind: "pattern"; readonly states: number; test(text: string): boolean }
  | { readonly kind: "broken"; readonly problem: string };

/** RE2 takes time and memory for each state of what it compiles, and a repetition makes up to a thousand states of one. */
const LONGEST = 4_000;
const MOST_STATES = 20_000;

/** Patterns in CEL, CRDs and Alerts are RE2 and come from strangers: never a RegExp, which could run forever. */
export function compilePattern(pattern: string): Pattern {
  if (pattern.length > LONGEST) return { kind: "broken", problem: `a regular expression with more than ${LONGEST} characters` };
  if (statesOf(pattern) > MOST_STATES) return { kind: "broken", problem: `a regular expression with more than ${MOST_STATES} states` };
  try {
    const compiled = RE2JS.compile(pattern);
    return { kind: "pattern", states: compiled.programSize(), test: (text) => compiled.matcher(text).find() };
  } catch (error) {
    return { kind: "broken", problem: error instanceof Error ? error.message : String(error) };
  }
}

/** How many compiled patterns are kept; a CRD has some dozens. */
const KEPT = 1000;
/** And how many states they have together: one pattern can have a hundred thousand. */
const KEPT_STATES = 100_000;

/** `compilePattern` that remembers, for one environment or validator; `spend` is told of the work before a new one is compiled. */
export function createPatterns(spend: (work: number) => void = () => undefined): (pattern: string) => Pattern {
  const known = new Map<string, Pattern>();
  let states = 0;
  return (pattern) => {
    const found = known.get(pattern);
    if (found !== undefined) return found;
    spend(workOf(pattern));
    const made = compilePattern(pattern);
    if (known.size >= KEPT || states > KEPT_STATES) {
      known.clear();
      states = 0;
    }
    if (made.kind === "pattern") states += made.states;
    known.set(pattern, made);
    return made;
  };
}

/** A class of Unicode is a table of hundreds of ranges. */
const CLASS = 1_000;
const STATE = 40;

const workOf = (pattern: string): number => STATE * Math.min(statesOf(pattern), MOST_STATES) + CLASS * (pattern.match(/\\[pP]|\(\?\w*i/g)?.length ?? 0);
