/**
 * Go's strings are bytes, ours are UTF-16. A string that is UTF-8 is the same text here; a byte that belongs to no character is the lone surrogate U+DC80 to
 * U+DCFF (as PEP 383 does it), so that nothing is lost between `b64dec` and `b64enc`, and a `trunc` within a character can be joined again.
 */

const LONE = /(?<![\ud800-\udbff])[\udc80-\udcff]/;

/** The bytes of Go's string. */
export function bytesOf(text: string): Uint8Array {
  if (!LONE.test(text)) return Buffer.from(text, "utf8");
  const parts: Uint8Array[] = [];
  let plain = "";
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0xdc80 || code > 0xdcff) {
      plain += character;
      continue;
    }
    parts.push(Buffer.from(plain, "utf8"), Uint8Array.of(code - 0xdc00));
    plain = "";
  }
  return Buffer.concat([...parts, Buffer.from(plain, "utf8")]);
}

/** Go's string of these bytes. */
export function stringOf(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = buffer.toString("utf8");
  if (!text.includes("\ufffd")) return text;
  let result = "";
  for (let index = 0; index < buffer.length; ) {
    const size = characterSize(buffer, index);
    result += size === 0 ? String.fromCharCode(0xdc00 + (buffer[index] ?? 0)) : buffer.toString("utf8", index, index + size);
    index += Math.max(size, 1);
  }
  return result;
}

/** How many bytes the character at `index` has; 0 when there is none. Source: Unicode, table 3-7, as utf8.DecodeRune. */
function characterSize(bytes: Uint8Array, index: number): number {
  const first = bytes[index] ?? 0;
  if (first < 0x80) return 1;
  const size = first >= 0xc2 && first <= 0xdf ? 2 : first >= 0xe0 && first <= 0xef ? 3 : first >= 0xf0 && first <= 0xf4 ? 4 : 0;
  if (size === 0 || index + size > bytes.length) return 0;
  const second = bytes[index + 1] ?? 0;
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  for (let rest = 2; rest < size; rest++) if (((bytes[index + rest] ?? 0) & 0xc0) !== 0x80) return 0;
  return size;
}

/** Bytes in Go's string: what `len` says. */
export function byteLength(text: string): number {
  const length = Buffer.byteLength(text, "utf8");
  return length === text.length || !LONE.test(text) ? length : bytesOf(text).length;
}

/** `text` with bytes that became characters by being joined read as such; every byte that is no character is U+FFFD: how Go's JSON writes a string. */
export function validText(text: string): string {
  return LONE.test(text) ? Buffer.from(bytesOf(text)).toString("utf8") : text;
}
