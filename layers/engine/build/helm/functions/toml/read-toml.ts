import { quote } from "../../../text/quote.ts";
import { spend } from "../../../work.ts";
import { type GoMap, type GoValue, goSlice } from "../../go/value.ts";
import { MAX_DEPTH } from "../limits.ts";
import {
  accept,
  type Cursor,
  createCursor,
  END,
  isBlank,
  isBreak,
  peek,
  problemAt,
  problemHere,
  problemWith,
  shown,
  skipBlanks,
  TomlProblem,
  take,
  takeWhile,
} from "./cursor.ts";
import { keyText } from "./key-text.ts";
import { numberValue } from "./number-value.ts";
import { NO_POINT_FIRST, scanNumberOrTime, scanSigned } from "./scan-number.ts";
import { joinLines, opensBlock, replaceEscapes, scanBlock, scanLine, withoutFirstBreak } from "./scan-text.ts";
import { createTables, enterImplicit, enterTable, mapOfTable, noteType, setEntry, setInline, type Table, type Tables } from "./tables.ts";

export type ReadToml = { readonly ok: true; readonly value: GoMap } | { readonly ok: false; readonly problem: string };

/** What BurntSushi/toml 1.6 makes of a text. A problem is in its words: they go into manifests, by `fromToml`, where another reader would say something else. */
export function readToml(text: string): ReadToml {
  spend(60 * text.length);
  const start = /^(?:\ufeff|\udcff\udcfe|\udcfe\udcff)/.exec(text)?.[0].length ?? 0;
  if (
    Buffer.from(text.slice(start, start + 6))
      .subarray(0, 6)
      .includes(0)
  )
    return { ok: false, problem: `toml: line 1: ${NUL}` };
  const document: Document = { cursor: createCursor(text.slice(start)), tables: createTables(), depth: 0 };
  try {
    while (readTopLevel(document));
  } catch (error) {
    if (error instanceof TomlProblem) return { ok: false, problem: error.message };
    throw error;
  }
  return { ok: true, value: mapOfTable(document.tables.root) };
}

const NUL = "files cannot contain NULL bytes; probably using UTF-16; TOML files must be UTF-8";

type Document = { readonly cursor: Cursor; readonly tables: Tables; depth: number };

/** A table's head, or a key with its value. False at the end. */
function readTopLevel(document: Document): boolean {
  const { cursor } = document;
  takeWhile(cursor, (character) => isBlank(character) || isBreak(character));
  const next = peek(cursor);
  if (next === END) return false;
  if (next === "#") skipComment(cursor);
  else {
    if (next === "[") readHead(document);
    else readPair(document);
    endLine(cursor);
  }
  return true;
}

const skipComment = (cursor: Cursor): string => takeWhile(cursor, (character) => !isBreak(character));

function endLine(cursor: Cursor): void {
  skipBlanks(cursor);
  const next = peek(cursor);
  if (next === "#" || next === END || isBreak(next)) return;
  take(cursor);
  throw problemWith(cursor, next, `expected a top-level item to end with a newline, comment, or EOF, but got ${shown(next)} instead`);
}

/** `[a.b]` and `[[a.b]]`. */
function readHead({ cursor, tables }: Document): void {
  take(cursor);
  const isArray = accept(cursor, "[");
  const key: string[] = [];
  for (let more = true; more; ) {
    skipBlanks(cursor);
    const first = peek(cursor);
    if (first === "]" || first === END) throw problemHere(cursor, "unexpected end of table name (table names cannot be empty)");
    if (first === ".") throw problemHere(cursor, "unexpected table separator (table names cannot be empty)");
    key.push(readName(cursor));
    if (key.length === 1) tables.line = cursor.line;
    skipBlanks(cursor);
    const next = take(cursor);
    if (next !== "." && next !== "]") throw problemWith(cursor, next, `expected '.' or ']' to end table name, but got ${shown(next)} instead`);
    more = next === ".";
  }
  if (isArray) {
    const next = take(cursor);
    if (next !== "]") throw problemWith(cursor, next, `expected end of table array name delimiter ']', but got ${shown(next)} instead`);
  }
  enterTable(cursor, tables, key, isArray);
  noteType(cursor, tables, "", false);
}

