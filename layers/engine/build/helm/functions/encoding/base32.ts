import type { Decoded } from "./base64.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const PAD = "=";
/** Characters of a group, of which each stands for so many bits. */
const GROUP = 8;
const BITS = 5;

export function encodeBase32(bytes: Uint8Array): string {
  let out = "";
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= BITS; bits -= BITS) out += ALPHABET[(held >>> (bits - BITS)) & 31] ?? "";
    held &= 0xff;
  }
  if (bits > 0) out += ALPHABET[(held << (BITS - bits)) & 31] ?? "";
  return out + PAD.repeat((GROUP - (out.length % GROUP)) % GROUP);
}

/** `text` has a character for each byte. Line breaks are passed over. Source: Go encoding/base32, whose problems name the byte. */
export function decodeBase32(text: string): Decoded {
  const plain = text.replaceAll(/[\r\n]/g, "");
  const found = contentOf(plain);
  if ("fault" in found) return { ok: false, problem: `illegal base32 data at input byte ${found.fault}` };
  return { ok: true, bytes: bytesOf(plain.slice(0, found.end)) };
}

/** Where the content ends and the padding begins. Source: Go, Encoding.decode. */
function contentOf(text: string): { readonly end: number } | { readonly fault: number } {
  for (let at = 0; at < text.length; at++) {
    const place = at % GROUP;
    const character = text[at] ?? "";
    const left = text.length - at - 1;
    if (character === PAD && place >= 2 && left < GROUP) return padding(text, at, place, left);
    if (!ALPHABET.includes(character)) return { fault: at };
  }
  return text.length % GROUP === 0 ? { end: text.length } : { fault: text.length - (text.length % GROUP) };
}

function padding(text: string, at: number, place: number, left: number): { readonly end: number } | { readonly fault: number } {
  if (left + place < GROUP - 1) return { fault: text.length };
  for (let pad = 0; pad < GROUP - 1 - place; pad++) if (left > pad && text[at + 1 + pad] !== PAD) return { fault: at + pad };
  return place === 3 || place === 6 ? { fault: at } : { end: at };
}

function bytesOf(text: string): Uint8Array {
  const bytes: number[] = [];
  let held = 0;
  let bits = 0;
  for (const character of text) {
    held = ((held << BITS) | ALPHABET.indexOf(character)) & 0xfff;
    bits += BITS;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >>> bits) & 0xff);
  }
  return Uint8Array.from(bytes);
}
