import { spend } from "../../../work.ts";
import { widthAt } from "./find-all.ts";
import type { Pattern } from "./pattern.ts";

/** What stands in place of a match, by the positions of its groups. */
export type Replacement = (text: string, match: readonly number[]) => string;

/** Every match of `pattern` replaced. Source: Go regexp.replaceAll. */
export function replaceAll(pattern: Pattern, text: string, replacement: Replacement): string {
  let out = "";
  let lastEnd = 0;
  let at = 0;
  while (at <= text.length) {
    const match = pattern.find(text, at);
    if (match === undefined) break;
    const [start = 0, end = 0] = match;
    out += text.slice(lastEnd, start);
    // An empty match directly behind another is none.
    if (end > lastEnd || start === 0) {
      const put = replacement(text, match);
      spend(put.length);
      out += put;
    }
    lastEnd = end;
    at = Math.max(end, at + widthAt(text, at));
  }
  return out + text.slice(lastEnd);
}

const NAME = /^(?:\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/u;
const NUMBER = /^(?:0|[1-9][0-9]{0,8})$/;

type Piece = { readonly kind: "text"; readonly text: string } | { readonly kind: "group"; readonly groups: readonly number[] };

/** `$1`, `${1}`, `${name}` and `$$` of a template; `$1x` is the group named `1x`. What names no group stands for nothing. Source: Go regexp.Expand. */
export function expansion(pattern: Pattern, template: string): Replacement {
  const pieces = piecesOf(pattern, template);
  return (text, match) =>
    pieces
      .map((piece) => {
        if (piece.kind === "text") return piece.text;
        const group = piece.groups.find((one) => (match[2 * one] ?? -1) >= 0);
        return group === undefined ? "" : text.slice(match[2 * group], match[2 * group + 1]);
      })
      .join("");
}

function piecesOf(pattern: Pattern, template: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let rest = template;
  for (let mark = rest.indexOf("$"); mark !== -1; mark = rest.indexOf("$")) {
    pieces.push({ kind: "text", text: rest.slice(0, mark) });
    rest = rest.slice(mark + 1);
    const name = NAME.exec(rest);
    if (rest.startsWith("$") || name === null) {
      pieces.push({ kind: "text", text: "$" });
      if (rest.startsWith("$")) rest = rest.slice(1);
      continue;
    }
    pieces.push({ kind: "group", groups: groupsOf(pattern, name[1] ?? name[2] ?? "") });
    rest = rest.slice(name[0].length);
  }
  pieces.push({ kind: "text", text: rest });
  return pieces;
}

const groupsOf = (pattern: Pattern, name: string): readonly number[] => (NUMBER.test(name) ? [Number(name)] : pattern.groupsOf(name));
