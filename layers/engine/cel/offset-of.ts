import { callOf, isNode, type Node } from "./nodes.ts";

/** Where cel-go says that a node is: at its operator, its dot, its bracket; a name or literal where it begins. */
export function offsetOf(node: Node): number {
  const { input, args, op } = node;
  const call = callOf(node);
  if (call !== undefined) return placed(input, "(", input.indexOf(call.name, call.receiver?.end ?? node.start), node);
  if (!Array.isArray(args) || !isNode(args[0])) return op === "!_" || op === "-_" ? node.pos : node.start;
  const after = args[0].end;
  switch (op) {
    case ".":
    case ".?":
      return placed(input, ".", after, node);
    case "[]":
    case "[?]":
      return placed(input, "[", after, node);
    case "?:":
      return placed(input, "?", after, node);
    case "list":
    case "map":
      return node.start;
    default:
      return placed(input, op, after, node);
  }
}

function placed(input: string, sign: string, from: number, node: Node): number {
  const at = input.indexOf(sign, from);
  return at >= 0 && at < node.end ? at : node.start;
}
