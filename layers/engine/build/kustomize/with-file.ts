import type { Files } from "../../ports/files.ts";

/** `files` with these bytes at `path`, whatever stands there; nothing is copied. The folder of `path` must be one of theirs. */
export function withFile(files: Files, path: string, bytes: Uint8Array): Files {
  return {
    shownRoot: files.shownRoot,
    at: (asked) => (asked === path ? "file" : files.at(asked)),
    real: (asked) => (asked === path ? path : files.real(asked)),
    read: (asked) => (asked === path ? bytes : files.read(asked)),
    trouble: (asked) => (asked === path ? undefined : files.trouble?.(asked)),
  };
}
