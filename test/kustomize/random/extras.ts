import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import { maybe, NAMES, NAMESPACES, several, word } from "./maker.ts";
import { targetOf } from "./patches.ts";
import type { World } from "./world.ts";
import { written } from "./written.ts";

/** `configMapGenerator`, `secretGenerator` and their options; `known` are names that bases have generated, and that may be merged with. */
export function generators(
  world: World,
  known: readonly string[],
  files: Record<string, string>,
): { readonly content: JsonObject; readonly generated: readonly string[] } {
  const { chance } = world;
  const generated = [...known];
  const entries = (kind: string): Json[] =>
    several(chance, 2, (index) => {
      const [behavior, name] = behaviorOf(world, kind, generated);
      if (behavior === undefined) generated.push(`${kind}/${name}`);
      return {
        name,
        ...(behavior !== undefined && { behavior }),
        ...maybe(chance, 0.1, () => ({ namespace: chance.one(NAMESPACES) })),
        ...maybe(chance, 0.85, () => ({ literals: several(chance, 3, (at) => `${"kpqr".charAt(at)}${index}=${word(chance).replaceAll("\n", " ")}`) })),
        ...maybe(chance, 0.25, () => fileSource(world, `${kind}-${index}`.toLowerCase(), files)),
        ...maybe(chance, 0.15, () => envSource(world, `${kind}-${index}`.toLowerCase(), files)),
        ...maybe(chance, 0.15, () => ({ options: options(world) })),
        ...(kind === "Secret" && chance.happens(0.3) && { type: "example.com/own" }),
      };
    });
  const content = {
    ...maybe(chance, 0.35, () => ({ configMapGenerator: entries("ConfigMap") })),
    ...maybe(chance, 0.2, () => ({ secretGenerator: entries("Secret") })),
    ...maybe(chance, 0.08, () => ({ generatorOptions: options(world) })),
  };
  return { content, generated };
}

function behaviorOf({ chance }: World, kind: string, generated: readonly string[]): readonly [string | undefined, string] {
  const same = generated.filter((each) => each.startsWith(`${kind}/`)).map((each) => each.slice(kind.length + 1));
  if (same.length > 0 && chance.happens(0.6)) return [chance.one(["merge", "merge", "replace"]), chance.one(same)];
  if (chance.happens(0.03)) return [chance.one(["merge", "create", "replace"]), chance.one(NAMES)];
  const free = ["gen", "conf", "values", ...(chance.happens(0.03) ? NAMES : [])].filter((name) => !same.includes(name));
  return [undefined, free.length > 0 ? chance.one(free) : `gen-${generated.length}`];
}

function fileSource({ chance }: World, name: string, files: Record<string, string>): JsonObject {
  files[`${name}.txt`] = chance.one(["hello\n", "a=b\nc=d", "", " lead\ntrail \n", "Größe\n", "x\r\ny\r\n"]);
  return { files: [chance.happens(0.3) ? `renamed=${name}.txt` : `${name}.txt`] };
}

function envSource({ chance }: World, name: string, files: Record<string, string>): JsonObject {
  files[`${name}.env`] = chance.one(["AA=1\n", "# c\nAA=x y\n\nBB='q'\n", "  AA=\nBB=a=b"]);
  return chance.happens(0.7) ? { envs: [`${name}.env`] } : { env: `${name}.env` };
}

const options = ({ chance }: World): JsonObject => ({
  ...maybe(chance, 0.4, () => ({ labels: { gen: word(chance) } })),
  ...maybe(chance, 0.3, () => ({ annotations: { note: word(chance) } })),
  ...maybe(chance, 0.4, () => ({ disableNameSuffixHash: chance.happens(0.8) })),
  ...maybe(chance, 0.3, () => ({ immutable: true })),
});