const BARE = /^[A-Za-z0-9_-]$/;

/** A part of a key. Without quotes it may be empty, which is a problem of what follows. */
function readName(cursor: Cursor): string {
  const mark = peek(cursor);
  if (mark !== '"' && mark !== "'") return takeWhile(cursor, (character) => BARE.test(character));
  take(cursor);
  const { text, escapes, line } = scanLine(cursor, mark);
  return escapes ? replaceEscapes(cursor, text, line) : text;
}

/** The parts of a key, up to and with the `=`. */
function readKey({ cursor, tables }: Document): readonly string[] {
  skipBlanks(cursor);
  const first = peek(cursor);
  if (first === "=" || first === END) throw problemHere(cursor, "unexpected '=': key name appears blank");
  if (first === ".") throw problemHere(cursor, "unexpected '.': keys cannot start with a '.'");
  const key: string[] = [];
  for (;;) {
    key.push(readName(cursor));
    if (key.length === 1) tables.line = cursor.line;
    skipBlanks(cursor);
    const next = take(cursor);
    if (next === "=") return key;
    if (next === END) throw problemWith(cursor, next, "unexpected EOF; expected key separator '='");
    if (next === "\n") throw problemAt(cursor, cursor.line - 1, `expected '.' or '=', but got ${shown(next)} instead`);
    if (next !== ".") throw problemWith(cursor, next, `expected '.' or '=', but got ${shown(next)} instead`);
    skipBlanks(cursor);
    const part = peek(cursor);
    if (part === "=" || part === END) throw problemHere(cursor, "unexpected '='");
    if (part === ".") throw problemHere(cursor, "unexpected '.'");
  }
}

/** `a.b = 1`, in the current table, where it leads back. */
function readPair(document: Document): { readonly parents: readonly string[]; readonly key: string; readonly value: GoValue } {
  const { cursor, tables } = document;
  const outer = cursor.context;
  const parts = readKey(document);
  const [parents, key] = [parts.slice(0, -1), parts.at(-1) ?? ""];
  cursor.key = key;
  for (const parent of parents) enterImplicit(cursor, tables, [...cursor.context, parent]);
  const isArray = startsArray(cursor);
  const value = readValue(document, false);
  setEntry(cursor, tables, key, { kind: "value", value });
  noteType(cursor, tables, key, isArray);
  cursor.context = outer;
  cursor.key = "";
  return { parents, key, value };
}

function startsArray(cursor: Cursor): boolean {
  skipBlanks(cursor);
  return peek(cursor) === "[";
}

const LETTER = /^\p{L}$/u;

/** Source: lex.go, lexValue. */
function readValue(document: Document, isInArray: boolean): GoValue {
  const { cursor } = document;
  skipBlanks(cursor);
  const next = peek(cursor);
  if (next >= "0" && next <= "9") return numberValue(cursor, scanNumberOrTime(cursor));
  switch (next) {
    case "[":
      return nested(document, readArray);
    case "{":
      return nested(document, () => readInlineTable(document, isInArray));
    case '"':
    case "'":
      return readText(cursor, next);
    case "-":
    case "+":
      return numberValue(cursor, scanSigned(cursor));
    case "i":
    case "n":
      if (takesSpecial(cursor)) return numberValue(cursor, { kind: "float", text: cursor.text.slice(cursor.at - 3, cursor.at), line: cursor.line });
  }
  if (LETTER.test(next)) return readWord(cursor);
  take(cursor);
  if (next === ".") throw problemWith(cursor, next, NO_POINT_FIRST);
  if (next === END) throw problemWith(cursor, next, "unexpected EOF; expected value");
  if (next === "\n") throw problemAt(cursor, cursor.line - 1, `expected value but found ${shown(next)} instead`);
  throw problemWith(cursor, next, `expected value but found ${shown(next)} instead`);
}

