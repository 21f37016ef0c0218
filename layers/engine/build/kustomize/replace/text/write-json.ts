import type { Json } from "../../../../domain/json.ts";
import { byBytes } from "../../decode/by-bytes.ts";
import { isList, isMap, isScalar, type Node, VALUE } from "../../node/node.ts";

/** JSON as Go writes it: keys sorted, `<`, `>` and `&` escaped, and with `indent` in lines of two columns per level. */
export function writeJson(node: Node, indent: boolean): string {
  const lines = (part: Node, lead: string): string => {
    const inner = `${lead}  `;
    const wrap = (open: string, parts: readonly string[], close: string): string => {
      if (parts.length === 0) return open + close;
      return indent ? `${open}\n${parts.map((text) => inner + text).join(",\n")}\n${lead}${close}` : `${open}${parts.join(",")}${close}`;
    };
    if (isList(part))
      return wrap(
        "[",
        part.map((item) => lines(item, inner)),
        "]",
      );
    if (!isMap(part)) return scalar(part);
    const entries = Object.entries(part).toSorted(([a], [b]) => byBytes(a, b));
    return wrap(
      "{",
      entries.map(([key, value]) => `${text(key)}:${indent ? " " : ""}${lines(value, inner)}`),
      "}",
    );
  };
  return lines(node, "");
}

function scalar(node: Node): string {
  if (!isScalar(node)) return typeof node === "string" ? text(node) : typeof node === "number" ? number(node) : String(node);
  const value = node[VALUE];
  return typeof value === "string" ? text(value) : typeof value === "number" ? number(value) : String(value);
}

const ESCAPED = /[<>&\u2028\u2029]/g;
const text = (value: string): string =>
  JSON.stringify(value satisfies Json).replace(ESCAPED, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** As JavaScript, but for exponents of one digit, which have none before them either. */
const number = (value: number): string => JSON.stringify(value);
