import { ok, problem, type Result } from "../../../../domain/result.ts";
import { nextKind, nextToken, takeToken } from "../../../yaml/scan/queue.ts";
import type { Scanner } from "../../../yaml/scan/scanner.ts";
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
  FOLDED,
  isScalarToken,
  KEY,
  LITERAL,
  QUOTED,
  TAG,
  type Token,
  VALUE,
} from "../../../yaml/scan/token.ts";
import { type Draft, draftOf, draftOfText, entriesOf, itemsOf, setText } from "../draft.ts";
import { tagOfText } from "../tag.ts";
import type { Comments } from "./comments.ts";
import { type Look, PLAIN_LOOK } from "./look.ts";

export type Styling = {
  readonly scanner: Scanner;
  readonly comments: Comments;
  readonly looks: WeakMap<Draft, Look>;
  readonly keys: WeakMap<Draft, ReadonlyMap<string, Look>>;
  readonly maxDepth: number;
};

/** What is known of a value before it begins. `compact`: a list need not be indented here. */
type Above = { readonly head: readonly string[]; readonly compact: boolean; readonly depth: number };

/**
 * A value with all that it contains, of a text of which it is known that it can be read. Whatever was a fault there (`null` for the kind of a token that
 * does not fit) ends the reading. Source: the grammar of `yaml/parse/grammar.ts`; which comment belongs to what: go-yaml v3, as far as it is seen when the text is written anew.
 */
export function readStyledNode(styling: Styling, above: Above): Result<Draft> {
  const { scanner, looks } = styling;
  if (above.depth > styling.maxDepth) return problem(`yaml: deeper than ${styling.maxDepth}`);
  const prefix = takePrefix(scanner);
  const kind = nextKind(scanner);
  if (kind === ALIAS) return ok(aliasDraft(styling, above));
  const look = { ...PLAIN_LOOK, head: above.head, prefix };
  if (isScalarToken(kind)) {
    const token = takeToken(scanner);
    const draft = scalarDraft(token);
    nextKind(scanner);
    looks.set(draft, { ...look, style: styleOf(token), line: styling.comments.behind(lookEnd(token)) });
    return ok(draft);
  }
  if (kind === FLOW_SEQUENCE_START || kind === FLOW_MAPPING_START) return flow(styling, look, above);
  if (kind === BLOCK_MAPPING_START) return blockMap(styling, look, above);
  if (kind === BLOCK_SEQUENCE_START) return blockList(styling, look, above);
  if (kind === BLOCK_ENTRY && above.compact) return compactList(styling, look, above);
  const draft = emptyDraft();
  looks.set(draft, look);
  return ok(draft);
}

/** The comment of a block stands behind its `|`. */
const lookEnd = (token: Token): number => (token.kind === LITERAL || token.kind === FOLDED ? token.line : token.endLine);

function takePrefix(scanner: Scanner): string {
  let prefix = "";
  for (let kind = nextKind(scanner); kind === ANCHOR || kind === TAG; kind = nextKind(scanner)) {
    const { text, suffix } = takeToken(scanner);
    if (kind === ANCHOR) prefix = `&${text} ${prefix}`;
    else prefix += text !== "" ? `${text}${suffix} ` : suffix.startsWith(CORE) ? `!!${suffix.slice(CORE.length)} ` : suffix === "!" ? "! " : `!<${suffix}> `;
  }
  return prefix;
}

const CORE = "tag:yaml.org,2002:";

function aliasDraft({ scanner, looks, comments }: Styling, { head }: Above): Draft {
  const token = takeToken(scanner);
  nextKind(scanner);
  const draft = draftOf(null);
  looks.set(draft, { ...PLAIN_LOOK, head, line: comments.behind(token.line), prefix: `*${token.text}` });
  return draft;
}

function scalarDraft({ kind, text }: Token): Draft {
  if (kind === QUOTED || kind === LITERAL || kind === FOLDED) return draftOf(text);
  return plainDraft(text);
}

const emptyDraft = (): Draft => plainDraft("");

