import { isList, isMap, type Node, type NodeMap } from "../../node/node.ts";
import { type Written, writtenIn } from "../../node/written.ts";
import { spend } from "../../work.ts";
import { inQuotes, withText } from "../fields/setters.ts";
import type { Schema } from "../schema/schema.ts";
import { effectiveNamespace } from "./id.ts";
import { currentId, kindOf, type Resource } from "./resource.ts";

/** Notes the name that the object has now, before a step changes it: references may use any name that it ever had. Source: kustomize Resource.StorePreviousId. */
export function withHistory(resource: Resource, schema: Schema): Resource {
  const id = currentId(resource, schema);
  spend(resource.previous.length);
  return {
    ...resource,
    node: withMapOfAnnotations(resource.node),
    previous: [...resource.previous, { namespace: effectiveNamespace(id), name: id.name, kind: id.kind }],
  };
}

/** A scalar where annotations belong, as a replacement can put there, gives way to those in which kustomize writes such things down. Source: kyaml RNode.SetAnnotations. */
function withMapOfAnnotations(node: NodeMap): NodeMap {
  const { metadata } = node;
  if (!isMap(metadata) || metadata.annotations === undefined || isMap(metadata.annotations) || isList(metadata.annotations)) return node;
  const { annotations: _, ...rest } = metadata;
  return { ...node, metadata: rest };
}

/** Without quotes around the old name, a name such as `12` is a number. Source: kyaml RNode.SetName. */
export const withName = (resource: Resource, name: string): Resource =>
  withMetaField(resource, "name", (found, written) => inQuotes(withText(found, name), written));

/** `""` takes the namespace away. Source: kyaml RNode.SetNamespace. */
export const withNamespace = (resource: Resource, namespace: string): Resource =>
  withMetaField(resource, "namespace", (found, written) => (namespace === "" ? undefined : inQuotes(withText(found, namespace), written)));

/** All labels or annotations at once, as texts; none of them takes the whole field away. Source: kyaml RNode.SetLabels, SetAnnotations. */
export const withMeta = (resource: Resource, field: "labels" | "annotations", entries: ReadonlyMap<string, string>): Resource =>
  withMetaField(resource, field, () => (entries.size === 0 ? undefined : Object.fromEntries(entries)));

/** Source: kyaml RNode.SetKind. */
export const withKind = (resource: Resource, kind: string): Resource =>
  kindOf(resource) === kind ? resource : withNode(resource, { ...resource.node, kind: inQuotes(withText(resource.node.kind ?? null, kind), undefined) });

const withNode = (resource: Resource, node: NodeMap): Resource => ({ ...resource, node });

function withMetaField(resource: Resource, field: string, change: (found: Node, written: Written | undefined) => Node | undefined): Resource {
  const { node } = resource;
  const metadata = isMap(node.metadata) ? node.metadata : {};
  const found = metadata[field];
  const value = change(found ?? null, writtenIn(metadata).get(field));
  if (value === found) return resource;
  if (value !== undefined) return withNode(resource, { ...node, metadata: { ...metadata, [field]: value } });
  const { [field]: _, ...rest } = metadata;
  return withNode(resource, { ...node, metadata: rest });
}
