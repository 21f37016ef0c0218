import { gunzipSync } from "node:zlib";
import { ok, problem, type Result } from "../domain/result.ts";
import { withoutTrailing } from "../domain/text.ts";
import type { Tree, TreeFile } from "../domain/tree.ts";

export type ArchiveCaps = {
  readonly entries: number;
  /** Bytes after decompression. */
  readonly bytes: number;
  /** Bytes after decompression for each byte before it; small archives are let off. */
  readonly ratio: number;
};

export const DEFAULT_CAPS: ArchiveCaps = { entries: 200_000, bytes: 1 << 30, ratio: 1000 };

const BLOCK = 512;
const SMALL = 16 << 20;
const decoder = new TextDecoder();

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

type Header = { readonly name: string; readonly size: number; readonly type: string; readonly mode: number };

function readTar(tar: Uint8Array, caps: ArchiveCaps, strip: 0 | 1): Result<Unpacked> {
  const files = new Map<string, TreeFile>();
  const folders = new Set<string>();
  let entries = 0;
  let longName: string | undefined;
  for (let at = 0; at + BLOCK <= tar.length; ) {
    const block = tar.subarray(at, at + BLOCK);
    if (isEnd(block)) break;
    const header = readHeader(block);
    if (!header.ok) return header;
    if (++entries > caps.entries) return problem(`the archive has more than ${caps.entries} entries`);
    const { size, type, mode } = header.value;
    const body = tar.subarray(at + BLOCK, at + BLOCK + size);
    if (body.length !== size) return problem("the archive ends in the middle of a file");
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    if (type === "x" || type === "L") {
      longName = (type === "x" ? paxPath(body) : withoutTrailing(decoder.decode(body), "\0")) ?? longName;
      continue;
    }
    const name = longName ?? header.value.name;
    longName = undefined;
    if (type === "1") return problem(`the archive has a hard link: ${JSON.stringify(name)}`);
    const isFolder = type === "5";
    if (!isFolder && type !== "0" && type !== "\0" && type !== "7") continue;
    const path = safePath(name, strip);
    if (!path.ok) return path;
    if (path.value === "") continue;
    if (isFolder) folders.add(path.value);
    else files.set(path.value, { bytes: body, executable: (mode & 0o111) !== 0 });
  }
  const tree = withoutFilesAsFolders(files, folders);
  return tree.ok ? ok({ tree: tree.value, folders }) : tree;
}

const isEnd = (block: Uint8Array): boolean => block.every((byte) => byte === 0);

function readHeader(block: Uint8Array): Result<Header> {
  let sum = 8 * 32;
  for (let at = 0; at < BLOCK; at++) sum += at >= 148 && at < 156 ? 0 : (block[at] ?? 0);
  if (sum !== octal(block, 148, 8)) return problem("the archive has a damaged header");
  const size = octal(block, 124, 12);
  if (size === undefined) return problem("the archive has a file without a size");
  const ustar = text(block, 257, 5) === "ustar";
  const prefix = ustar && block[262] === 0 ? text(block, 345, 155) : "";
  const name = text(block, 0, 100);
  return ok({ name: prefix === "" ? name : `${prefix}/${name}`, size, type: String.fromCharCode(block[156] ?? 0), mode: octal(block, 100, 8) ?? 0 });
}

function text(block: Uint8Array, at: number, length: number): string {
  const field = block.subarray(at, at + length);
  const end = field.indexOf(0);
  return decoder.decode(end < 0 ? field : field.subarray(0, end));
}

function octal(block: Uint8Array, at: number, length: number): number | undefined {
  const digits = text(block, at, length).trim();
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : undefined;
}

/** The record `path` of an extended header: `<length> path=<value>\n`. */
function paxPath(body: Uint8Array): string | undefined {
  for (let at = 0; at < body.length; ) {
    const blank = body.indexOf(32, at);
    const length = Number(decoder.decode(body.subarray(at, blank < 0 ? at : blank)));
    if (!Number.isSafeInteger(length) || length <= 0) return undefined;
    const record = decoder.decode(body.subarray(blank + 1, at + length - 1));
    if (record.startsWith("path=")) return record.slice("path=".length);
    at += length;
  }
  return undefined;
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
