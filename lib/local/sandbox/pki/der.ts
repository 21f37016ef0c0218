/** DER, as far as certificates need it: tag, length, content. Source: ITU-T X.690. */
export type Der = Uint8Array;

export function tagged(tag: number, ...contents: readonly Uint8Array[]): Der {
  const content = Buffer.concat(contents);
  return Buffer.concat([Uint8Array.of(tag), lengthOf(content.length), content]);
}

function lengthOf(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  const hex = length.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
  return Uint8Array.of(0x80 | bytes.length, ...bytes);
}

export const sequence = (...items: readonly Der[]): Der => tagged(0x30, ...items);
export const set = (...items: readonly Der[]): Der => tagged(0x31, ...items);
export const octets = (bytes: Uint8Array): Der => tagged(0x04, bytes);
/** A string of whole bytes; `unused` counts the bits of the last one that say nothing. */
export const bits = (bytes: Uint8Array, unused = 0): Der => tagged(0x03, Uint8Array.of(unused), bytes);
export const utf8 = (text: string): Der => tagged(0x0c, Buffer.from(text));
export const yes: Der = Uint8Array.of(0x01, 0x01, 0xff);
/** Context-specific and constructed: `[number] EXPLICIT`. */
export const explicit = (number: number, ...items: readonly Der[]): Der => tagged(0xa0 | number, ...items);
/** Context-specific and primitive: `[number] IMPLICIT`. */
export const implicit = (number: number, bytes: Uint8Array): Der => tagged(0x80 | number, bytes);

/** Of a number that is not negative, big-endian. */
export function integer(bytes: Uint8Array): Der {
  const first = bytes[0] ?? 0;
  return first >= 0x80 ? tagged(0x02, Uint8Array.of(0), bytes) : tagged(0x02, bytes);
}

/** `1.2.840.10045.4.3.2` */
export function oid(dotted: string): Der {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return tagged(0x06, Uint8Array.from([first * 40 + second, ...rest].flatMap(base128)));
}

function base128(value: number): readonly number[] {
  const low = value % 128;
  const high = Math.floor(value / 128);
  return high === 0 ? [low] : [...base128(high).map((byte) => byte | 0x80), low];
}

/** UTCTime until 2049, GeneralizedTime from 2050 on. Source: RFC 5280 4.1.2.5. */
export function time(moment: Date): Der {
  const digits = moment.toISOString().replaceAll(/[-:T]/g, "").slice(0, 14);
  return moment.getUTCFullYear() < 2050 ? tagged(0x17, Buffer.from(`${digits.slice(2)}Z`)) : tagged(0x18, Buffer.from(`${digits}Z`));
}
