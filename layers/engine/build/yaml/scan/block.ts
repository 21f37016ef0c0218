import { DASH, END, HASH, isBlank, isBreak, isBreakOrEnd, isDigit, PLUS, SPACE, TAB } from "./characters.ts";
import { charAt, columnOf, failScan, peek, type Scanner, skipComment, skipToLineEnd, takeBreak } from "./scanner.ts";
import { FOLDED, LITERAL, type Token, token } from "./token.ts";

/** What becomes of the line breaks at the end. */
type Chomping = "strip" | "clip" | "keep";
type Header = { readonly chomping: Chomping; readonly increment: number };

/** A literal (`|`) or folded (`>`) scalar. Source: go-yaml scannerc.go, scan_block_scalar. */
export function scanBlock(scanner: Scanner, literal: boolean): Token {
  const startLine = scanner.line;
  const kind = literal ? LITERAL : FOLDED;
  const header = scanHeader(scanner, startLine);
  if (header === undefined) return token(kind, startLine);
  const given = header.increment === 0 ? 0 : Math.max(scanner.indent, 0) + header.increment;
  const lead = takeBreaks(scanner, given, startLine);
  let { breaks } = lead;
  const { indent } = lead;
  let text = "";
  let lineBreak = "";
  let afterBlank = false;
  while (columnOf(scanner) === indent && peek(scanner, 0) !== END && scanner.failure === undefined) {
    const blank = isBlank(peek(scanner, 0));
    // A folded line joins the one before it by a space, or by the empty lines between them, unless one of the two begins with a blank.
    if (literal || afterBlank || blank || lineBreak !== "\n") text += lineBreak;
    else if (breaks === "") text += " ";
    const start = scanner.at;
    skipToLineEnd(scanner);
    text += breaks + scanner.text.slice(start, scanner.at);
    afterBlank = blank;
    lineBreak = isBreak(peek(scanner, 0)) ? takeBreak(scanner) : "";
    breaks = takeBreaks(scanner, indent, startLine).breaks;
  }
  if (header.chomping !== "strip") text += lineBreak;
  if (header.chomping === "keep") text += breaks;
  return token(kind, startLine, text, "", scanner.line);
}

/** The indicators behind `|` or `>` up to the end of that line, with a comment. */
function scanHeader(scanner: Scanner, startLine: number): Header | undefined {
  scanner.at++;
  const before = takeChomping(scanner);
  const increment = takeIncrement(scanner, startLine);
  if (increment === undefined) return undefined;
  const after = before === undefined && increment > 0 ? takeChomping(scanner) : undefined;
  while (isBlank(peek(scanner, 0))) scanner.at++;
  if (peek(scanner, 0) === HASH) skipComment(scanner);
  if (!isBreakOrEnd(peek(scanner, 0))) {
    failScan(scanner, "did not find expected comment or line break", startLine);
    return undefined;
  }
  if (peek(scanner, 0) !== END) takeBreak(scanner);
  return { chomping: before ?? after ?? "clip", increment };
}

function takeChomping(scanner: Scanner): Chomping | undefined {
  const code = peek(scanner, 0);
  if (code !== PLUS && code !== DASH) return undefined;
  scanner.at++;
  return code === PLUS ? "keep" : "strip";
}

function takeIncrement(scanner: Scanner, startLine: number): number | undefined {
  const code = peek(scanner, 0);
  if (!isDigit(code)) return 0;
  if (code === 0x30) {
    failScan(scanner, "found an indentation indicator equal to 0", startLine);
    return undefined;
  }
  scanner.at++;
  return code - 0x30;
}

/** Empty lines and the indentation of the next line; `indent` 0 stands for: the first line that is not empty decides. */
function takeBreaks(scanner: Scanner, indent: number, startLine: number): { readonly breaks: string; readonly indent: number } {
  const { text, end } = scanner;
  let breaks = "";
  let deepest = 0;
  for (;;) {
    const last = indent === 0 ? end : Math.min(end, scanner.lineStart + indent);
    let at = scanner.at;
    while (at < last && text.charCodeAt(at) === SPACE) at++;
    scanner.at = at;
    deepest = Math.max(deepest, columnOf(scanner));
    const code = charAt(scanner, at);
    if (code === TAB && (indent === 0 || columnOf(scanner) < indent)) {
      failScan(scanner, "found a tab character where an indentation space is expected", startLine);
      break;
    }
    if (!isBreak(code)) break;
    breaks += takeBreak(scanner);
  }
  return { breaks, indent: indent === 0 ? Math.max(deepest, scanner.indent + 1, 1) : indent };
}
