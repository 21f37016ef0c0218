import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import { isArray, isObject } from "@sluice/engine/domain/json.ts";
import { maybe, NAMES, word } from "./maker.ts";
import { isScalar, type Made, type Way, type World, waysIn } from "./world.ts";

/** An entry of `replacements`. */
export function replacement(world: World): JsonObject {
  const { chance, made } = world;
  const from = chance.one(made);
  const source = chance.happens(0.15)
    ? { sourceValue: word(chance) }
    : {
        source: {
          kind: from.kind.kind,
          name: chance.happens(0.95) ? from.name : chance.one(NAMES),
          ...maybe(chance, 0.85, () => ({ fieldPath: fieldPath(world, from, "source") })),
          ...maybe(chance, 0.12, () => ({ options: { delimiter: chance.one([":", "-", "."]), index: chance.int(2) } })),
        },
      };
  return { ...source, targets: Array.from({ length: 1 + chance.int(2) }, () => target(world)) };
}

function target(world: World): Json {
  const { chance, made } = world;
  const to = chance.one(made);
  const other = chance.one(made);
  return {
    select: { kind: to.kind.kind, ...maybe(chance, 0.8, () => ({ name: to.name })), ...maybe(chance, 0.05, () => ({ labelSelector: "app" })) },
    ...maybe(chance, 0.1, () => ({ reject: [{ kind: other.kind.kind, name: other.name }] })),
    // Names are left alone: one that a prefix or suffix has made has no type for kustomize, so that `true` becomes one. That is a case of the corpus.
    fieldPaths: Array.from({ length: 1 + chance.int(2) }, () =>
      chance.happens(0.1) ? chance.one(["metadata.namespace", "metadata.annotations", "metadata.labels"]) : fieldPath(world, to, "target"),
    ),
    ...maybe(chance, 0.35, () => ({
      options: {
        ...maybe(chance, 0.7, () => ({ create: true })),
        ...maybe(chance, 0.3, () => ({ delimiter: chance.one([":", "-", "/"]), index: chance.int(4) - 1 })),
      },
    })),
  };
}

/** A way to a field of the object, written as replacements do; mostly to a scalar. */
function fieldPath({ chance }: World, { object }: Made, side: "source" | "target"): string {
  const ways = waysIn(object, chance.happens(0.95) ? isScalar : () => true).filter(
    (way) => way.length > 0 && way[0] !== "apiVersion" && way[0] !== "kind" && (side === "source" || way.at(-1) !== "name" || way.length > 2),
  );
  const way = chance.one(ways.length > 0 ? ways : [["metadata", "name"]]);
  const parts = way.map((part, index) => partOf(side === "source" ? 1 + chance.int(3) : chance.int(4), object, way.slice(0, index), part));
  return [...parts, ...(chance.happens(0.97) ? [] : ["none"])].join(".");
}

function partOf(dice: number, object: JsonObject, before: Way, part: string | number): string {
  if (typeof part === "string") return part.includes(".") ? (dice < 2 ? `[${part}]` : part.replaceAll(".", "\\.")) : part;
  const list = before.reduce<Json>(
    (here, key) => (isObject(here) || isArray(here) ? ((here as { readonly [key: string | number]: Json })[key] ?? null) : null),
    object,
  );
  const item = isArray(list) ? list[part] : undefined;
  if (dice === 0) return "*";
  if (dice < 3 && isObject(item) && typeof item.name === "string") return `[name=${item.name}]`;
  return String(part);
}
