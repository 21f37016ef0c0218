import { isArray, isObject, type Json, type JsonObject } from "../../domain/json.ts";
import { foldCase } from "../entry.ts";

/** How kustomize takes what a field names. */
export type Role =
  /** A manifest, or a folder with a kustomization. */
  | "resource"
  /** A folder with a component. */
  | "component"
  /** A configuration of a built-in generator, transformer or validator: a file, a folder, or YAML right there. */
  | "plugin"
  /** A file that is read, or YAML right there. */
  | "patch"
  | "file";

/** Something outside of a kustomization file that it names. `among` is the whole list it stands in, as messages show it. */
export type Reference = { readonly field: string; readonly role: Role; readonly path: string; readonly among?: readonly string[] };

/** All that a kustomization names. Field names count in any case, since that is how they are decoded. */
export function referencesOf(kustomization: JsonObject): readonly Reference[] {
  const of = (field: string): Json | undefined => fieldOf(kustomization, field);
  const simple = (field: string, role: Role): readonly Reference[] => texts(of(field)).map((path) => ({ field, role, path }));
  return [
    ...simple("resources", "resource"),
    ...simple("bases", "resource"),
    ...simple("components", "component"),
    ...simple("crds", "file"),
    ...simple("configurations", "file"),
    ...["generators", "transformers", "validators"].flatMap((field) => simple(field, "plugin")),
    ...simple("patchesStrategicMerge", "patch"),
    // A list of texts is the old form of patchesStrategicMerge, which kustomize still takes.
    ...simple("patches", "patch"),
    ...pathsIn("patches", maps(of("patches"))),
    ...pathsIn("patchesJson6902", maps(of("patchesJson6902"))),
    ...pathsIn("replacements", maps(of("replacements"))),
    ...pathsIn("openapi", maps([of("openapi") ?? null])),
    ...["configMapGenerator", "secretGenerator"].flatMap((field) => maps(of(field)).flatMap((generator) => sourcesOf(field, generator))),
  ];
}

/** What the configuration of a built-in plugin names. */
export const pluginReferencesOf = (config: JsonObject): readonly Reference[] => [
  ...sourcesOf(kindOf(config), config),
  ...pathsIn(kindOf(config), [config]),
  ...texts(fieldOf(config, "paths")).map((path): Reference => ({ field: `${kindOf(config)}.paths`, role: "patch", path })),
  ...pathsIn(`${kindOf(config)}.replacements`, maps(fieldOf(config, "replacements"))),
];

const kindOf = (config: JsonObject): string => (typeof config.kind === "string" ? config.kind : "plugin");

/** `files` (`name=path` or a path) and environment files of a generator. */
function sourcesOf(field: string, generator: JsonObject): readonly Reference[] {
  const files = texts(fieldOf(generator, "files"));
  const envs = [...texts(fieldOf(generator, "envs")), ...texts([fieldOf(generator, "env") ?? null])];
  return [
    ...files.map((path): Reference => ({ field: `${field}.files`, role: "file", path: path.slice(path.indexOf("=") + 1), among: files })),
    ...envs.map((path): Reference => ({ field: `${field}.envs`, role: "file", path, among: envs })),
  ];
}

const pathsIn = (field: string, owners: readonly JsonObject[]): readonly Reference[] =>
  owners.flatMap((owner) => texts([fieldOf(owner, "path") ?? null]).map((path): Reference => ({ field: `${field}.path`, role: "file", path })));

const texts = (value: Json | undefined): readonly string[] => (isArray(value) ? value.filter((item) => typeof item === "string") : []);
const maps = (value: Json | undefined): readonly JsonObject[] => (isArray(value) ? value.filter(isObject) : []);

/** The value of a field whatever its case; of two spellings, all their items. */
export function fieldOf(map: JsonObject, field: string): Json | undefined {
  const found = Object.keys(map).filter((key) => foldCase(key) === foldCase(field));
  if (found.length <= 1) return found[0] === undefined ? undefined : map[found[0]];
  return found.flatMap((key) => {
    const value = map[key] ?? null;
    return isArray(value) ? value : [value];
  });
}
