import { type Bytes, cut, join, letterAt } from "./bytes.ts";

/** Whether a letter belongs to the token; `position` is how many bytes of the token have been read, this letter included. */
export type Accept = (letter: string, position: number) => boolean;

/** What a scan may find besides text. */
export type Mode = { readonly text?: boolean; readonly open?: boolean; readonly close?: boolean; readonly escape?: "dollar" | "all" };
export type Token = "text" | "open" | "close" | "end" | "illegal";

export type Scanner = {
  /** The next letter without moving; empty at the end. */
  peek(): string;
  /** The letter behind the next one. */
  peekSecond(): string;
  scan(mode: Mode, accept: Accept): Token;
  /** The text of the last token, escapes resolved. */
  text(): Bytes;
};

/**
 * Cuts a text into the tokens of the substitution grammar. `$$` is a dollar in plain text, and so are `\/` and `\\` a slash and a
 * backslash inside of replacements. Source: reference 2.5.3.
 */
export function createScanner(source: Bytes): Scanner {
  let at = 0;
  let last: Bytes = join();

  // A NUL ends the text, as it does for Flux.
  const letter = (index: number): string => {
    const { width } = letterAt(source, index);
    const found = cut(source, index, index + width);
    return found === "\0" ? "" : found;
  };
  const opens = (index: number, mode: Mode): boolean => mode.open === true && source.startsWith("${", index);
  const escapes = (index: number, mode: Mode): boolean => {
    if (mode.escape === undefined) return false;
    if (source.startsWith("$$", index)) return true;
    return mode.escape === "all" && (source.startsWith("\\/", index) || source.startsWith("\\\\", index));
  };

  function scanText(mode: Mode, accept: Accept): Token {
    const parts: string[] = [];
    let length = 0;
    for (;;) {
      const next = letter(at);
      if (next === "" || opens(at, mode)) break;
      if (escapes(at, mode)) {
        parts.push(source.charAt(at + 1));
        at += 2;
        length += 1;
        continue;
      }
      if (!accept(next, length + next.length)) break;
      parts.push(next);
      at += next.length;
      length += next.length;
    }
    last = join(...parts);
    return length > 0 ? "text" : "illegal";
  }

  return {
    peek: () => letter(at),
    peekSecond: () => letter(at + letter(at).length),
    text: () => last,
    scan(mode, accept) {
      const next = letter(at);
      if (next === "") return "end";
      if (opens(at, mode)) {
        at += 2;
        return "open";
      }
      if (mode.close === true && next === "}") {
        at += 1;
        return "close";
      }
      return mode.text === true ? scanText(mode, accept) : "illegal";
    },
  };
}
