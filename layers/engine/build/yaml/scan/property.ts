import {
  AT,
  BACKTICK,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  EXCLAMATION,
  GREATER,
  isBlankBreakOrEnd,
  isHex,
  isWord,
  LESS,
  PERCENT,
  QUESTION,
} from "./characters.ts";
import { charAt, failScan, peek, type Scanner } from "./scanner.ts";
import { TAG, type Token, token } from "./token.ts";

const BEHIND_ANCHOR: ReadonlySet<number> = new Set([QUESTION, COLON, COMMA, CLOSE_BRACKET, CLOSE_BRACE, PERCENT, AT, BACKTICK]);

/** `&name` or `*name`. Source: go-yaml scannerc.go, scan_anchor. */
export function scanAnchor(scanner: Scanner, kind: number): Token {
  const startLine = scanner.line;
  scanner.at++;
  const name = takeWord(scanner);
  const next = peek(scanner, 0);
  if (name === "" || !(isBlankBreakOrEnd(next) || BEHIND_ANCHOR.has(next))) {
    failScan(scanner, "did not find expected alphabetic or numeric character", startLine);
  }
  return token(kind, startLine, name);
}

/** `!`, `!name`, `!!name`, `!handle!name` or `!<uri>`. Source: go-yaml scannerc.go, scan_tag. */
export function scanTag(scanner: Scanner): Token {
  const startLine = scanner.line;
  const [handle, suffix] = peek(scanner, 1) === LESS ? ["", takeVerbatim(scanner, startLine)] : takeShorthand(scanner, startLine);
  if (!isBlankBreakOrEnd(peek(scanner, 0))) failScan(scanner, "did not find expected whitespace or line break", startLine);
  return token(TAG, startLine, handle, suffix);
}

function takeVerbatim(scanner: Scanner, startLine: number): string {
  scanner.at += 2;
  const uri = takeUri(scanner, "", startLine);
  if (peek(scanner, 0) === GREATER) scanner.at++;
  else failScan(scanner, "did not find the expected '>'", startLine);
  return uri;
}

function takeShorthand(scanner: Scanner, startLine: number): readonly [string, string] {
  const handle = takeHandle(scanner);
  if (handle.length > 1 && handle.endsWith("!")) return [handle, takeUri(scanner, "", startLine)];
  const suffix = handle.slice(1) + takeUri(scanner, handle, startLine);
  return suffix === "" ? ["", "!"] : ["!", suffix];
}

/** `!`, `!!`, `!word!`, or the beginning of a tag that has no handle; the scanner stands at the `!`. */
export function takeHandle(scanner: Scanner): string {
  const start = scanner.at;
  scanner.at++;
  takeWord(scanner);
  if (peek(scanner, 0) === EXCLAMATION) scanner.at++;
  return scanner.text.slice(start, scanner.at);
}

export function takeWord(scanner: Scanner): string {
  const start = scanner.at;
  while (isWord(charAt(scanner, scanner.at))) scanner.at++;
  return scanner.text.slice(start, scanner.at);
}

const URI_MARKS: ReadonlySet<number> = new Set([..."%;/?:@&=+$,.!~*'()[]"].map((mark) => mark.charCodeAt(0)));

/** The characters of a tag; `before` is what has been read of it already, without which there must be at least one. */
export function takeUri(scanner: Scanner, before: string, startLine: number): string {
  const start = scanner.at;
  let uri = "";
  for (let code = peek(scanner, 0); isWord(code) || URI_MARKS.has(code); code = peek(scanner, 0)) {
    if (code === PERCENT) {
      const escaped = takeEscapes(scanner, startLine);
      if (escaped === undefined) return uri;
      uri += escaped;
    } else {
      uri += String.fromCharCode(code);
      scanner.at++;
    }
  }
  if (scanner.at === start && before === "") failScan(scanner, "did not find expected tag URI", startLine);
  return uri;
}

/** One character written as `%C3%A4`. */
function takeEscapes(scanner: Scanner, startLine: number): string | undefined {
  const octets: number[] = [];
  let width = 1;
  while (octets.length < width) {
    if (peek(scanner, 0) !== PERCENT || !isHex(peek(scanner, 1)) || !isHex(peek(scanner, 2))) {
      failScan(scanner, "did not find URI escaped octet", startLine);
      return undefined;
    }
    const octet = Number.parseInt(scanner.text.slice(scanner.at + 1, scanner.at + 3), 16);
    if (octets.length === 0) width = widthOf(octet);
    if (octets.length === 0 ? width === 0 : (octet & 0xc0) !== 0x80) {
      failScan(scanner, `found an incorrect ${octets.length === 0 ? "leading" : "trailing"} UTF-8 octet`, startLine);
      return undefined;
    }
    octets.push(octet);
    scanner.at += 3;
  }
  return new TextDecoder().decode(new Uint8Array(octets));
}

const widthOf = (octet: number): number => (octet < 0x80 ? 1 : octet >> 5 === 0b110 ? 2 : octet >> 4 === 0b1110 ? 3 : octet >> 3 === 0b11110 ? 4 : 0);
