import { ok, problem, type Result } from "../../domain/result.ts";
import { type Bytes, textOf } from "./bytes.ts";
import { type Accept, createScanner, type Mode, type Scanner } from "./scanner.ts";

/** A piece of text, or a variable with what is to be done to its value. */
export type Piece =
  | { readonly kind: "text"; readonly text: Bytes }
  | { readonly kind: "variable"; readonly name: string; readonly operator: string; readonly arguments: readonly Piece[] };

type Variable = Extract<Piece, { kind: "variable" }>;

const MAX_NESTING = 64;

const BAD = "bad substitution";
const NO_CLOSE = "missing closing brace";
const NO_NAME = "unable to parse variable name";
const BAD_ARGUMENT = "unable to parse substitution within function";
const BAD_DEFAULT = "unable to parse default function";

const isNameLetter: Accept = (letter) => /^[\p{L}\p{Nd}_]$/u.test(textOf(letter as Bytes));
const any: Accept = () => true;
const untilClose: Accept = (letter) => letter !== "}";
const untilSlash: Accept = (letter) => letter !== "/";
const untilColon: Accept = (letter) => letter !== ":" && letter !== "}";
const only =
  (wanted: string, most = Number.POSITIVE_INFINITY): Accept =>
  (letter, position) =>
    wanted.includes(letter) && position <= most;
const replaceOperator: Accept = (letter, position) => (position === 1 ? letter === "/" : position === 2 && "/#%".includes(letter));
const defaultOperator: Accept = (letter, position) => (position === 1 ? letter === ":" : position === 2 && "=-?+".includes(letter));

const TEXT: Mode = { text: true };

/**
 * The pieces of a text with `${...}` in it. The grammar is Flux's, with its oddities: without a second slash a replacement goes on to the
 * next slash of the whole text, wherever that is. Source: reference 2.5.3.
 */
export function parseTemplate(source: Bytes): Result<readonly Piece[]> {
  const scanner = createScanner(source);
  const pieces: Piece[] = [];
  for (;;) {
    const token = scanner.scan({ text: true, open: true, escape: "dollar" }, any);
    if (token === "end") return ok(pieces);
    if (token === "text") {
      pieces.push({ kind: "text", text: scanner.text() });
      continue;
    }
    if (token !== "open") return problem(BAD);
    const variable = parseVariable(scanner, 0);
    if (!variable.ok) return variable;
    pieces.push(variable.value);
  }
}

function parseVariable(scanner: Scanner, depth: number): Result<Variable> {
  if (depth > MAX_NESTING) return problem(BAD);
  if (scanner.peek() === "#") return parseLength(scanner);
  if (scanner.scan(TEXT, isNameLetter) !== "text") return problem(NO_NAME);
  const name = textOf(scanner.text());
  switch (scanner.peek()) {
    case ":":
      if (scanner.peekSecond() === "") return problem(BAD);
      return "=-?+".includes(scanner.peekSecond()) ? parseDefault(scanner, name, depth) : parseSubstring(scanner, name, depth);
    case "=":
      return parseDefault(scanner, name, depth);
    case ",":
    case "^":
      return parseCase(scanner, name);
    case "/":
      return parseReplace(scanner, name, depth);
    case "#":
    case "%":
      return parseRemove(scanner, name, depth);
    default:
      return scanner.scan({ close: true }, any) === "close" ? ok(variable(name, "", [])) : problem(NO_CLOSE);
  }
}

const variable = (name: string, operator: string, given: readonly Piece[]): Variable => ({ kind: "variable", name, operator, arguments: given });

function parseLength(scanner: Scanner): Result<Variable> {
  scanner.scan(TEXT, only("#", 1));
  if (scanner.scan(TEXT, isNameLetter) !== "text") return problem(BAD);
  return closed(scanner, variable(textOf(scanner.text()), "#", []));
}

function parseCase(scanner: Scanner, name: string): Result<Variable> {
  scanner.scan(TEXT, only(",^", 2));
  return closed(scanner, variable(name, scanner.text(), []));
}

function parseRemove(scanner: Scanner, name: string, depth: number): Result<Variable> {
  scanner.scan(TEXT, only(scanner.peek(), 2));
  const operator = scanner.text();
  const pattern = parseArgument(scanner, TEXT, untilClose, depth);
  return pattern.ok ? closed(scanner, variable(name, operator, [pattern.value])) : pattern;
}

function parseSubstring(scanner: Scanner, name: string, depth: number): Result<Variable> {
  scanner.scan(TEXT, only(":", 1));
  const from = parseArgument(scanner, TEXT, untilColon, depth);
  if (!from.ok) return from;
  const token = scanner.scan({ text: true, close: true }, only(":"));
  if (token === "close") return ok(variable(name, ":", [from.value]));
  if (token !== "text") return problem(BAD);
  const length = parseArgument(scanner, TEXT, untilClose, depth);
  return length.ok ? closed(scanner, variable(name, ":", [from.value, length.value])) : length;
}

function parseReplace(scanner: Scanner, name: string, depth: number): Result<Variable> {
  scanner.scan(TEXT, replaceOperator);
  const operator = scanner.text();
  const old = parseArgument(scanner, { text: true, escape: "all" }, untilSlash, depth);
  if (!old.ok) return old;
  if (scanner.scan(TEXT, only("/")) !== "text") return problem(BAD);
  if (scanner.peek() === "}") return closed(scanner, variable(name, operator, [old.value]));
  const fresh = parseArgument(scanner, { text: true, escape: "all" }, untilClose, depth);
  return fresh.ok ? closed(scanner, variable(name, operator, [old.value, fresh.value])) : fresh;
}

function parseDefault(scanner: Scanner, name: string, depth: number): Result<Variable> {
  const accept = scanner.peek() === "=" ? only("=", 1) : defaultOperator;
  if (scanner.scan(TEXT, accept) !== "text") return problem(BAD_DEFAULT);
  const operator = scanner.text();
  const given: Piece[] = [];
  while (scanner.peek() !== "}") {
    const piece = parseArgument(scanner, TEXT, untilClose, depth);
    if (!piece.ok) return piece;
    given.push(piece.value);
  }
  return closed(scanner, variable(name, operator, given));
}

function parseArgument(scanner: Scanner, mode: Mode, accept: Accept, depth: number): Result<Piece> {
  switch (scanner.scan({ ...mode, open: true }, accept)) {
    case "open":
      return parseVariable(scanner, depth + 1);
    case "text":
      return ok({ kind: "text", text: scanner.text() });
    default:
      return problem(BAD_ARGUMENT);
  }
}

const closed = (scanner: Scanner, made: Variable): Result<Variable> => (scanner.scan({ close: true }, any) === "close" ? ok(made) : problem(BAD));
