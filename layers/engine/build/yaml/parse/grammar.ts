import type { Node, NodeMap } from "../../node/node.ts";
import { nextKind, nextToken, takeToken } from "../scan/queue.ts";
import { failParse } from "../scan/scanner.ts";
import {
  ALIAS,
  ANCHOR,
  BLOCK_END,
  BLOCK_ENTRY,
  BLOCK_MAPPING_START,
  BLOCK_SEQUENCE_START,
  FAILED,
  FLOW_ENTRY,
  FLOW_MAPPING_END,
  FLOW_MAPPING_START,
  FLOW_SEQUENCE_END,
  FLOW_SEQUENCE_START,
  isScalarToken,
  KEY,
  TAG,
  type Token,
  VALUE,
} from "../scan/token.ts";
import { addEntry, createEntries, type Entries, finishMap, takeKey } from "./entries.ts";
import { beginAnchor, endAnchor, resolveAlias, resolveTag } from "./properties.ts";
import { type KeyPlace, MAX_DEPTH, MAX_NODES, type Reading } from "./reading.ts";
import { readEmpty, readScalar } from "./scalars.ts";

/**
 * One value, with all that it contains. On a fault the scanner has it, and what is returned means nothing.
 * `block`: a block collection may stand here; `compact`: also a list that is not indented below its key.
 * Source: go-yaml parserc.go, which has the grammar at its head. Readers refuse what nests deeper than `MAX_DEPTH`, so this may call itself.
 */
export function readNode(reading: Reading, block: boolean, compact: boolean): Node {
  const { scanner } = reading;
  const kind = nextKind(scanner);
  if (kind === ALIAS) return resolveAlias(reading, takeToken(scanner));
  reading.budget.nodes++;
  if (reading.budget.nodes > MAX_NODES) scanner.failure ??= { message: `yaml: more than ${MAX_NODES} values`, line: scanner.line };
  if (kind !== ANCHOR && kind !== TAG) return readContent(reading, kind, block, compact, undefined, nextToken(scanner).line);
  return readWithProperties(reading, block, compact);
}

function readWithProperties(reading: Reading, block: boolean, compact: boolean): Node {
  const { scanner } = reading;
  const first = takeToken(scanner);
  const other = first.kind === ANCHOR ? TAG : ANCHOR;
  const second = nextKind(scanner) === other ? takeToken(scanner) : undefined;
  const [anchor, tag] = first.kind === ANCHOR ? [first, second] : [second, first];
  const kind = nextKind(scanner);
  const resolved = tag === undefined ? undefined : resolveTag(reading, tag, first.line);
  if (anchor === undefined) return readContent(reading, kind, block, compact, resolved ?? "", first.line);
  const before = beginAnchor(reading, anchor.text);
  const node = readContent(reading, kind, block, compact, resolved ?? "", first.line);
  endAnchor(reading, anchor.text, node, before);
  return node;
}

/** `tag` is undefined when there are no properties at all, which would stand for an empty value. */
function readContent(reading: Reading, kind: number, block: boolean, compact: boolean, tag: string | undefined, line: number): Node {
  if (isScalarToken(kind)) return readScalar(reading, takeToken(reading.scanner), tag ?? "", !block);
  if (compact && kind === BLOCK_ENTRY) return nested(reading, readCompactList);
  if (kind === FLOW_SEQUENCE_START) return nested(reading, readFlowList);
  if (kind === FLOW_MAPPING_START) return nested(reading, readFlowMap);
  if (block && kind === BLOCK_SEQUENCE_START) return nested(reading, readBlockList);
  if (block && kind === BLOCK_MAPPING_START) return nested(reading, readBlockMap);
  if (tag !== undefined && kind !== FAILED) return readEmpty(reading, tag, !block);
  failParse(reading.scanner, "did not find expected node content", line, nextToken(reading.scanner).line);
  return null;
}

function nested(reading: Reading, read: (reading: Reading) => Node): Node {
  const { scanner } = reading;
  if (reading.depth >= MAX_DEPTH) {
    scanner.failure ??= { message: `yaml: nested deeper than ${MAX_DEPTH}`, line: nextToken(scanner).line };
    return null;
  }
  reading.depth++;
  const node = read(reading);
  reading.depth--;
  reading.shape = "collection";
  reading.text = "";
  return node;
}

function readBlockList(reading: Reading): Node {
  const { scanner } = reading;
  const start = takeToken(scanner);
  const items: Node[] = [];
  for (let kind = nextKind(scanner); kind !== BLOCK_END; kind = nextKind(scanner)) {
    if (kind !== BLOCK_ENTRY) {
      failParse(scanner, "did not find expected '-' indicator", start.line, nextToken(scanner).line);
      return items;
    }
    const dash = takeToken(scanner);
    const next = nextKind(scanner);
    addItem(reading, items, next === BLOCK_ENTRY || next === BLOCK_END ? undefined : next, dash);
  }
  takeToken(scanner);
  return items;
}

/** A list whose dashes stand below the key that it belongs to; it has no token for its end. */
function readCompactList(reading: Reading): Node {
  const { scanner } = reading;
  const items: Node[] = [];
  while (nextKind(scanner) === BLOCK_ENTRY) {
    const dash = takeToken(scanner);
    const next = nextKind(scanner);
    addItem(reading, items, next === BLOCK_ENTRY || next === KEY || next === VALUE || next === BLOCK_END ? undefined : next, dash);
  }
  return items;
}

