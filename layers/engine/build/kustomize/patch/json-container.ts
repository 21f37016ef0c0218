import { ok, problem, type Result } from "../../../domain/result.ts";
import { quote } from "../../text/quote.ts";
import { spend } from "../../work.ts";
import type { Container, Fields, List, Value } from "./json-document.ts";

/** Go's words for an access that ends kustomize. */
export const NIL_POINTER = "runtime error: invalid memory address or nil pointer dereference";

const LARGEST = 2n ** 63n;

/** A position as Go's Atoi reads it; negative ones count from the end. */
function parseIndex(key: string): Result<number> {
  const parsing = `strconv.Atoi: parsing ${quote(key)}`;
  if (!/^[-+]?[0-9]+$/.test(key)) return problem(`${parsing}: invalid syntax`);
  const digits = key.replace(/^[-+]?0*/, "");
  const isTooLong = digits.length > 19 || BigInt(digits) >= (key.startsWith("-") ? LARGEST + 1n : LARGEST);
  return isTooLong ? problem(`${parsing}: value out of range`) : ok(Number(key));
}

function indexIn(key: string, length: number): Result<number> {
  const index = parseIndex(key);
  if (!index.ok) return index;
  if (index.value >= length || index.value < -length) return problem(`Unable to access invalid index: ${index.value}: invalid index referenced`);
  return ok(index.value < 0 ? index.value + length : index.value);
}

/** What stands at `key`; a map that does not have it answers undefined, too. */
export function getAt(container: Container, key: string): Result<Value> {
  if (container.kind === "fields") return ok(container.fields.get(key));
  const index = indexIn(key, container.items.length);
  return index.ok ? ok(container.items[index.value]) : index;
}

/** Overwrites a field, or an item that is there. */
export function setAt(container: Container, key: string, value: Value): Result<void> {
  if (container.kind === "fields") return ok(setField(container, key, value));
  const index = indexIn(key, container.items.length);
  if (index.ok) container.items[index.value] = value;
  return index.ok ? ok(undefined) : index;
}

/** Sets a field, or puts an item before the one at that position; `-` is behind all. */
export function addAt(container: Container, key: string, value: Value): Result<void> {
  if (container.kind === "fields") return ok(setField(container, key, value));
  const index = positionIn(container, key);
  spend(container.items.length >>> 4);
  if (index.ok) container.items.splice(index.value, 0, value);
  return index.ok ? ok(undefined) : index;
}

function positionIn({ items }: List, key: string): Result<number> {
  if (key === "-") return ok(items.length);
  const parsed = parseIndex(key);
  return parsed.ok ? indexIn(key, items.length + 1) : problem(`value was not a proper array index: '${key}': ${parsed.problem}`);
}

const setField = ({ fields }: Fields, key: string, value: Value): void => {
  fields.set(key, value);
};

export function removeAt(container: Container, key: string): Result<void> {
  if (container.kind === "fields") return container.fields.delete(key) ? ok(undefined) : problem(`Unable to remove nonexistent key: ${key}: missing value`);
  const index = indexIn(key, container.items.length);
  spend(container.items.length >>> 4);
  if (index.ok) container.items.splice(index.value, 1);
  return index.ok ? ok(undefined) : index;
}

/** Where a path leads: the map or list that has its last part. Undefined when something on the way is missing or neither. What stands before the first slash does not matter. */
export function findContainer(root: Container, path: string): { readonly container: Container; readonly key: string } | undefined {
  spend(path.length);
  const [, ...parts] = path.split("/").map(unescapePart);
  const key = parts.pop();
  if (key === undefined) return undefined;
  let container = root;
  for (const part of parts) {
    const next = getAt(container, part);
    if (!next.ok || next.value === undefined) return undefined;
    if (next.value.kind === "null" || next.value.kind === "leaf") return undefined;
    container = next.value;
  }
  return { container, key };
}

const unescapePart = (part: string): string => part.replaceAll(/~[01]/g, (written) => (written === "~1" ? "/" : "~"));

const EMPTY: Fields = { kind: "fields", fields: new Map() };

/**
 * Whether two values are equal: texts and numbers as they are written. The problem is Go's panic: nulls in lists cannot be compared.
 * Source: evanphx/json-patch v4, lazyNode.equal.
 */
export function isEqualValue(one: Value, other: Value): Result<boolean> {
  spend(1);
  if (one === undefined || other === undefined) return problem(NIL_POINTER);
  switch (one.kind) {
    case "null":
      return one.written ? isEqualValue(EMPTY, other) : ok(other.kind === "null" && !other.written);
    case "leaf":
      return ok(other.kind === "leaf" && other.text === one.text);
    case "list":
      return areEqualItems(one, other.kind === "null" && other.written ? { kind: "list", items: [] } : other);
    case "fields":
      return areEqualFields(one, other.kind === "null" && other.written ? EMPTY : other);
  }
}

function areEqualItems({ items }: List, other: NonNullable<Value>): Result<boolean> {
  if (other.kind !== "list" || other.items.length !== items.length) return ok(false);
  for (const [index, item] of items.entries()) {
    const equal = isEqualValue(item, other.items[index]);
    if (!equal.ok || !equal.value) return equal;
  }
  return ok(true);
}

function areEqualFields({ fields }: Fields, other: NonNullable<Value>): Result<boolean> {
  if (other.kind !== "fields" || other.fields.size !== fields.size) return ok(false);
  for (const [key, value] of fields) {
    const counterpart = other.fields.get(key);
    if (!other.fields.has(key) || (value === undefined) !== (counterpart === undefined)) return ok(false);
    if (value === undefined) continue;
    const equal = isEqualValue(value, counterpart);
    if (!equal.ok || !equal.value) return equal;
  }
  return ok(true);
}
