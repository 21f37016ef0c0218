import type { SourceError } from "./source-error.ts";
import { createReader, Lost, type Reader } from "./token-reader.ts";
import { type Token, tokenize } from "./tokens.ts";

const LITERALS: readonly string[] = ["'true'", "'false'", "'null'", "NUM_FLOAT", "NUM_INT", "NUM_UINT", "STRING", "BYTES"];
/** What an expression can begin with. */
const START: readonly string[] = ["'['", "'{'", "'('", "'.'", "'-'", "'!'", ...LITERALS, "IDENTIFIER"];
const FIELD: readonly string[] = ["'?'", "IDENTIFIER", "ESC_IDENTIFIER"];
const BINARY: readonly (readonly string[])[] = [
  ["'||'"],
  ["'&&'"],
  ["'=='", "'!='", "'in'", "'<'", "'<='", "'>='", "'>'"],
  ["'+'", "'-'"],
  ["'*'", "'/'", "'%'"],
];
const OPERATORS: ReadonlySet<string> = new Set(BINARY.flat());
/** What may follow the operand of anything: there a reader that lost its way finds back. */
const RESUMES: ReadonlySet<string> = new Set([...OPERATORS, "'?'", "<EOF>"]);
const RESERVED: ReadonlySet<string> = new Set(
  "as break const continue else for function if import let loop package namespace return var void while".split(" "),
);
/**
 * What cel-go's parser says is wrong with the text, nothing when it is an expression. Follows the grammar (cel-go parser/gen/CEL.g4) and
 * the way in which ANTLR reports: a token too many, a missing one, a mismatch. After a mismatch inside brackets only the first error is told.
 */
export function findSyntaxErrors(text: string): readonly SourceError[] {
  const { tokens, errors } = tokenize(text);
  const found: SourceError[] = [...errors];
  try {
    readAll(createReader(tokens, found));
  } catch (error) {
    if (!(error instanceof Lost)) throw error;
  }
  return found;
}

function readAll(reader: Reader): void {
  readExpression(reader);
  if (reader.is("<EOF>")) return;
  const token = reader.at();
  const kind = reader.at(1).kind === "<EOF>" ? "extraneous" : "mismatched";
  reader.fail(token, `${kind} input '${token.text}' expecting <EOF>`);
}

/** One sign that must be there: one too many before it is skipped, a missing one is made up where what follows it is already there. */
function expect(reader: Reader, kind: string, next: (token: Token) => boolean): void {
  const token = reader.at();
  if (token.kind === kind) {
    reader.take();
    return;
  }
  if (token.kind !== "<EOF>" && reader.at(1).kind === kind) {
    reader.report(token, `Syntax error: extraneous input '${token.text}' expecting ${kind}`);
    reader.skip();
    reader.take();
    return;
  }
  if (!next(token)) reader.fail(token, `mismatched input '${token.text}' expecting ${kind}`);
  reader.report(token, `Syntax error: missing ${kind} at '${token.text}'`);
}

/** What may follow a closing bracket. */
const afterClose = ({ kind }: Token): boolean => RESUMES.has(kind) || ["'.'", "'['", "')'", "']'", "'}'", "','", "':'"].includes(kind);

function readExpression(reader: Reader): void {
  reader.nested(() => {
    readBinary(reader, 0);
    if (!reader.is("'?'")) return;
    reader.take();
    readBinary(reader, 0);
    expect(reader, "':'", ({ kind }) => START.includes(kind));
    readExpression(reader);
  });
}

function readBinary(reader: Reader, level: number): void {
  const operators = BINARY[level];
  if (operators === undefined) {
    readUnary(reader);
    return;
  }
  readBinary(reader, level + 1);
  while (reader.is(...operators)) {
    reader.take();
    readBinary(reader, level + 1);
  }
}

function readUnary(reader: Reader): void {
  if (!reader.sync(START)) {
    recover(reader);
    return;
  }
  const sign = reader.at().kind;
  if (sign !== "'!'" && sign !== "'-'") {
    readMember(reader);
    return;
  }
  while (reader.is(sign)) reader.take();
  if (sign === "'-'" && !reader.is(...START)) reader.fail(reader.at(), `no viable alternative at input '-${textOf(reader.at())}'`);
  if (reader.sync(START.filter((kind) => kind !== "'-'" && kind !== "'!'"))) readMember(reader);
  else recover(reader);
}

/** Skips to where an operand may be followed by something; inside brackets nothing more is told. */
function recover(reader: Reader): void {
  while (!RESUMES.has(reader.at().kind)) {
    if (["')'", "']'", "'}'", "','", "':'"].includes(reader.at().kind)) throw new Lost();
    reader.skip();
  }
  if (reader.is("<EOF>")) throw new Lost();
}

