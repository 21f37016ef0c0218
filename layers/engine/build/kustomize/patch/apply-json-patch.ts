import { ok, problem, type Result } from "../../../domain/result.ts";
import { isList, isMap, type Node, type NodeMap } from "../../node/node.ts";
import { spend } from "../../work.ts";
import { textOfJson } from "../json/read-raw-json.ts";
import { type JsonPatch, jsonKind, type Operation } from "./decode-json-patch.ts";
import { addAt, findContainer, getAt, isEqualValue, NIL_POINTER, removeAt, setAt } from "./json-container.ts";
import { type Container, createCopier, documentOf, nodeOfDocument, operand, type Value } from "./json-document.ts";

const MISSING = "missing value";
const TEST_FAILED = "test failed";

/**
 * The object after all operations, one by one; the first that cannot be carried out is the problem.
 * Source: kustomize api/filters/patchjson6902; evanphx/json-patch v4.13, whose ways are not all those of RFC 6902.
 */
export function applyJsonPatch(node: NodeMap, patch: JsonPatch): Result<NodeMap, JsonPatchProblem> {
  spend(STEPS_OF_VALUE * sizeOf(node));
  const document = documentOf(node);
  if (!document.ok) return failed(document.problem);
  const state: State = { root: document.value, copy: createCopier() };
  for (const [index, operation] of patch.entries()) {
    spend(STEPS_OF_OPERATION);
    const applied = applyOperation(state, operation);
    if (!applied.ok) return failed(applied.problem, index);
  }
  if (state.root.kind === "list") return failed("json: cannot unmarshal array into Go value of type map[string]interface {}");
  const patched = nodeOfDocument(state.root);
  return patched.ok ? patched : failed(patched.problem);
}

/** `operation` is the position of the one that failed, undefined where it is none of them. */
export type JsonPatchProblem = { readonly message: string; readonly operation: number | undefined };

const failed = (message: string, operation?: number): Result<never, JsonPatchProblem> => problem({ message, operation });

const STEPS_OF_OPERATION = 30;
/** An object is turned into a document and back. */
const STEPS_OF_VALUE = 15;

/** How many values there are in one, with itself. */
function sizeOf(node: Node): number {
  if (isList(node)) return node.reduce((sum: number, item) => sum + sizeOf(item), 1);
  return isMap(node) ? Object.values(node).reduce((sum: number, value) => sum + sizeOf(value), 1) : 1;
}

type State = { root: Container; readonly copy: (value: Value) => Result<Value> };

function applyOperation(state: State, operation: Operation): Result<void> {
  const kind = kindOf(operation);
  switch (kind) {
    case "add":
      return add(state, operation);
    case "remove":
      return remove(state, operation);
    case "replace":
      return replace(state, operation);
    case "move":
      return move(state, operation);
    case "test":
      return test(state, operation);
    case "copy":
      return copy(state, operation);
    default:
      return problem(`Unexpected kind: ${kind}`);
  }
}

function kindOf(operation: Operation): string {
  const kind = textField(operation, "op", "");
  return kind.ok ? kind.value : "unknown";
}

const pathOf = (operation: Operation): Result<string> => textField(operation, "path", "operation missing path field");
const fromOf = (operation: Operation): Result<string> => textField(operation, "from", "operation, missing from field");

function textField(operation: Operation, name: string, missing: string): Result<string> {
  const field = operation.get(name);
  if (field === undefined) return problem(`${missing}: ${MISSING}`);
  if (field.kind !== "scalar" || !field.text.startsWith('"')) return problem(`json: cannot unmarshal ${jsonKind(field)} into Go value of type string`);
  return ok(textOfJson(field.text));
}

const givenBy = (operation: Operation): Value => operand(operation.get("value"), operation.has("value"));

function add({ root }: State, operation: Operation): Result<void> {
  const path = pathOf(operation);
  if (!path.ok) return problem(`add operation failed to decode path: ${MISSING}`);
  const place = findContainer(root, path.value);
  if (place === undefined) return problem(`add operation does not apply: doc is missing path: "${path.value}": ${MISSING}`);
  const added = addAt(place.container, place.key, givenBy(operation));
  return added.ok ? added : problem(`error in add for path: '${path.value}': ${added.problem}`);
}