function plainDraft(text: string): Draft {
  const tag = tagOfText(text);
  if (tag === "!!str") return draftOf(text);
  const made = draftOfText("");
  made.content = { kind: "scalar", tag, text: "" };
  setText(made, text);
  return made;
}

function styleOf({ kind, suffix }: Token): Look["style"] {
  if (kind === LITERAL) return "literal";
  if (kind === FOLDED) return "folded";
  if (kind !== QUOTED) return "plain";
  return suffix === "'" ? "single" : "double";
}

function blockMap(styling: Styling, look: Look, above: Above): Result<Draft> {
  const { scanner, comments, looks } = styling;
  const column = Number(takeToken(scanner).text);
  const map = newMap(styling);
  while (nextKind(scanner) === KEY) {
    const added = blockEntry(styling, map, above.depth);
    if (!added.ok) return added;
  }
  const foot = nextKind(scanner) === BLOCK_END && column > 0 ? comments.within(column, nextToken(scanner).line) : [];
  takeToken(scanner);
  looks.set(map.draft, { ...look, style: "block", foot });
  return ok(map.draft);
}

type NewMap = {
  readonly draft: Draft;
  readonly keys: Map<string, Look>;
  /** Whether the last entry is a key without a value: go-yaml lets no comment belong to that. */
  endsEmpty: boolean;
};

function newMap({ keys: all }: Styling): NewMap {
  const draft = draftOf({});
  entriesOf(draft);
  const keys = new Map<string, Look>();
  all.set(draft, keys);
  return { draft, keys, endsEmpty: false };
}

/** Opened at once: what is closed counts as new when it is written. */
function newList(): Draft {
  const list = draftOf([]);
  itemsOf(list);
  return list;
}

function blockEntry(styling: Styling, map: NewMap, depth: number): Result<undefined> {
  const { scanner, comments } = styling;
  const { line: start } = takeToken(scanner);
  const head = map.endsEmpty ? comments.before(start) : comments.between(start);
  const key = takeKey(styling, head);
  if (!key.ok) return key;
  const colon = nextKind(scanner) === VALUE ? takeToken(scanner) : undefined;
  const kind = nextKind(scanner);
  map.endsEmpty = colon === undefined || kind === KEY || kind === VALUE || kind === BLOCK_END;
  if (colon === undefined || map.endsEmpty) {
    const value = emptyDraft();
    styling.looks.set(value, { ...PLAIN_LOOK, line: comments.behind(colon?.line ?? key.value.line) });
    return addEntry(map, key.value, value, "");
  }
  const { line } = nextToken(scanner);
  const behind = line > colon.line ? comments.behind(colon.line) : "";
  const value = readStyledNode(styling, { head: line > colon.line ? comments.before(line) : [], compact: true, depth: depth + 1 });
  return value.ok ? addEntry(map, key.value, value.value, behind) : value;
}

type Key = { readonly name: string; readonly look: Look; readonly line: number };

function takeKey(styling: Styling, head: readonly string[]): Result<Key> {
  const { scanner } = styling;
  const { line } = nextToken(scanner);
  const prefix = takePrefix(scanner);
  const kind = nextKind(scanner);
  if (kind === VALUE) return ok({ name: "", look: { ...PLAIN_LOOK, head, prefix }, line });
  if (!isScalarToken(kind)) return problem("yaml: a key of a text is no scalar");
  const token = takeToken(scanner);
  return ok({ name: token.text, look: { ...PLAIN_LOOK, head, prefix, style: styleOf(token) }, line });
}

function addEntry({ draft, keys }: NewMap, { name, look }: Key, value: Draft, line: string): Result<undefined> {
  const entries = entriesOf(draft);
  if (entries?.has(name) === true) return problem(`yaml: key ${name} comes twice`);
  entries?.set(name, value);
  keys.set(name, { ...look, line });
  return ok(undefined);
}

function blockList(styling: Styling, look: Look, above: Above): Result<Draft> {
  const { scanner, comments, looks } = styling;
  const column = Number(takeToken(scanner).text);
  const list = items(styling, above.depth);
  if (!list.ok) return list;
  const foot = nextKind(scanner) === BLOCK_END && column > 0 ? comments.within(column, nextToken(scanner).line) : [];
  takeToken(scanner);
  looks.set(list.value, { ...look, style: "block", foot });
  return list;
}

