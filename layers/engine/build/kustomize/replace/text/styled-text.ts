import { ok, problem, type Result } from "../../../../domain/result.ts";
import { spend } from "../../../work.ts";
import { readDocuments } from "../../../yaml/documents.ts";
import { nextKind, nextToken, takeToken } from "../../../yaml/scan/queue.ts";
import { type Comment, createScanner } from "../../../yaml/scan/scanner.ts";
import { DOCUMENT_END, DOCUMENT_START, FAILED, STREAM_END, TAG_DIRECTIVE, VERSION_DIRECTIVE } from "../../../yaml/scan/token.ts";
import { openSource, withPlainLineEnds } from "../../../yaml/source.ts";
import type { Draft } from "../draft.ts";
import { createComments } from "./comments.ts";
import type { Look } from "./look.ts";
import { readStyledNode } from "./styled-grammar.ts";

/** A text that is YAML or JSON: its values, and how they and the keys of its maps were written. */
export type StyledText = {
  readonly root: Draft;
  readonly looks: WeakMap<Draft, Look>;
  readonly keys: WeakMap<Draft, ReadonlyMap<string, Look>>;
  /** The comments behind all of it. */
  readonly foot: readonly string[];
};

const MAX_LENGTH = 1024 * 1024;
const MAX_DEPTH = 100;

/** Only the first document counts; undefined when there is nothing in it. An alias stays one, and no path leads through it. */
export function readStyled(text: string): Result<StyledText | undefined> {
  if (text.length > MAX_LENGTH) return problem(`yaml: more than ${MAX_LENGTH} characters`);
  // It is read twice, the second time with how things are written, and written anew.
  spend(30 * text.length);
  const checked = readDocuments(text);
  if (!checked.ok) return problem(checked.problem.message);
  const plain = withPlainLineEnds(openSource(text)).text;
  const found: Comment[] = [];
  const scanner = createScanner(plain, 3, plain.startsWith("\ufeff") ? 1 : 0, plain.length, undefined, found);
  for (let kind = nextKind(scanner); kind === VERSION_DIRECTIVE || kind === TAG_DIRECTIVE; kind = nextKind(scanner)) takeToken(scanner);
  if (nextKind(scanner) === DOCUMENT_START) takeToken(scanner);
  if (isEdge(nextKind(scanner))) return ok(undefined);
  const comments = createComments(found, plain);
  const looks = new WeakMap<Draft, Look>();
  const keys = new WeakMap<Draft, ReadonlyMap<string, Look>>();
  const reading = { scanner, comments, looks, keys, maxDepth: MAX_DEPTH };
  const root = readStyledNode(reading, { head: comments.around(nextToken(scanner).line), compact: false, depth: 0 });
  if (!root.ok) return root;
  if (!isEdge(nextKind(scanner)) || scanner.failure !== undefined) return ok(undefined);
  return ok({ root: root.value, looks, keys, foot: comments.around(nextToken(scanner).line) });
}

const isEdge = (kind: number): boolean => kind === FAILED || (kind >= STREAM_END && kind <= DOCUMENT_END);
