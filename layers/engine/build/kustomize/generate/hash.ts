import { createHash } from "node:crypto";
import { ok, problem, type Result } from "../../../domain/result.ts";
import { isList, isMap, jsonOf, type Node, type NodeMap } from "../../node/node.ts";
import { kindOf, type Resource, textOf } from "../resource/resource.ts";
import { goJson } from "../resource/shown-json.ts";

const LETTERS: ReadonlyMap<string, string> = new Map([
  ["0", "g"],
  ["1", "h"],
  ["3", "k"],
  ["a", "m"],
  ["e", "t"],
]);
const DIGITS = 10;

/**
 * The suffix that tells the content of a ConfigMap or Secret: ten letters. Of any other kind (a generated object whose kind a patch has changed) kustomize hashes
 * its parser's memory, places in the file included; that is refused. Source: kustomize api/hasher.
 */
export function hashOf(resource: Resource): Result<string> {
  const fields = hashedFields(resource);
  if (fields === undefined) return problem(`cannot compute the name suffix of a generated object whose kind was changed to ${kindOf(resource)}`);
  const digest = createHash("sha256").update(goJson(fields)).digest("hex").slice(0, DIGITS);
  return ok(Array.from(digest, (digit) => LETTERS.get(digit) ?? digit).join(""));
}

function hashedFields(resource: Resource): NodeMap | undefined {
  const { node } = resource;
  const kind = kindOf(resource);
  // The name does not count: kustomize looks for it under a wrong path.
  const name = "";
  const data = hashedValue(node.data);
  switch (kind) {
    case "ConfigMap":
      return { kind, name, data, ...binary("binaryData", node.binaryData) };
    case "Secret":
      return { kind, name, data, type: hashedValue(node.type), ...binary("stringData", node.stringData) };
    default:
      return undefined;
  }
}

/** Maps count as they are, a list as nothing, a scalar as its text, what is not there as an empty text. */
const hashedValue = (node: Node | undefined): Node => (node !== undefined && isMap(node) ? jsonOf(node) : isList(node) ? null : textOf(node));

const binary = (field: string, node: Node | undefined): NodeMap => (node !== undefined && (isMap(node) || isList(node)) ? { [field]: hashedValue(node) } : {});
