import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { Files, FileTrouble } from "@sluice/engine/ports/files.ts";
import { createLinkWalk, type Walked } from "./link-walk.ts";
import { answeredWords } from "./system-words.ts";

export type FolderFilesOptions = {
  /** Bytes above which a file is not read. */
  readonly maxFile?: number;
};

/** Far above anything that an API server takes. */
const MAX_FILE = 64 * 1024 * 1024;

type Found = { readonly kind: "file" | "folder" | "special"; readonly real: string } | { readonly kind: "nothing"; readonly trouble: FileTrouble | undefined };

/**
 * A folder of this machine, read on demand; where it is reached by links, messages show where they lead. Links are followed, but nothing outside of it
 * is ever read. What was looked at once is not looked at again, so one of these is for one build. FIFOs and devices are files that cannot be read.
 * Throws when `root` is no folder.
 */
export function createFolderFiles(root: string, { maxFile = MAX_FILE }: FolderFilesOptions = {}): Files {
  const walk = createLinkWalk();
  const top = walk(root);
  if (top.kind !== "folder") throw new Error(`not a folder: ${root}`);
  const base = top.real;
  const seen = new Map<string, Found>();

  function look(path: string): Found {
    const known = seen.get(path);
    if (known !== undefined) return known;
    const found = inside(base, walk(join(base, path)));
    seen.set(path, found);
    return found;
  }

  function open(path: string): Read {
    const found = look(path);
    switch (found.kind) {
      case "file":
        return readRegular(join(base, found.real), maxFile);
      case "special":
        return unreadable("not a regular file");
      case "folder":
        return unreadable("is a directory");
      case "nothing":
        return { kind: "trouble", trouble: found.trouble };
    }
  }

  return {
    shownRoot: base.endsWith(sep) ? base.slice(0, -1) : base,
    at(path) {
      const { kind } = look(path);
      return kind === "special" ? "file" : kind;
    },
    real(path) {
      const found = look(path);
      return found.kind === "nothing" ? undefined : found.real;
    },
    read(path) {
      const read = open(path);
      return read.kind === "read" ? read.bytes : undefined;
    },
    trouble(path) {
      const read = open(path);
      return read.kind === "trouble" ? read.trouble : undefined;
    },
  };
}

/** Paths of a view have slashes, on every system. */
function inside(root: string, walked: Walked): Found {
  if (walked.kind === "nothing") return { kind: "nothing", trouble: walked.trouble };
  const path = relative(root, walked.real);
  const leadsOut = path === ".." || path.startsWith(`..${sep}`);
  return leadsOut ? { kind: "nothing", trouble: { kind: "outside" } } : { kind: walked.kind, real: path.split(sep).join("/") };
}

type Read = { readonly kind: "read"; readonly bytes: Uint8Array } | { readonly kind: "trouble"; readonly trouble: FileTrouble | undefined };

const unreadable = (words: string): Read => ({ kind: "trouble", trouble: { kind: "unreadable", opening: words, following: words } });

/** `path` has no links. Whatever may have taken its place since it was looked at neither leads elsewhere nor lets us wait. */
function readRegular(path: string, maxFile: number): Read {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    return unreadable(answeredWords(error));
  }
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) return unreadable("not a regular file");
    return stats.size > maxFile ? unreadable("file too large") : { kind: "read", bytes: readAll(file, stats.size) };
  } finally {
    closeSync(file);
  }
}

function readAll(file: number, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let length = 0;
  while (length < size) {
    const more = readSync(file, bytes, length, size - length, null);
    if (more === 0) break;
    length += more;
  }
  return bytes.subarray(0, length);
}
