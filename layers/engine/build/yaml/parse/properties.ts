import type { Node } from "../../node/node.ts";
import { failParse } from "../scan/scanner.ts";
import type { Token } from "../scan/token.ts";
import { MAX_ALIASES, MAX_NODES, noteFault, type Reading } from "./reading.ts";

/** What the alias stands for; values are never changed, so all aliases share them. */
export function resolveAlias(reading: Reading, alias: Token): Node {
  const { scanner, budget, anchors } = reading;
  const name = alias.text;
  if (!anchors.has(name)) {
    scanner.failure ??= { message: `yaml: unknown anchor '${name}' referenced`, line: alias.line };
    return null;
  }
  const anchored = anchors.get(name);
  if (anchored === undefined) {
    // kustomize has no words for it: it runs out of stack.
    noteFault(reading, "decode", `yaml: anchor '${name}' value contains itself`, alias.line);
    return null;
  }
  budget.aliases++;
  budget.nodes += anchored.nodes;
  if (budget.aliases > MAX_ALIASES) scanner.failure ??= { message: `yaml: more than ${MAX_ALIASES} aliases`, line: alias.line };
  if (budget.nodes > MAX_NODES) scanner.failure ??= { message: `yaml: more than ${MAX_NODES} values`, line: alias.line };
  reading.shape = anchored.shape;
  reading.text = anchored.text;
  reading.written = anchored.written;
  return anchored.node;
}

/** From here to its end the anchor stands for a value that is not complete. Returns what `endAnchor` needs. */
export function beginAnchor(reading: Reading, name: string): number {
  reading.anchors.set(name, undefined);
  return reading.budget.nodes;
}

export function endAnchor(reading: Reading, name: string, node: Node, before: number): void {
  // What stands inside may have taken the name for itself.
  if (reading.anchors.get(name) !== undefined) return;
  reading.anchors.set(name, { node, shape: reading.shape, text: reading.text, written: reading.written, nodes: reading.budget.nodes - before + 1 });
}

/** The tag with its handle written out. `line` is where the properties of the value begin. */
export function resolveTag(reading: Reading, tag: Token, line: number): string {
  if (tag.text === "") return tag.suffix;
  const prefix = reading.handles.get(tag.text);
  if (prefix !== undefined) return prefix + tag.suffix;
  failParse(reading.scanner, "found undefined tag handle", line, tag.line);
  return "";
}
