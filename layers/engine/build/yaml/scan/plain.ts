import { CLOSE_BRACE, CLOSE_BRACKET, COLON, COMMA, HASH, isBlank, isBlankBreakOrEnd, isBreak, OPEN_BRACE, OPEN_BRACKET, QUESTION, TAB } from "./characters.ts";
import { charAt, columnOf, failScan, isDocumentMark, peek, type Scanner, takeBreak } from "./scanner.ts";
import { PLAIN, type Token, token } from "./token.ts";

/** A scalar without quotes; it may go on over lines that are indented deeper than what it stands in. Source: go-yaml scannerc.go, scan_plain_scalar. */
export function scanPlain(scanner: Scanner): Token {
  const startLine = scanner.line;
  const least = scanner.indent + 1;
  let text = "";
  let gap = "";
  let endLine = startLine;
  let broken = false;
  while (!isDocumentMark(scanner) && peek(scanner, 0) !== HASH) {
    const end = endOfWords(scanner);
    if (end > scanner.at) {
      const words = scanner.text.slice(scanner.at, end);
      text = text === "" ? words : text + gap + words;
      scanner.at = end;
      broken = false;
      endLine = scanner.line;
    }
    const next = peek(scanner, 0);
    if (!isBlank(next) && !isBreak(next)) break;
    const line = scanner.line;
    gap = takeGap(scanner, least, startLine);
    broken = scanner.line !== line;
    if (scanner.failure !== undefined || (scanner.flowLevel === 0 && columnOf(scanner) < least)) break;
  }
  if (broken) scanner.keyAllowed = true;
  return token(PLAIN, startLine, text, "", endLine);
}

/** The end of the words (with the single spaces between them) that follow on this line. */
function endOfWords(scanner: Scanner): number {
  const { text, end, flowLevel } = scanner;
  let at = scanner.at;
  let last = at;
  for (;;) {
    while (at < end) {
      const code = text.charCodeAt(at);
      if (isBlankBreakOrEnd(code)) break;
      if (code === COLON && isBlankBreakOrEnd(charAt(scanner, at + 1))) return at;
      if (flowLevel > 0 && isFlowIndicator(code)) return at;
      at++;
    }
    last = at;
    while (at < end && isBlank(text.charCodeAt(at))) at++;
    const next = charAt(scanner, at);
    // Blanks belong to the words only when further words follow them on the line.
    if (at === last || next === HASH || isBlankBreakOrEnd(next)) return last;
    if (next === COLON && isBlankBreakOrEnd(charAt(scanner, at + 1))) return last;
    if (flowLevel > 0 && isFlowIndicator(next)) return last;
  }
}

const isFlowIndicator = (code: number): boolean =>
  code === COMMA || code === QUESTION || code === OPEN_BRACKET || code === CLOSE_BRACKET || code === OPEN_BRACE || code === CLOSE_BRACE;

/** Steps over blanks and line breaks and returns what they are between two words: the blanks themselves, or the folded breaks. */
function takeGap(scanner: Scanner, least: number, startLine: number): string {
  const start = scanner.at;
  let first = "";
  let further = "";
  for (let code = peek(scanner, 0); isBlank(code) || isBreak(code); code = peek(scanner, 0)) {
    if (isBlank(code)) {
      if (first !== "" && code === TAB && columnOf(scanner) < least) {
        failScan(scanner, "found a tab character that violates indentation", startLine);
        return "";
      }
      scanner.at++;
    } else if (first === "") first = takeBreak(scanner);
    else further += takeBreak(scanner);
  }
  return first === "" ? scanner.text.slice(start, scanner.at) : foldBreaks(first, further);
}

/** One line break between words is a space; of several the first is dropped. Source: YAML 1.1, line folding. */
export const foldBreaks = (first: string, further: string): string => (first === "\n" ? further || " " : first + further);
