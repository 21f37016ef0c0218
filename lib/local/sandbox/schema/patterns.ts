import { RE2JS } from "re2js";

/** Whether any part of a text matches, or what is wrong with the pattern. */
export type Pattern = { readonly kind: "pattern"; test(text: string): boolean } | { readonly kind: "broken"; readonly problem: string };

/** Patterns in CRDs and CEL rules are RE2 and come from strangers: never a RegExp, which could run forever. */
export function compilePattern(pattern: string): Pattern {
  try {
    const compiled = RE2JS.compile(pattern);
    return { kind: "pattern", test: (text) => compiled.matcher(text).find() };
  } catch (error) {
    return { kind: "broken", problem: error instanceof Error ? error.message : String(error) };
  }
}

/** How many compiled patterns are kept; a CRD has some dozens. */
const KEPT = 1000;

/** `compilePattern` that remembers, for one validator. */
export function createPatterns(): (pattern: string) => Pattern {
  const known = new Map<string, Pattern>();
  return (pattern) => {
    const found = known.get(pattern);
    if (found !== undefined) return found;
    const made = compilePattern(pattern);
    if (known.size >= KEPT) known.clear();
    known.set(pattern, made);
    return made;
  };
}
