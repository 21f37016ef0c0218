import { isArray, isObject, type Json, type JsonObject } from "../domain/json.ts";

/** What a walk carries down. */
export type Step = {
  readonly builtIn: boolean;
  /** The trees of all other managers at this place, as far as they have one. */
  readonly foreign: readonly JsonObject[];
  readonly path: string;
  readonly depth: number;
  /** The place of a struct that may be `{}` in the manifest whatever the cluster has in it, see `leaf`. */
  readonly filled?: string | undefined;
};

/** Why the server must be asked, or undefined when an apply would change nothing here. */
type Doubt = string | undefined;

/** No schema nests deeper; a manifest that does is asked about. */
const MAX_DEPTH = 64;
/** Items are looked up one by one; longer lists are cheaper to ask about. */
const MAX_ITEMS = 2000;

/**
 * A map of ours: the desired own keys are the owned keys, no more and no fewer, and each value holds.
 * `asItem`: the node of a list item, which owns itself (`.`) besides its fields. Source: design §6.
 */
export function walkMap(desired: Json | undefined, owned: JsonObject, live: Json | undefined, step: Step, asItem = false): Doubt {
  if (step.depth > MAX_DEPTH) return `${step.path} is too deep`;
  if (!isObject(desired)) return `${step.path} is no map in the manifest`;
  if (!isObject(live)) return `${step.path} is no map in the cluster`;
  const keys = Object.keys(desired);
  const fields = Object.keys(owned).filter((key) => !(asItem && key === "."));
  if (keys.length !== fields.length) return `${step.path} has other fields than we own`;
  for (const key of keys) {
    const node = Object.hasOwn(owned, `f:${key}`) ? owned[`f:${key}`] : undefined;
    if (!isObject(node)) return `${step.path}.${key} is not ours`;
    const value = Object.hasOwn(live, key) ? live[key] : undefined;
    const doubt = walkValue(desired[key] ?? null, node, value, below(step, `f:${key}`, `.${key}`));
    if (doubt !== undefined) return doubt;
  }
  return undefined;
}

function walkValue(desired: Json, owned: JsonObject, live: Json | undefined, step: Step): Doubt {
  const keys = Object.keys(owned);
  const [first] = keys;
  if (first === undefined) return leaf(desired, live, step);
  const sort = first.slice(0, 2);
  if (keys.some((key) => !key.startsWith(sort))) return `${step.path} is owned in two ways`;
  if (sort === "f:") return walkMap(desired, owned, live, step);
  if (sort === "k:") return walkKeyedList(desired, owned, live, step);
  return sort === "v:" ? walkSet(desired, keys, live, step) : `${step.path} is owned as ${first}`;
}

/** A value that we own as a whole: equal with the same types and own keys, without anything that the server might read otherwise. */
function leaf(desired: Json, live: Json | undefined, step: Step): Doubt {
  // Owned as an empty struct, field by field: applying `{}` once more takes none of the fields that the server or others put into it.
  if (step.path === step.filled && isObject(desired) && Object.keys(desired).length === 0 && isObject(live)) return undefined;
  if (desired === null) return step.builtIn && (live === undefined || live === null) ? undefined : `${step.path} is null`;
  if (!isSame(desired, live, 0)) return `${step.path} differs`;
  const composite = isObject(desired) || isArray(desired);
  return composite && step.foreign.some((node) => Object.keys(node).some((key) => key !== ".")) ? `${step.path} is shared with another manager` : undefined;
}

/** Deeply equal; a number that is not exact, a null and too much depth are never the same as anything. */
function isSame(a: Json, b: Json | undefined, depth: number): boolean {
  if (a === null || depth > MAX_DEPTH) return false;
  if (typeof a === "number") return a === b && Math.abs(a) <= Number.MAX_SAFE_INTEGER;
  if (isArray(a)) return isArray(b) && a.length === b.length && a.every((item, index) => isSame(item, b[index], depth + 1));
  if (!isObject(a)) return a === b;
  if (!isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isSame(a[key] ?? null, b[key], depth + 1));
}

type OwnedItem = { readonly text: string; readonly key: JsonObject; readonly node: JsonObject };

