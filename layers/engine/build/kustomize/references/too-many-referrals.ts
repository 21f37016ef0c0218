import { writeYaml } from "../../yaml/write.ts";
import { isMap, type NodeMap } from "../node/node.ts";
import { showId } from "../resource/id.ts";
import { currentId, type Resource } from "../resource/resource.ts";
import type { Schema } from "../schema/schema.ts";
import type { Renamed } from "./select-referral.ts";

const DOMAIN = "internal.config.kubernetes.io";

/** The objects in question as kustomize shows them: with the annotations in which it keeps what it knows. Source: kustomize api/filters/nameref, failureDetails. */
export function tooManyReferrals(referrer: number, referrals: readonly number[], renamed: Renamed, schema: Schema): string {
  const shown = (index: number): string => {
    const resource = renamed.current[index];
    return resource === undefined ? "" : writeYaml(annotated(resource, referredBy(index, renamed, schema)));
  };
  const possible = referrals.map((index, place) => `--- possible referral ${place}:\n${shown(index)}\n`);
  return `\n**** Too many possible referral targets to referrer:\n${shown(referrer)}\n${possible.join("")}`;
}

const referredBy = (index: number, { current, referredBy: by }: Renamed, schema: Schema): readonly string[] =>
  (by.get(index) ?? []).flatMap((referrer) => {
    const resource = current[referrer];
    return resource === undefined ? [] : [showId(currentId(resource, schema))];
  });

function annotated({ node, previous, prefixes, suffixes, generated }: Resource, refBy: readonly string[]): NodeMap {
  const lists: readonly (readonly [string, readonly string[]])[] = [
    ["previousNames", previous.map(({ name }) => name)],
    ["previousNamespaces", previous.map(({ namespace }) => namespace)],
    ["previousKinds", previous.map(({ kind }) => kind)],
    ["prefixes", prefixes],
    ["suffixes", suffixes],
    ["refBy", refBy],
    ["generatorBehavior", generated === undefined ? [] : [generated.behavior]],
    ["needsHashSuffix", generated?.needsHash === true ? ["enabled"] : []],
  ];
  const added = lists.filter(([, texts]) => texts.length > 0).map(([name, texts]) => [`${DOMAIN}/${name}`, texts.join(",")]);
  if (added.length === 0) return node;
  const metadata = isMap(node.metadata) ? node.metadata : {};
  const annotations = isMap(metadata.annotations) ? metadata.annotations : {};
  return { ...node, metadata: { ...metadata, annotations: { ...annotations, ...Object.fromEntries(added) } } };
}
