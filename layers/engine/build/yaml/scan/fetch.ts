import { scanBlock } from "./block.ts";
import {
  AMPERSAND,
  APOSTROPHE,
  ASTERISK,
  AT,
  BACKTICK,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  DASH,
  END,
  EXCLAMATION,
  GREATER,
  HASH,
  isBlankBreakOrEnd,
  OPEN_BRACE,
  OPEN_BRACKET,
  PERCENT,
  PIPE,
  QUESTION,
  QUOTE,
  TAB,
} from "./characters.ts";
import { scanDirective } from "./directive.ts";
import { dropKey, endLevel, insertToken, isUsable, keepKey, openLevel, rollIndent, unrollIndent } from "./keys.ts";
import { scanPlain } from "./plain.ts";
import { scanAnchor, scanTag } from "./property.ts";
import { scanQuoted } from "./quoted.ts";
import { columnOf, failScan, isDocumentMark, peek, type Scanner } from "./scanner.ts";
import { skipLineComment, skipToToken } from "./space.ts";
import {
  ALIAS,
  ANCHOR,
  BLOCK_ENTRY,
  BLOCK_MAPPING_START,
  BLOCK_SEQUENCE_START,
  DOCUMENT_END,
  DOCUMENT_START,
  FLOW_ENTRY,
  FLOW_MAPPING_END,
  FLOW_MAPPING_START,
  FLOW_SEQUENCE_END,
  FLOW_SEQUENCE_START,
  KEY,
  STREAM_END,
  token,
  VALUE,
} from "./token.ts";

/** Adds the next token, and those that it shows to have begun before it, to the queue. Source: go-yaml scannerc.go, fetch_next_token. */
export function fetchToken(scanner: Scanner): void {
  skipToToken(scanner);
  unrollIndent(scanner, columnOf(scanner));
  const first = peek(scanner, 0);
  if (first === END) fetchStreamEnd(scanner);
  else if (scanner.at === scanner.lineStart && first === PERCENT) fetchDirective(scanner);
  else if (isDocumentMark(scanner)) fetchDocumentMark(scanner, first === DASH ? DOCUMENT_START : DOCUMENT_END);
  else {
    fetchContent(scanner, first);
    skipLineComment(scanner);
  }
  if (scanner.broken !== undefined && scanner.at + LONGEST_MARK > scanner.end) scanner.failure = scanner.broken;
}

/** `--- ` and `... `: what go-yaml looks ahead for before every token. */
const LONGEST_MARK = 4;

function fetchContent(scanner: Scanner, first: number): void {
  const inFlow = scanner.flowLevel > 0;
  switch (first) {
    case OPEN_BRACKET:
      openFlow(scanner, FLOW_SEQUENCE_START);
      return;
    case OPEN_BRACE:
      openFlow(scanner, FLOW_MAPPING_START);
      return;
    case CLOSE_BRACKET:
      closeFlow(scanner, FLOW_SEQUENCE_END);
      return;
    case CLOSE_BRACE:
      closeFlow(scanner, FLOW_MAPPING_END);
      return;
    case COMMA:
      fetchFlowEntry(scanner);
      return;
    case DASH:
      if (isBlankBreakOrEnd(peek(scanner, 1))) fetchBlockEntry(scanner);
      else fetchPlain(scanner);
      return;
    case QUESTION:
      if (inFlow || isBlankBreakOrEnd(peek(scanner, 1))) fetchKey(scanner);
      else fetchPlain(scanner);
      return;
    case COLON:
      if (inFlow || isBlankBreakOrEnd(peek(scanner, 1))) fetchValue(scanner);
      else fetchPlain(scanner);
      return;
    case ASTERISK:
    case AMPERSAND:
    case EXCLAMATION:
      fetchProperty(scanner, first);
      return;
    case PIPE:
    case GREATER:
      if (inFlow) refuse(scanner);
      else fetchBlockScalar(scanner, first === PIPE);
      return;
    case APOSTROPHE:
    case QUOTE:
      fetchQuoted(scanner, first);
      return;
    case HASH:
    case PERCENT:
    case AT:
    case BACKTICK:
    case TAB:
      refuse(scanner);
      return;
    default:
      fetchPlain(scanner);
      return;
  }
}

const refuse = (scanner: Scanner): void => failScan(scanner, "found character that cannot start any token", scanner.line);

