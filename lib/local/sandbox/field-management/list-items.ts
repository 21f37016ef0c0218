import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import { isArray, isObject } from "@sluice/engine/domain/json.ts";
import type { Result } from "@sluice/engine/domain/result.ts";
import { ok, problem } from "@sluice/engine/domain/result.ts";
import type { PathElement } from "./path-element.ts";
import { keyElement, valueElement } from "./path-element.ts";
import type { ListType } from "./type.ts";
import { keyDefault } from "./type.ts";

/** What names `item` in a merging list: its keys, or in a set the item itself. Source: structured-merge-diff listItemToPathElement. */
export function itemElement(list: ListType, item: Json): Result<PathElement> {
  if (!list.merges) return problem("invalid indexing of non-associative list");
  return list.keys.length > 0 ? keyedElement(list, item) : setElement(item);
}

function keyedElement(list: ListType, item: Json): Result<PathElement> {
  if (item === null) return problem("associative list with keys may not have a null element");
  if (!isObject(item)) return problem("associative list with keys may not have non-map elements");
  const entries = list.keys.flatMap((name): [string, Json][] => {
    const value = Object.hasOwn(item, name) ? item[name] : keyDefault(list, name);
    return value === undefined ? [] : [[name, value]];
  });
  if (entries.length > 0) return ok(keyElement(Object.fromEntries(entries) satisfies JsonObject));
  const names = `[${list.keys.map((key) => JSON.stringify(key)).join(" ")}]`;
  return problem(`associative list with keys has an element that omits all key fields ${names} (and doesn't have default values for any key fields)`);
}

function setElement(item: Json): Result<PathElement> {
  if (isObject(item)) return problem("associative list without keys has an element that's a map type");
  if (isArray(item)) return problem("not supported: associative list with lists as elements");
  if (item === null) return problem("associative list without keys has an element that's an explicit null");
  return ok(valueElement(item));
}

/** The items that can be named, in order; of the others nothing is known. */
export function namedItems(list: ListType, items: readonly Json[]): readonly (readonly [PathElement, Json])[] {
  return items.flatMap((item): [PathElement, Json][] => {
    const element = itemElement(list, item);
    return element.ok ? [[element.value, item]] : [];
  });
}
