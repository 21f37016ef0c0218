import { isArray, isEqual, isObject, type Json } from "@sluice/engine/domain/json.ts";
import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";

type Operation = { readonly op: string; readonly path: readonly string[]; readonly from: readonly string[]; readonly value: Json | undefined };

/** Bytes of JSON that the copies of one patch may add. Source: apiserver server/config.go JSONPatchMaxCopyBytes. */
const MAX_COPIED = 3 * 1024 * 1024;
/** What a value may be nested in; `copy` could double it with every operation. */
const MAX_DEPTH = 500;

const FORBIDDEN_KEYS = new Set(["__proto__", "constructor", "prototype"]);

/** The operations of `patch`, one after the other; the first that fails is the problem. Source: RFC 6902, and RFC 6901 for the paths. */
export function jsonPatch(document: Json, patch: readonly Json[]): Result<Json> {
  let patched = document;
  let copied = 0;
  for (const item of patch) {
    const operation = parseOperation(item);
    if (!operation.ok) return operation;
    const { op, path, from, value } = operation.value;
    const placed = op === "copy" || op === "move" ? valueAt(patched, from) : value;
    if (isDeeperThan(placed, MAX_DEPTH - path.length)) return problem("nested too deeply");
    if (op === "copy" && placed !== undefined) copied += Buffer.byteLength(JSON.stringify(placed));
    if (copied > MAX_COPIED) return problem(`Unable to copy, the accumulated size increase of copy is ${copied}, exceeding the limit ${MAX_COPIED}`);
    const next = applyOperation(patched, operation.value);
    if (!next.ok) return next;
    patched = next.value;
  }
  return ok(patched);
}

/** Level by level, without recursion. */
function isDeeperThan(value: Json | undefined, limit: number): boolean {
  let level: readonly Json[] = value === undefined ? [] : [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    const inner = level.filter((one) => isArray(one) || isObject(one));
    if (inner.length > 0 && depth >= limit) return true;
    level = inner.flatMap((one) => (isArray(one) ? one : isObject(one) ? Object.values(one) : []));
  }
  return false;
}

function parseOperation(item: Json): Result<Operation> {
  if (!isObject(item) || typeof item.op !== "string") return problem("an operation needs op and path");
  const path = parsePointer(item.path);
  if (path === undefined) return problem(`operation ${item.op} has no path`);
  const from = parsePointer(item.from);
  if ((item.op === "move" || item.op === "copy") && from === undefined) return problem(`operation ${item.op} has no from`);
  return ok({ op: item.op, path, from: from ?? [], value: item.value });
}

function parsePointer(text: Json | undefined): readonly string[] | undefined {
  if (typeof text !== "string" || (text !== "" && !text.startsWith("/"))) return undefined;
  const steps = text
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  return steps.some((step) => FORBIDDEN_KEYS.has(step)) ? undefined : steps;
}

function applyOperation(document: Json, { op, path, from, value }: Operation): Result<Json> {
  switch (op) {
    case "add":
      return change(document, path, { kind: "add", value: value ?? null });
    case "remove":
      return change(document, path, { kind: "remove" });
    case "replace":
      return change(document, path, { kind: "replace", value: value ?? null });
    case "test":
      return isEqual(valueAt(document, path) ?? null, value ?? null) ? ok(document) : problem(`testing value /${path.join("/")} failed`);
    case "copy":
    case "move": {
      const found = valueAt(document, from);
      if (found === undefined) return problem(`missing value at /${from.join("/")}`);
      const without = op === "move" ? change(document, from, { kind: "remove" }) : ok(document);
      return without.ok ? change(without.value, path, { kind: "add", value: found }) : without;
    }
    default:
      return problem(`Unexpected kind: ${op}`);
  }
}

function valueAt(document: Json, path: readonly string[]): Json | undefined {
  let value: Json | undefined = document;
  for (const step of path) {
    if (isArray(value)) value = value[indexOf(step, value.length)];
    else value = isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  }
  return value;
}

type Edit = { readonly kind: "add" | "replace"; readonly value: Json } | { readonly kind: "remove" };

/** A copy of `document` with one place changed. The depth is the path's, which is limited by the size of a request. */
function change(document: Json, path: readonly string[], edit: Edit): Result<Json> {
  const missing = problem(`doc is missing path: /${path.join("/")}`);
  const [step, ...rest] = path;
  if (step === undefined) return edit.kind === "remove" ? problem("cannot remove the whole document") : ok(edit.value);
  if (rest.length > 0) {
    const inner = valueAt(document, [step]);
    if (inner === undefined) return missing;
    const changed = change(inner, rest, edit);
    if (!changed.ok) return changed;
    if (isArray(document)) return ok(document.with(indexOf(step, document.length), changed.value));
    return isObject(document) ? ok({ ...document, [step]: changed.value }) : missing;
  }
  if (isArray(document)) return changeItem(document, step, edit) ?? missing;
  if (!isObject(document)) return missing;
  if (edit.kind !== "add" && !Object.hasOwn(document, step)) return missing;
  if (edit.kind !== "remove") return ok({ ...document, [step]: edit.value });
  const { [step]: _, ...others } = document;
  return ok(others);
}

function changeItem(list: readonly Json[], step: string, edit: Edit): Result<Json> | undefined {
  if (edit.kind === "add" && step === "-") return ok([...list, edit.value]);
  const index = indexOf(step, list.length);
  if (edit.kind === "add") return index >= 0 && index <= list.length ? ok(list.toSpliced(index, 0, edit.value)) : undefined;
  if (index < 0 || index >= list.length) return undefined;
  return ok(edit.kind === "remove" ? list.toSpliced(index, 1) : list.with(index, edit.value));
}

/** Negative numbers count from the end, as in the server's library. */
function indexOf(step: string, length: number): number {
  if (!/^-?(0|[1-9]\d*)$/.test(step)) return -1;
  const index = Number(step);
  return index < 0 ? length + index : index;
}
