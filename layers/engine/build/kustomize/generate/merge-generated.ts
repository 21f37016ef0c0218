import { ok, type Result } from "../../../domain/result.ts";
import { type BuildProblem, buildProblem } from "../build-problem.ts";
import { byBytes } from "../decode/by-bytes.ts";
import { isMap, type Node, type NodeMap } from "../node/node.ts";
import { type ResourceId, showId } from "../resource/id.ts";
import { currentId, metaMap, nameOf, namespaceOf, type Resource, textOf } from "../resource/resource.ts";
import type { Schema } from "../schema/schema.ts";
import { quote } from "../text/quote.ts";
import { showResource } from "./show-resource.ts";

const ORIGIN = "config.kubernetes.io/origin";

/**
 * What becomes of a generated object: itself, to be put behind all others, or (`replaces`) what comes to the place of the one that it merges with or replaces. `matches` are
 * the objects that have or had its id. Source: kustomize api/resmap/reswrangler.go, appendReplaceOrMerge.
 */
export function mergeGenerated(
  matches: readonly Resource[],
  generated: Resource,
  schema: Schema,
): Result<{ readonly resource: Resource; readonly replaces: Resource | undefined }, BuildProblem> {
  const id = currentId(generated, schema);
  const behavior = generated.generated?.behavior ?? "unspecified";
  const wants = behavior === "merge" || behavior === "replace";
  const [existing, another] = matches;
  if (another !== undefined) {
    return buildProblem(`found multiple objects [${matches.map(showResource).join(" ")}] that could accept merge of ${showId(id)}`);
  }
  if (existing === undefined) {
    if (wants) return buildProblem(`id ${goId(id)} does not exist; cannot merge or replace`);
    return ok({ resource: generated, replaces: undefined });
  }
  if (!wants) return buildProblem(`id ${goId(id)} exists; can not use behavior: '${behavior}', behavior must be merge or replace`);
  return ok({ resource: behavior === "merge" ? merged(existing, generated) : replaced(existing, generated), replaces: existing });
}

/** An id as Go's `%#v` writes it. */
const goId = ({ group, version, kind, name, namespace, isClusterScoped }: ResourceId): string =>
  `resid.ResId{Gvk:resid.Gvk{Group:${quote(group)}, Version:${quote(version)}, Kind:${quote(kind)}, isClusterScoped:${isClusterScoped}}, Name:${quote(name)}, Namespace:${quote(namespace)}}`;

/** The new object under the name of the old one, with what both say in labels and annotations. Source: kustomize api/resource/resource.go, CopyMergeMetaDataFieldsFrom. */
function replaced(old: Resource, generated: Resource, annotations: ReadonlyMap<string, string> = both(old, generated, "annotations")): Resource {
  const { metadata } = generated.node;
  const { name: _name, namespace: _namespace, labels: _labels, annotations: _annotations, ...rest } = isMap(metadata) ? metadata : {};
  const labels = both(old, generated, "labels");
  const namespace = namespaceOf(old);
  return {
    ...generated,
    node: {
      ...generated.node,
      metadata: {
        ...rest,
        name: nameOf(old),
        ...(namespace !== "" && { namespace }),
        ...(labels.size > 0 && { labels: sorted(labels) }),
        ...(annotations.size > 0 && { annotations: sorted(annotations) }),
      },
    },
    previous: old.previous,
    prefixes: old.prefixes,
    suffixes: old.suffixes,
    vars: old.vars,
    generated: old.generated && { ...old.generated, needsHash: old.generated.needsHash && generated.generated?.needsHash === true },
  };
}

/** As `replaced`, with the data of both; everything else of the old object is gone. The note of its origin stays. */
function merged(old: Resource, generated: Resource): Resource {
  const annotations = new Map(both(old, generated, "annotations"));
  const origin = metaMap(old, "annotations").get(ORIGIN);
  if (origin !== undefined) annotations.set(ORIGIN, origin);
  const resource = replaced(old, generated, annotations);
  const { data: _data, binaryData: _binaryData, ...rest } = resource.node;
  const [data, binaryData] = [bothFields(old, generated, "data"), bothFields(old, generated, "binaryData")];
  const node = { ...rest, ...(data.size > 0 && { data: sorted(data) }), ...(binaryData.size > 0 && { binaryData: sorted(binaryData) }) };
  return { ...resource, node, from: old.from };
}

const both = (old: Resource, generated: Resource, field: "labels" | "annotations"): ReadonlyMap<string, string> =>
  new Map([...metaMap(old, field), ...metaMap(generated, field)]);

const bothFields = (old: Resource, generated: Resource, field: "data" | "binaryData"): ReadonlyMap<string, string> =>
  new Map([...textsOf(old.node[field]), ...textsOf(generated.node[field])]);

/** All values become texts; a map or a list in it becomes an empty one. */
const textsOf = (node: Node | undefined): readonly (readonly [string, string])[] =>
  node !== undefined && isMap(node) ? Object.entries(node).map(([key, value]) => [key, textOf(value)]) : [];

const sorted = (map: ReadonlyMap<string, string>): NodeMap => Object.fromEntries([...map].toSorted(([a], [b]) => byBytes(a, b)));
