import { RE2JS, RE2JSException } from "re2js";

/** What the patterns of one tenant may cost, for one event: about two seconds, where a usual pattern takes microseconds. */
const MOST_STEPS = 200_000_000;
/** Reading a pattern takes that much for each state that it may come to. */
const STEPS_OF_STATE = 100;

export type MessagePatterns = {
  /** `wrong`: it does not compile, as Go sees it. `too-much`: it would take too long. */
  test(pattern: string, message: string): "matches" | "differs" | "wrong" | "too-much";
};

/**
 * Go's regular expressions over one message, for all Alerts of one namespace. RE2 takes linear time, but for each state of what it compiles, and a repetition makes a thousand
 * states of one: what they may cost together is bounded.
 */
export function createMessagePatterns(budget: number = MOST_STEPS): MessagePatterns {
  let left = budget;

  const spend = (steps: number): boolean => {
    if (steps > left) return false;
    left -= steps;
    return true;
  };

  return {
    test: (pattern, message) => {
      if (!spend(STEPS_OF_STATE * pattern.length * longestRepetition(pattern))) return "too-much";
      const compiled = compile(pattern);
      if (compiled === undefined) return "wrong";
      if (!spend(compiled.programSize() * (1 + message.length))) return "too-much";
      return compiled.matcher(message).find() ? "matches" : "differs";
    },
  };
}

/** Repetitions within others multiply, but RE2 lets that come to a thousand at most. */
function longestRepetition(pattern: string): number {
  const counts = [...pattern.matchAll(/\{(\d{1,4})(?:,(\d{0,4}))?\}/g)].map(([, least = "", most = ""]) => Math.max(Number(least), Number(most)));
  return Math.min(
    1000,
    counts.reduce((product, count) => product * Math.max(1, count), 1),
  );
}

function compile(pattern: string): RE2JS | undefined {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return undefined;
  }
}
