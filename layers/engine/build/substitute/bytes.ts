import type { Brand } from "../../domain/brand.ts";

/**
 * UTF-8 bytes as a string of characters 0-255. Lengths, substrings and prefixes of variables count bytes, and may cut a letter in half.
 * Source: reference 2.5.3.
 */
export type Bytes = Brand<string, "Bytes">;

const CHUNK = 8_192;

export const bytesOf = (text: string): Bytes => fromArray(new TextEncoder().encode(text));

export function fromArray(array: Uint8Array): Bytes {
  let out = "";
  for (let at = 0; at < array.length; at += CHUNK) out += String.fromCharCode(...array.subarray(at, at + CHUNK));
  return out as Bytes;
}

const toArray = (bytes: Bytes): Uint8Array => Uint8Array.from(bytes, (character) => character.charCodeAt(0));

/** The text; bytes that are no UTF-8 become U+FFFD. */
export const textOf = (bytes: Bytes): string => new TextDecoder("utf-8", { ignoreBOM: true }).decode(toArray(bytes));

export const joinAll = (parts: readonly string[]): Bytes => parts.join("") as Bytes;
export const join = (...parts: readonly string[]): Bytes => parts.join("") as Bytes;
export const cut = (bytes: Bytes, from: number, to?: number): Bytes => bytes.slice(from, to) as Bytes;

/** One letter of UTF-8: its code point and how many bytes it takes; a broken one is U+FFFD and one byte. */
export type Letter = { readonly code: number; readonly width: number };

const BROKEN: Letter = { code: 0xfffd, width: 1 };

/** The letter at `index`; width 0 behind the end. Overlong forms, surrogates and what is beyond U+10FFFF are broken. */
export function letterAt(bytes: Bytes, index: number): Letter {
  if (index >= bytes.length) return { code: 0xfffd, width: 0 };
  const first = bytes.charCodeAt(index);
  if (first < 0x80) return { code: first, width: 1 };
  const width = first >= 0xc2 && first <= 0xdf ? 2 : first >= 0xe0 && first <= 0xef ? 3 : first >= 0xf0 && first <= 0xf4 ? 4 : 1;
  if (width === 1 || index + width > bytes.length) return BROKEN;
  let code = first & (width === 2 ? 0x1f : width === 3 ? 0x0f : 0x07);
  for (let at = index + 1; at < index + width; at++) {
    const next = bytes.charCodeAt(at);
    if ((next & 0xc0) !== 0x80) return BROKEN;
    code = (code << 6) | (next & 0x3f);
  }
  const least = width === 2 ? 0x80 : width === 3 ? 0x800 : 0x10000;
  return code < least || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? BROKEN : { code, width };
}

/** All letters in order; a broken byte is U+FFFD. */
export function* letters(bytes: Bytes): Generator<Letter> {
  for (let at = 0; at < bytes.length; ) {
    const letter = letterAt(bytes, at);
    yield letter;
    at += letter.width;
  }
}

/** What go-yaml's reader says about bytes that are no UTF-8, or undefined. Source: go-yaml, recording build/substitute-broken-text. */
export function utf8Problem(bytes: Bytes): string | undefined {
  for (let at = 0; at < bytes.length; ) {
    const first = bytes.charCodeAt(at);
    const width = first < 0x80 ? 1 : (first & 0xe0) === 0xc0 ? 2 : (first & 0xf0) === 0xe0 ? 3 : (first & 0xf8) === 0xf0 ? 4 : 0;
    if (width === 0) return "yaml: invalid leading UTF-8 octet";
    if (at + width > bytes.length) return "yaml: incomplete UTF-8 octet sequence";
    for (let next = at + 1; next < at + width; next++) if ((bytes.charCodeAt(next) & 0xc0) !== 0x80) return "yaml: invalid trailing UTF-8 octet";
    if (letterAt(bytes, at).width !== width) return "yaml: invalid length of a UTF-8 sequence";
    at += width;
  }
  return undefined;
}
