import { ok, problem, type Result } from "../../../domain/result.ts";
import { isList, isMap, misfitOf, type Node, type NodeMap } from "../../node/node.ts";
import { writtenIn } from "../../node/written.ts";
import { trimSpace } from "../../text/trim-space.ts";
import { spend } from "../../work.ts";
import type { FieldSpec } from "../config/config.ts";
import { showId, splitApiVersion } from "../resource/id.ts";
import { textOf } from "../resource/resource.ts";
import { inQuotes } from "./setters.ts";
import { keepShared } from "./shared-text.ts";
import { splitPath } from "./split-path.ts";
import { wrongKind } from "./wrong-kind.ts";

/** Gives what shall stand in the place of `found`; the same value where nothing changes. */
export type Setter = (found: Node) => Result<Node>;

/** What is made where a field is missing that a field spec lets create, before the setter gets it: a scalar (null until it is set), a map or a list. */
export type Create = "text" | "map" | "list";

/**
 * `node` with `set` applied to each value that the field spec's path leads to, through all items of lists on the way. An object of another kind is
 * returned as it is, as is one without the field, unless the field spec says `create` and the caller what to make.
 * Parts that do not change are shared with `node`; when nothing changes it is `node` itself.
 * Source: kustomize api/filters/fieldspec.
 */
export function atFieldSpec(node: NodeMap, fieldSpec: FieldSpec, set: Setter, create?: Create): Result<NodeMap> {
  spend(1);
  if (!isOfFieldSpec(node, fieldSpec)) return ok(node);
  spend(STEPS_OF_WALK + fieldSpec.path.length);
  const path = splitPath(fieldSpec.path);
  if (path.length > MAX_PARTS) return problem(`a field path with more than ${MAX_PARTS} parts`);
  const walked = walk(node, path, { set, create: fieldSpec.create ? create : undefined });
  if (!walked.ok) return problem(`considering field '${fieldSpec.path}' of object ${shownIdOf(node)}: ${walked.problem}`);
  // Only a path without any name leads to the object itself.
  return ok(isMap(walked.value) ? keepShared(node, walked.value) : node);
}

/** One field spec after the other, each on what the one before has made. Source: kustomize api/filters/fsslice. */
export function atFieldSpecs(node: NodeMap, fieldSpecs: readonly FieldSpec[], set: Setter, create?: Create): Result<NodeMap> {
  let current = node;
  for (const fieldSpec of fieldSpecs) {
    const next = atFieldSpec(current, fieldSpec, set, create);
    if (!next.ok) return next;
    current = next.value;
  }
  return ok(current);
}

/** Whether the object is of the kind, group and version that the field spec names. */
export function isOfFieldSpec(node: NodeMap, { group, version, kind }: FieldSpec): boolean {
  if (kind !== "" && kind !== textOf(node.kind)) return false;
  if (group === "" && version === "") return true;
  const is = splitApiVersion(textOf(node.apiVersion));
  return (group === "" || group === is.group) && (version === "" || version === is.version);
}

/** `Deployment.v1.apps/web.[noNs]`, as messages name an object. */
function shownIdOf(node: NodeMap): string {
  const metadata = isMap(node.metadata) ? node.metadata : {};
  const gvk = { ...splitApiVersion(textOf(node.apiVersion)), kind: textOf(node.kind) };
  return showId({ ...gvk, name: textOf(metadata.name), namespace: textOf(metadata.namespace), isClusterScoped: false });
}

const STEPS_OF_WALK = 15;
/** So deep a path could make an object; readers of YAML take no deeper one. */
export const MAX_PARTS = 100;

type Walk = { readonly set: Setter; readonly create: Create | undefined };

function walk(found: Node, path: readonly string[], how: Walk): Result<Node> {
  spend(1);
  if (path.length === 0) return how.set(found);
  if (isNull(found)) return ok(found);
  if (isList(found)) return walkList(found, path, how);
  return isMap(found) ? walkMap(found, path, how) : problem("expected sequence or mapping node");
}

function walkList(list: readonly Node[], path: readonly string[], how: Walk): Result<Node> {
  const items: Node[] = [];
  for (const item of list) {
    const walked = walk(item, path, how);
    if (!walked.ok) return problem(`visit traversal on path: [${path.join(" ")}]: ${walked.problem}`);
    items.push(walked.value);
  }
  return ok(items.every((item, index) => item === list[index]) ? list : items);
}

function walkMap(map: NodeMap, [part = "", ...rest]: readonly string[], how: Walk): Result<Node> {
  const isListField = part.endsWith("[]");
  const written = isListField ? part.slice(0, -2) : part;
  if (written === "") return problem("cannot set or create an empty field name");
  const name = trimSpace(written);
  if (name === "") return walk(map, rest, how);
  const refused = notAName(name, map);
  if (refused !== undefined) return problem(`fieldName: ${written}: ${refused}`);
  const made = isListField ? "list" : how.create === undefined ? undefined : rest.length > 0 ? "map" : how.create;
  const field = Object.hasOwn(map, name) ? map[name] : undefined;
  // A list is never made where there is no field, but null becomes one.
  if (field === undefined && (made === undefined || isListField)) return ok(map);
  const walked = walk(field === undefined || isNull(field) ? empty(made) : field, rest, how);
  if (!walked.ok) return walked;
  const value = rest.length === 0 ? inQuotes(walked.value, writtenIn(map).get(name)) : walked.value;
  if (value === field) return ok(map);
  spend(10 * Object.keys(map).length);
  return ok({ ...map, [name]: value });
}

/** A null that a replacement has given a text still has the tag of a null, and that is what counts here. */
const isNull = (node: Node): boolean => node === null || misfitOf(node)?.tag === "!!null";

const NOTHING: readonly Node[] = [];

function empty(create: Create | undefined): Node {
  switch (create) {
    case "map":
      return {};
    case "list":
      return NOTHING;
    case "text":
    case undefined:
      return null;
  }
}

/** Parts that address an item of a list do not fit a map, and list items have no name. Source: kyaml PathGetter. */
function notAName(name: string, map: NodeMap): string | undefined {
  if (/^[-+]?[0-9]+$/.test(name)) {
    const index = BigInt(name.startsWith("+") ? name.slice(1) : name);
    return index < 0n ? `array index ${index} cannot be negative` : wrongKind("SequenceNode", map);
  }
  if (name === "-") return wrongKind("SequenceNode", map);
  if (name === "*") return "wildcard is not supported in PathGetter";
  if (!name.startsWith("[") || !name.endsWith("]")) return undefined;
  return name.includes("=") ? wrongKind("SequenceNode", map) : "list path element must contain fieldName=fieldValue for element to match";
}
