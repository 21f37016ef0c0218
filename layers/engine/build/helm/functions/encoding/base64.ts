const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const VALID = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const PAD = "=";

export type Decoded = { readonly ok: true; readonly bytes: Uint8Array } | { readonly ok: false; readonly problem: string };

export const encodeBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

/** `text` has a character for each byte. Line breaks are passed over. Source: Go encoding/base64, whose problems name the byte. */
export function decodeBase64(text: string): Decoded {
  const fault = VALID.test(text) ? undefined : faultIn(text);
  if (fault !== undefined) return { ok: false, problem: `illegal base64 data at input byte ${fault}` };
  return { ok: true, bytes: Buffer.from(text.replaceAll(/[\r\n]/g, ""), "base64") };
}

/** Where Go finds the first fault; undefined when there is none. Source: decodeQuantum. */
function faultIn(text: string): number | undefined {
  for (let at = 0, place = 0; ; at++) {
    const character = text[at];
    if (character === undefined) return place === 0 ? undefined : at - place;
    if (isBreak(character)) continue;
    if (ALPHABET.includes(character)) {
      place = (place + 1) % 4;
      continue;
    }
    if (character !== PAD || place < 2) return at;
    return faultBehindPad(text, at + 1, place);
  }
}

function faultBehindPad(text: string, start: number, place: number): number | undefined {
  let at = skipBreaks(text, start);
  if (place === 2) {
    if (text[at] !== PAD) return at;
    at = skipBreaks(text, at + 1);
  }
  return at < text.length ? at : undefined;
}

function skipBreaks(text: string, start: number): number {
  let at = start;
  while (isBreak(text[at])) at++;
  return at;
}

const isBreak = (character: string | undefined): boolean => character === "\n" || character === "\r";
