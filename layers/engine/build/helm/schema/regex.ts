import { compilePattern } from "../../../cel/patterns.ts";
import { ok, problem, type Result } from "../../../domain/result.ts";
import { spend } from "../../work.ts";
import type { Pattern } from "./schema.ts";

const STEPS_OF_LETTER = 200;

/** A pattern of a schema: Go's, which is found anywhere in a text. The problem in Go's words. */
export function compileRegex(text: string): Result<Pattern> {
  spend(STEPS_OF_LETTER * (1 + text.length));
  const pattern = compilePattern(text);
  if (pattern.kind === "broken") return problem(inGoWords(pattern.problem, text));
  return ok({
    text,
    matches: (given) => {
      spend(pattern.states + pattern.states * given.length);
      return pattern.test(given);
    },
  });
}

function inGoWords(message: string, text: string): string {
  if (message.includes(": `")) return message;
  return message.includes("trailing backslash") ? `${message}: \`\`` : `${message}: \`${text}\``;
}
