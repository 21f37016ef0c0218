import type { Failure } from "./scan/scanner.ts";

/** A text to be read. `bad` is the first place in it that go-yaml's reader refuses, whatever the grammar says. */
export type Source = { readonly text: string; readonly bad: Bad | undefined };
type Bad = { readonly index: number; readonly message: string };

const CUT_OFF = "yaml: incomplete UTF-8 octet sequence";

/** All that YAML allows: no control characters but tab and line breaks, no halves of surrogate pairs, no U+FFFE and U+FFFF. */
const REFUSED = /[^\t\n\r\u0020-\u007e\u0085\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** Bytes are UTF-8, or UTF-16 when they begin with its byte order mark. Source: go-yaml readerc.go. */
export function openSource(source: string | Uint8Array): Source {
  if (typeof source === "string") return { text: source, bad: controlIn(source) };
  const [first, second] = source;
  if (first === 0xff && second === 0xfe) return openSource(new TextDecoder("utf-16le").decode(source));
  if (first === 0xfe && second === 0xff) return openSource(new TextDecoder("utf-16be").decode(source));
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(source);
  const control = controlIn(text);
  // A byte that is no UTF-8 has become U+FFFD, which a text may hold, too.
  const broken = text.includes("\ufffd") ? brokenIn(source) : undefined;
  return { text, bad: broken !== undefined && broken.index < (control?.index ?? text.length) ? broken : control };
}

/** Line ends are `\n` afterwards. Source: kyaml kio/byteio_reader.go. */
export function withPlainLineEnds(source: Source): Source {
  const { text, bad } = source;
  if (!text.includes("\r\n")) return source;
  const plain = text.replaceAll("\r\n", "\n");
  return { text: plain, bad: bad === undefined ? undefined : { ...bad, index: text.slice(0, bad.index).replaceAll("\r\n", "\n").length } };
}

function controlIn(text: string): Bad | undefined {
  const index = text.search(REFUSED);
  return index === -1 ? undefined : { index, message: "yaml: control characters are not allowed" };
}

function brokenIn(bytes: Uint8Array): Bad | undefined {
  let at = 0;
  while (at < bytes.length) {
    const width = widthOf(bytes[at] ?? 0);
    const problem = problemAt(bytes, at, width);
    if (problem !== undefined) return { index: new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(0, at)).length, message: problem };
    at += width;
  }
  return undefined;
}

function problemAt(bytes: Uint8Array, at: number, width: number): string | undefined {
  if (width === 1) return undefined;
  if (width === 0) return "yaml: invalid leading UTF-8 octet";
  if (at + width > bytes.length) return CUT_OFF;
  let value = (bytes[at] ?? 0) & (0xff >> (width + 1));
  for (let index = 1; index < width; index++) {
    const octet = bytes[at + index] ?? 0;
    if ((octet & 0xc0) !== 0x80) return "yaml: invalid trailing UTF-8 octet";
    value = value * 64 + (octet & 0x3f);
  }
  if (value < (LEAST[width] ?? 0)) return "yaml: invalid length of a UTF-8 sequence";
  return (value >= 0xd800 && value <= 0xdfff) || value > 0x10ffff ? "yaml: invalid Unicode character" : undefined;
}

const widthOf = (octet: number): number => (octet < 0x80 ? 1 : octet >> 5 === 0b110 ? 2 : octet >> 4 === 0b1110 ? 3 : octet >> 3 === 0b11110 ? 4 : 0);
/** The least character that needs so many bytes. */
const LEAST: { readonly [width: number]: number } = { 2: 0x80, 3: 0x800, 4: 0x10000 };

/** go-yaml reads so many bytes at a time and refuses them together. */
const BLOCK = 512;

/**
 * How far the part of `source` between `start` and `end` can be read, and what is wrong there: what stands before the bad place in the same block
 * of bytes is not seen either, but a fault of grammar before that block comes first.
 */
export function readableEnd(source: Source, start: number, end: number): { readonly end: number; readonly broken: Failure | undefined } {
  const { bad, text } = source;
  if (bad === undefined || bad.index < start || bad.index >= end) return { end, broken: undefined };
  let block = start;
  let bytes = 0;
  for (let at = start; at < bad.index; at++) {
    const width = bytesOf(text.charCodeAt(at));
    // Half of a pair counts two bytes; the pair stays together.
    const whole = text.charCodeAt(at) >= 0xd800 && text.charCodeAt(at) <= 0xdbff ? 4 : width;
    if (bytes + whole > BLOCK) {
      block = at;
      bytes = 0;
    }
    bytes += width;
  }
  const line = text.slice(start, bad.index).split("\n").length - 1;
  // Only the end of the bytes shows that a letter is cut off; all before it has been read by then.
  return { end: bytes >= BLOCK || bad.message === CUT_OFF ? bad.index : block, broken: { message: bad.message, line } };
}

const bytesOf = (code: number): number => (code < 0x80 ? 1 : code < 0x800 || (code >= 0xd800 && code <= 0xdfff) ? 2 : 3);
