import { ok, problem, type Result } from "../domain/result.ts";
import { withoutTrailing } from "../domain/text.ts";

/** `other`: what is neither file nor link (a device). */
export type TarEntry = {
  readonly name: string;
  readonly kind: "file" | "folder" | "hard link" | "symbolic link" | "other";
  readonly mode: number;
  /** When it was last changed: seconds since 1970, with a fraction where the archive has one. */
  readonly modified: string;
  readonly data: Uint8Array;
};

/** `header`: it is damaged; `size`: a file does not say how long it is; `end`: the last file is longer than what is there. */
export type TarFault = "header" | "size" | "end";

const BLOCK = 512;
const decoder = new TextDecoder();

/** What a tar has in it, one after the other; headers that only belong to the next entry (long names) are not shown. Source: POSIX ustar and pax, GNU tar. */
export function* tarEntries(tar: Uint8Array): Generator<Result<TarEntry, TarFault>> {
  let longName: string | undefined;
  let modified: string | undefined;
  for (let at = 0; at + BLOCK <= tar.length; ) {
    const block = tar.subarray(at, at + BLOCK);
    if (isEnd(block)) return;
    if (!isSound(block)) return yield problem("header");
    const size = octal(block, 124, 12);
    if (size === undefined) return yield problem("size");
    const type = String.fromCharCode(block[156] ?? 0);
    const data = tar.subarray(at + BLOCK, at + BLOCK + size);
    if (data.length !== size) return yield problem("end");
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    if (type === "x") {
      const records = paxRecords(data);
      longName = records.get("path") ?? longName;
      modified = records.get("mtime") ?? modified;
      continue;
    }
    if (type === "L") {
      longName = withoutTrailing(decoder.decode(data), "\0");
      continue;
    }
    if (type === "g" || type === "K") continue;
    yield ok({
      name: longName ?? nameOf(block),
      kind: kindOf(type),
      mode: octal(block, 100, 8) ?? 0,
      modified: modified ?? String(octal(block, 136, 12) ?? 0),
      data,
    });
    longName = undefined;
    modified = undefined;
  }
}

const isEnd = (block: Uint8Array): boolean => block.every((byte) => byte === 0);

function kindOf(type: string): TarEntry["kind"] {
  switch (type) {
    case "0":
    case "\0":
    case "7":
      return "file";
    case "1":
      return "hard link";
    case "2":
      return "symbolic link";
    case "5":
      return "folder";
    default:
      return "other";
  }
}

/** The checksum is over the block with blanks in its own place. */
function isSound(block: Uint8Array): boolean {
  let sum = 8 * 32;
  for (let at = 0; at < BLOCK; at++) sum += at >= 148 && at < 156 ? 0 : (block[at] ?? 0);
  return sum === octal(block, 148, 8);
}

function nameOf(block: Uint8Array): string {
  const isUstar = textAt(block, 257, 5) === "ustar" && block[262] === 0;
  const prefix = isUstar ? textAt(block, 345, 155) : "";
  const name = textAt(block, 0, 100);
  return prefix === "" ? name : `${prefix}/${name}`;
}

function textAt(block: Uint8Array, at: number, length: number): string {
  const field = block.subarray(at, at + length);
  const end = field.indexOf(0);
  return decoder.decode(end < 0 ? field : field.subarray(0, end));
}

function octal(block: Uint8Array, at: number, length: number): number | undefined {
  const digits = textAt(block, at, length).trim();
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : undefined;
}

/** The records of an extended header, up to the first that is damaged: `<length> path=<value>\n`. */
function paxRecords(body: Uint8Array): ReadonlyMap<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < body.length; ) {
    const blank = body.indexOf(32, at);
    const length = Number(decoder.decode(body.subarray(at, blank < 0 ? at : blank)));
    if (!Number.isSafeInteger(length) || length <= 0) return records;
    const [key = "", ...value] = decoder.decode(body.subarray(blank + 1, at + length - 1)).split("=");
    if (!records.has(key)) records.set(key, value.join("="));
    at += length;
  }
  return records;
}
