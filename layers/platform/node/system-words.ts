const WORDS: { readonly [code: string]: string } = {
  ENOENT: "no such file or directory",
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  EISDIR: "is a directory",
  ENOTDIR: "not a directory",
  ELOOP: "too many levels of symbolic links",
  ENAMETOOLONG: "file name too long",
  EMFILE: "too many open files",
  EINVAL: "invalid argument",
  ENXIO: "no such device or address",
  EROFS: "read-only file system",
  ENOSPC: "no space left on device",
  // What Node itself refuses: a name with a NUL in it.
  ERR_INVALID_ARG_VALUE: "invalid argument",
};

/** What the operating system answered, in the words in which programs written in Go show it; undefined for what is no such answer. */
export const systemWords = (error: unknown): string | undefined => (error instanceof Error && "code" in error ? WORDS[String(error.code)] : undefined);

/** As `systemWords`; throws what is no such answer. */
export function answeredWords(error: unknown): string {
  const words = systemWords(error);
  if (words === undefined) throw error;
  return words;
}
