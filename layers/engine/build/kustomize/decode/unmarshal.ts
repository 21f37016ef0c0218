import { ok, problem, type Result } from "../../../domain/result.ts";
import type { Node } from "../../node/node.ts";
import { readFirstYaml } from "../../yaml/read.ts";
import { coerce } from "./coerce.ts";
import { type DecodeProblem, decode, type UnknownFields } from "./decode.ts";
import type { Shape } from "./shape.ts";

/**
 * The first document of a text as sigs.k8s.io/yaml decodes it: `Unmarshal` where unknown fields are ignored and the last of equal keys wins,
 * `UnmarshalStrict` where both are refused.
 */
export function unmarshal<Value>(source: string | Uint8Array, shape: Shape<Value>, unknown: UnknownFields): Result<Value, DecodeProblem> {
  const read = readFirstYaml(source, unknown === "ignore" ? "last wins" : "refuse");
  if (!read.ok) return problem({ message: `error converting YAML to JSON: ${read.problem}`, path: [] });
  return unmarshalNode(read.value, shape, unknown);
}

/** The same for a document that has been read. */
export function unmarshalNode<Value>(node: Node, shape: Shape<Value>, unknown: UnknownFields): Result<Value, DecodeProblem> {
  const decoded = decode(shape, coerce(node, shape), unknown);
  if (decoded.ok) return ok(decoded.value);
  return problem({ ...decoded.problem, message: `error unmarshaling JSON: while decoding JSON: ${decoded.problem.message}` });
}
