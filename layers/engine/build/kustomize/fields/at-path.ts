import { ok, problem, type Result } from "../../../domain/result.ts";
import { isList, isMap, type Node, type NodeMap } from "../../node/node.ts";
import { trimSpace } from "../../text/trim-space.ts";
import { spend } from "../../work.ts";
import { scalarOf } from "../../yaml/scalar-of.ts";
import { textOf } from "../resource/resource.ts";
import { MAX_PARTS, type Setter } from "./at-field-spec.ts";
import { wrongKind } from "./wrong-kind.ts";

/**
 * `node` with `set` applied to the one value that `path` leads to, made on the way where it is not there (null until it is set). A part is a field, the
 * place of an item (`0`, `-` for the last), or an item by what it holds (`[name=web]`, `[=text]`). What stands below null, or at a place that a list
 * does not have, is not made. Source: kyaml yaml/fns.go, LookupCreate for a scalar.
 */
export function atPath(node: NodeMap, path: readonly string[], set: Setter): Result<NodeMap> {
  const parts = path.map(trimSpace).filter((part) => part !== "");
  if (parts.length > MAX_PARTS) return problem(`a field path with more than ${MAX_PARTS} parts`);
  const walked = walk(node, parts, set);
  if (!walked.ok) return walked;
  return ok(isMap(walked.value) ? walked.value : node);
}

function walk(found: Node, [part, ...rest]: readonly string[], set: Setter): Result<Node> {
  spend(5);
  if (part === undefined) return set(found);
  if (found === null) return part === "*" ? problem(NO_WILDCARD) : ok(found);
  if (part === "*") return problem(NO_WILDCARD);
  if (part === "-" || INDEX.test(part)) return walkIndex(found, part, rest, set);
  if (part.startsWith("[") && part.endsWith("]")) return walkItem(found, part.slice(1, -1), rest, set);
  if (!isMap(found)) return problem(wrongKind("MappingNode", found));
  const field = Object.hasOwn(found, part) ? found[part] : undefined;
  const walked = walk(field === undefined ? emptyFor(rest) : field, rest, set);
  if (!walked.ok) return walked;
  if (walked.value === field) return ok(found);
  spend(10 * Object.keys(found).length);
  return ok({ ...found, [part]: walked.value });
}

const INDEX = /^[-+]?[0-9]+$/;
const NO_WILDCARD = "wildcard is not supported in PathGetter";
const NO_ITEMS: readonly Node[] = [];

/** What is made for a field, by the part that follows it. */
function emptyFor([next]: readonly string[]): Node {
  if (next === undefined) return null;
  return (next.startsWith("[") && next.endsWith("]")) || /^\+?[0-9]+$/.test(next) ? NO_ITEMS : {};
}

function walkIndex(found: Node, part: string, rest: readonly string[], set: Setter): Result<Node> {
  const index = part === "-" ? Number.NaN : Number(part);
  if (index < 0) return problem(`array index ${index} cannot be negative`);
  if (!isList(found)) return problem(wrongKind("SequenceNode", found));
  // kustomize dies of the last item of an empty list.
  return walkAt(found, part === "-" ? found.length - 1 : index, rest, set);
}

function walkAt(list: readonly Node[], index: number, rest: readonly string[], set: Setter): Result<Node> {
  spend(list.length >>> 3);
  const item = list[index];
  if (item === undefined) return ok(list);
  const walked = walk(item, rest, set);
  return walked.ok ? ok(walked.value === item ? list : list.with(index, walked.value)) : walked;
}

function walkItem(found: Node, condition: string, rest: readonly string[], set: Setter): Result<Node> {
  const equals = condition.indexOf("=");
  if (equals < 0) return problem("list path element must contain fieldName=fieldValue for element to match");
  if (!isList(found)) return problem(wrongKind("SequenceNode", found));
  const [field, text] = [condition.slice(0, equals), condition.slice(equals + 1)];
  spend(found.length);
  const index = found.findIndex((item) => (field === "" ? textOf(item) === text : isMap(item) && holds(item, field, text)));
  if (index >= 0) return walkAt(found, index, rest, set);
  const made = field === "" ? scalarOf(text) : { [field]: scalarOf(text) };
  return walkAt([...found, made], found.length, rest, set);
}

const holds = (item: NodeMap, field: string, text: string): boolean => Object.hasOwn(item, field) && textOf(item[field]) === text;
