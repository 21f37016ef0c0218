import { CR, END, isBlankBreakOrEnd, isBreak, LF, LINE_SEPARATOR, PARAGRAPH_SEPARATOR } from "./characters.ts";
import type { Token } from "./token.ts";

/** The two versions of go-yaml: 2 reads kustomization files and what was substituted, 3 reads manifests. Their grammar is one, their errors and look-ahead differ. */
export type Version = 2 | 3;

/** Why a text is no YAML: the words of go-yaml with its line, and the line that a person would look at (from 0, in the part that was scanned). */
export type Failure = { readonly message: string; readonly line: number | undefined };

/** A place where a key without `?` may have begun; there is at most one for each open flow collection. A `hidden` one is not waited for. */
export type PossibleKey = { possible: boolean; hidden: boolean; required: boolean; token: number; at: number; line: number; column: number };

/**
 * Where the scanner stands in a text. `end` is that of the part; what lies behind it is never looked at. Lines count from 0.
 * `broken` is set when the text holds something behind `end` that no YAML may hold: who reaches `end` gets that instead of the end.
 */
export type Scanner = {
  readonly text: string;
  readonly version: Version;
  readonly end: number;
  readonly broken: Failure | undefined;
  at: number;
  line: number;
  lineStart: number;
  indent: number;
  readonly indents: number[];
  flowLevel: number;
  keyAllowed: boolean;
  readonly keys: PossibleKey[];
  readonly tokens: Token[];
  /** Index in `tokens` of the next one to hand out, and how many have been handed out so far. */
  head: number;
  taken: number;
  /** True when the token at `head` is complete: no key token can go before it any more. */
  ready: boolean;
  failure: Failure | undefined;
  /** Where comments go that somebody wants to have. */
  readonly comments: Comment[] | undefined;
};

/** A comment with its `#`, and where it stands. `behind`: something stands before it on its line. */
export type Comment = { readonly text: string; readonly line: number; readonly column: number; readonly behind: boolean };

export function createScanner(text: string, version: Version, start: number, end: number, broken: Failure | undefined, comments?: Comment[]): Scanner {
  return {
    text,
    version,
    end,
    broken,
    at: start,
    line: 0,
    lineStart: start,
    indent: -1,
    indents: [],
    flowLevel: 0,
    keyAllowed: true,
    keys: [{ possible: false, hidden: false, required: false, token: 0, at: 0, line: 0, column: 0 }],
    tokens: [],
    head: 0,
    taken: 0,
    ready: false,
    failure: undefined,
    comments,
  };
}

/** The character `ahead` of the scanner; END behind the end. */
export const peek = (scanner: Scanner, ahead: number): number => charAt(scanner, scanner.at + ahead);
export const charAt = (scanner: Scanner, at: number): number => (at < scanner.end ? scanner.text.charCodeAt(at) : END);
export const columnOf = (scanner: Scanner): number => scanner.at - scanner.lineStart;

/** Steps over one line break and returns what it is in a value: all breaks are `\n`, but U+2028 and U+2029 stay themselves. */
export function takeBreak(scanner: Scanner): string {
  const code = peek(scanner, 0);
  scanner.at += code === CR && peek(scanner, 1) === LF ? 2 : 1;
  scanner.line++;
  scanner.lineStart = scanner.at;
  return code === LINE_SEPARATOR ? "\u2028" : code === PARAGRAPH_SEPARATOR ? "\u2029" : "\n";
}

export function skipToLineEnd(scanner: Scanner): void {
  let at = scanner.at;
  while (at < scanner.end && !isBreak(scanner.text.charCodeAt(at))) at++;
  scanner.at = at;
}

/** Steps over the comment that begins here. */
export function skipComment(scanner: Scanner): void {
  const start = scanner.at;
  skipToLineEnd(scanner);
  if (scanner.comments === undefined) return;
  const behind = scanner.text.slice(scanner.lineStart, start).trim() !== "";
  scanner.comments.push({ text: scanner.text.slice(start, scanner.at).trimEnd(), line: scanner.line, column: start - scanner.lineStart, behind });
}

/** `---` or `...` at the beginning of a line. */
export function isDocumentMark(scanner: Scanner): boolean {
  if (scanner.at !== scanner.lineStart) return false;
  const code = peek(scanner, 0);
  if (code !== 0x2d && code !== 0x2e) return false;
  return peek(scanner, 1) === code && peek(scanner, 2) === code && isBlankBreakOrEnd(peek(scanner, 3));
}

/**
 * Notes why scanning ends; the first reason stays. `context` is the line on which the unfinished thing began. Version 3 names that line when it is not
 * the first, version 2 the line where scanning ended. Source: go-yaml decode.go, parser.fail.
 */
export function failScan(scanner: Scanner, problem: string, context: number): void {
  const named = scanner.version === 3 ? context || scanner.line : scanner.line;
  const shown = named !== 0 ? named + 1 : scanner.version === 2 ? context : 0;
  scanner.failure ??= { message: withLine(shown, problem), line: context };
}

/** As `failScan` for the grammar, whose lines go-yaml counts from 0 (and does not name the first). */
export function failParse(scanner: Scanner, problem: string, context: number, line: number): void {
  const shown = scanner.version === 3 ? context || line : line || context;
  scanner.failure ??= { message: withLine(shown, problem), line };
}

const withLine = (line: number, problem: string): string => (line === 0 ? `yaml: ${problem}` : `yaml: line ${line}: ${problem}`);
