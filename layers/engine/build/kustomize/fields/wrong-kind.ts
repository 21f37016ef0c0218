import { isList, isMap, isScalar, type Node, type NodeMap, TEXT } from "../../node/node.ts";
import { scalarOf } from "../../yaml/scalar-of.ts";
import { writeYaml } from "../../yaml/write.ts";

export type NodeKind = "MappingNode" | "SequenceNode" | "ScalarNode";

const kindOfNode = (node: Node): NodeKind => (isMap(node) ? "MappingNode" : isList(node) ? "SequenceNode" : "ScalarNode");

/** What kyaml says when a value is not of the kind that a step needs; it shows the value. Source: kyaml yaml/fns.go, InvalidNodeKindError. */
export const wrongKind = (expected: NodeKind, node: Node): string =>
  `wrong node kind: expected ${expected} but got ${kindOfNode(node)}: node contents:\n${showNode(node)}`;

/** True for null, too: kyaml lets it pass as any kind. Source: kyaml ErrorIfInvalid. */
export const isOfKind = (node: Node, kind: NodeKind): boolean => node === null || kindOfNode(node) === kind;

/** YAML as kyaml writes it: keys in the order in which they stand, lists not indented below their key. What comments and quotes there were is lost by now. */
export const showNode = (node: Node): string => `${linesOf(node).join("\n")}\n`;

function linesOf(node: Node): readonly string[] {
  if (isList(node) && node.length > 0) return node.flatMap((item) => behind("- ", linesOf(item)));
  if (isMap(node) && Object.keys(node).length > 0) return mapLines(node);
  if (isScalar(node)) return [node[TEXT]];
  if (typeof node === "string" && isPlainHere(node)) return [node];
  return writeYaml(node).slice(0, -1).split("\n");
}

const mapLines = (map: NodeMap): readonly string[] =>
  Object.entries(map).flatMap(([key, value]) => {
    const name = `${writeYaml(key).slice(0, -1)}:`;
    const lines = linesOf(value);
    if (isList(value) && value.length > 0) return [name, ...lines];
    if (isMap(value) && Object.keys(value).length > 0) return [name, ...lines.map((line) => `  ${line}`)];
    return [`${name} ${lines[0] ?? ""}`, ...lines.slice(1)];
  });

const behind = (lead: string, [first = "", ...rest]: readonly string[]): readonly string[] => [
  lead + first,
  ...rest.map((line) => " ".repeat(lead.length) + line),
];

/** Words such as `yes` and `n` are quoted by what writes manifests, not by kyaml. */
const isPlainHere = (text: string): boolean => scalarOf(text) === text && /^[a-zA-Z0-9]/.test(text) && writeYaml(`x${text}`) === `x${text}\n`;
