import type { SourceError } from "./source-error.ts";

/** `kind` is the name that cel-go's messages have for it: `'('`, `IDENTIFIER`, `<EOF>`. */
export type Token = { readonly kind: string; readonly text: string; readonly offset: number };

const SIGNS = ["==", "!=", "<=", ">=", "&&", "||", "<", ">", "[", "]", "{", "}", "(", ")", ".", ",", "-", "!", "?", ":", "+", "*", "/", "%"];
const KEYWORDS: ReadonlySet<string> = new Set(["in", "true", "false", "null"]);

const ESCAPE = String.raw`\\(?:[abfnrtv"'\\?${"`"}]|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[xX][0-9a-fA-F]{2}|[0-3][0-7]{2})`;
/** As much of an escape as there is: where one breaks off is where the error ends. */
const PARTIAL_ESCAPE = /\\(?:u[0-9a-fA-F]{0,3}|U[0-9a-fA-F]{0,7}|[xX][0-9a-fA-F]?|[0-3][0-7]?)?/y;

const BLANK = /(?:[ \t\r\n\f]+|\/\/[^\n]*)+/y;
const WORD = /[A-Za-z_][A-Za-z0-9_]*/y;
const QUOTED_NAME = /`[A-Za-z0-9_.\-/ ]+`/y;
const NUMBERS: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ["NUM_FLOAT", /(?:[0-9]*\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+)/y],
  ["NUM_UINT", /(?:0x[0-9a-fA-F]+|[0-9]+)[uU]/y],
  ["NUM_INT", /0x[0-9a-fA-F]+|[0-9]+/y],
];

/** One way to write a string: what opens it, and how far its inside goes. */
type Quote = { readonly open: RegExp; readonly inside: RegExp; readonly close: string; readonly raw: boolean };
const quotes = ["'''", '"""', "'", '"'].flatMap((close): readonly Quote[] => {
  const [mark = ""] = close;
  const long = close.length === 3;
  const plain = long ? String.raw`[^\\${mark}]|${mark}(?!${mark}${mark})` : String.raw`[^\\${mark}\n\r]`;
  const anything = long ? `[^${mark}]|${mark}(?!${mark}${mark})` : String.raw`[^${mark}\n\r]`;
  return [
    { open: new RegExp(`[bB]?[rR]${close}|[rR][bB]${close}`, "y"), inside: new RegExp(`(?:${anything})*`, "y"), close, raw: true },
    { open: new RegExp(`[bB]?${close}`, "y"), inside: new RegExp(`(?:${plain}|${ESCAPE})*`, "y"), close, raw: false },
  ];
});

/** The tokens of an expression, the last one `<EOF>`, and what is none. Source: cel-go parser/gen/CEL.g4; ANTLR's lexer skips what it could not read. */
export function tokenize(text: string): { readonly tokens: readonly Token[]; readonly errors: readonly SourceError[] } {
  const tokens: Token[] = [];
  const errors: SourceError[] = [];
  let offset = 0;
  while (offset < text.length) {
    offset += matchAt(BLANK, text, offset).length;
    if (offset >= text.length) break;
    const found = readToken(text, offset);
    if (found.kind === "broken") errors.push({ offset, message: `Syntax error: token recognition error at: '${found.text}'` });
    else tokens.push({ kind: found.kind, text: found.text, offset });
    offset += found.text.length;
  }
  return { tokens: [...tokens, { kind: "<EOF>", text: "<EOF>", offset: text.length }], errors };
}

type Found = { readonly kind: string; readonly text: string };

function readToken(text: string, offset: number): Found {
  const string = readString(text, offset);
  if (string !== undefined && string.kind !== "broken") return string;
  for (const [kind, pattern] of NUMBERS) {
    const number = matchAt(pattern, text, offset);
    if (number !== "") return { kind, text: number };
  }
  const word = matchAt(WORD, text, offset);
  if (word !== "" && (string === undefined || !/["']/.test(text[offset] ?? ""))) return { kind: KEYWORDS.has(word) ? `'${word}'` : "IDENTIFIER", text: word };
  const name = matchAt(QUOTED_NAME, text, offset);
  if (name !== "") return { kind: "ESC_IDENTIFIER", text: name };
  const sign = SIGNS.find((one) => text.startsWith(one, offset));
  if (sign !== undefined) return { kind: `'${sign}'`, text: sign };
  return string ?? { kind: "broken", text: beginningOf(text, offset) };
}

/** A string, what there is of one that does not end, or undefined where none begins. */
function readString(text: string, offset: number): Found | undefined {
  let broken: Found | undefined;
  for (const { open, inside, close, raw } of quotes) {
    const opened = matchAt(open, text, offset);
    if (opened === "") continue;
    const end = offset + opened.length + matchAt(inside, text, offset + opened.length).length;
    if (text.startsWith(close, end)) return { kind: /[bB]/.test(opened) ? "BYTES" : "STRING", text: text.slice(offset, end + close.length) };
    if (broken !== undefined || close.length === 3) continue;
    const stop = raw ? end : end + matchAt(PARTIAL_ESCAPE, text, end).length;
    broken = { kind: "broken", text: text.slice(offset, stop) + characterAt(text, stop) };
  }
  return broken;
}

/** `= ` of a single `=`: ANTLR tells of the character that did not fit as well. */
function beginningOf(text: string, offset: number): string {
  const first = characterAt(text, offset);
  return ["=", "&", "|", "`"].includes(first) ? first + characterAt(text, offset + 1) : first;
}

const characterAt = (text: string, offset: number): string => (offset < text.length ? String.fromCodePoint(text.codePointAt(offset) ?? 0) : "");

function matchAt(pattern: RegExp, text: string, offset: number): string {
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0] ?? "";
}
