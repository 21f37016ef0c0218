const WORDS: { readonly [code: string]: string } = {
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  EISDIR: "is a directory",
  ENOTDIR: "not a directory",
  ELOOP: "too many levels of symbolic links",
  ENAMETOOLONG: "file name too long",
  EMFILE: "too many open files",
};

/** Why a file could not be read, in the words in which kubectl and flux say it: `open /x: permission denied`. */
export function fileProblem(path: string, error: unknown): string {
  const code = codeOf(error);
  return `${code === "EISDIR" ? "read" : "open"} ${path}: ${WORDS[code] ?? code}`;
}

export const codeOf = (error: unknown): string => (error instanceof Error && "code" in error ? String(error.code) : String(error));