/** A list on the column of its key. What stands behind it belongs to the next key. */
function compactList(styling: Styling, look: Look, above: Above): Result<Draft> {
  const list = items(styling, above.depth);
  if (list.ok) styling.looks.set(list.value, { ...look, style: "block" });
  return list;
}

function items(styling: Styling, depth: number): Result<Draft> {
  const { scanner, comments } = styling;
  const list = newList();
  while (nextKind(scanner) === BLOCK_ENTRY) {
    const dash = takeToken(scanner);
    const before = comments.between(dash.line);
    const kind = nextKind(scanner);
    const { line } = nextToken(scanner);
    const isEmpty = kind === BLOCK_ENTRY || kind === BLOCK_END || kind === KEY || kind === VALUE;
    const behind = isEmpty || line > dash.line ? comments.behind(dash.line) : "";
    if (isEmpty) {
      const item = emptyDraft();
      styling.looks.set(item, { ...PLAIN_LOOK, head: before, line: behind });
      itemsOf(list)?.push(item);
      continue;
    }
    const head = [...before, ...(behind === "" ? [] : [behind]), ...(line > dash.line ? comments.before(line) : [])];
    const item = readStyledNode(styling, { head, compact: false, depth: depth + 1 });
    if (!item.ok) return item;
    itemsOf(list)?.push(item.value);
  }
  return ok(list);
}

/** Everything in braces and brackets is written on one line: comments in it have no place there. */
function flow(styling: Styling, look: Look, { depth }: Above): Result<Draft> {
  const { scanner, comments, looks } = styling;
  const isList = takeToken(scanner).kind === FLOW_SEQUENCE_START;
  const end = isList ? FLOW_SEQUENCE_END : FLOW_MAPPING_END;
  const map = newMap(styling);
  const list = newList();
  for (let kind = nextKind(scanner); kind !== end && kind !== FAILED; kind = nextKind(scanner)) {
    comments.drop(nextToken(scanner).line);
    const { taken } = scanner;
    if (kind === FLOW_ENTRY) {
      takeToken(scanner);
      continue;
    }
    const added = isList ? flowItem(styling, kind, depth) : flowEntry(styling, map, depth);
    if (!added.ok) return added;
    if (scanner.taken === taken) return problem("yaml: a part of a text that cannot be read");
    if (added.value !== undefined) itemsOf(list)?.push(added.value);
  }
  const { line } = takeToken(scanner);
  nextKind(scanner);
  comments.drop(line);
  const draft = isList ? list : map.draft;
  looks.set(draft, { ...look, style: "flow", line: comments.behind(line) });
  return ok(draft);
}

const flowItem = (styling: Styling, kind: number, depth: number): Result<Draft> =>
  kind === KEY ? pair(styling, depth) : readStyledNode(styling, { head: [], compact: false, depth: depth + 1 });

/** `key: value` inside of a flow list is a map of its own. */
function pair(styling: Styling, depth: number): Result<Draft> {
  const map = newMap(styling);
  const added = flowEntry(styling, map, depth + 1);
  styling.looks.set(map.draft, { ...PLAIN_LOOK, style: "flow" });
  return added.ok ? ok(map.draft) : added;
}

function flowEntry(styling: Styling, map: NewMap, depth: number): Result<undefined> {
  const { scanner } = styling;
  if (nextKind(scanner) === KEY) takeToken(scanner);
  const key = takeKey(styling, []);
  if (!key.ok) return key;
  const hasValue = nextKind(scanner) === VALUE;
  if (hasValue) takeToken(scanner);
  const kind = nextKind(scanner);
  if (!hasValue || kind === FLOW_ENTRY || kind === FLOW_MAPPING_END || kind === FLOW_SEQUENCE_END) return addEntry(map, key.value, emptyDraft(), "");
  const value = readStyledNode(styling, { head: [], compact: false, depth: depth + 1 });
  return value.ok ? addEntry(map, key.value, value.value, "") : value;
}
