import { isMap, type Node } from "../node/node.ts";
import { listOf, partsOf, readPart } from "./documents.ts";
import { createBudget, type KeyPlace } from "./parse/reading.ts";

/**
 * The line (from 1) on which the field or item at `path` begins, in the document that `readDocuments` gives at `index`; of the document itself for an
 * empty path. Undefined when it is not there, or when the file cannot be read. What comes from an anchor stands where the anchor is. Reads the file anew.
 */
export function lineOf(source: string | Uint8Array, index: number, path: readonly (string | number)[]): number | undefined {
  const nearest = nearestLine(source, index, path);
  return nearest?.steps === path.length ? nearest.line : undefined;
}

/** As `lineOf`, of what is found when `path` is followed as far as possible: the first `steps` of it. */
export type NearestLine = { readonly line: number; readonly steps: number };

export function nearestLine(source: string | Uint8Array, index: number, path: readonly (string | number)[]): NearestLine | undefined {
  const parts = partsOf(source);
  if (!parts.ok) return undefined;
  let left = index;
  for (const part of parts.value.parts) {
    const places: Places = new Map();
    const read = readPart(parts.value.source, part, createBudget(), places);
    if (!read.ok) return undefined;
    if (read.value === undefined) continue;
    const { node, line } = read.value.document;
    for (const root of rootsOf({ node, line }, parts.value.parts.length === 1, places)) {
      if (left === 0) return lineBelow(root, path, places, part.line);
      left--;
    }
  }
  return undefined;
}

type Places = Map<object, KeyPlace[]>;
type Root = { readonly node: Node; readonly line: number };

function rootsOf(document: Root, isOnly: boolean, places: Places): readonly Root[] {
  const items = isOnly && isMap(document.node) ? listOf(document.node) : undefined;
  if (items === undefined) return [document];
  const lines = places.get(items) ?? [];
  return items.map((node, index) => ({ node, line: lines[index]?.line ?? document.line })).filter(({ node }) => node !== null);
}

function lineBelow(root: Root, path: readonly (string | number)[], places: Places, firstLine: number): NearestLine {
  let { node, line } = root;
  let steps = 0;
  for (const step of path) {
    if (typeof node !== "object" || node === null) break;
    const next: Node | undefined = childOf(node, step);
    if (next === undefined) break;
    // A merged entry has no place of its own.
    line = places.get(node)?.findLast((place) => place.text === String(step))?.line ?? line;
    node = next;
    steps += 1;
  }
  return { line: firstLine + line, steps };
}

function childOf(node: Node, step: string | number): Node | undefined {
  if (isMap(node)) return Object.hasOwn(node, step) ? node[step] : undefined;
  return Array.isArray(node) ? node[Number(step)] : undefined;
}
