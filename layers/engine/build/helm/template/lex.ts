import { isPrint, quote } from "../../text/quote.ts";
import { byteLength } from "../go/bytes.ts";

/**
 * Cuts a template into tokens, as Go's text/template/parse does. What a trim marker takes away and what stands in comments never becomes a token.
 * Positions are those of JavaScript's strings.
 */
export type TokenKind =
  | "error"
  | "eof"
  | "text"
  | "leftDelim"
  | "rightDelim"
  | "space"
  | "pipe"
  | "assign"
  | "declare"
  | "leftParen"
  | "rightParen"
  | "char"
  | "string"
  | "rawString"
  | "charConstant"
  | "number"
  | "complex"
  | "bool"
  | "identifier"
  | "field"
  | "variable"
  | "dot"
  | Keyword;

export type Keyword = "block" | "break" | "continue" | "define" | "else" | "end" | "if" | "nil" | "range" | "template" | "with";

export type Token = { readonly kind: TokenKind; readonly at: number; readonly text: string; readonly line: number };

export type Lexer = { next(): Token };

const KEYWORDS: ReadonlyMap<string, Keyword> = new Map(
  (["block", "break", "continue", "define", "else", "end", "if", "nil", "range", "template", "with"] as const).map((word) => [word, word]),
);
const isKeyword = (kind: TokenKind): boolean => kind === "dot" || KEYWORDS.has(kind);

/** How messages name a token: `<end>`, `"foo"`, `"a long tex"...`, `EOF`. */
export function describe({ kind, text }: Token): string {
  if (kind === "eof") return "EOF";
  if (kind === "error") return text;
  if (isKeyword(kind)) return `<${text}>`;
  return byteLength(text) > 10 ? `${quote([...text].slice(0, 10).join(""))}...` : quote(text);
}

