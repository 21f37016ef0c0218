import { spend } from "../../work.ts";

type Test = (letter: string) => boolean;
/** A machine that is in several states at once: each step costs as many looks as there are states, whatever the pattern. */
type State =
  | { readonly kind: "letter"; readonly test: Test; next: number }
  | { readonly kind: "either"; next: number; other: number }
  | { readonly kind: "end" };

/** Whether a path is one that the pattern means. */
export type PathGlob = (path: string) => boolean;

class Malformed extends Error {}

/**
 * The pattern of `.Files.Glob`: `*` and `?` stop at `/`, `**` does not; `[abc]`, `[!abc]` or `[a-z]` for one letter, `{a,b}` for one of several, `\` before any letter.
 * Undefined for a malformed one. Source: gobwas/glob with the separator `/`.
 */
export function parsePathGlob(pattern: string): PathGlob | undefined {
  const states: State[] = [];
  const add = (state: State): number => states.push(state) - 1;
  const letters = Array.from(pattern);
  let at = 0;

  const letter = (test: Test, next: number): number => add({ kind: "letter", test, next });
  const run = (test: Test, next: number): number => {
    const either: State = { kind: "either", next: -1, other: next };
    const start = add(either);
    either.next = letter(test, start);
    return start;
  };

  /** What stands until the end, or in braces until `,` or `}`: a list of makers, since states are made from the end to the beginning. */
  type Maker = (next: number) => number;
  function sequence(depth: number): Maker {
    if (depth > 100) throw new Malformed();
    const parts: Maker[] = [];
    for (; at < letters.length; ) {
      const current = letters[at] ?? "";
      if (depth > 0 && (current === "," || current === "}")) break;
      at++;
      parts.push(part(current, depth));
    }
    return (next) => parts.reduceRight((following, maker) => maker(following), next);
  }

  function part(current: string, depth: number): Maker {
    switch (current) {
      case "*": {
        const all = letters[at] === "*";
        while (letters[at] === "*") at++;
        return (next) => run(all ? () => true : isNoSlash, next);
      }
      case "?":
        return (next) => letter(isNoSlash, next);
      case "[": {
        const test = letterClass();
        return (next) => letter(test, next);
      }
      case "{":
        return alternatives(depth + 1);
      case "\\": {
        const escaped = letters[at++];
        if (escaped === undefined) throw new Malformed();
        return (next) => letter((given) => given === escaped, next);
      }
      default:
        return (next) => letter((given) => given === current, next);
    }
  }

  function alternatives(depth: number): Maker {
    const makers = [sequence(depth)];
    while (letters[at] === ",") {
      at++;
      makers.push(sequence(depth));
    }
    if (letters[at++] !== "}") throw new Malformed();
    return (next) => makers.map((maker) => maker(next)).reduce((left, right) => add({ kind: "either", next: left, other: right }));
  }

  function letterClass(): Test {
    const negated = letters[at] === "!";
    if (negated) at++;
    const first = letters[at];
    if (first !== undefined && letters[at + 1] === "-") {
      const last = letters[at + 2];
      if (last === undefined || letters[at + 3] !== "]" || codeOf(last) < codeOf(first)) throw new Malformed();
      at += 4;
      return (given) => (codeOf(first) <= codeOf(given) && codeOf(given) <= codeOf(last)) !== negated;
    }
    const listed = new Set<string>();
    for (; letters[at] !== "]"; at++) {
      if (letters[at] === "\\") at++;
      const next = letters[at];
      if (next === undefined) throw new Malformed();
      listed.add(next);
    }
    at++;
    if (listed.size === 0) throw new Malformed();
    return (given) => listed.has(given) !== negated;
  }

  try {
    const maker = sequence(0);
    const start = maker(add({ kind: "end" }));
    return (path) => runs(states, start, path);
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

const isNoSlash: Test = (letter) => letter !== "/";
const codeOf = (letter: string): number => letter.codePointAt(0) ?? 0;

function runs(states: readonly State[], start: number, path: string): boolean {
  let current = reach(states, [start]);
  for (const letter of path) {
    spend(current.size);
    const next: number[] = [];
    for (const index of current) {
      const state = states[index];
      if (state?.kind === "letter" && state.test(letter)) next.push(state.next);
    }
    current = reach(states, next);
    if (current.size === 0) return false;
  }
  return [...current].some((index) => states[index]?.kind === "end");
}

/** All states that are the same place as these. */
function reach(states: readonly State[], from: readonly number[]): ReadonlySet<number> {
  const found = new Set<number>();
  const waiting = [...from];
  for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
    if (found.has(index)) continue;
    found.add(index);
    const state = states[index];
    if (state?.kind === "either") waiting.push(state.next, state.other);
  }
  return found;
}
