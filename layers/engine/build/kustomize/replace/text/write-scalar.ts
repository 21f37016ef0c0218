import { scalarOf } from "../../../yaml/scalar-of.ts";
import type { Look } from "./look.ts";

type Spot = { readonly column: number; readonly inFlow: boolean };

const INDICATOR_FIRST = /^(?:[#,[\]{}&*!|>'"%@`]|[-?:](?:[ \t]|$)|---|\.\.\.)/;
const INDICATOR_INSIDE = /:(?:[ \t]|$)|[ \t]#/;
const FLOW_INSIDE = /[,?[\]{}]|:(?:[ \t,[\]{}]|$)/;
const UNPRINTABLE = /[^\t\n\x20-\x7e\u0085\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u;

/** A scalar in its quotes, or in others where the text does not fit them. `isText` says that it may not be read as anything else. Source: go-yaml v3 emitterc.go. */
export function writeScalar(text: string, isText: boolean, style: Look["style"], { inFlow, column }: Spot): string {
  if (UNPRINTABLE.test(text)) return doubleQuoted(text);
  switch (style) {
    case "double":
      return doubleQuoted(text);
    case "single":
      return text.includes("\n") || /^[ \t]|[ \t]$/.test(text.replaceAll("'", "")) ? quotedOf(text) : singleQuoted(text);
    case "literal":
      return inFlow ? doubleQuoted(text) : block(text, column);
    case "folded":
      return inFlow ? doubleQuoted(text) : block(text, column, ">");
    case "plain":
    case "block":
    case "flow":
      if (text.includes("\n")) return inFlow ? doubleQuoted(text) : block(text, column);
      if (isText && scalarOf(text) !== text) return doubleQuoted(text);
      return isPlain(text, inFlow) ? text : quotedOf(text);
  }
}

const isPlain = (text: string, inFlow: boolean): boolean =>
  text === "" ? !inFlow : !/^[ \t]|[ \t]$/.test(text) && !INDICATOR_FIRST.test(text) && !INDICATOR_INSIDE.test(text) && !(inFlow && FLOW_INSIDE.test(text));

const quotedOf = (text: string): string => (text.includes("\n") || UNPRINTABLE.test(text) ? doubleQuoted(text) : singleQuoted(text));
const singleQuoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\0", "\\0"],
  ["\u0007", "\\a"],
  ["\b", "\\b"],
  ["\t", "\\t"],
  ["\n", "\\n"],
  ["\v", "\\v"],
  ["\f", "\\f"],
  ["\r", "\\r"],
  ["\u001b", "\\e"],
  ['"', '\\"'],
  ["\\", "\\\\"],
  ["\u0085", "\\N"],
  ["\u00a0", "\\_"],
  ["\u2028", "\\L"],
  ["\u2029", "\\P"],
]);

const doubleQuoted = (text: string): string => `"${Array.from(text, escaped).join("")}"`;

function escaped(character: string): string {
  const short = ESCAPES.get(character);
  if (short !== undefined) return short;
  if (!UNPRINTABLE.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16).toUpperCase();
  return code <= 0xff ? `\\x${hex.padStart(2, "0")}` : code <= 0xffff ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}

/** Lines below a `|` or `>`, with what says how it ends; a text that begins with a space says how far it is indented. */
function block(text: string, column: number, sign: "|" | ">" = "|"): string {
  const hint = /^[ \n]/.test(text) ? String(column) : "";
  const end = !text.endsWith("\n") ? "-" : text === "\n" || text.endsWith("\n\n") ? "+" : "";
  const whole = sign === "|" ? text : unfolded(text);
  const lines = (whole.endsWith("\n") ? whole.slice(0, -1) : whole).split("\n");
  return [`${sign}${hint}${end}`, ...lines.map((line) => (line === "" ? "" : " ".repeat(column) + line))].join("\n");
}

/** A line that does not begin with a space ends twice, the last one, too; if the first one does, no line does. */
const unfolded = (text: string): string => (/^[ \t\n]/.test(text) ? text : text.replace(/^([^ \t\n][^\n]*)\n/gm, "$1\n\n"));