const textOf = ({ kind, text }: Token): string => (kind === "<EOF>" ? "" : text);

function readMember(reader: Reader): void {
  let isName = readPrimary(reader);
  for (;;) {
    if (reader.is("'['")) readIndex(reader);
    else if (reader.is("'.'")) readSelect(reader, isName);
    else if (isName && reader.is("'{'")) readMessage(reader);
    else return;
    isName = isName && !reader.is("'['", "'('");
  }
}

function readIndex(reader: Reader): void {
  reader.take();
  if (reader.is("'?'")) reader.take();
  readExpression(reader);
  expect(reader, "']'", afterClose);
}

function readSelect(reader: Reader, isName: boolean): void {
  reader.take();
  const optional = reader.is("'?'");
  if (optional) reader.take();
  const token = reader.at();
  if (token.kind !== "IDENTIFIER" && token.kind !== "ESC_IDENTIFIER") {
    if (optional) reader.fail(token, `mismatched input '${token.text}' expecting {IDENTIFIER, ESC_IDENTIFIER}`);
    if (isName && token.kind !== "<EOF>") reader.fail(token, `mismatched input '${token.text}' expecting IDENTIFIER`);
    reader.fail(token, `no viable alternative at input '.${textOf(token)}'`);
  }
  reader.take();
  // Escaped names are an option of cel-go that Flux does not set.
  if (token.kind === "ESC_IDENTIFIER") reader.note(token, "unsupported syntax: '`'");
  if (reader.is("'('") && token.kind === "IDENTIFIER" && !optional) readArguments(reader);
}

function readArguments(reader: Reader): void {
  reader.take();
  if (!reader.sync([...START, "')'"])) throw new Lost();
  if (!reader.is("')'")) readList(reader, false);
  expect(reader, "')'", afterClose);
}

/** Items with commas between them; in a literal each may be optional, and the last may be followed by a comma. */
function readList(reader: Reader, literal: boolean): void {
  for (;;) {
    if (literal && reader.is("'?'")) reader.take();
    readExpression(reader);
    if (!reader.is("','")) return;
    if (literal && reader.at(1).kind === "']'") return;
    reader.take();
  }
}

/** True when it was a name, which a message or a qualified name could begin with. */
function readPrimary(reader: Reader): boolean {
  const token = reader.at();
  if (LITERALS.includes(token.kind)) {
    reader.take();
    return false;
  }
  switch (token.kind) {
    case "'('":
      reader.take();
      readExpression(reader);
      expect(reader, "')'", afterClose);
      return false;
    case "'['":
      readListLiteral(reader);
      return false;
    case "'{'":
      readMap(reader);
      return false;
    default:
      return readName(reader);
  }
}

function readName(reader: Reader): boolean {
  if (reader.is("'.'")) reader.take();
  const token = reader.at();
  if (token.kind !== "IDENTIFIER") reader.fail(token, `no viable alternative at input '.${textOf(token)}'`);
  reader.take();
  if (reader.is("'('")) {
    readArguments(reader);
    return false;
  }
  if (RESERVED.has(token.text)) reader.note(token, `reserved identifier: ${token.text}`);
  return true;
}

function readListLiteral(reader: Reader): void {
  reader.take();
  if (!reader.sync([...START, "'?'", "','", "']'"])) throw new Lost();
  if (reader.is("','")) reader.take();
  else if (!reader.is("']'")) readList(reader, true);
  closeLiteral(reader, "']'");
}

function readMap(reader: Reader): void {
  reader.take();
  if (!reader.sync([...START, "'?'", "','", "'}'"])) throw new Lost();
  readEntries(reader, () => {
    if (reader.is("'?'")) reader.take();
    readExpression(reader);
  });
}

/** `Name{field: value}`. */
function readMessage(reader: Reader): void {
  reader.take();
  if (!reader.sync([...FIELD, "','", "'}'"])) throw new Lost();
  readEntries(reader, () => {
    if (reader.is("'?'")) reader.take();
    if (!reader.sync(["IDENTIFIER", "ESC_IDENTIFIER"])) throw new Lost();
    reader.take();
  });
}

function readEntries(reader: Reader, readKey: () => void): void {
  while (!reader.is("'}'", "','")) {
    readKey();
    expect(reader, "':'", ({ kind }) => START.includes(kind));
    readExpression(reader);
    if (!reader.is("','") || reader.at(1).kind === "'}'") break;
    reader.take();
  }
  closeLiteral(reader, "'}'");
}

/** The end of a list or map, before which one comma may stand. */
function closeLiteral(reader: Reader, close: string): void {
  if (!reader.sync([close, "','"])) throw new Lost();
  if (reader.is("','")) reader.take();
  expect(reader, close, afterClose);
}