function fetchStreamEnd(scanner: Scanner): void {
  // Its place is the beginning of the line behind the text.
  if (columnOf(scanner) !== 0) {
    scanner.line++;
    scanner.lineStart = scanner.at;
  }
  unrollIndent(scanner, -1);
  dropKey(scanner);
  scanner.keyAllowed = false;
  scanner.tokens.push(token(STREAM_END, scanner.line));
}

function fetchDirective(scanner: Scanner): void {
  unrollIndent(scanner, -1);
  dropKey(scanner);
  scanner.keyAllowed = false;
  scanner.tokens.push(scanDirective(scanner));
}

function fetchDocumentMark(scanner: Scanner, kind: number): void {
  unrollIndent(scanner, -1);
  dropKey(scanner);
  scanner.keyAllowed = false;
  scanner.at += 3;
  scanner.tokens.push(token(kind, scanner.line));
}

function openFlow(scanner: Scanner, kind: number): void {
  keepKey(scanner);
  openLevel(scanner);
  scanner.keyAllowed = true;
  take(scanner, kind);
}

function closeFlow(scanner: Scanner, kind: number): void {
  dropKey(scanner);
  endLevel(scanner);
  scanner.keyAllowed = false;
  take(scanner, kind);
}

function fetchFlowEntry(scanner: Scanner): void {
  dropKey(scanner);
  scanner.keyAllowed = true;
  take(scanner, FLOW_ENTRY);
}

function fetchBlockEntry(scanner: Scanner): void {
  if (scanner.flowLevel === 0) {
    if (!scanner.keyAllowed) {
      failScan(scanner, "block sequence entries are not allowed in this context", scanner.line);
      return;
    }
    rollIndent(scanner, columnOf(scanner), undefined, BLOCK_SEQUENCE_START, scanner.line);
  }
  dropKey(scanner);
  scanner.keyAllowed = true;
  take(scanner, BLOCK_ENTRY);
}

function fetchKey(scanner: Scanner): void {
  if (scanner.flowLevel === 0) {
    if (!scanner.keyAllowed) {
      failScan(scanner, "mapping keys are not allowed in this context", scanner.line);
      return;
    }
    rollIndent(scanner, columnOf(scanner), undefined, BLOCK_MAPPING_START, scanner.line);
  }
  dropKey(scanner);
  scanner.keyAllowed = scanner.flowLevel === 0;
  take(scanner, KEY);
}

function fetchValue(scanner: Scanner): void {
  const key = scanner.keys[scanner.flowLevel];
  if (key !== undefined && isUsable(scanner, key)) {
    // What was read since then is the key: its token goes before it, and so does the beginning of a mapping.
    insertToken(scanner, key.token, token(KEY, key.line));
    rollIndent(scanner, key.column, key.token, BLOCK_MAPPING_START, key.line);
    key.possible = false;
    scanner.keyAllowed = false;
  } else {
    if (scanner.flowLevel === 0) {
      if (!scanner.keyAllowed) {
        failScan(scanner, "mapping values are not allowed in this context", scanner.line);
        return;
      }
      rollIndent(scanner, columnOf(scanner), undefined, BLOCK_MAPPING_START, scanner.line);
    }
    scanner.keyAllowed = scanner.flowLevel === 0;
  }
  take(scanner, VALUE);
}

function fetchProperty(scanner: Scanner, first: number): void {
  keepKey(scanner);
  scanner.keyAllowed = false;
  scanner.tokens.push(first === EXCLAMATION ? scanTag(scanner) : scanAnchor(scanner, first === ASTERISK ? ALIAS : ANCHOR));
}

function fetchBlockScalar(scanner: Scanner, literal: boolean): void {
  dropKey(scanner);
  scanner.keyAllowed = true;
  scanner.tokens.push(scanBlock(scanner, literal));
}

function fetchQuoted(scanner: Scanner, quote: typeof APOSTROPHE | typeof QUOTE): void {
  keepKey(scanner);
  scanner.keyAllowed = false;
  scanner.tokens.push(scanQuoted(scanner, quote));
}

function fetchPlain(scanner: Scanner): void {
  keepKey(scanner);
  scanner.keyAllowed = false;
  scanner.tokens.push(scanPlain(scanner));
}

function take(scanner: Scanner, kind: number): void {
  scanner.tokens.push(token(kind, scanner.line));
  scanner.at++;
}