function addItem(reading: Reading, items: Node[], next: number | undefined, dash: Token): void {
  const line = next === undefined ? dash.line : nextToken(reading.scanner).line;
  notePlace(reading, items, line);
  items.push(next === undefined ? readEmpty(reading, "", false) : readNode(reading, true, false));
}

function notePlace(reading: Reading, items: readonly Node[], line: number): void {
  if (reading.places === undefined) return;
  const places = reading.places.get(items);
  const place: KeyPlace = { text: String(items.length), kind: "scalar", line, valueLine: line };
  if (places === undefined) reading.places.set(items, [place]);
  else places.push(place);
}

function readBlockMap(reading: Reading): NodeMap {
  const { scanner } = reading;
  const start = takeToken(scanner);
  const entries = createEntries(reading);
  for (let kind = nextKind(scanner); kind !== BLOCK_END; kind = nextKind(scanner)) {
    if (kind !== KEY) {
      failParse(scanner, "did not find expected key", start.line, nextToken(scanner).line);
      return entries.map;
    }
    readBlockEntry(reading, entries);
  }
  takeToken(scanner);
  return finishMap(reading, entries);
}

function readBlockEntry(reading: Reading, entries: Entries): void {
  const { scanner } = reading;
  const { line } = takeToken(scanner);
  entries.beforeKey = reading.faults;
  const empty = isBlockEntryEnd(nextKind(scanner));
  const key = takeKey(reading, empty ? readEmpty(reading, "", false) : readNode(reading, true, true), line);
  const colon = nextKind(scanner) === VALUE ? takeToken(scanner) : undefined;
  const valueLine = colon?.line ?? line;
  if (colon === undefined || isBlockEntryEnd(nextKind(scanner))) addEntry(reading, entries, key, readEmpty(reading, "", false), valueLine);
  else readValue(reading, entries, key, true);
}

const isBlockEntryEnd = (kind: number): boolean => kind === KEY || kind === VALUE || kind === BLOCK_END;

function readValue(reading: Reading, entries: Entries, key: ReturnType<typeof takeKey>, block: boolean): void {
  const { kind, line } = nextToken(reading.scanner);
  addEntry(reading, entries, key, readNode(reading, block, block), line, kind === ALIAS);
}

function readFlowList(reading: Reading): Node {
  const { scanner } = reading;
  const start = takeToken(scanner);
  const items: Node[] = [];
  for (let kind = nextKind(scanner); kind !== FLOW_SEQUENCE_END; kind = nextKind(scanner)) {
    if (items.length > 0) {
      if (kind !== FLOW_ENTRY) {
        failParse(scanner, "did not find expected ',' or ']'", start.line, nextToken(scanner).line);
        return items;
      }
      takeToken(scanner);
      if (nextKind(scanner) === FLOW_SEQUENCE_END) break;
    }
    notePlace(reading, items, nextToken(scanner).line);
    items.push(nextKind(scanner) === KEY ? nested(reading, readPair) : readNode(reading, false, false));
  }
  takeToken(scanner);
  return items;
}

/** `key: value` inside of a flow list is a map of its own. */
function readPair(reading: Reading): Node {
  const { scanner } = reading;
  const entries = createEntries(reading);
  const { line } = takeToken(scanner);
  const kind = nextKind(scanner);
  const empty = kind === VALUE || kind === FLOW_ENTRY || kind === FLOW_SEQUENCE_END;
  // go-yaml takes the token behind an empty key with it, be it the value's colon or the end of the entry.
  if (empty) takeToken(scanner);
  const key = takeKey(reading, empty ? readEmpty(reading, "", true) : readNode(reading, false, false), line);
  readFlowValue(reading, entries, key, FLOW_SEQUENCE_END, line);
  return finishMap(reading, entries);
}

function readFlowValue(reading: Reading, entries: Entries, key: ReturnType<typeof takeKey>, end: number, line: number): void {
  const { scanner } = reading;
  if (nextKind(scanner) === VALUE) {
    takeToken(scanner);
    const kind = nextKind(scanner);
    if (kind !== FLOW_ENTRY && kind !== end) {
      readValue(reading, entries, key, false);
      return;
    }
  }
  addEntry(reading, entries, key, readEmpty(reading, "", true), line);
}

function readFlowMap(reading: Reading): Node {
  const { scanner } = reading;
  const start = takeToken(scanner);
  const entries = createEntries(reading);
  let first = true;
  for (let kind = nextKind(scanner); kind !== FLOW_MAPPING_END; kind = nextKind(scanner)) {
    if (!first) {
      if (kind !== FLOW_ENTRY) {
        failParse(scanner, "did not find expected ',' or '}'", start.line, nextToken(scanner).line);
        return entries.map;
      }
      takeToken(scanner);
      if (nextKind(scanner) === FLOW_MAPPING_END) break;
    }
    first = false;
    readFlowEntry(reading, entries);
  }
  takeToken(scanner);
  return finishMap(reading, entries);
}

function readFlowEntry(reading: Reading, entries: Entries): void {
  const { scanner } = reading;
  const { line } = nextToken(scanner);
  entries.beforeKey = reading.faults;
  if (nextKind(scanner) !== KEY) {
    const lone = takeKey(reading, readNode(reading, false, false), line);
    addEntry(reading, entries, lone, readEmpty(reading, "", true), line);
    return;
  }
  takeToken(scanner);
  const kind = nextKind(scanner);
  const empty = kind === VALUE || kind === FLOW_ENTRY || kind === FLOW_MAPPING_END;
  const key = takeKey(reading, empty ? readEmpty(reading, "", true) : readNode(reading, false, false), line);
  readFlowValue(reading, entries, key, FLOW_MAPPING_END, line);
}
