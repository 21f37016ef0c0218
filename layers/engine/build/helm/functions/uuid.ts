import { STRING } from "../go/type.ts";
import { type GoFunction, goFunction } from "../template/functions.ts";
import { createRandomBytes } from "./chance/random-bytes.ts";

/** `uuidv4`: 122 bits of chance. Source: RFC 9562. */
export function createUuidFunctions(seed: Uint8Array): ReadonlyMap<string, GoFunction> {
  const bytes = createRandomBytes(seed, "uuids");
  return new Map([["uuidv4", goFunction([], () => uuidOf(bytes(16)), STRING)]]);
}

function uuidOf(bytes: Uint8Array): string {
  const marked = bytes.map((byte, index) => (index === 6 ? (byte & 0x0f) | 0x40 : index === 8 ? (byte & 0x3f) | 0x80 : byte));
  return Buffer.from(marked)
    .toString("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