/** A list whose items have keys: each desired item is one that we own, is in the cluster once, and stands there in the same order. */
function walkKeyedList(desired: Json, owned: JsonObject, live: Json | undefined, step: Step): Doubt {
  if (!isArray(desired) || !isArray(live)) return `${step.path} is no list`;
  if (live.length > MAX_ITEMS) return `${step.path} is too long`;
  const items = Object.keys(owned).map((text) => ownedItem(text, owned[text]));
  if (items.length !== desired.length) return `${step.path} has other items than we own`;
  const seen = new Set<string>();
  let last = -1;
  for (const [index, item] of desired.entries()) {
    const path = `[${index}]`;
    if (!isObject(item)) return `${step.path}${path} is no map`;
    const matches = items.filter((candidate) => candidate !== undefined && isKeyOf(candidate, item));
    const [match] = matches;
    if (match === undefined || matches.length > 1 || seen.has(match.text)) return `${step.path}${path} is not one that we own`;
    seen.add(match.text);
    const places = live.flatMap((candidate, place) => (hasKey(candidate, match.key) ? [place] : []));
    const [place] = places;
    if (place === undefined || places.length > 1 || place < last) return `${step.path}${path} is not there once, in this order`;
    last = place;
    const doubt = walkItem(item, match.node, live[place], below(step, match.text, path));
    if (doubt !== undefined) return doubt;
  }
  return undefined;
}

/** An item is owned as a whole (an empty node), or itself (`.`) and field by field. */
function walkItem(desired: JsonObject, node: JsonObject, live: Json | undefined, step: Step): Doubt {
  if (Object.keys(node).length === 0) return leaf(desired, live, step);
  return Object.hasOwn(node, ".") ? walkMap(desired, node, live, step, true) : `${step.path} is ours in part only`;
}

function ownedItem(text: string, node: Json | undefined): OwnedItem | undefined {
  const key = parsed(text);
  return isObject(key) && isObject(node) ? { text, key, node } : undefined;
}

/** A key field that the manifest leaves to its default must not be owned inside the item, and one that it gives must be. */
function isKeyOf({ key, node }: OwnedItem, item: JsonObject): boolean {
  const whole = Object.keys(node).length === 0;
  return Object.keys(key).every((field) => {
    if (!Object.hasOwn(item, field)) return !whole && !Object.hasOwn(node, `f:${field}`);
    return isScalar(item[field]) && item[field] === key[field] && (whole || Object.hasOwn(node, `f:${field}`));
  });
}

const hasKey = (item: Json, key: JsonObject): boolean =>
  isObject(item) && Object.keys(key).every((field) => Object.hasOwn(item, field) && item[field] === key[field]);

/** A set: scalars, each owned once, each in the cluster once, in the desired order. */
function walkSet(desired: Json, owned: readonly string[], live: Json | undefined, step: Step): Doubt {
  if (!isArray(desired) || !isArray(live)) return `${step.path} is no list`;
  if (live.length > MAX_ITEMS) return `${step.path} is too long`;
  const values = owned.map(parsed);
  if (values.length !== desired.length || new Set(desired).size !== desired.length) return `${step.path} has other values than we own`;
  let last = -1;
  for (const value of desired) {
    const place = live.indexOf(value);
    const known = isScalar(value) && values.filter((candidate) => candidate === value).length === 1;
    if (!known || place <= last || live.lastIndexOf(value) !== place) return `${step.path} does not have our values once, in this order`;
    last = place;
  }
  return undefined;
}

const isScalar = (value: Json | undefined): boolean =>
  typeof value === "string" || typeof value === "boolean" || (typeof value === "number" && Number.isSafeInteger(value));

/** What stands after `k:` or `v:`; undefined when it is no JSON. */
function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text.slice(2));
  } catch {
    return undefined;
  }
}

function below(step: Step, key: string, path: string): Step {
  const foreign = step.foreign.map((node) => (Object.hasOwn(node, key) ? node[key] : undefined)).filter(isObject);
  return { ...step, foreign, path: `${step.path}${path}`, depth: step.depth + 1 };
}
