import { ok, type Result } from "../../../domain/result.ts";
import { isMap, type Node, type NodeMap } from "../../node/node.ts";
import { byBytes } from "../../text/by-bytes.ts";
import { quote } from "../../text/quote.ts";
import { spend } from "../../work.ts";
import { type BuildProblem, buildProblem, problemBelow } from "../build-problem.ts";
import { type ResourceId, showId } from "../resource/id.ts";
import { withMeta, withName, withNamespace } from "../resource/renamed.ts";
import { currentId, metaMap, nameOf, namespaceOf, type Resource, textOf } from "../resource/resource.ts";
import { showResources } from "../resource/shown-json.ts";
import type { Schema } from "../schema/schema.ts";

const ORIGIN = "config.kubernetes.io/origin";

/**
 * What becomes of a generated object: itself, or what comes to the place of the one that it merges with or replaces. `matches` are the objects that have
 * or had its id. Source: kustomize api/resmap/reswrangler.go, appendReplaceOrMerge.
 */
export function mergeGenerated(matches: readonly Resource[], generated: Resource, schema: Schema): Result<Resource, BuildProblem> {
  const id = currentId(generated, schema);
  const behavior = generated.generated?.behavior ?? "unspecified";
  const [existing, another] = matches;
  if (another !== undefined) {
    return buildProblem(`found multiple objects ${showResources(matches)} that could accept merge of ${showId(id)}`);
  }
  switch (behavior) {
    case "merge":
    case "replace":
      if (existing === undefined) return problemBelow(["behavior"], `id ${goId(id)} does not exist; cannot merge or replace`);
      return ok(behavior === "merge" ? merged(existing, generated) : inPlaceOf(existing, generated));
    case "create":
    case "unspecified":
      if (existing === undefined) return ok(generated);
      return problemBelow(["behavior"], `id ${goId(id)} exists; can not use behavior: '${behavior}', behavior must be merge or replace`);
  }
}

/** An id as Go's `%#v` writes it. */
const goId = ({ group, version, kind, name, namespace, isClusterScoped }: ResourceId): string =>
  `resid.ResId{Gvk:resid.Gvk{Group:${quote(group)}, Version:${quote(version)}, Kind:${quote(kind)}, isClusterScoped:${isClusterScoped}}, Name:${quote(name)}, Namespace:${quote(namespace)}}`;

/** The new object under the name of the old one, with what both say in labels and annotations. Source: kustomize api/resource/resource.go, CopyMergeMetaDataFieldsFrom. */
function inPlaceOf(old: Resource, generated: Resource): Resource {
  const named = withNamespace(withName(generated, nameOf(old)), namespaceOf(old));
  const { node } = withMeta(withMeta(named, "labels", bothMeta(old, generated, "labels")), "annotations", bothMeta(old, generated, "annotations"));
  return {
    ...generated,
    node,
    previous: old.previous,
    prefixes: old.prefixes,
    suffixes: old.suffixes,
    vars: old.vars,
    generated: old.generated && { ...old.generated, needsHash: old.generated.needsHash && generated.generated?.needsHash === true },
  };
}

/** As `inPlaceOf`, with the data of both; everything else of the old object is gone, but where it came from. */
function merged(old: Resource, generated: Resource): Resource {
  const replaced = inPlaceOf(old, generated);
  const origin = metaMap(old, "annotations").get(ORIGIN);
  const noted = origin === undefined ? replaced : withMeta(replaced, "annotations", new Map([...metaMap(replaced, "annotations"), [ORIGIN, origin]]));
  const { data: _, binaryData: __, ...rest } = noted.node;
  return { ...noted, node: { ...rest, ...bothFields(old, generated, "data"), ...bothFields(old, generated, "binaryData") }, from: old.from };
}

const bothMeta = (old: Resource, generated: Resource, field: "labels" | "annotations"): ReadonlyMap<string, string> =>
  new Map([...metaMap(old, field), ...metaMap(generated, field)].toSorted(([a], [b]) => byBytes(a, b)));

/** The field with the entries of both, nothing when there are none. */
function bothFields(old: Resource, generated: Resource, field: "data" | "binaryData"): NodeMap {
  spend(STEPS_OF_ENTRY * (sizeOf(old.node[field]) + sizeOf(generated.node[field])));
  const texts = new Map([...textsOf(old.node[field]), ...textsOf(generated.node[field])]);
  return texts.size === 0 ? {} : { [field]: Object.fromEntries([...texts].toSorted(([a], [b]) => byBytes(a, b))) };
}

const STEPS_OF_ENTRY = 30;
const sizeOf = (node: Node | undefined): number => (isMap(node) ? Object.keys(node).length : 0);

/** All values become texts; a map or a list becomes an empty one. */
const textsOf = (node: Node | undefined): readonly (readonly [string, string])[] =>
  node !== undefined && isMap(node) ? Object.entries(node).map(([key, value]) => [key, textOf(value)]) : [];
