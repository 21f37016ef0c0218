import { isList, isMap, type Node } from "../../node/node.ts";
import { quote } from "../../text/quote.ts";
import type { Failure } from "../scan/scanner.ts";
import type { KeyPlace } from "./reading.ts";
import { linesRewritten } from "./rewritten-lines.ts";

/**
 * What go-yaml says about keys that come twice. kustomize finds them only when it writes an object anew, and counts the lines of that text, in which
 * there are no empty lines. `text` is that of the document, `places` the keys of all its maps.
 * Source: go-yaml v3 decode.go (mapping), kyaml RNode.MarshalJSON.
 */
export function repeatedKeys(text: string, roots: readonly Root[], places: ReadonlyMap<object, readonly KeyPlace[]>): Failure | undefined {
  const found: Repeated[] = [];
  for (const { node, line } of roots) {
    const own: Repeated[] = [];
    collect(node, places, own);
    found.push(...own.map((repeated) => ({ ...repeated, root: line })));
  }
  if (found.length === 0) return undefined;
  const rewritten = linesRewritten(text);
  const lines = found.map(({ text: key, first, again, root }) => {
    const shown = (line: number): number => rewritten(line) - (root === undefined ? 0 : rewritten(root) - 1);
    return `  line ${shown(again)}: mapping key ${quote(key)} already defined at line ${shown(first)}`;
  });
  return { message: `yaml: unmarshal errors:\n${lines.join("\n")}`, line: found[0]?.again };
}

/** What is written for itself: an object, or an item of a List, which begins at `line`. */
export type Root = { readonly node: Node; readonly line: number | undefined };

type Repeated = { readonly text: string; readonly first: number; readonly again: number; readonly root?: number | undefined };

/** A map with such keys is not looked into. */
function collect(node: Node, places: ReadonlyMap<object, readonly KeyPlace[]>, found: Repeated[]): void {
  if (isList(node)) for (const item of node) collect(item, places, found);
  if (!isMap(node)) return;
  const own = repeatedIn(places.get(node) ?? []);
  found.push(...own);
  if (own.length === 0) for (const value of Object.values(node)) collect(value, places, found);
}

/** Every key with every later one of the same text, as go-yaml compares them; but no more than a message can use. */
function repeatedIn(keys: readonly KeyPlace[]): readonly Repeated[] {
  const last = keys.at(-1)?.valueLine ?? 0;
  const same = Map.groupBy(keys, (key) => `${key.kind} ${key.text}`);
  const found: Repeated[] = [];
  for (const first of keys) {
    // A null as key is written once more, behind all others.
    if (first.kind === "null") found.push({ text: first.text, first: first.line, again: last + 1 });
    const others = same.get(`${first.kind} ${first.text}`) ?? [];
    if (others.length < 2 || found.length >= MOST_FOUND) continue;
    for (const again of others.slice(others.indexOf(first) + 1, MOST_FOUND)) found.push({ text: first.text, first: first.line, again: again.line });
  }
  return found;
}

const MOST_FOUND = 100;
