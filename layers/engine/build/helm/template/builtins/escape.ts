import { isLoneByte, isPrint } from "../../../text/quote.ts";
import { bytesOf } from "../../go/bytes.ts";
import { sprint } from "../../go/printf.ts";
import type { GoValue } from "../../go/value.ts";

/** Arguments as text: as an action would write them, with spaces between those that are no strings. Source: text/template, evalArgs. */
function textOf(args: readonly GoValue[]): string {
  return sprint(args.map((arg) => (arg === null ? "<no value>" : typeof arg === "object" && arg.go === "pointer" && arg.to !== null ? arg.to : arg)));
}

const HTML: Readonly<Record<string, string>> = { "\0": "\ufffd", '"': "&#34;", "'": "&#39;", "&": "&amp;", "<": "&lt;", ">": "&gt;" };

export const escapeHtml = (args: readonly GoValue[]): string => textOf(args).replace(/[\0"'&<>]/g, (character) => HTML[character] ?? character);

const JS: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "'": "\\'",
  '"': '\\"',
  "<": "\\u003C",
  ">": "\\u003E",
  "&": "\\u0026",
  "=": "\\u003D",
};

export function escapeJs(args: readonly GoValue[]): string {
  let result = "";
  for (const character of textOf(args)) {
    const code = character.codePointAt(0) ?? 0;
    const special = JS[character];
    if (special !== undefined) result += special;
    else if (code < 0x20 || (code > 0x7f && !isPrint(code) && !isLoneByte(code))) result += `\\u${code.toString(16).toUpperCase().padStart(4, "0")}`;
    else result += character;
  }
  return result;
}

/** url.QueryEscape. */
export function escapeQuery(args: readonly GoValue[]): string {
  let result = "";
  for (const byte of bytesOf(textOf(args))) {
    const character = String.fromCharCode(byte);
    if (/[A-Za-z0-9\-_.~]/.test(character)) result += character;
    else result += byte === 0x20 ? "+" : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return result;
}