function nested(document: Document, read: (document: Document) => GoValue): GoValue {
  if (document.depth >= MAX_DEPTH) throw problemHere(document.cursor, "values are nested too deep");
  document.depth++;
  const value = read(document);
  document.depth--;
  return value;
}

/** `inf`, `nan` and what the lexer takes for them. */
function takesSpecial(cursor: Cursor): boolean {
  if (!/^.(?:nf|an)/.test(cursor.text.slice(cursor.at, cursor.at + 3))) return false;
  cursor.at += 3;
  return true;
}

function readWord(cursor: Cursor): GoValue {
  const word = takeWhile(cursor, (character) => LETTER.test(character));
  if (word === "true" || word === "false") return word === "true";
  throw problemHere(cursor, `expected value but found ${quote(word)} instead`);
}

function readText(cursor: Cursor, mark: '"' | "'"): string {
  const isBlock = opensBlock(cursor, mark);
  const { text, escapes, line } = isBlock ? scanBlock(cursor, mark) : scanLine(cursor, mark);
  if (!isBlock) return escapes ? replaceEscapes(cursor, text, line) : text;
  return escapes ? replaceEscapes(cursor, joinLines(text), line) : withoutFirstBreak(text);
}

/** Blanks, line breaks and comments between values. */
function skipBetween(cursor: Cursor): void {
  for (;;) {
    takeWhile(cursor, (character) => isBlank(character) || isBreak(character));
    if (peek(cursor) !== "#") return;
    skipComment(cursor);
  }
}

const shownOrEnd = (character: string): string => (character === END ? "end of file" : `'${character}'`);

function readArray(document: Document): GoValue {
  const { cursor, tables } = document;
  take(cursor);
  noteType(cursor, tables, cursor.key, true);
  const items: GoValue[] = [];
  for (;;) {
    skipBetween(cursor);
    if (accept(cursor, "]")) return goSlice(items);
    if (accept(cursor, ",")) throw problemWith(cursor, ",", "unexpected comma");
    items.push(readValue(document, true));
    skipBetween(cursor);
    const next = take(cursor);
    if (next === "]") return goSlice(items);
    if (next !== ",") throw problemWith(cursor, next, `expected a comma (',') or array terminator (']'), but got ${shownOrEnd(next)}`);
  }
}

/** `{ a = 1 }`. Its keys are noted as those of a table are, so that nothing is said twice. Source: parse.go, valueInlineTable. */
function readInlineTable(document: Document, isInArray: boolean): GoValue {
  const { cursor, tables } = document;
  const top: Table = new Map();
  const [outer, outerKey] = [cursor.context, cursor.key];
  take(cursor);
  const here = [...outer, outerKey];
  cursor.context = here;
  cursor.key = "";
  enterInline(document, here, isInArray);
  for (;;) {
    skipBetween(cursor);
    if (accept(cursor, "}")) break;
    if (accept(cursor, ",")) throw problemWith(cursor, ",", "unexpected comma");
    const { parents, key, value } = readPair(document);
    setInline(cursor, tables, top, parents, key, value);
    cursor.context = here;
    // Problems go on to name the key that was read last.
    cursor.key = key;
    if (endsInline(cursor)) break;
  }
  cursor.context = outer;
  cursor.key = outerKey;
  return mapOfTable(top);
}

function enterInline({ cursor, tables }: Document, here: readonly string[], isInArray: boolean): void {
  tables.implicit.add(keyText(here));
  enterTable(cursor, tables, here, isInArray);
}

/** Behind a value: the end, or a comma, which may stand before the end. */
function endsInline(cursor: Cursor): boolean {
  skipBetween(cursor);
  const next = take(cursor);
  if (next === "}") return true;
  if (next !== ",") throw problemWith(cursor, next, `expected a comma or an inline table terminator '}', but got ${shownOrEnd(next)} instead`);
  skipBlanks(cursor);
  return accept(cursor, "}");
}
