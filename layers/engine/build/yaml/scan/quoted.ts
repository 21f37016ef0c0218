import { APOSTROPHE, BACKSLASH, END, isBlank, isBlankBreakOrEnd, isBreak, isHex, QUOTE } from "./characters.ts";
import { foldBreaks } from "./plain.ts";
import { charAt, failScan, isDocumentMark, peek, type Scanner, takeBreak } from "./scanner.ts";
import { QUOTED, type Token, token } from "./token.ts";

/** A scalar in single or double quotes. Source: go-yaml scannerc.go, scan_flow_scalar. */
export function scanQuoted(scanner: Scanner, quote: typeof APOSTROPHE | typeof QUOTE): Token {
  const startLine = scanner.line;
  scanner.at++;
  let text = "";
  for (;;) {
    if (isDocumentMark(scanner)) return unfinished(scanner, "found unexpected document indicator", startLine);
    if (peek(scanner, 0) === END) return unfinished(scanner, "found unexpected end of stream", startLine);
    const start = scanner.at;
    takeSimple(scanner, quote);
    text = text === "" ? scanner.text.slice(start, scanner.at) : text + scanner.text.slice(start, scanner.at);
    const code = peek(scanner, 0);
    if (code === quote) {
      if (quote === QUOTE || peek(scanner, 1) !== APOSTROPHE) break;
      text += "'";
      scanner.at += 2;
    } else if (code === BACKSLASH && quote === QUOTE) {
      if (isBreak(peek(scanner, 1))) text += takeEscapedBreak(scanner);
      else text += takeEscape(scanner, startLine);
      if (scanner.failure !== undefined) return token(QUOTED, startLine);
    } else text += takeGap(scanner);
  }
  scanner.at++;
  return token(QUOTED, startLine, text, quote === QUOTE ? '"' : "'", scanner.line);
}

/** Steps to the next character that means something: a quote, a backslash in double quotes, a blank before the end of a line, a line break. */
function takeSimple(scanner: Scanner, quote: number): void {
  const { text, end } = scanner;
  let at = scanner.at;
  while (at < end) {
    const code = text.charCodeAt(at);
    if (code === quote || (code === BACKSLASH && quote === QUOTE)) break;
    if (isBlankBreakOrEnd(code)) {
      if (!isBlank(code)) break;
      let next = at + 1;
      while (isBlank(charAt(scanner, next))) next++;
      if (isBlankBreakOrEnd(charAt(scanner, next))) break;
      at = next;
    } else at++;
  }
  scanner.at = at;
}

/** The blanks at the end of a line, its break and what indents the next line. */
function takeGap(scanner: Scanner): string {
  const start = scanner.at;
  let first = "";
  let further = "";
  for (let code = peek(scanner, 0); isBlank(code) || isBreak(code); code = peek(scanner, 0)) {
    if (isBlank(code)) scanner.at++;
    else if (first === "") first = takeBreak(scanner);
    else further += takeBreak(scanner);
  }
  return first === "" ? scanner.text.slice(start, scanner.at) : foldBreaks(first, further);
}

/** A backslash at the end of a line: the break is none, what indents the next line goes with it, empty lines stay. */
function takeEscapedBreak(scanner: Scanner): string {
  scanner.at++;
  takeBreak(scanner);
  if (isDocumentMark(scanner)) return "";
  let breaks = "";
  for (let code = peek(scanner, 0); isBlank(code) || isBreak(code); code = peek(scanner, 0)) {
    if (isBlank(code)) scanner.at++;
    else breaks += takeBreak(scanner);
  }
  return breaks;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["0", "\0"],
  ["a", "\u0007"],
  ["b", "\b"],
  ["t", "\t"],
  ["\t", "\t"],
  ["n", "\n"],
  ["v", "\v"],
  ["f", "\f"],
  ["r", "\r"],
  ["e", "\u001b"],
  [" ", " "],
  ['"', '"'],
  ["'", "'"],
  ["\\", "\\"],
  ["N", "\u0085"],
  ["_", "\u00a0"],
  ["L", "\u2028"],
  ["P", "\u2029"],
]);
const CODE_LENGTHS: ReadonlyMap<string, number> = new Map([
  ["x", 2],
  ["u", 4],
  ["U", 8],
]);

function takeEscape(scanner: Scanner, startLine: number): string {
  const name = scanner.at + 1 < scanner.end ? scanner.text.charAt(scanner.at + 1) : "";
  const simple = ESCAPES.get(name);
  if (simple !== undefined) {
    scanner.at += 2;
    return simple;
  }
  const length = CODE_LENGTHS.get(name);
  if (length === undefined) {
    failScan(scanner, "found unknown escape character", startLine);
    return "";
  }
  scanner.at += 2;
  return takeCode(scanner, length, startLine);
}

function takeCode(scanner: Scanner, length: number, startLine: number): string {
  for (let index = 0; index < length; index++) {
    if (isHex(peek(scanner, index))) continue;
    failScan(scanner, "did not find expected hexdecimal number", startLine);
    return "";
  }
  const code = Number.parseInt(scanner.text.slice(scanner.at, scanner.at + length), 16);
  if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) {
    failScan(scanner, "found invalid Unicode character escape code", startLine);
    return "";
  }
  scanner.at += length;
  return String.fromCodePoint(code);
}

function unfinished(scanner: Scanner, problem: string, startLine: number): Token {
  failScan(scanner, problem, startLine);
  return token(QUOTED, startLine);
}
