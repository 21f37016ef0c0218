import { nextKind, takeToken } from "../scan/queue.ts";
import { createScanner } from "../scan/scanner.ts";
import {
  BLOCK_ENTRY,
  BLOCK_MAPPING_START,
  BLOCK_SEQUENCE_START,
  FAILED,
  FLOW_MAPPING_END,
  FLOW_MAPPING_START,
  FLOW_SEQUENCE_END,
  FLOW_SEQUENCE_START,
  FOLDED,
  isScalarToken,
  KEY,
  LITERAL,
  PLAIN,
  STREAM_END,
  type Token,
} from "../scan/token.ts";
import { foldedBody } from "./rewritten-folds.ts";

/**
 * For each line of a document (from 0) the one (from 1) on which it stands once kyaml has written the document anew: empty lines are gone, what begins
 * below its key or dash has moved up, long texts are on one line, comments are where they were with an empty line behind them if there was one.
 */
export function linesRewritten(text: string): (line: number) => number {
  const source = text.split("\n");
  const added = new Array<number>(source.length + 1).fill(0);
  const inTokens = new Set<number>();
  for (const { token, begins } of placedTokens(text)) {
    if (begins) added[token.line] = (added[token.line] ?? 0) + 1;
    if (isScalarToken(token.kind)) {
      added[token.line] = (added[token.line] ?? 0) + linesBelow(token);
      // A block of text ends where the next line begins.
      const end = token.kind === LITERAL || token.kind === FOLDED ? token.endLine - 1 : token.endLine;
      for (let line = token.line + 1; line <= end; line++) inTokens.add(line);
    }
  }
  for (const [line, content] of source.entries()) {
    if (inTokens.has(line) || !content.trimStart().startsWith("#")) continue;
    added[line] = 1 + (source[line + 1]?.trim() === "" && line + 2 < source.length ? 1 : 0);
  }
  let count = 0;
  const rewritten = added.map((lines) => {
    count += lines;
    return count;
  });
  return (line) => (line === 0 ? 0 : (rewritten[line - 1] ?? 0)) + 1;
}

type Placed = { readonly token: Token; readonly begins: boolean };

function placedTokens(text: string): readonly Placed[] {
  const scanner = createScanner(text, 3, 0, text.length, undefined);
  const placed: Placed[] = [];
  let before = STREAM_END;
  let flow = 0;
  for (let kind = nextKind(scanner); kind !== STREAM_END && kind !== FAILED; kind = nextKind(scanner)) {
    const token = takeToken(scanner);
    if (kind === FLOW_MAPPING_START || kind === FLOW_SEQUENCE_START) flow++;
    if (kind === FLOW_MAPPING_END || kind === FLOW_SEQUENCE_END) flow--;
    placed.push({ token, begins: flow === 0 && (kind === KEY || kind === BLOCK_ENTRY) && before !== BLOCK_ENTRY });
    if (kind !== BLOCK_MAPPING_START && kind !== BLOCK_SEQUENCE_START) before = kind;
  }
  return placed;
}

/** How many lines a text takes below the one it begins on. */
function linesBelow({ kind, text }: Token): number {
  if (kind === FOLDED) return linesOf(foldedBody(text));
  return kind === LITERAL || (kind === PLAIN && text.includes("\n")) ? linesOf(text) : 0;
}

const linesOf = (text: string): number => (text === "" ? 0 : text.split("\n").length - (text.endsWith("\n") ? 1 : 0));
