import { hash } from "node:crypto";
import { deflateSync } from "node:zlib";
import type { GitObject, GitObjects } from "./pack.ts";

const CODES: { readonly [Type in GitObject["type"]]: number } = { commit: 1, tree: 2, blob: 3, tag: 4 };

/** A pack of these objects, each of them whole. Source: git, gitformat-pack. */
export function writePack(objects: GitObjects): Buffer {
  const head = Buffer.from("PACK\0\0\0\x02\0\0\0\0", "latin1");
  head.writeUInt32BE(objects.size, 8);
  const body = [...objects.values()].flatMap((object) => [headOf(object), deflateSync(object.bytes)]);
  const pack = Buffer.concat([head, ...body]);
  return Buffer.concat([pack, Buffer.from(hash("sha1", pack), "hex")]);
}

/** Type and size: four bits of the size beside the type, then seven a byte. */
function headOf({ type, bytes }: GitObject): Buffer {
  const head: number[] = [];
  let rest = Math.floor(bytes.length / 16);
  let byte = (CODES[type] << 4) | (bytes.length & 15);
  while (rest > 0) {
    head.push(byte | 0x80);
    byte = rest & 0x7f;
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...head, byte]);
}
