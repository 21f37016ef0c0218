import { posix } from "node:path/posix";
import { isMap, type NodeMap } from "../../node/node.ts";
import { spend } from "../../work.ts";
import { writeYaml } from "../../yaml/write.ts";
import { apiVersionOf, kindOf, metaMap, nameOf, namespaceOf, type Resource } from "../resource/resource.ts";

/** Where an object came from, or what changed it: its file, or the configuration of the generator or transformer. Paths are relative to the folder that is built. */
export type Origin = {
  readonly path?: string;
  readonly configuredIn?: string;
  readonly configuredBy?: { readonly apiVersion: string; readonly kind: string; readonly name?: string; readonly namespace?: string };
};

const ORIGIN = "config.kubernetes.io/origin";
const TRANSFORMATIONS = "alpha.config.kubernetes.io/transformations";

/** What kustomize and its tools write on objects for each other; whoever put it there, it is never printed. Source: kustomize api/resource, BuildAnnotations. */
const INTERNAL = "internal.config.kubernetes.io/";
const BUILD_ANNOTATIONS: ReadonlySet<string> = new Set([
  ...["previousKinds", "previousNames", "prefixes", "suffixes", "previousNamespaces", "allowNameChange", "allowKindChange"].map((name) => INTERNAL + name),
  ...["refBy", "generatorBehavior", "needsHashSuffix", "path", "index", "seqindent", "id", "annotations-migration-resource-id"].map((name) => INTERNAL + name),
  ...["config.kubernetes.io/path", "config.kubernetes.io/index", "config.k8s.io/id", `${INTERNAL}helm-generated`],
]);

/** The origin of `path` as it is named by the kustomization at `origin`. */
export const originBelow = (origin: Origin, path: string): Origin => ({ ...origin, path: posix.join(origin.path ?? "", path).replace(/(?<=.)\/$/, "") });

/** What a generator or transformer of kustomize's own notes, configured by a field of the kustomization file `file`. */
export const originOfField = (origin: Origin, file: string, kind: string): Origin => ({
  configuredIn: posix.join(origin.path ?? "", file),
  configuredBy: { apiVersion: "builtin", kind },
});

/** As `originOfField`, for one that is configured by an object; undefined when nobody tracks where that came from. */
export function originOfPlugin(config: Resource): Origin | undefined {
  const configuredIn = /^path: (.*)$/m.exec(metaMap(config, "annotations").get(ORIGIN) ?? "")?.[1];
  if (configuredIn === undefined) return undefined;
  return {
    configuredIn: unquoted(configuredIn),
    configuredBy: { apiVersion: apiVersionOf(config), kind: kindOf(config), name: nameOf(config), namespace: namespaceOf(config) },
  };
}

/** `resource` with a note of its origin, instead of one it has. */
export const withOrigin = (resource: Resource, origin: Origin): Resource => withAnnotation(resource, ORIGIN, originText(origin, ""));

/** What comes out of a generator: a note for each object that has none. */
export const noteOrigin = (resources: readonly Resource[], origin: Origin | undefined): readonly Resource[] =>
  origin === undefined ? resources : resources.map((resource) => (hasOrigin(resource) ? resource : withOrigin(resource, origin)));

/** What went through a transformer: one more line in the list of each; what has no origin was made by it. */
export const noteTransformation = (resources: readonly Resource[], origin: Origin | undefined): readonly Resource[] =>
  origin === undefined
    ? resources
    : resources.map((resource) => {
        if (!hasOrigin(resource)) return withOrigin(resource, origin);
        const before = metaMap(resource, "annotations").get(TRANSFORMATIONS) ?? "";
        spend(before.length + STEPS_OF_NOTE);
        return withAnnotation(resource, TRANSFORMATIONS, before + originText(origin, "  ").replace(/^ {2}/, "- "));
      });

const STEPS_OF_NOTE = 50;

const hasOrigin = (resource: Resource): boolean => metaMap(resource, "annotations").has(ORIGIN);

/**
 * The annotations as they are printed: all values are texts, notes that `buildMetadata` does not ask for are gone, and so is an empty map.
 * Source: kustomize api/krusty, Run; kyaml, setMapInMetadata.
 */
export function finishAnnotations(resource: Resource, wanted: ReadonlySet<string>): Resource {
  const all = metaMap(resource, "annotations");
  const dropped = [...(wanted.has("originAnnotations") ? [] : [ORIGIN]), ...(wanted.has("transformerAnnotations") ? [] : [TRANSFORMATIONS])];
  // When both are wanted, nothing touches the annotations of an object that has none.
  if (dropped.length === 0 && all.size === 0) return resource;
  const kept = [...all].filter(([key]) => !dropped.includes(key) && !BUILD_ANNOTATIONS.has(key));
  const { metadata } = resource.node;
  // Only a kind that ends in List comes without metadata, and gets an empty one.
  if (!isMap(metadata)) return withMetadata(resource, {});
  const { annotations, ...rest } = metadata;
  if (kept.length === 0) return annotations === undefined ? resource : { ...resource, node: { ...resource.node, metadata: rest } };
  const same = isMap(annotations) && kept.length === Object.keys(annotations).length && kept.every(([key, value]) => annotations[key] === value);
  return same ? resource : withMetadata(resource, { ...rest, annotations: Object.fromEntries(kept) });
}

function withAnnotation(resource: Resource, key: string, value: string): Resource {
  const { metadata } = resource.node;
  const annotations = Object.fromEntries(metaMap(resource, "annotations"));
  return withMetadata(resource, { ...(isMap(metadata) ? metadata : {}), annotations: { ...annotations, [key]: value } });
}

const withMetadata = (resource: Resource, metadata: NodeMap): Resource => ({ ...resource, node: { ...resource.node, metadata } });

/** The lines of an origin in the order of its fields, each behind `indent`. */
function originText({ path, configuredIn, configuredBy }: Origin, indent: string): string {
  const lines = [...fieldLines({ path, configuredIn }, indent)];
  if (configuredBy !== undefined) {
    const { apiVersion, kind, name, namespace } = configuredBy;
    lines.push(`${indent}configuredBy:`, ...fieldLines({ apiVersion, kind, name, namespace }, `${indent}  `));
  }
  return lines.map((line) => `${line}\n`).join("");
}

const fieldLines = (fields: { readonly [name: string]: string | undefined }, indent: string): readonly string[] =>
  Object.entries(fields).flatMap(([name, value]) => (value === undefined || value === "" ? [] : [`${indent}${writeYaml({ [name]: value }).trimEnd()}`]));

const unquoted = (text: string): string => (/^'.*'$/.test(text) ? text.slice(1, -1).replaceAll("''", "'") : text);
