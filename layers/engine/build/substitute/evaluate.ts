import { ok, problem, type Result } from "../../domain/result.ts";
import { type Bytes, bytesOf, cut, join, joinAll, letterAt, letters } from "./bytes.ts";
import { type Effort, matchGlob, reverse } from "./glob.ts";
import type { Piece } from "./parse.ts";

export type Lookup = (name: string) => Bytes | undefined;

/** `strict`: a variable that is not defined is an error, unless an operator gives it a default. */
export type Evaluation = { readonly lookup: Lookup; readonly strict: boolean; readonly effort: Effort };

const DEFAULT_OPERATORS: ReadonlySet<string> = new Set(["-", "+", "=", "?", ":-", ":+", ":=", ":?"]);
const NONE = join();
/** Of one object: far above what a cluster takes. */
const MAX_LENGTH = 16 * 1024 * 1024;
const TOO_LONG = `the text becomes longer than ${MAX_LENGTH} bytes`;

/** Source: reference 2.5.3. */
export function evaluate(pieces: readonly Piece[], run: Evaluation): Result<Bytes> {
  const parts: Bytes[] = [];
  let length = 0;
  for (const piece of pieces) {
    const part = evaluatePiece(piece, run);
    if (!part.ok) return part;
    parts.push(part.value);
    length += part.value.length;
    if (length > MAX_LENGTH) return problem(TOO_LONG);
  }
  return ok(joinAll(parts));
}

function evaluatePiece(piece: Piece, run: Evaluation): Result<Bytes> {
  if (piece.kind === "text") return ok(piece.text);
  const given: Bytes[] = [];
  let length = 0;
  for (const argument of piece.arguments) {
    // Even what is not needed is evaluated: the default of a variable that is set may fail, too.
    const value = evaluatePiece(argument, run);
    if (!value.ok) return value;
    given.push(value.value);
    length += value.value.length;
    if (length > MAX_LENGTH) return problem(TOO_LONG);
  }
  const value = run.lookup(piece.name);
  if (value === undefined && run.strict && !DEFAULT_OPERATORS.has(piece.operator)) {
    return problem(`variable not set (strict mode): ${JSON.stringify(piece.name)}`);
  }
  if (isTooLong(piece.operator, value ?? NONE, given)) return problem(TOO_LONG);
  const made = operate(piece.operator, value ?? NONE, given, run.effort);
  return run.effort.left < 0 ? problem(`the pattern of variable ${JSON.stringify(piece.name)} needs too much work`) : ok(made);
}

/** Only replacing everywhere makes more than what goes in. */
const isTooLong = (operator: string, value: Bytes, [first = NONE, second = NONE]: readonly Bytes[]): boolean =>
  operator === "//" && value.length + countOf(value, first) * second.length > MAX_LENGTH;

function countOf(value: Bytes, part: Bytes): number {
  if (part === "") return value.length + 1;
  let count = 0;
  for (let at = value.indexOf(part); at >= 0; at = value.indexOf(part, at + part.length)) count++;
  return count;
}

function operate(operator: string, value: Bytes, given: readonly Bytes[], effort: Effort): Bytes {
  const [first = NONE, second] = given;
  switch (operator) {
    case ",":
      return withFirst(value, lowerCase);
    case ",,":
      return withAll(value, lowerCase);
    case "^":
      return withFirst(value, upperCase);
    case "^^":
      return withAll(value, upperCase);
    case "#":
      return given.length === 0 ? bytesOf(String(value.length)) : removePrefix(value, first, "shortest", effort);
    case "##":
      return removePrefix(value, first, "longest", effort);
    case "%":
      return reverse(removePrefix(reverse(value), reverse(first), "shortest", effort));
    case "%%":
      return reverse(removePrefix(reverse(value), reverse(first), "longest", effort));
    case ":":
      return substring(value, first, second);
    case "/":
      return replaceFirst(value, first, second ?? NONE);
    case "//":
      return first === "" ? spread(value, second ?? NONE) : join(value.split(first).join(second ?? NONE));
    case "/#":
      return second !== undefined && value.startsWith(first) ? replaceFirst(value, first, second) : value;
    case "/%":
      return second !== undefined && value.endsWith(first) ? join(cut(value, 0, value.length - first.length), second) : value;
    default:
      return value === "" ? joinAll(given) : value;
  }
}

function replaceFirst(value: Bytes, old: Bytes, fresh: Bytes): Bytes {
  const at = value.indexOf(old);
  return at < 0 ? value : join(cut(value, 0, at), fresh, cut(value, at + old.length));
}

/** An empty text is found before every letter and at the end. */
function spread(value: Bytes, fresh: Bytes): Bytes {
  const parts: string[] = [fresh];
  for (let at = 0; at < value.length; ) {
    const { width } = letterAt(value, at);
    parts.push(cut(value, at, at + width), fresh);
    at += width;
  }
  return joinAll(parts);
}

function removePrefix(value: Bytes, pattern: Bytes, which: "shortest" | "longest", effort: Effort): Bytes {
  let found = 0;
  for (let end = value.length; end > 0 && effort.left >= 0; end--) {
    const match = matchGlob(pattern, cut(value, 0, end), effort);
    if (match === "malformed") return value;
    if (match === "no") continue;
    found = end;
    if (which === "longest") break;
  }
  return cut(value, found);
}

function substring(value: Bytes, from: Bytes, count: Bytes | undefined): Bytes {
  const position = wholeNumber(from);
  if (position === undefined) return value;
  const start = position < 0 ? Math.max(value.length + position, 0) : position;
  if (count === undefined) return cut(value, start);
  const length = wholeNumber(count);
  if (length === undefined) return value;
  if (length < 0) return value.length + length < start ? NONE : cut(value, start, value.length + length);
  return cut(value, start, start + length);
}

/** A decimal number of at most 64 bits, with or without a sign, and nothing else. */
function wholeNumber(text: Bytes): number | undefined {
  if (!/^[-+]?\d+$/.test(text)) return undefined;
  const value = BigInt(text.startsWith("+") ? text.slice(1) : text);
  return BigInt.asIntN(64, value) === value ? Number(value) : undefined;
}

const withFirst = (value: Bytes, change: (code: number) => string): Bytes => {
  if (value === "") return value;
  const { code, width } = letterAt(value, 0);
  return join(bytesOf(change(code)), cut(value, width));
};

const withAll = (value: Bytes, change: (code: number) => string): Bytes => joinAll(Array.from(letters(value), ({ code }) => bytesOf(change(code))));

/** One letter becomes one letter: `ß` has no single upper case letter and stays. */
const single = (code: number, changed: string): string => ([...changed].length === 1 ? changed : String.fromCodePoint(code));
const upperCase = (code: number): string => single(code, String.fromCodePoint(code).toUpperCase());
const lowerCase = (code: number): string => (code === 0x130 ? "i" : single(code, String.fromCodePoint(code).toLowerCase()));
