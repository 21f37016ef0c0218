import type { Answer } from "./case.ts";

/** The same text, or the same message; kubectl ends every message with one line break, whether it had one of its own or not. Of a panic the first line is known. */
export const sameAnswer = (a: Answer, b: Answer): boolean =>
  a.kind === "built" ? b.kind === "built" && a.yaml === b.yaml : b.kind === "failed" && told(a.message) === told(b.message);

const told = (message: string): string => (message.startsWith("panic: ") ? (message.split("\n")[0] ?? message) : message).trimEnd();
