import { isList, isMap, isScalar, type Node, type NodeMap, TEXT } from "../../node/node.ts";
import { spend } from "../../work.ts";
import { writeNumber } from "../../yaml/number.ts";
import type { Schema } from "../schema/schema.ts";
import { type Gvk, type ResourceId, splitApiVersion } from "./id.ts";

/** An object on its way through a build. What kustomize keeps in annotations of its own (`internal.config.kubernetes.io/…`) are fields here. */
export type Resource = {
  readonly node: NodeMap;
  /** What it was called before each change of name, namespace or kind, the oldest first. */
  readonly previous: readonly PreviousName[];
  /** Prefixes and suffixes that were added to its name, in that order, empty ones left out. */
  readonly prefixes: readonly string[];
  readonly suffixes: readonly string[];
  /** Names of the vars that take their value from it. */
  readonly vars: readonly string[];
  /** Set on what a generator made. */
  readonly generated?: { readonly behavior: Behavior; readonly needsHash: boolean } | undefined;
  /** What patches that it has met were allowed to change. Nothing depends on it, but it can be seen: in messages, and in what a patch copies. */
  readonly mayChange?: { readonly name: boolean; readonly kind: boolean } | undefined;
  /** Where it was read, or else the configuration of the generator that made it. */
  readonly from?: SourcePlace | undefined;
};

export type Behavior = "unspecified" | "create" | "replace" | "merge";

/** `namespace` is the effective one of that time. */
export type PreviousName = { readonly namespace: string; readonly name: string; readonly kind: string };

/**
 * `document` counts from 0 in its file; `line` is its first line, from 1. An object that is no document of its own is where `path` leads to, from the document:
 * an item of a list, or (`isMade`) what a text or a generator makes, which has no fields there.
 */
export type SourcePlace = {
  readonly file: string;
  readonly document: number;
  readonly line?: number | undefined;
  readonly path?: readonly (string | number)[] | undefined;
  readonly isMade?: true | undefined;
};

export const newResource = (node: NodeMap, from?: SourcePlace): Resource => ({ node, previous: [], prefixes: [], suffixes: [], vars: [], from });

/** The text of a scalar as it was written; a map or list has none. Source: kyaml, where it is the `Value` of a node. */
export function textOf(node: Node | undefined): string {
  if (node === undefined || node === null || isMap(node) || isList(node)) return "";
  if (isScalar(node)) return node[TEXT];
  return typeof node === "number" ? writeNumber(node) : String(node);
}

export const kindOf = ({ node }: Resource): string => textOf(node.kind);
export const apiVersionOf = ({ node }: Resource): string => textOf(node.apiVersion);
export const nameOf = ({ node }: Resource): string => metaText(node, "name");
export const namespaceOf = ({ node }: Resource): string => metaText(node, "namespace");
const metaText = ({ metadata }: NodeMap, field: string): string => (isMap(metadata) ? textOf(metadata[field]) : "");

export const gvkOf = (resource: Resource): Gvk => ({ ...splitApiVersion(apiVersionOf(resource)), kind: kindOf(resource) });

/** Labels or annotations with their texts. */
export function metaMap({ node: { metadata } }: Resource, field: "labels" | "annotations"): ReadonlyMap<string, string> {
  const map = isMap(metadata) ? metadata[field] : undefined;
  const entries = isMap(map) ? Object.entries(map) : [];
  spend(entries.length);
  return new Map(entries.map(([key, value]): [string, string] => [key, textOf(value)]));
}

const STEPS_OF_ID = 10;

/** The id that the object has now. Unique in a build. */
export function currentId(resource: Resource, schema: Schema): ResourceId {
  spend(STEPS_OF_ID);
  const gvk = gvkOf(resource);
  const isClusterScoped = schema.isNamespaced(apiVersionOf(resource), gvk.kind) === false;
  return { ...gvk, name: nameOf(resource), namespace: namespaceOf(resource), isClusterScoped };
}

/** The ids that it had, the oldest first, in the group and version of today. None of them counts as cluster-scoped by itself: the effective namespace says it. */
export function previousIds(resource: Resource): readonly ResourceId[] {
  spend(resource.previous.length * STEPS_OF_ID);
  const { group, version } = gvkOf(resource);
  return resource.previous.map(({ namespace, name, kind }) => ({ group, version, kind, name, namespace, isClusterScoped: false }));
}

/** The id it had when it was read or generated. Not unique. */
export const originalId = (resource: Resource, schema: Schema): ResourceId => previousIds(resource)[0] ?? currentId(resource, schema);

export const isEmptyResource = ({ node }: Resource): boolean => Object.keys(node).length === 0;
