import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import type { Chance } from "./chance.ts";
import { configurations, generators, plugins } from "./extras.ts";
import { maybe, NAMES, NAMESPACES, several, word } from "./maker.ts";
import { oldJsonPatch, type Patch, patch, strategicBody } from "./patches.ts";
import { replacement } from "./replacements.ts";
import { createWorld, type Made, type World } from "./world.ts";
import { written } from "./written.ts";

export type Node = {
  readonly folder: string;
  readonly isComponent: boolean;
  readonly content: JsonObject;
  /** Beside the kustomization file, relative to the folder. */
  readonly files: Readonly<Record<string, string>>;
  /** What is generated there and in its bases: `ConfigMap/settings`. */
  readonly generated: readonly string[];
  /** The objects of its files and of its bases. */
  readonly made: readonly Made[];
};

const SCALED: ReadonlySet<string> = new Set(["Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"]);

type Place = { readonly folder: string; readonly isRoot: boolean; readonly isComponent: boolean; readonly before: readonly Node[] };

export function kustomization(chance: Chance, place: Place): Node {
  const files: Record<string, string> = {};
  const chosen = place.isComponent
    ? []
    : basesFor(
        chance,
        place.before.filter(({ isComponent }) => !isComponent),
      );
  // A component changes what its parent has, and nobody knows yet who that will be.
  const world = createWorld(
    chance,
    (place.isComponent ? place.before : chosen).flatMap(({ made }) => made),
  );
  const listed = resourceFiles(world, place, files);
  const parts = chance.some(
    place.before.filter(({ isComponent }) => isComponent),
    0.5,
  );
  const made = generators(
    world,
    chosen.flatMap(({ generated }) => generated),
    files,
  );
  const content: JsonObject = {
    ...(listed.length + chosen.length > 0 && { resources: [...chosen.map(({ folder }) => `../${folder}`), ...listed] }),
    ...(parts.length > 0 && { components: parts.map(({ folder }) => `../${folder}`) }),
    ...made.content,
    ...names(world, place),
    ...metadata(world),
    ...(world.made.length > 0 && changes(world, files)),
    ...plugins(world),
    ...configurations(world, files),
    ...(place.isRoot && atTheRoot(world)),
  };
  return { folder: place.folder, isComponent: place.isComponent, content, files, generated: made.generated, made: world.made };
}

/** The last one, mostly, and others; those that bring the same objects on two ways only now and then. */
function basesFor(chance: Chance, bases: readonly Node[]): readonly Node[] {
  const chosen: Node[] = [];
  for (const base of bases.toReversed()) {
    const objects = new Set(chosen.flatMap(({ made }) => made.map(idOf)));
    const isDiamond = base.made.some((each) => objects.has(idOf(each)));
    if (chance.happens(isDiamond ? 0.08 : 0.7)) chosen.push(base);
  }
  return chosen;
}

const idOf = ({ kind, name }: Made): string => `${kind.kind}/${name}`;

function resourceFiles(world: World, { isComponent }: Place, files: Record<string, string>): string[] {
  const { chance } = world;
  const count = isComponent ? chance.int(2) : 1 + chance.int(3);
  return Array.from({ length: count }, (_, index) => {
    const objects = several(chance, 3, () => world.object().object);
    const documents: Json[] = chance.happens(0.06) ? [{ apiVersion: "v1", kind: "List", items: objects }] : objects;
    const name = `${chance.one(["a", "b", "deep/c"])}${index}.${chance.one(["yaml", "yaml", "yml", "json"])}`;
    files[name] = written(chance, documents);
    return name;
  });
}

function names({ chance }: World, { isRoot }: Place): JsonObject {
  return {
    ...maybe(chance, isRoot ? 0.3 : 0.45, () => ({ namePrefix: chance.one(["p-", "q-", "1"]) })),
    ...maybe(chance, 0.2, () => ({ nameSuffix: chance.one(["-s", "-t"]) })),
    ...maybe(chance, 0.25, () => ({ namespace: chance.one([...NAMESPACES, "team"]) })),
  };
}

function metadata({ chance }: World): JsonObject {
  return {
    ...maybe(chance, 0.2, () => ({ commonLabels: { app: chance.one(NAMES), team: "a" } })),
    ...maybe(chance, 0.2, () => ({
      labels: several(chance, 2, (index) => ({
        pairs: { [`l${index}`]: chance.one(["1", "true", "x"]) },
        ...maybe(chance, 0.4, () => ({ includeSelectors: chance.happens(0.5) })),
        ...maybe(chance, 0.3, () => ({ includeTemplates: true })),
        ...maybe(chance, 0.2, () => ({ fields: [{ path: "spec/labels", kind: "Widget", create: true }] })),
      })),
    })),
    ...maybe(chance, 0.2, () => ({ commonAnnotations: { note: word(chance).replace("$(X)", "x"), more: "1" } })),
    ...maybe(chance, 0.2, () => ({
      images: several(chance, 2, () => ({
        name: chance.one(["nginx", "busybox", "team/app", "registry.example.com:5000/team/app"]),
        ...maybe(chance, 0.5, () => ({ newName: chance.one(["apache", "reg.example.com/nginx"]) })),
        ...chance.one<JsonObject>([{ newTag: "v2" }, { newTag: "1.0" }, { digest: "sha256:abc" }, { tagSuffix: "-x" }, {}]),
      })),
    })),
  };
}

function changes(world: World, files: Record<string, string>): JsonObject {
  const { chance } = world;
  const keep = ({ entry, files: own }: Patch): Json => {
    Object.assign(files, own);
    return entry;
  };
  return {
    ...maybe(chance, 0.45, () => ({ patches: several(chance, 3, (index) => keep(patch(world, `patch-${index}.yaml`))) })),
    ...maybe(chance, 0.1, () => ({ patchesStrategicMerge: [written(chance, [strategicBody(chance, chance.one(world.made))])] })),
    ...maybe(chance, 0.1, () => ({ patchesJson6902: [oldJsonPatch(world)] })),
    ...maybe(chance, 0.25, () => ({ replacements: several(chance, 2, () => replacement(world)) })),
    ...maybe(chance, world.made.some(({ kind }) => SCALED.has(kind.kind)) ? 0.15 : 0.01, () => ({
      replicas: [{ name: world.made.find(({ kind }) => SCALED.has(kind.kind))?.name ?? chance.one(NAMES), count: chance.int(5) }],
    })),
    ...maybe(chance, 0.12, () => ({ vars: [variable(world)] })),
  };
}

function variable({ chance, made }: World): Json {
  const { kind, name } = chance.one(made);
  return {
    name: chance.one(["X", "NAME", "OTHER"]),
    objref: { apiVersion: kind.apiVersion, kind: kind.kind, name },
    ...maybe(chance, 0.4, () => ({
      fieldref: { fieldpath: chance.happens(0.9) ? "kind" : chance.one(["metadata.namespace", "data.a", "spec.size", "metadata.labels.app"]) },
    })),
  };
}

function atTheRoot({ chance }: World): JsonObject {
  return {
    ...maybe(chance, 0.15, () => ({
      sortOptions: chance.one<JsonObject>([
        { order: "fifo" },
        { order: "legacy" },
        { order: "legacy", legacySortOptions: { orderFirst: ["Secret"], orderLast: ["Namespace", "ConfigMap"] } },
      ]),
    })),
    ...maybe(chance, 0.15, () => ({ buildMetadata: chance.some(["originAnnotations", "transformerAnnotations", "managedByLabel"], 0.6) })),
  };
}
