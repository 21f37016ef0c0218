import type { NodeMap } from "../../node/node.ts";
import { writeYaml } from "../../yaml/write.ts";
import { showId } from "../resource/id.ts";
import { annotate, internalAnnotations } from "../resource/internal-annotations.ts";
import { currentId, type Resource } from "../resource/resource.ts";
import type { Schema } from "../schema/schema.ts";
import type { Renamed } from "./select-referral.ts";

const REFERRED_BY = "internal.config.kubernetes.io/refBy";

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

function annotated(resource: Resource, refBy: readonly string[]): NodeMap {
  const added = internalAnnotations(resource);
  return annotate(resource.node, refBy.length === 0 ? added : new Map([...added, [REFERRED_BY, refBy.join(",")]]));
}