const isSpace = (character: string | undefined): boolean => character === " " || character === "\n" || character === "\t" || character === "\r";
const WORD = /[_\p{L}\p{Nd}]*/uy;
/** The words of almost all templates; others go by WORD. */
const isAsciiWord = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || (code >= 48 && code <= 57);
const isWordCharacter = (code: number, character: string): boolean => (code < 0x80 ? isAsciiWord(code) : /[\p{L}\p{Nd}]/u.test(character));
const NUMBER =
  /[+-]?(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?|0[oO][0-7_]*(?:\.[0-7_]*)?|0[bB][01_]*(?:\.[01_]*)?|[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)i?/y;

export function createLexer(input: string): Lexer {
  let at = 0;
  let start = 0;
  let line = 1;
  // It is remembered: to look for it anew at each token would take the square of a long line.
  const breakBehind = (from: number): number => {
    const found = input.indexOf("\n", from);
    return found < 0 ? Number.POSITIVE_INFINITY : found;
  };
  let nextBreak = breakBehind(0);
  let isInAction = false;
  let parens = 0;
  let hasFailed = false;

  const lineAt = (position: number): number => {
    while (nextBreak < position) {
      line++;
      nextBreak = breakBehind(nextBreak + 1);
    }
    return line;
  };
  const emit = (kind: TokenKind): Token => {
    const token = { kind, at: start, text: input.slice(start, at), line: lineAt(start) };
    start = at;
    return token;
  };
  const fail = (text: string): Token => {
    hasFailed = true;
    return { kind: "error", at: start, text, line: lineAt(start) };
  };
  const skipSpaces = (): void => {
    while (isSpace(input[at])) at++;
  };
  const trimsAfter = (position: number): boolean => input[position] === "-" && isSpace(input[position + 1]);
  const trimsBefore = (position: number): boolean => isSpace(input[position]) && input[position + 1] === "-" && input.startsWith("}}", position + 2);
  const isRightDelim = (): boolean => (input[at] === "}" && input[at + 1] === "}") || trimsBefore(at);

  const text = (): Token => {
    for (;;) {
      const open = input.indexOf("{{", at);
      if (open < 0) {
        at = input.length;
        return at > start ? emit("text") : { kind: "eof", at, text: "EOF", line: lineAt(at) };
      }
      at = open;
      if (trimsAfter(open + 2)) while (at > start && isSpace(input[at - 1])) at--;
      if (at > start) {
        const token = emit("text");
        at = start = open;
        return token;
      }
      at = start = open;
      const token = leftDelim();
      if (token !== undefined) return token;
    }
  };

  /** The delimiter, or undefined when a comment was skipped. */
  const leftDelim = (): Token | undefined => {
    at += 2;
    const marker = trimsAfter(at) ? 2 : 0;
    if (input.startsWith("/*", at + marker)) return comment(at + marker);
    const token = emit("leftDelim");
    isInAction = true;
    parens = 0;
    at = start = at + marker;
    return token;
  };

  const comment = (from: number): Token | undefined => {
    start = from;
    const end = input.indexOf("*/", from + 2);
    if (end < 0) return fail("unclosed comment");
    at = end + 2;
    if (!isRightDelim()) return fail("comment ends before closing delimiter");
    const trims = trimsBefore(at);
    at += trims ? 4 : 2;
    if (trims) skipSpaces();
    start = at;
    return undefined;
  };

  const rightDelim = (): Token => {
    const trims = trimsBefore(at);
    if (trims) at = start = at + 2;
    at += 2;
    const token = emit("rightDelim");
    if (trims) skipSpaces();
    start = at;
    isInAction = false;
    return token;
  };

  const space = (): Token => {
    skipSpaces();
    // The last of the spaces may belong to a trim marker.
    if (trimsBefore(at - 1)) at--;
    return at === start ? rightDelim() : emit("space");
  };

  const isTerminated = (): boolean => {
    const character = input[at];
    return character === undefined || isSpace(character) || ".,|:)(".includes(character) || input.startsWith("}}", at);
  };
  const badCharacter = (what: string): Token => fail(`${what} ${unicodeName(input.codePointAt(at) ?? 0)}`);
  const skipWord = (): void => {
    while (at < input.length && isAsciiWord(input.charCodeAt(at))) at++;
    if (at >= input.length || input.charCodeAt(at) < 0x80) return;
    WORD.lastIndex = at;
    at += WORD.exec(input)?.[0].length ?? 0;
  };

  const identifier = (): Token => {
    skipWord();
    if (!isTerminated()) return badCharacter("bad character");
    const word = input.slice(start, at);
    if (word === "true" || word === "false") return emit("bool");
    return emit(KEYWORDS.get(word) ?? "identifier");
  };

  const named = (kind: "field" | "variable"): Token => {
    at++;
    if (isTerminated()) return emit(kind === "field" ? "dot" : kind);
    skipWord();
    return isTerminated() ? emit(kind) : badCharacter("bad character");
  };

  const scanNumber = (): boolean => {
    NUMBER.lastIndex = at;
    at += NUMBER.exec(input)?.[0].length ?? 0;
    const rest = input.codePointAt(at);
    if (rest === undefined || !isWordCharacter(rest, String.fromCodePoint(rest))) return true;
    at += String.fromCodePoint(rest).length;
    return false;
  };
  const badNumber = (): Token => fail(`bad number syntax: ${quote(input.slice(start, at))}`);
  const number = (): Token => {
    if (!scanNumber()) return badNumber();
    if (input[at] !== "+" && input[at] !== "-") return emit("number");
    return scanNumber() && input[at - 1] === "i" ? emit("complex") : badNumber();
  };

  const quoted = (kind: "string" | "charConstant", end: string, what: string): Token => {
    for (at++; at < input.length && input[at] !== "\n"; at++) {
      if (input[at] === end) {
        at++;
        return emit(kind);
      }
      if (input[at] === "\\") {
        at++;
        if (at >= input.length || input[at] === "\n") break;
      }
    }
    return fail(what);
  };
  const raw = (): Token => {
    const end = input.indexOf("`", at + 1);
    if (end < 0) return fail("unterminated raw quoted string");
    at = end + 1;
    return emit("rawString");
  };

  const single = (kind: TokenKind, length = 1): Token => {
    at += length;
    return emit(kind);
  };

  const inAction = (): Token => {
    if (isRightDelim()) return parens === 0 ? rightDelim() : fail("unclosed left paren");
    const code = input.codePointAt(at);
    if (code === undefined) return fail("unclosed action");
    const character = code < 0x80 ? (input[at] ?? "") : String.fromCodePoint(code);
    switch (character) {
      case " ":
      case "\t":
      case "\r":
      case "\n":
        return space();
      case "=":
        return single("assign");
      case ":":
        return input[at + 1] === "=" ? single("declare", 2) : fail("expected :=");
      case "|":
        return single("pipe");
      case '"':
        return quoted("string", '"', "unterminated quoted string");
      case "`":
        return raw();
      case "$":
        return named("variable");
      case "'":
        return quoted("charConstant", "'", "unterminated character constant");
      case "(":
        parens++;
        return single("leftParen");
      case ")":
        parens--;
        return parens < 0 ? fail("unexpected right paren") : single("rightParen");
      default:
    }
    if (character === "." && at + 1 < input.length && !isDigit(input[at + 1])) return named("field");
    if (".+-".includes(character) || isDigit(character)) return number();
    if (isWordCharacter(code, character)) return identifier();
    if (code < 0x80 && isPrint(code)) return single("char");
    return badCharacter("unrecognized character in action:");
  };

  return {
    next: () => {
      if (hasFailed) return { kind: "eof", at, text: "EOF", line };
      return isInAction ? inAction() : text();
    },
  };
}

const isDigit = (character: string | undefined): boolean => character !== undefined && character >= "0" && character <= "9";

/** %#U */
function unicodeName(code: number): string {
  const known = code >= 0xd800 && code <= 0xdfff ? 0xfffd : code;
  const shown = isPrint(known) ? ` '${String.fromCodePoint(known)}'` : "";
  return `U+${known.toString(16).toUpperCase().padStart(4, "0")}${shown}`;
}
