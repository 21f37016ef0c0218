/** A value in the distinguished encoding of ASN.1. Source: X.690. */
export type Der = Uint8Array;

/** The tag, the length and what is inside. */
export function tagged(tag: number, content: Der): Der {
  const { length } = content;
  if (length < 0x80) return Uint8Array.of(tag, length, ...content);
  const size = [...bigEndian(BigInt(length))];
  return Buffer.concat([Uint8Array.of(tag, 0x80 | size.length, ...size), content]);
}

export const sequence = (...parts: readonly Der[]): Der => tagged(0x30, Buffer.concat(parts));
export const set = (...parts: readonly Der[]): Der => tagged(0x31, Buffer.concat(parts));
export const octets = (bytes: Uint8Array): Der => tagged(0x04, bytes);
export const nothing: Der = Uint8Array.of(0x05, 0x00);
export const boolean = (value: boolean): Der => tagged(0x01, Uint8Array.of(value ? 0xff : 0x00));

/** Not negative. */
export function integer(value: bigint): Der {
  const bytes = bigEndian(value);
  return tagged(0x02, (bytes[0] ?? 0) >= 0x80 ? Uint8Array.of(0, ...bytes) : bytes);
}

export function bigEndian(value: bigint): Uint8Array {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
}

/** `unused`: bits at the end that do not count. */
export const bits = (bytes: Uint8Array, unused = 0): Der => tagged(0x03, Uint8Array.of(unused, ...bytes));

/** `2.5.4.3` */
export function objectId(text: string): Der {
  const [first = 0, second = 0, ...others] = text.split(".").map(Number);
  return tagged(0x06, Uint8Array.from([40 * first + second, ...others].flatMap(base128)));
}

function base128(value: number): readonly number[] {
  const digits = [value & 0x7f];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) digits.unshift((rest & 0x7f) | 0x80);
  return digits;
}

const PRINTABLE = /^[A-Za-z0-9'()+,\-./:=? ]*$/;

/** As Go's asn1 writes a string: in the smaller character set, where that suffices. */
export const text = (value: string): Der => tagged(PRINTABLE.test(value) ? 0x13 : 0x0c, new TextEncoder().encode(value));

/** Whole seconds since 1970. Two digits for a year of 1950 to 2049, four for others. */
export function time(seconds: number): Der {
  const written = new Date(seconds * 1000).toISOString().replace(/^\+?0*(?=\d{4})/, "");
  const digits = `${written.slice(0, 19).replace(/[-T:]/g, "")}Z`;
  const year = Number(digits.slice(0, 4));
  const isShort = year >= 1950 && year < 2050;
  return tagged(isShort ? 0x17 : 0x18, new TextEncoder().encode(isShort ? digits.slice(2) : digits));
}
