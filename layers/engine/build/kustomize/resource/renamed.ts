import { isMap, type Node, type NodeMap } from "../../node/node.ts";
import { spend } from "../../work.ts";
import { withText } from "../fields/setters.ts";
import type { Schema } from "../schema/schema.ts";
import { effectiveNamespace } from "./id.ts";
import { currentId, type Resource } from "./resource.ts";

/** Notes the name that the object has now, before a step changes it: references may use any name that it ever had. Source: kustomize Resource.StorePreviousId. */
export function withHistory(resource: Resource, schema: Schema): Resource {
  const id = currentId(resource, schema);
  spend(resource.previous.length);
  return { ...resource, previous: [...resource.previous, { namespace: effectiveNamespace(id), name: id.name, kind: id.kind }] };
}

/** Without quotes around the old name, a name such as `12` is a number. Source: kyaml RNode.SetName. */
export const withName = (resource: Resource, name: string): Resource => withMetaField(resource, "name", (found) => withText(found, name));

/** `""` takes the namespace away. Source: kyaml RNode.SetNamespace. */
export const withNamespace = (resource: Resource, namespace: string): Resource =>
  withMetaField(resource, "namespace", (found) => (namespace === "" ? undefined : withText(found, namespace)));

/** All labels or annotations at once, as texts; none of them takes the whole field away. Source: kyaml RNode.SetLabels, SetAnnotations. */
export const withMeta = (resource: Resource, field: "labels" | "annotations", entries: ReadonlyMap<string, string>): Resource =>
  withMetaField(resource, field, () => (entries.size === 0 ? undefined : Object.fromEntries(entries)));

/** Source: kyaml RNode.SetKind. */
export const withKind = (resource: Resource, kind: string): Resource =>
  withNode(resource, { ...resource.node, kind: withText(resource.node.kind ?? null, kind) });

const withNode = (resource: Resource, node: NodeMap): Resource => ({ ...resource, node });

function withMetaField(resource: Resource, field: string, change: (found: Node) => Node | undefined): Resource {
  const { node } = resource;
  const metadata = isMap(node.metadata) ? node.metadata : {};
  const found = metadata[field];
  const value = change(found ?? null);
  if (value === found) return resource;
  if (value !== undefined) return withNode(resource, { ...node, metadata: { ...metadata, [field]: value } });
  const { [field]: _, ...rest } = metadata;
  return withNode(resource, { ...node, metadata: rest });
}
