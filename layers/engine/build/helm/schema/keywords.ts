import type { Compiling } from "./compiling.ts";
import { escapeToken } from "./draft.ts";
import { isWhole } from "./rational.ts";
import type { Bound, Schema } from "./schema.ts";
import { isList, isMap, isNumber, type Value, type ValueMap } from "./value.ts";

/** Keywords as what they should be: undefined for one that is absent or something else. */
export function textAt(keywords: ValueMap, name: string): string | undefined {
  const value = keywords.get(name);
  return typeof value === "string" ? value : undefined;
}

export function boundAt(keywords: ValueMap, name: string): Bound | undefined {
  const value = keywords.get(name);
  return isNumber(value) && value.exact !== undefined ? { text: value.text, exact: value.exact } : undefined;
}

/** Go cuts it to 64 bits. */
export function countAt(keywords: ValueMap, name: string): number | undefined {
  const exact = boundAt(keywords, name)?.exact;
  return exact === undefined || !isWhole(exact) ? undefined : Number(BigInt.asIntN(64, exact.over / exact.under));
}

export const textsOf = (value: Value): readonly string[] => (isList(value) ? value.filter((item) => typeof item === "string") : []);

const pointerAt = ({ schema }: Compiling, name: string): string => `${schema.place.pointer}/${escapeToken(name)}`;

export const schemaAt = (compiling: Compiling, name: string): Schema | undefined =>
  compiling.keywords.has(name) ? compiling.at(pointerAt(compiling, name)) : undefined;

export function schemasAt(compiling: Compiling, name: string): readonly Schema[] | undefined {
  const items = compiling.keywords.get(name);
  return isList(items) ? items.map((_, index) => compiling.at(`${pointerAt(compiling, name)}/${index}`)) : undefined;
}

export function schemaMapAt(compiling: Compiling, name: string): ReadonlyMap<string, Schema> | undefined {
  const map = compiling.keywords.get(name);
  if (!isMap(map)) return undefined;
  return new Map([...map.keys()].map((key): [string, Schema] => [key, compiling.at(`${pointerAt(compiling, name)}/${escapeToken(key)}`)]));
}

export function additionalAt(compiling: Compiling, name: string): boolean | Schema | undefined {
  const value = compiling.keywords.get(name);
  return typeof value === "boolean" ? value : schemaAt(compiling, name);
}
