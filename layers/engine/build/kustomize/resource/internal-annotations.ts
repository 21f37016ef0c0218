import { isMap, type NodeMap } from "../../node/node.ts";
import { spend } from "../../work.ts";
import { type Behavior, type PreviousName, type Resource, textOf } from "./resource.ts";

/** The domain of the annotations in which kustomize keeps what are fields of a `Resource` here. */
const DOMAIN = "internal.config.kubernetes.io/";
const NAMES = `${DOMAIN}previousNames`;
const NAMESPACES = `${DOMAIN}previousNamespaces`;
const KINDS = `${DOMAIN}previousKinds`;
const PREFIXES = `${DOMAIN}prefixes`;
const SUFFIXES = `${DOMAIN}suffixes`;
const BEHAVIOR = `${DOMAIN}generatorBehavior`;
const NEEDS_HASH = `${DOMAIN}needsHashSuffix`;
export const ALLOW_NAME_CHANGE = `${DOMAIN}allowNameChange`;
export const ALLOW_KIND_CHANGE = `${DOMAIN}allowKindChange`;
export const ENABLED = "enabled";

const ALL: ReadonlySet<string> = new Set([NAMES, NAMESPACES, KINDS, PREFIXES, SUFFIXES, BEHAVIOR, NEEDS_HASH, ALLOW_NAME_CHANGE, ALLOW_KIND_CHANGE]);

/** The annotations that kustomize has put on the object. */
export function internalAnnotations({ previous, prefixes, suffixes, generated, mayChange }: Resource): ReadonlyMap<string, string> {
  spend(3 * (previous.length + prefixes.length + suffixes.length));
  const entries: readonly (readonly [string, string])[] = [
    [NAMES, stated(previous.map(({ name }) => name))],
    [NAMESPACES, stated(previous.map(({ namespace }) => namespace))],
    [KINDS, stated(previous.map(({ kind }) => kind))],
    [PREFIXES, prefixes.join(",")],
    [SUFFIXES, suffixes.join(",")],
    [BEHAVIOR, generated?.behavior ?? ""],
    [NEEDS_HASH, generated?.needsHash === true ? ENABLED : ""],
    [ALLOW_NAME_CHANGE, mayChange?.name === true ? ENABLED : ""],
    [ALLOW_KIND_CHANGE, mayChange?.kind === true ? ENABLED : ""],
  ];
  return new Map(entries.filter(([, value]) => value !== ""));
}

/** kustomize does not put an empty text behind others. */
const stated = (texts: readonly string[]): string => texts.filter((text) => text !== "").join(",");

/** The object as kustomize has it while it works on it: a patch sees its annotations, and can take them away. */
export function annotate(node: NodeMap, added: ReadonlyMap<string, string>): NodeMap {
  if (added.size === 0) return node;
  const metadata = isMap(node.metadata) ? node.metadata : {};
  const annotations = isMap(metadata.annotations) ? metadata.annotations : {};
  return { ...node, metadata: { ...metadata, annotations: { ...annotations, ...Object.fromEntries(added) } } };
}

/** `node`, which `resource` has become, without kustomize's annotations. What is no longer among them has been forgotten. */
export function withoutInternalAnnotations(node: NodeMap, resource: Resource): Resource {
  const { metadata } = node;
  const annotations = isMap(metadata) && isMap(metadata.annotations) ? metadata.annotations : {};
  return { ...remembered(resource, annotations), node: isMap(metadata) ? strip(node, metadata, annotations) : node };
}

/** As `withoutInternalAnnotations`, where kustomize's annotations may be those of another object: what they say holds. */
export function readInternalAnnotations(node: NodeMap, resource: Resource): Resource {
  const { metadata } = node;
  const annotations = isMap(metadata) && isMap(metadata.annotations) ? metadata.annotations : {};
  const text = (key: string): string => textOf(annotations[key]);
  const list = (key: string): readonly string[] => (text(key) === "" ? [] : text(key).split(","));
  const own = withoutInternalAnnotations(node, resource);
  const isGenerated = own.generated !== undefined || text(BEHAVIOR) !== "" || text(NEEDS_HASH) !== "";
  return {
    ...own,
    previous: previousOf(list(NAMES), list(NAMESPACES), list(KINDS)),
    prefixes: list(PREFIXES),
    suffixes: list(SUFFIXES),
    generated: isGenerated ? { behavior: BEHAVIORS.get(text(BEHAVIOR)) ?? "unspecified", needsHash: text(NEEDS_HASH) === ENABLED } : undefined,
  };
}

const BEHAVIORS: ReadonlyMap<string, Behavior> = new Map<string, Behavior>([
  ["create", "create"],
  ["replace", "replace"],
  ["merge", "merge"],
]);

const previousOf = (names: readonly string[], namespaces: readonly string[], kinds: readonly string[]): readonly PreviousName[] =>
  names.map((name, index) => ({ name, namespace: namespaces[index] ?? "", kind: kinds[index] ?? "" }));

function strip(node: NodeMap, metadata: NodeMap, annotations: NodeMap): NodeMap {
  const own = Object.entries(annotations).filter(([key]) => !ALL.has(key));
  if (own.length === Object.keys(annotations).length) return node;
  const { annotations: _, ...rest } = metadata;
  return { ...node, metadata: own.length === 0 ? rest : { ...rest, annotations: Object.fromEntries(own) } };
}

function remembered(resource: Resource, annotations: NodeMap): Resource {
  const { previous, prefixes, suffixes, generated } = resource;
  const has = (key: string): boolean => typeof annotations[key] === "string";
  const mayChange = { name: has(ALLOW_NAME_CHANGE), kind: has(ALLOW_KIND_CHANGE) };
  return {
    ...resource,
    previous: has(NAMES) ? previous : [],
    prefixes: has(PREFIXES) ? prefixes : [],
    suffixes: has(SUFFIXES) ? suffixes : [],
    mayChange: mayChange.name || mayChange.kind ? mayChange : undefined,
    generated: generated && { behavior: has(BEHAVIOR) ? generated.behavior : "unspecified", needsHash: generated.needsHash && has(NEEDS_HASH) },
  };
}
