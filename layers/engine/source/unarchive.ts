import { gunzipSync } from "node:zlib";
import { ok, problem, type Result } from "../domain/result.ts";
import type { Tree, TreeFile } from "../domain/tree.ts";
import { type TarFault, tarEntries } from "./tar-entries.ts";

export type ArchiveCaps = {
  readonly entries: number;
  /** Bytes after decompression. */
  readonly bytes: number;
  /** Bytes after decompression for each byte before it; small archives are let off. */
  readonly ratio: number;
};

export const DEFAULT_CAPS: ArchiveCaps = { entries: 200_000, bytes: 1 << 30, ratio: 1000 };

const SMALL = 16 << 20;

/**
 * The files of a tar.gz: an artifact, or what a Git server packed. Symbolic links and special files are left out, hard links refused, as are
 * absolute paths, `..` and backslashes; a `strip` of 1 drops the first folder. Source: reference 0.7.3; security.md, archives.
 */
export function unpackArtifact(bytes: Uint8Array, caps: ArchiveCaps = DEFAULT_CAPS, strip: 0 | 1 = 0): Result<Tree> {
  const unpacked = unpackWithFolders(bytes, caps, strip);
  return unpacked.ok ? ok(unpacked.value.tree) : unpacked;
}

/** `folders`: those that the archive names, which may hold no file. */
export type Unpacked = { readonly tree: Tree; readonly folders: ReadonlySet<string> };

/** The same, with the folders. */
export function unpackWithFolders(bytes: Uint8Array, caps: ArchiveCaps = DEFAULT_CAPS, strip: 0 | 1 = 0): Result<Unpacked> {
  const tar = decompress(bytes, caps);
  return tar.ok ? readTar(tar.value, caps, strip) : tar;
}

function decompress(bytes: Uint8Array, caps: ArchiveCaps): Result<Uint8Array> {
  const limit = Math.min(caps.bytes, Math.max(SMALL, bytes.length * caps.ratio));
  try {
    return ok(gunzipSync(bytes, { maxOutputLength: limit }));
  } catch (error) {
    const tooLarge = error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
    return problem(tooLarge ? `the archive expands to more than ${limit} bytes` : "the archive is not gzip");
  }
}

const FAULTS: { readonly [Fault in TarFault]: string } = {
  header: "the archive has a damaged header",
  size: "the archive has a file without a size",
  end: "the archive ends in the middle of a file",
};

function readTar(tar: Uint8Array, caps: ArchiveCaps, strip: 0 | 1): Result<Unpacked> {
  const files = new Map<string, TreeFile>();
  const folders = new Set<string>();
  let entries = 0;
  for (const entry of tarEntries(tar)) {
    if (!entry.ok) return problem(FAULTS[entry.problem]);
    if (++entries > caps.entries) return problem(`the archive has more than ${caps.entries} entries`);
    const { name, kind, mode, data } = entry.value;
    if (kind === "hard link") return problem(`the archive has a hard link: ${JSON.stringify(name)}`);
    if (kind !== "folder" && kind !== "file") continue;
    const path = safePath(name, strip);
    if (!path.ok) return path;
    if (path.value === "") continue;
    if (kind === "folder") folders.add(path.value);
    else files.set(path.value, { bytes: data, executable: (mode & 0o111) !== 0 });
  }
  const tree = withoutFilesAsFolders(files, folders);
  return tree.ok ? ok({ tree: tree.value, folders }) : tree;
}

function safePath(name: string, strip: 0 | 1): Result<string> {
  const bad = name.startsWith("/") || name.includes("\\") || name.includes("\0") || name.split("/").includes("..");
  if (bad) return problem(`the archive has a path that leaves its root: ${JSON.stringify(name.slice(0, 200))}`);
  return ok(
    name
      .split("/")
      .filter((part) => part !== "" && part !== ".")
      .slice(strip)
      .join("/"),
  );
}

/** A path that is a file and a folder at once has no meaning on any file system. */
function withoutFilesAsFolders(files: ReadonlyMap<string, TreeFile>, folders: ReadonlySet<string>): Result<Tree> {
  const both = (path: string): Result<Tree> => problem(`the archive has a file and a folder of one name: ${JSON.stringify(path)}`);
  const named = [...folders].find((path) => files.has(path));
  if (named !== undefined) return both(named);
  for (const path of [...files.keys(), ...folders]) {
    for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
      if (files.has(path.slice(0, end))) return both(path.slice(0, end));
    }
  }
  return ok(files);
}
