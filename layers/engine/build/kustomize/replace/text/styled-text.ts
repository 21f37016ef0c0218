import { isAlias, isMap, isScalar, isSeq, type ParsedNode, parseAllDocuments, type Node as YamlNode } from "yaml";
import { ok, problem, type Result } from "../../../../domain/result.ts";
import { spend } from "../../../work.ts";
import { readDocuments } from "../../../yaml/documents.ts";
import { type Draft, draftOf, draftOfText, entriesOf, itemsOf, setText } from "../draft.ts";
import { tagOfText } from "../tag.ts";

/** How something was written: with which quotes, in which form, with which comments. */
export type Look = {
  readonly style: "plain" | "single" | "double" | "literal" | "folded" | "block" | "flow";
  /** Lines of comments before it, each with its `#`; "" is an empty line. */
  readonly head: readonly string[];
  /** The comment behind it on its line. */
  readonly line: string;
  /** Comments at the end of a map or list. */
  readonly foot: readonly string[];
  /** An anchor (`&name `) and a tag (`!!str `) before it; of an alias (`*name`) all there is. */
  readonly prefix: string;
};

/** A text that is YAML or JSON: its values, and how they and the keys of its maps were written. */
export type StyledText = {
  readonly root: Draft;
  readonly looks: WeakMap<Draft, Look>;
  readonly keys: WeakMap<Draft, ReadonlyMap<string, Look>>;
  readonly foot: readonly string[];
};

const MAX_LENGTH = 1024 * 1024;
const MAX_DEPTH = 100;

/** Only the first document counts; undefined when there is nothing in it. An alias stays one, and no path leads through it. */
export function readStyled(text: string): Result<StyledText | undefined> {
  if (text.length > MAX_LENGTH) return problem(`yaml: more than ${MAX_LENGTH} characters`);
  // It is read twice, by the slower reader that knows how things are written, too, and written anew.
  spend(30 * text.length);
  const checked = readDocuments(text);
  if (!checked.ok) return problem(checked.problem.message);
  const documents = parseAllDocuments(text, { version: "1.1", uniqueKeys: false, schema: "failsafe", keepSourceTokens: false });
  const document = "empty" in documents ? undefined : documents[0];
  if (document === undefined || document.contents === null || document.errors.length > 0) return ok(undefined);
  const styled = { text, looks: new WeakMap<Draft, Look>(), keys: new WeakMap<Draft, ReadonlyMap<string, Look>>() };
  const root = draft(document.contents, styled, 0);
  if (!root.ok) return root;
  const head = comments(document.commentBefore);
  const look = styled.looks.get(root.value);
  if (look !== undefined && head.length > 0) styled.looks.set(root.value, { ...look, head: [...head, "", ...look.head] });
  return ok({ root: root.value, looks: styled.looks, keys: styled.keys, foot: footOf(text, comments(document.comment)) });
}

/** An empty line before the last comments stays. */
const footOf = (text: string, foot: readonly string[]): readonly string[] =>
  foot.length > 0 && new RegExp(`\\n[ \\t]*\\n(?:[ \\t]*#[^\\n]*\\n?){${foot.length}}\\s*$`).test(text) ? ["", ...foot] : foot;

type Making = Pick<StyledText, "looks" | "keys"> & { readonly text: string };

function draft(node: ParsedNode, making: Making, depth: number): Result<Draft> {
  if (depth > MAX_DEPTH) return problem(`yaml: deeper than ${MAX_DEPTH}`);
  const made = isMap(node) ? mapDraft(node, making, depth) : isSeq(node) ? listDraft(node.items, making, depth) : ok(scalarDraft(node));
  if (made.ok) making.looks.set(made.value, lookOf(node));
  return made;
}

function scalarDraft(node: YamlNode): Draft {
  if (!isScalar(node)) return draftOf(null);
  const text = String(node.value ?? "");
  if (node.type !== "PLAIN" && node.type !== undefined) return draftOf(text);
  const tag = tagOfText(text);
  if (tag === "!!str") return draftOf(text);
  const made = draftOfText("");
  made.content = { kind: "scalar", tag, text: "" };
  setText(made, text);
  return made;
}

function mapDraft(node: { readonly items: readonly { readonly key: unknown; readonly value: unknown }[] }, making: Making, depth: number): Result<Draft> {
  const map = draftOf({});
  const entries = entriesOf(map);
  const keys = new Map<string, Look>();
  for (const { key, value } of node.items) {
    if (!isScalar(key)) return problem("yaml: a key of a text is no scalar");
    const name = String(key.value ?? "");
    if (entries?.has(name) === true) return problem(`yaml: key ${name} comes twice`);
    const made = isNode(value) ? draft(value, making, depth + 1) : ok(draftOf(null));
    if (!made.ok) return made;
    entries?.set(name, made.value);
    const line = lineBehindKey(key, making.text);
    keys.set(name, { ...lookOf(key), line });
    const look = making.looks.get(made.value);
    // The library takes what stands behind `key:` for the first comment before the first key below it.
    if (look !== undefined && line !== "" && look.head[0] === line) making.looks.set(made.value, { ...look, head: look.head.slice(1) });
  }
  making.keys.set(map, keys);
  return ok(map);
}

/** The comment behind `key:` where the value begins on a later line. */
function lineBehindKey(key: YamlNode, text: string): string {
  const end = isScalar(key) ? key.range?.[1] : undefined;
  return end === undefined ? "" : (/^[ \t]*:[ \t]+(#[^\n]*)/.exec(text.slice(end, text.indexOf("\n", end) + 1 || undefined))?.[1] ?? "");
}

function listDraft(items: readonly unknown[], making: Making, depth: number): Result<Draft> {
  const list = draftOf([]);
  for (const item of items) {
    const made = isNode(item) ? draft(item, making, depth + 1) : ok(draftOf(null));
    if (!made.ok) return made;
    itemsOf(list)?.push(made.value);
  }
  return ok(list);
}

const isNode = (value: unknown): value is ParsedNode => isMap(value) || isSeq(value) || isScalar(value) || isAlias(value);

function lookOf(node: YamlNode): Look {
  const isBlock = (isMap(node) || isSeq(node)) && node.flow !== true;
  const behind = comments(node.comment);
  return {
    style: styleOf(node),
    head: comments(node.commentBefore),
    line: isBlock ? "" : (behind[0] ?? ""),
    foot: isBlock ? behind.slice(0, behind.findLastIndex((line) => line !== "") + 1) : [],
    prefix: isAlias(node) ? `*${node.source}` : prefixOf(node),
  };
}

function prefixOf(node: YamlNode): string {
  if (isAlias(node)) return "";
  const tag = node.tag?.replace(CORE_TAG, "!!");
  return `${node.anchor === undefined ? "" : `&${node.anchor} `}${tag === undefined ? "" : `${tag} `}`;
}

const CORE_TAG = /^tag:yaml\.org,2002:/;

function styleOf(node: YamlNode): Look["style"] {
  if (isMap(node) || isSeq(node)) return node.flow === true ? "flow" : "block";
  if (!isScalar(node)) return "plain";
  switch (node.type) {
    case "QUOTE_DOUBLE":
      return "double";
    case "QUOTE_SINGLE":
      return "single";
    case "BLOCK_LITERAL":
      return "literal";
    case "BLOCK_FOLDED":
      return "folded";
    default:
      return "plain";
  }
}

const comments = (text: string | null | undefined): readonly string[] =>
  text === null || text === undefined ? [] : text.split("\n").map((line) => (line === "" ? "" : `#${line}`));
