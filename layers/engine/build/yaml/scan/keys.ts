import { columnOf, failScan, type PossibleKey, type Scanner } from "./scanner.ts";
import { BLOCK_END, type Token, token } from "./token.ts";

/** A key without `?` ends on its line, within that many characters. */
const LONGEST_KEY = 1024;

/** Where the scanner stands, a key may begin: it is noted until a `:` shows that it was one. Source: go-yaml scannerc.go, save_simple_key. */
export function keepKey(scanner: Scanner): void {
  if (!scanner.keyAllowed) return;
  const required = scanner.flowLevel === 0 && scanner.indent === columnOf(scanner);
  dropKey(scanner);
  const key = scanner.keys[scanner.flowLevel];
  if (key === undefined) return;
  key.possible = true;
  key.hidden = false;
  key.required = required;
  key.token = scanner.taken + scanner.tokens.length - scanner.head;
  key.at = scanner.at;
  key.line = scanner.line;
  key.column = columnOf(scanner);
}

/** What was noted is no key. Where only a key can stand, that is a fault. */
export function dropKey(scanner: Scanner): void {
  const key = scanner.keys[scanner.flowLevel];
  if (key?.possible !== true) return;
  if (key.required) failScan(scanner, "could not find expected ':'", key.line);
  key.possible = false;
}

/** Whether what was noted may still be a key. Source: go-yaml scannerc.go, simple_key_is_valid. */
export function isUsable(scanner: Scanner, key: PossibleKey): boolean {
  if (!key.possible) return false;
  if (key.line === scanner.line && !isTooLong(scanner, key.at)) return true;
  if (key.required) failScan(scanner, "could not find expected ':'", key.line);
  key.possible = false;
  return false;
}

/** Counts characters: those outside of the basic plane are two in a text of JavaScript. */
function isTooLong(scanner: Scanner, start: number): boolean {
  if (scanner.at - start <= LONGEST_KEY) return false;
  const pairs = scanner.text.slice(start, scanner.at).match(/[\ud800-\udbff]/g)?.length ?? 0;
  return scanner.at - start - pairs > LONGEST_KEY;
}

/** So deep go-yaml scans; what reads the tokens gives up long before. */
const MAX_LEVELS = 10_000;

export function openLevel(scanner: Scanner): void {
  scanner.flowLevel++;
  if (scanner.flowLevel > MAX_LEVELS) failScan(scanner, `exceeded max depth of ${MAX_LEVELS}`, scanner.line);
  const next = scanner.taken + scanner.tokens.length - scanner.head;
  const key = scanner.keys[scanner.flowLevel];
  if (key === undefined) scanner.keys.push({ possible: false, hidden: false, required: false, token: next, at: 0, line: 0, column: 0 });
  else {
    key.possible = false;
    key.token = next;
  }
}

/** go-yaml forgets, behind an empty `[]` or `{}`, that its bracket may be the beginning of a key. */
export function endLevel(scanner: Scanner): void {
  if (scanner.flowLevel === 0) return;
  const inner = scanner.keys[scanner.flowLevel];
  scanner.flowLevel--;
  const outer = scanner.keys[scanner.flowLevel];
  if (outer !== undefined && outer.token === inner?.token) outer.hidden = true;
}

/**
 * A block collection begins at `column` when that is deeper than what is open; its token goes before the one with the number `before`,
 * or to the end. Source: go-yaml scannerc.go, roll_indent.
 */
export function rollIndent(scanner: Scanner, column: number, before: number | undefined, kind: number, line: number): void {
  if (scanner.flowLevel > 0 || scanner.indent >= column) return;
  scanner.indents.push(scanner.indent);
  scanner.indent = column;
  if (scanner.indents.length > MAX_LEVELS) failScan(scanner, `exceeded max depth of ${MAX_LEVELS}`, line);
  insertToken(scanner, before, token(kind, line, scanner.comments === undefined ? "" : String(column)));
}

/** Puts `added` before the token with the number `before`; to the end when that has been handed out already. */
export function insertToken(scanner: Scanner, before: number | undefined, added: Token): void {
  const { tokens } = scanner;
  tokens.push(added);
  if (before === undefined || before < scanner.taken) return;
  // Hardly ever more than two tokens stand behind it.
  const place = scanner.head + before - scanner.taken;
  for (let at = tokens.length - 1; at > place; at--) tokens[at] = tokens[at - 1] ?? added;
  tokens[place] = added;
}

/** Ends the block collections that are indented deeper than `column`. */
export function unrollIndent(scanner: Scanner, column: number): void {
  if (scanner.flowLevel > 0) return;
  while (scanner.indent > column) {
    scanner.tokens.push(token(BLOCK_END, scanner.line));
    scanner.indent = scanner.indents.pop() ?? -1;
  }
}
