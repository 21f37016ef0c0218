import { isList, isMap, type Node } from "../../../node/node.ts";
import { byBytes } from "../../../text/by-bytes.ts";
import { goJson } from "../../resource/shown-json.ts";

/** JSON as Go writes it: keys sorted, `<`, `>` and `&` escaped, and with `indent` in lines of two columns per level. */
export const writeJson = (node: Node, indent: boolean): string => (indent ? linesOf(node, "") : goJson(node));

function linesOf(node: Node, lead: string): string {
  const inner = `${lead}  `;
  const wrap = (open: string, parts: readonly string[], close: string): string =>
    parts.length === 0 ? open + close : `${open}\n${parts.map((part) => inner + part).join(",\n")}\n${lead}${close}`;
  if (isList(node)) {
    const items = node.map((item) => linesOf(item, inner));
    return wrap("[", items, "]");
  }
  if (!isMap(node)) return goJson(node);
  const entries = Object.entries(node).toSorted(([a], [b]) => byBytes(a, b));
  const fields = entries.map(([key, value]) => `${goJson(key)}: ${linesOf(value, inner)}`);
  return wrap("{", fields, "}");
}
