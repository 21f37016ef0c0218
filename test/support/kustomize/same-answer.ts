import type { Answer } from "./case.ts";

/** The same text, or the same message; kubectl ends every message with one line break, whether it had one of its own or not. */
export const sameAnswer = (a: Answer, b: Answer): boolean =>
  a.kind === "built" ? b.kind === "built" && a.yaml === b.yaml : b.kind === "failed" && a.message.trimEnd() === b.message.trimEnd();
