import { isList, isMap, type Node, VALUE } from "../../node/node.ts";
import { quote } from "../../text/quote.ts";
import { writeNumber } from "../number.ts";
import type { Version } from "../scan/scanner.ts";

/** As `goSyntax`, for a value that stands for itself. */
export const goValue = (node: Node, version: Version): string => (node === null ? "<nil>" : goSyntax(node, version));

/** A value as Go's `%#v` shows what go-yaml has decoded: `map[string]interface {}{"a":1}`. */
export function goSyntax(node: Node, version: Version): string {
  if (node === null) return "interface {}(nil)";
  if (typeof node === "string") return quote(node);
  if (typeof node === "number") return writeNumber(node);
  if (typeof node === "boolean") return String(node);
  if (isList(node)) return `[]interface {}{${node.map((item) => goSyntax(item, version)).join(", ")}}`;
  if (!isMap(node)) {
    const value = node[VALUE];
    return typeof value === "bigint" ? value.toString() : goSyntax(value, version);
  }
  const type = version === 3 ? "map[string]interface {}" : "map[interface {}]interface {}";
  const entries = Object.entries(node).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `${type}{${entries.map(([key, value]) => `${quote(key)}:${goSyntax(value, version)}`).join(", ")}}`;
}
