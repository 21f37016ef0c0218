import { systemWords } from "@sluice/platform/node/system-words.ts";

/** Why a file could not be read, in the words in which kubectl and flux say it: `open /x: permission denied`. */
export function fileProblem(path: string, error: unknown): string {
  const code = codeOf(error);
  return `${code === "EISDIR" ? "read" : "open"} ${path}: ${systemWords(error) ?? code}`;
}

export const codeOf = (error: unknown): string => (error instanceof Error && "code" in error ? String(error.code) : String(error));
