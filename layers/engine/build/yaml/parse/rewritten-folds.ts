import { scanBlock } from "../scan/block.ts";
import { isBlank, isBreak, LF } from "../scan/characters.ts";
import { createScanner } from "../scan/scanner.ts";

/** What go-yaml writes in quotes instead, where nothing is lost: a space before a line break or at the end, characters that need an escape. */
const QUOTED = / (?:[\n\r\u0085\u2028\u2029]|$)|[^\t\n\r\u0020-\u007e\u0085\u00a0-\ufefe\uff00-\ufffd]/u;

/**
 * What becomes of a folded scalar (`>`) when kyaml writes it anew and reads that: go-yaml doubles line breaks by a look at the first character of the text
 * instead of the next line, so that indented lines and empty lines at the end come back with other breaks than they had.
 * Source: go-yaml v3 emitterc.go, write_folded_scalar.
 */
export function rewriteFolds(text: string): string {
  const first = text.indexOf("\n");
  if (first === -1 || first === text.length - 1 || QUOTED.test(text)) return text;
  const written = `>${hintsOf(text)}\n${foldedBody(text)}\n`;
  const scanner = createScanner(written, 3, 0, written.length, undefined);
  scanner.indent = 0;
  return scanBlock(scanner, false).text;
}

function hintsOf(text: string): string {
  const indent = text.startsWith(" ") || isBreak(text.charCodeAt(0)) ? "2" : "";
  if (!isBreak(text.charCodeAt(text.length - 1))) return `${indent}-`;
  return text.length === 1 || isBreak(text.charCodeAt(text.length - 2)) ? `${indent}+` : indent;
}

export function foldedBody(text: string): string {
  const doubles = beginsWithWord(text);
  let body = "";
  let atBreak = true;
  let inIndented = true;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isBreak(code)) {
      if (!atBreak && !inIndented && code === LF && doubles) body += "\n";
      body += text.charAt(at);
      atBreak = true;
      continue;
    }
    if (atBreak) {
      body += "  ";
      inIndented = isBlank(code);
      atBreak = false;
    }
    body += text.charAt(at);
  }
  return body.endsWith("\n") ? body.slice(0, -1) : body;
}

/** True when the first character that is no line break is no blank either. */
function beginsWithWord(text: string): boolean {
  let at = 0;
  while (isBreak(text.charCodeAt(at))) at++;
  return at < text.length && !isBlank(text.charCodeAt(at));
}
