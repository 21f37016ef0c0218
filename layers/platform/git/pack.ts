import { hash } from "node:crypto";
import { inflateSync } from "node:zlib";
import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";

export type GitObject = { readonly type: "commit" | "tree" | "blob" | "tag"; readonly bytes: Uint8Array };

/** Objects by id; the id is the hash of the content, so what is found under one is what was asked for. */
export type GitObjects = ReadonlyMap<string, GitObject>;

export type PackCaps = {
  readonly objects: number;
  /** Bytes of one object, and of all together, decompressed. */
  readonly objectBytes: number;
  readonly bytes: number;
};

type Type = GitObject["type"];
type Delta = { readonly offset: number; readonly base: number | string; readonly delta: Uint8Array };

const TYPES: ReadonlyMap<number, Type> = new Map([
  [1, "commit"],
  [2, "tree"],
  [3, "blob"],
  [4, "tag"],
]);
const OFS_DELTA = 6;
const REF_DELTA = 7;

/** The objects of a pack that stands by itself (not a thin one). Source: git, gitformat-pack. */
export function parsePack(pack: Uint8Array, caps: PackCaps): Result<GitObjects> {
  const buffer = Buffer.from(pack.buffer, pack.byteOffset, pack.byteLength);
  if (buffer.length < 32 || buffer.toString("latin1", 0, 4) !== "PACK") return problem("malformed pack file: no signature");
  const version = buffer.readUInt32BE(4);
  const count = buffer.readUInt32BE(8);
  if (version !== 2 && version !== 3) return problem(`malformed pack file: version ${version}`);
  if (count > caps.objects) return problem(`the pack has ${count} objects, more than ${caps.objects}`);
  if (hash("sha1", buffer.subarray(0, -20)) !== buffer.toString("hex", buffer.length - 20)) return problem("malformed pack file: checksum");
  return readObjects(buffer, count, caps);
}

function readObjects(buffer: Buffer, count: number, caps: PackCaps): Result<GitObjects> {
  const objects = new Map<string, GitObject>();
  const places = new Map<number, GitObject>();
  const deltas: Delta[] = [];
  const end = buffer.length - 20;
  let at = 12;
  let total = 0;
  for (let index = 0; index < count; index++) {
    const offset = at;
    const head = readHead(buffer, at, end);
    if (head === undefined) return problem("malformed pack file: an object's header");
    if (head.size > caps.objectBytes) return problem(`the pack has an object of ${head.size} bytes, more than ${caps.objectBytes}`);
    total += head.size;
    if (total > caps.bytes) return problem(`the pack holds more than ${caps.bytes} bytes`);
    const body = inflate(buffer.subarray(head.next, end), head.size);
    if (body === undefined) return problem("malformed pack file: an object does not decompress");
    at = head.next + body.read;
    if (head.base !== undefined) deltas.push({ offset, base: head.base, delta: body.bytes });
    else if (head.type !== undefined) keep(objects, places, offset, { type: head.type, bytes: body.bytes });
  }
  return resolveDeltas(objects, places, deltas, total, caps);
}

type Head = { readonly type?: Type; readonly base?: number | string; readonly size: number; readonly next: number };

function readHead(buffer: Buffer, offset: number, end: number): Head | undefined {
  let at = offset;
  let byte = buffer[at++] ?? 0;
  const kind = (byte >> 4) & 7;
  let size = byte & 15;
  for (let shift = 2 ** 4; (byte & 0x80) !== 0; shift *= 128) {
    if (at >= end || shift > 2 ** 46) return undefined;
    byte = buffer[at++] ?? 0;
    size += (byte & 0x7f) * shift;
  }
  const type = TYPES.get(kind);
  if (type !== undefined) return { type, size, next: at };
  if (kind === REF_DELTA) return at + 20 > end ? undefined : { base: buffer.toString("hex", at, at + 20), size, next: at + 20 };
  if (kind !== OFS_DELTA) return undefined;
  byte = buffer[at++] ?? 0;
  let distance = byte & 0x7f;
  while ((byte & 0x80) !== 0) {
    if (at >= end || distance > 2 ** 40) return undefined;
    byte = buffer[at++] ?? 0;
    distance = (distance + 1) * 128 + (byte & 0x7f);
  }
  return distance === 0 || distance > offset ? undefined : { base: offset - distance, size, next: at };
}

