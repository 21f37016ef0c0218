import type { Path } from "../build-problem.ts";
import type { GeneratorArgs } from "../kustomization/kustomization.ts";
import type { Loader } from "../load/loader.ts";
import { envLines } from "./env-lines.ts";
import { parseFileSource } from "./key-values.ts";

/** Where a generator got a key from: a line of an env file, or an entry of its arguments. */
export type PlaceOfKey = { readonly kind: "file"; readonly file: string; readonly line: number } | { readonly kind: "argument"; readonly path: Path };

/** The second place that gives a key, in the order in which they are read, or else the only one. Slow: for problems. */
export function placeOfKey({ envs, literals, files }: GeneratorArgs, loader: Loader, key: string): PlaceOfKey {
  const places: readonly PlaceOfKey[] = [
    ...envs.flatMap((path) => envPlaces(path, loader, key)),
    ...literals.flatMap((source, index): PlaceOfKey[] => (source.slice(0, source.indexOf("=")) === key ? [argument("literals", index)] : [])),
    ...files.flatMap((source, index): PlaceOfKey[] => {
      const named = parseFileSource(source);
      return named.ok && named.value.key === key ? [argument("files", index)] : [];
    }),
  ];
  return places[1] ?? places[0] ?? { kind: "argument", path: [] };
}

const argument = (field: string, index: number): PlaceOfKey => ({ kind: "argument", path: [field, index] });

function envPlaces(path: string, loader: Loader, key: string): readonly PlaceOfKey[] {
  const loaded = loader.load(path);
  const pairs = loaded.ok ? envLines(loaded.value.bytes) : loaded;
  if (!loaded.ok || !pairs.ok) return [];
  return pairs.value.flatMap((pair) => (pair.key === key ? [{ kind: "file", file: loaded.value.path, line: pair.line }] : []));
}
