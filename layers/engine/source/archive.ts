import { gzipSync } from "node:zlib";
import type { Tree } from "../domain/tree.ts";
import { byWalk } from "./ignore.ts";

const BLOCK = 512;
const encoder = new TextEncoder();

type Entry =
  | { readonly path: string; readonly kind: "folder" }
  | { readonly path: string; readonly kind: "file"; readonly bytes: Uint8Array; readonly executable: boolean };

/**
 * The artifact of `tree`: a gzip-compressed tar with the same bytes for the same files. Entries in the order of a walk, the root as `.`;
 * no owner, no times; folders 0750, files 0600, executable ones 0700. `isIgnored` leaves files and folders out, each judged by itself.
 * Source: reference 0.7.1.
 */
export function packArtifact(tree: Tree, isIgnored: (path: string, isFolder: boolean) => boolean = () => false): Uint8Array {
  const entries = [...foldersOf(tree), ...filesOf(tree)].filter(({ path, kind }) => path === "." || !isIgnored(path, kind === "folder"));
  const walked = entries.map((entry) => ({ entry, parts: entry.path === "." ? [] : entry.path.split("/") })).toSorted((a, b) => byWalk(a.parts, b.parts));
  const blocks = walked.flatMap(({ entry }) => tarEntry(entry));
  // Level 6, as the default of gzip: 4 % smaller than 1, and the digest must not depend on who packs.
  return gzipSync(Buffer.concat([...blocks, new Uint8Array(2 * BLOCK)]), { level: 6 });
}

/** A tar.gz of files in the order in which they are given: no folders, no owner, no times, 0644. The same bytes for the same files. */
export function packInOrder(files: readonly { readonly path: string; readonly bytes: Uint8Array }[]): Uint8Array {
  const blocks = files.flatMap(({ path, bytes }) => tarEntry({ path, bytes, kind: "file", executable: false }, PACKED_MODE));
  return gzipSync(Buffer.concat([...blocks, new Uint8Array(2 * BLOCK)]), { level: 6 });
}

const PACKED_MODE = 0o644;

const filesOf = (tree: Tree): readonly Entry[] => [...tree].map(([path, file]) => ({ path, kind: "file", ...file }));

function foldersOf(tree: Tree): readonly Entry[] {
  const folders = new Set(["."]);
  for (const path of tree.keys()) {
    for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
      const folder = path.slice(0, end);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return [...folders].map((path) => ({ path, kind: "folder" }));
}

function tarEntry(entry: Entry, fileMode?: number): readonly Uint8Array[] {
  const path = encoder.encode(entry.path);
  const place = placeInHeader(entry.path, path);
  const head = place ?? { prefix: new Uint8Array(), name: asciiName(entry.path) };
  const extended = place === undefined ? extendedHeader(entry.path, path) : [];
  if (entry.kind === "folder") return [...extended, header(head, "5", 0o750, 0)];
  const mode = fileMode ?? (entry.executable ? 0o700 : 0o600);
  return [...extended, header(head, "0", mode, entry.bytes.length), entry.bytes, padding(entry.bytes.length)];
}

type Place = { readonly prefix: Uint8Array; readonly name: Uint8Array };

/** A path of more than 100 bytes is split at a slash into prefix and name; undefined when that cannot be, or it is not ASCII. Source: POSIX ustar. */
function placeInHeader(path: string, bytes: Uint8Array): Place | undefined {
  if (bytes.length !== path.length) return undefined;
  if (bytes.length <= 100) return { prefix: new Uint8Array(), name: bytes };
  const cut = path.lastIndexOf("/", 155);
  if (cut <= 0 || bytes.length - cut - 1 > 100) return undefined;
  return { prefix: bytes.subarray(0, cut), name: bytes.subarray(cut + 1) };
}

/** The record `<length> path=<path>` before the entry proper, for readers that know it. Source: POSIX pax. */
function extendedHeader(path: string, bytes: Uint8Array): readonly Uint8Array[] {
  const rest = ` path=${path}\n`;
  const size = bytes.length + " path=\n".length;
  let length = size + String(size).length;
  length = size + String(length).length;
  const record = encoder.encode(`${length}${rest}`);
  const name = asciiName(`PaxHeaders.0/${path.slice(path.lastIndexOf("/") + 1)}`);
  return [header({ prefix: new Uint8Array(), name }, "x", 0o600, record.length), record, padding(record.length)];
}

const asciiName = (path: string): Uint8Array => encoder.encode(path.replaceAll(/[^\x20-\x7e]/g, "")).subarray(0, 100);
const padding = (size: number): Uint8Array => new Uint8Array((BLOCK - (size % BLOCK)) % BLOCK);

function header({ prefix, name }: Place, type: string, mode: number, size: number): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const text = (at: number, value: string): void => block.set(encoder.encode(value), at);
  const octal = (at: number, length: number, value: number): void => text(at, `${value.toString(8).padStart(length - 1, "0")}\0`);
  block.set(name, 0);
  octal(100, 8, mode);
  octal(108, 8, 0);
  octal(116, 8, 0);
  octal(124, 12, size);
  octal(136, 12, 0);
  text(148, "        ");
  text(156, type);
  text(257, "ustar\x0000");
  octal(329, 8, 0);
  octal(337, 8, 0);
  block.set(prefix, 345);
  let sum = 0;
  for (const byte of block) sum += byte;
  text(148, `${sum.toString(8).padStart(6, "0")}\0 `);
  return block;
}
