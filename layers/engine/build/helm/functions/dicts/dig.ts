import { GoPanic } from "../../go/result.ts";
import { DICT, STRING } from "../../go/type.ts";
import { type GoMap, type GoValue, typeName } from "../../go/value.ts";

/** `dig "a" "b" "otherwise" $dict`: what lies under a path. A path that leads through something else than a map is an error. Source: sprig dict.go (dig). */
export function dig(args: readonly GoValue[]): GoValue {
  if (args.length < 3) throw new GoPanic("dig needs at least three arguments");
  let map = asDict(args.at(-1) ?? null);
  const otherwise = args.at(-2) ?? null;
  const path = args.slice(0, -2).map(asText);
  for (const [index, key] of path.entries()) {
    const found = map.entries.get(key);
    if (found === undefined) return otherwise;
    if (index === path.length - 1) return found;
    map = asDict(found);
  }
  return otherwise;
}

function asDict(value: GoValue): GoMap {
  if (typeof value === "object" && value !== null && value.go === "map" && value.type.name === DICT.name) return value;
  throw new GoPanic(conversion(value, DICT.name));
}

function asText(value: GoValue): string {
  if (typeof value === "string") return value;
  throw new GoPanic(conversion(value, STRING.name));
}

const conversion = (value: GoValue, wanted: string): string =>
  `interface conversion: interface {} is ${value === null ? "nil" : typeName(value)}, not ${wanted}`;
