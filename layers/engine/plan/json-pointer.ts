import { isArray, isObject, type Json, type JsonObject } from "../domain/json.ts";
import { ok, problem, type Result } from "../domain/result.ts";

/** The segments of an RFC 6901 pointer, unescaped. */
export type Pointer = readonly string[];

const FORBIDDEN: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);
/** No object of a cluster is that deep; a pointer that is could only be meant to exhaust the stack. */
const MAX_SEGMENTS = 128;

/** `"/metadata/labels/app.kubernetes.io~1name"` → its three segments. The root itself (`""`) is no pointer to a field. */
export function parsePointer(text: string): Result<Pointer> {
  if (!text.startsWith("/")) return problem(`expected a JSON pointer such as "/spec/replicas", got "${text}"`);
  if (/~(?![01])/.test(text)) return problem(`in the JSON pointer "${text}" a "~" is neither "~0" nor "~1"`);
  const segments = text
    .slice(1)
    .split("/")
    .map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
  if (segments.length > MAX_SEGMENTS) return problem(`the JSON pointer "${text.slice(0, 40)}…" has more than ${MAX_SEGMENTS} segments`);
  const bad = segments.find((segment) => FORBIDDEN.has(segment));
  return bad === undefined ? ok(segments) : problem(`the JSON pointer "${text}" names "${bad}"`);
}

export const pointerText = (pointer: Pointer): string => pointer.map((segment) => `/${segment.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

/** The index that a segment means in a list of `length`; negative ones count from the end, as Flux' patches allow. */
export function indexOf(segment: string, length: number): number | undefined {
  if (!/^(0|-?[1-9]\d*)$/.test(segment)) return undefined;
  const index = Number(segment) < 0 ? length + Number(segment) : Number(segment);
  return index >= 0 && index < length ? index : undefined;
}

function childOf(value: Json | undefined, segment: string): Json | undefined {
  if (isArray(value)) {
    const index = indexOf(segment, value.length);
    return index === undefined ? undefined : value[index];
  }
  return isObject(value) && Object.hasOwn(value, segment) ? value[segment] : undefined;
}

/** The value that `pointer` names in `root`, or undefined when there is none. */
export const readAt = (root: Json, pointer: Pointer): Json | undefined => pointer.reduce<Json | undefined>(childOf, root);

const without = (object: JsonObject, key: string): JsonObject => Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));

/** `root` without what `pointer` names; the same value when nothing is there. */
export function removeAt(root: JsonObject, pointer: Pointer): JsonObject;
export function removeAt(root: Json, pointer: Pointer): Json;
export function removeAt(root: Json, pointer: Pointer): Json {
  const [segment, ...rest] = pointer;
  if (segment === undefined || childOf(root, segment) === undefined) return root;
  if (isArray(root)) {
    const at = indexOf(segment, root.length);
    if (rest.length === 0) return root.filter((_, index) => index !== at);
    return root.map((item, index) => (index === at ? removeAt(item, rest) : item));
  }
  if (!isObject(root)) return root;
  return rest.length === 0 ? without(root, segment) : { ...root, [segment]: removeAt(root[segment] ?? null, rest) };
}

/** `root` with `value` at `pointer`. Maps on the way are made; a list is never made longer: what lies beyond its end is left as it is. */
export function putAt(root: JsonObject, pointer: Pointer, value: Json): JsonObject;
export function putAt(root: Json, pointer: Pointer, value: Json): Json;
export function putAt(root: Json, pointer: Pointer, value: Json): Json {
  const [segment, ...rest] = pointer;
  if (segment === undefined) return value;
  if (isArray(root)) {
    const at = indexOf(segment, root.length);
    return root.map((item, index) => (index === at ? putAt(item, rest, value) : item));
  }
  if (!isObject(root)) return root;
  return { ...root, [segment]: putAt(Object.hasOwn(root, segment) ? (root[segment] ?? null) : {}, rest, value) };
}
