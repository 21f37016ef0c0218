import type { Node } from "../../node/node.ts";
import { nextKind, nextToken, takeToken } from "../scan/queue.ts";
import { failParse } from "../scan/scanner.ts";
import { DOCUMENT_END, DOCUMENT_START, FAILED, STREAM_END, TAG_DIRECTIVE, VERSION_DIRECTIVE } from "../scan/token.ts";
import { readNode } from "./grammar.ts";
import { DEFAULT_HANDLES, type Reading } from "./reading.ts";
import { readEmpty } from "./scalars.ts";

/** A document and the line on which its value begins, from 0. */
export type Parsed = { readonly node: Node; readonly line: number };

/** The next document of the text; undefined behind the last, or on a fault, which the scanner has then. Source: go-yaml parserc.go, parse_document_start. */
export function readDocument(reading: Reading, isFirst: boolean): Parsed | undefined {
  const { scanner } = reading;
  let kind = nextKind(scanner);
  while (!isFirst && kind === DOCUMENT_END) {
    takeToken(scanner);
    kind = nextKind(scanner);
  }
  if (kind === STREAM_END || kind === FAILED) return undefined;
  const explicit = !isFirst || kind === VERSION_DIRECTIVE || kind === TAG_DIRECTIVE || kind === DOCUMENT_START;
  readDirectives(reading);
  if (explicit) {
    if (nextKind(scanner) !== DOCUMENT_START) {
      failParse(scanner, "did not find expected <document start>", 0, nextToken(scanner).line);
      return undefined;
    }
    takeToken(scanner);
    kind = nextKind(scanner);
  }
  const { line } = nextToken(scanner);
  const node = explicit && isDocumentEdge(kind) ? readEmpty(reading, "", false) : readNode(reading, true, false);
  if (nextKind(scanner) === DOCUMENT_END) takeToken(scanner);
  return scanner.failure === undefined ? { node, line } : undefined;
}

const isDocumentEdge = (kind: number): boolean => kind >= STREAM_END && kind <= DOCUMENT_END;

function readDirectives(reading: Reading): void {
  const { scanner } = reading;
  const handles = new Map<string, string>();
  let hasVersion = false;
  for (let kind = nextKind(scanner); kind === VERSION_DIRECTIVE || kind === TAG_DIRECTIVE; kind = nextKind(scanner)) {
    const { text, suffix, line } = nextToken(scanner);
    if (kind === TAG_DIRECTIVE) {
      if (handles.has(text)) failParse(scanner, "found duplicate %TAG directive", 0, line);
      handles.set(text, suffix);
    } else {
      if (hasVersion) failParse(scanner, "found duplicate %YAML directive", 0, line);
      if (text !== "1.1") failParse(scanner, "found incompatible YAML document", 0, line);
      hasVersion = true;
    }
    takeToken(scanner);
  }
  reading.handles = handles.size === 0 ? DEFAULT_HANDLES : new Map([...DEFAULT_HANDLES, ...handles]);
}
