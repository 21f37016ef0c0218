/** Patterns in CRDs are RE2, like those of their rules. */
export { compilePattern, createPatterns, type Pattern } from "@sluice/engine/cel/patterns.ts";