/** `transformers`, `generators` and `validators` with what is built in. */
export function plugins(world: World): JsonObject {
  const { chance } = world;
  return {
    ...maybe(chance, 0.12, () => ({ transformers: several(chance, 2, (index) => written(chance, [transformer(world, `t${index}`)])) })),
    ...maybe(chance, 0.05, () => ({
      generators: [written(chance, [{ apiVersion: "builtin", kind: "ConfigMapGenerator", metadata: { name: `inline-${chance.int(3)}` }, literals: ["a=1"] }])],
    })),
    ...maybe(chance, 0.03, () => ({
      validators: [written(chance, [plugin("LabelTransformer", "v", { labels: { x: "y" }, fieldSpecs: [{ path: "spec/none" }] })])],
    })),
  };
}

const plugin = (kind: string, name: string, rest: JsonObject): JsonObject => ({ apiVersion: "builtin", kind, metadata: { name }, ...rest });

function transformer({ chance, made }: World, name: string): JsonObject {
  const victim = made.length > 0 ? chance.one(made) : undefined;
  return chance.one<JsonObject>([
    plugin("PrefixTransformer", name, { prefix: "tp-", fieldSpecs: [{ path: "metadata/name" }] }),
    plugin("SuffixTransformer", name, { suffix: "-ts", fieldSpecs: [{ path: "metadata/name", kind: "ConfigMap" }] }),
    plugin("LabelTransformer", name, {
      labels: { t: word(chance) },
      fieldSpecs: [
        { path: "metadata/labels", create: true },
        { path: "spec/selector", kind: "Service" },
      ],
    }),
    plugin("AnnotationsTransformer", name, { annotations: { t: word(chance) }, fieldSpecs: [{ path: "metadata/annotations", create: true }] }),
    {
      ...plugin("NamespaceTransformer", name, {
        unsetOnly: chance.happens(0.5),
        setRoleBindingSubjects: chance.one(["defaultOnly", "allServiceAccounts", "none"]),
        fieldSpecs: [{ path: "metadata/namespace", create: true }],
      }),
      metadata: { name, namespace: "moved" },
    },
    plugin("ImageTagTransformer", name, { imageTag: { name: "nginx", newTag: "t" }, fieldSpecs: [{ path: "spec/template/spec/containers[]/image" }] }),
    plugin("ReplicaCountTransformer", name, {
      replica: { name: victim?.name ?? "web", count: 9 },
      fieldSpecs: [{ path: "spec/replicas", create: true, kind: "Deployment" }],
    }),
    plugin("PatchTransformer", name, {
      target: victim === undefined ? { kind: "ConfigMap" } : targetOf(chance, victim),
      patch: '[{"op": "add", "path": "/metadata/labels", "value": {"by": "t"}}]',
    }),
    plugin("ValueAddTransformer", name, { value: "v", targets: [{ fieldPath: "metadata/labels/added" }] }),
  ]);
}

/** `configurations` for kinds of one's own. */
export function configurations({ chance }: World, files: Record<string, string>): JsonObject {
  if (!chance.happens(0.12)) return {};
  files["config.yaml"] = written(chance, [
    {
      ...maybe(chance, 0.5, () => ({ nameReference: [{ kind: "ConfigMap", version: "v1", fieldSpecs: [{ path: "spec/config", kind: "Gadget" }] }] })),
      ...maybe(chance, 0.4, () => ({ commonLabels: [{ path: "spec/labels", kind: "Widget", create: true }] })),
      ...maybe(chance, 0.3, () => ({ namePrefix: [{ path: "spec/note", kind: "Widget" }] })),
      ...maybe(chance, 0.3, () => ({
        varReference: [
          { path: "spec/note", kind: "Widget" },
          { path: "data", kind: "ConfigMap" },
        ],
      })),
      ...maybe(chance, 0.3, () => ({ images: [{ path: "spec/image", kind: "Widget" }] })),
      ...maybe(chance, 0.3, () => ({ replicas: [{ path: "spec/size", kind: "Widget" }] })),
    },
  ]);
  return { configurations: ["config.yaml"] };
}
