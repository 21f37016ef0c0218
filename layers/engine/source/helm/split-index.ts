/** A part of index.yaml: all of one chart below `entries:`. `line`: where it begins, counted from 0. */
export type IndexPiece = { readonly text: string; readonly line: number };

export type SplitIndex = {
  /** Everything but what stands below `entries:`. */
  readonly head: string;
  readonly pieces: Iterable<IndexPiece>;
};

const ENTRIES = /^entries:[ \t]*(?:#.*)?\r?$/;
/** What could mean something beyond its own line: documents, directives, complex keys, keys that are no plain or quoted text. */
const UNUSUAL = /^(?:---|\.\.\.|%)/;
const UNUSUAL_KEY = /^[?&*!{[|>%@`<]/;

/**
 * index.yaml cut at the charts below `entries:`, so that each is read by itself: as one document twenty megabytes become gigabytes. Undefined when the text is not
 * of the plain form that `helm repo index` and its likes write. A piece that is cut wrongly (quotes or brackets that go on at the margin, anchors) cannot be read
 * by itself, so that whoever reads it sees that the whole must be read at once.
 */
export function splitIndex(text: string): SplitIndex | undefined {
  const block = findEntries(text);
  if (block === undefined) return undefined;
  return { head: text.slice(0, block.start) + text.slice(block.end), pieces: piecesOf(text, block) };
}

type Block = { readonly start: number; readonly body: number; readonly end: number; readonly indent: number; readonly line: number };

/** Where `entries:` begins and ends, and how far its keys are indented. */
function findEntries(text: string): Block | undefined {
  let found: { readonly start: number; readonly body: number; readonly line: number } | undefined;
  let indent: number | undefined;
  let end = text.length;
  let hasContent = false;
  for (const { at, next, line } of lines(text, 0, text.length)) {
    const column = columnOf(text, at, next);
    if (column === undefined) continue;
    if (found !== undefined && indent === undefined) {
      if (column === 0) return undefined;
      indent = column;
    }
    if (column > 0) {
      if (found !== undefined && end === text.length && indent !== undefined && column < indent) return undefined;
      continue;
    }
    const content = text.slice(at, next).trimEnd();
    if (UNUSUAL.test(content) && !(content === "---" && !hasContent)) return undefined;
    hasContent = true;
    if (ENTRIES.test(content)) {
      if (found !== undefined) return undefined;
      found = { start: at, body: next, line: line + 1 };
    } else if (found !== undefined && end === text.length) end = at;
  }
  return found === undefined || indent === undefined ? undefined : { ...found, end, indent };
}

function* piecesOf(text: string, { body, end, indent, line: first }: Block): Iterable<IndexPiece> {
  let start = body;
  let startLine = first;
  let seen = false;
  for (const { at, next, line } of lines(text, body, end)) {
    if (columnOf(text, at, next) !== indent || isItem(text, at + indent)) continue;
    if (seen) yield { text: text.slice(start, at), line: startLine };
    if (seen) [start, startLine] = [at, first + line];
    seen = true;
  }
  if (seen) yield { text: text.slice(start, end), line: startLine };
}

/** A list may stand at the indent of its key. */
const isItem = (text: string, at: number): boolean => text[at] === "-" && (text[at + 1] === " " || text[at + 1] === "\n" || text[at + 1] === "\r");

/** True for a piece whose key is more than a text. */
export const isUnusualPiece = ({ text }: IndexPiece): boolean => UNUSUAL_KEY.test(text.trimStart());

const ANCHOR = /[-:,[{][ \t]*&\w/;
const ALIAS = /[-:,[{][ \t]*\*\w/;

/** True for a piece that may repeat a part of itself: each could become two million values. */
export const mayHaveAliases = ({ text }: IndexPiece): boolean => ANCHOR.test(text) && ALIAS.test(text);

function* lines(text: string, from: number, to: number): Iterable<{ readonly at: number; readonly next: number; readonly line: number }> {
  let line = 0;
  for (let at = from; at < to; line++) {
    const feed = text.indexOf("\n", at);
    const next = feed < 0 || feed >= to ? to : feed + 1;
    yield { at, next, line };
    at = next;
  }
}

/** The column of the first letter; undefined for a line that is empty or a comment. */
function columnOf(text: string, at: number, next: number): number | undefined {
  let start = at;
  while (start < next && text.charCodeAt(start) === 32) start++;
  const letter = text[start];
  return start >= next || letter === "\n" || letter === "\r" || letter === "#" ? undefined : start - at;
}