function remove({ root }: State, operation: Operation): Result<void> {
  const path = pathOf(operation);
  if (!path.ok) return problem(`remove operation failed to decode path: ${MISSING}`);
  const place = findContainer(root, path.value);
  if (place === undefined) return problem(`remove operation does not apply: doc is missing path: "${path.value}": ${MISSING}`);
  const removed = removeAt(place.container, place.key);
  return removed.ok ? removed : problem(`error in remove for path: '${path.value}': ${removed.problem}`);
}

function replace(state: State, operation: Operation): Result<void> {
  const path = pathOf(operation);
  if (!path.ok) return problem(`replace operation failed to decode path: ${path.problem}`);
  if (path.value === "") return replaceRoot(state, operation);
  const place = findContainer(state.root, path.value);
  if (place === undefined) return problem(`replace operation does not apply: doc is missing path: ${path.value}: ${MISSING}`);
  const set = setAt(place.container, place.key, givenBy(operation));
  return set.ok ? set : problem(`replace operation does not apply: doc is missing key: ${path.value}: ${MISSING}`);
}

function replaceRoot(state: State, operation: Operation): Result<void> {
  const value = givenBy(operation);
  if (value === undefined) return problem(NIL_POINTER);
  if (value.kind === "leaf" || value.kind === "null") return problem("replace operation value must be object or array: %!w(<nil>)");
  state.root = value;
  return ok(undefined);
}

function move({ root }: State, operation: Operation): Result<void> {
  const from = fromOf(operation);
  if (!from.ok) return problem(`move operation failed to decode from: ${from.problem}`);
  const source = findContainer(root, from.value);
  if (source === undefined) return problem(`move operation does not apply: doc is missing from path: ${from.value}: ${MISSING}`);
  const value = getAt(source.container, source.key);
  const removed = value.ok ? removeAt(source.container, source.key) : value;
  if (!value.ok || !removed.ok) return problem(`error in move for path: '${source.key}': ${removed.ok ? "" : removed.problem}`);
  const path = pathOf(operation);
  if (!path.ok) return problem(`move operation failed to decode path: ${path.problem}`);
  const target = findContainer(root, path.value);
  if (target === undefined) return problem(`move operation does not apply: doc is missing destination path: ${path.value}: ${MISSING}`);
  const added = addAt(target.container, target.key, value.value);
  return added.ok ? added : problem(`error in move for path: '${path.value}': ${added.problem}`);
}

/** A field that is not there can be copied: it is null. */
function copy({ root, copy: copyOf }: State, operation: Operation): Result<void> {
  const from = fromOf(operation);
  if (!from.ok) return problem(`copy operation failed to decode from: ${from.problem}`);
  const source = findContainer(root, from.value);
  if (source === undefined) return problem(`copy operation does not apply: doc is missing from path: ${from.value}: ${MISSING}`);
  const value = getAt(source.container, source.key);
  if (!value.ok) return problem(`error in copy for from: '${from.value}': ${value.problem}`);
  const path = pathOf(operation);
  if (!path.ok) return problem(`copy operation failed to decode path: ${MISSING}`);
  const target = findContainer(root, path.value);
  if (target === undefined) return problem(`copy operation does not apply: doc is missing destination path: ${path.value}: ${MISSING}`);
  const copied = copyOf(value.value);
  if (!copied.ok) return problem(`error while performing deep copy: ${copied.problem}`);
  const added = addAt(target.container, target.key, copied.value);
  return added.ok ? added : problem(`error while adding value during copy: ${added.problem}`);
}

function test({ root }: State, operation: Operation): Result<void> {
  const path = pathOf(operation);
  if (!path.ok) return problem(`test operation failed to decode path: ${path.problem}`);
  const wanted = givenBy(operation);
  const found = path.value === "" ? ok(root) : findTested(root, path.value);
  if (!found.ok) return found;
  const isMissing = path.value !== "" && found.value === undefined;
  if (isMissing && (wanted === undefined || wanted.kind === "null")) return ok(undefined);
  const equal = path.value !== "" && (isMissing || wanted === undefined) ? ok(false) : isEqualValue(found.value, wanted);
  if (!equal.ok) return equal;
  return equal.value ? ok(undefined) : problem(`testing value ${path.value} failed: ${TEST_FAILED}`);
}

function findTested(root: Container, path: string): Result<Value> {
  const place = findContainer(root, path);
  if (place === undefined) return problem(`test operation does not apply: is missing path: ${path}: ${MISSING}`);
  const value = getAt(place.container, place.key);
  return value.ok ? value : problem(`error in test for path: '${path}': ${value.problem}`);
}