/** Exactly `size` bytes out of the zlib stream at the start of `bytes`, and how much of it that took. */
function inflate(bytes: Uint8Array, size: number): { readonly bytes: Uint8Array; readonly read: number } | undefined {
  try {
    // @types/node leaves `info` out of the answer's type.
    const { buffer, engine } = inflateSync(bytes, { info: true, chunkSize: Math.max(64, size), maxOutputLength: Math.max(1, size) }) as unknown as {
      readonly buffer: Buffer;
      readonly engine: { readonly bytesWritten: number };
    };
    return buffer.length === size ? { bytes: buffer, read: engine.bytesWritten } : undefined;
  } catch {
    // Whatever zlib has against it, it is no object of that size.
    return undefined;
  }
}

function keep(objects: Map<string, GitObject>, places: Map<number, GitObject>, offset: number, object: GitObject): void {
  places.set(offset, object);
  objects.set(objectId(object), object);
}

/** SHA-1 over `<type> <size>\0<content>`. */
export const objectId = ({ type, bytes }: GitObject): string => hash("sha1", Buffer.concat([Buffer.from(`${type} ${bytes.length}\0`), bytes]));

/** A base by offset comes before its delta; one by name may come anywhere, so rounds go on as long as one helps. */
function resolveDeltas(
  objects: Map<string, GitObject>,
  places: Map<number, GitObject>,
  deltas: readonly Delta[],
  size: number,
  caps: PackCaps,
): Result<GitObjects> {
  let total = size;
  let pending = deltas;
  while (pending.length > 0) {
    const next: Delta[] = [];
    for (const entry of pending) {
      const base = typeof entry.base === "number" ? places.get(entry.base) : objects.get(entry.base);
      if (base === undefined) {
        next.push(entry);
        continue;
      }
      const bytes = applyDelta(base.bytes, entry.delta, caps.objectBytes);
      if (bytes === undefined) return problem("malformed pack file: a delta");
      total += bytes.length;
      if (total > caps.bytes) return problem(`the pack holds more than ${caps.bytes} bytes`);
      keep(objects, places, entry.offset, { type: base.type, bytes });
    }
    if (next.length === pending.length) return problem("malformed pack file: a delta without its base");
    pending = next;
  }
  return ok(objects);
}

/** Undefined when the delta does not fit its base, or makes more than `maxBytes`. */
function applyDelta(base: Uint8Array, delta: Uint8Array, maxBytes: number): Uint8Array | undefined {
  let at = 0;
  const byte = (): number => delta[at++] ?? 0;
  const size = (): number => {
    let value = 0;
    for (let factor = 1; factor <= 2 ** 42; factor *= 128) {
      const next = byte();
      value += (next & 0x7f) * factor;
      if ((next & 0x80) === 0) return value;
    }
    return -1;
  };
  const field = (flags: number, bits: readonly number[]): number =>
    bits.reduce((value, bit, index) => (flags & bit ? value + byte() * 256 ** index : value), 0);
  if (size() !== base.length) return undefined;
  const wanted = size();
  if (wanted < 0 || wanted > maxBytes) return undefined;
  const made = new Uint8Array(wanted);
  let end = 0;
  while (at < delta.length) {
    const operation = byte();
    const copies = (operation & 0x80) !== 0;
    const from = copies ? field(operation, [1, 2, 4, 8]) : at;
    const length = copies ? field(operation, [16, 32, 64]) || 0x10000 : operation;
    const source = copies ? base : delta;
    if (length === 0 || from + length > source.length || end + length > wanted) return undefined;
    made.set(source.subarray(from, from + length), end);
    end += length;
    if (!copies) at += length;
  }
  return end === wanted ? made : undefined;
}
