import { ok, problem, type Result } from "../../../domain/result.ts";
import { isMap } from "../../node/node.ts";
import { spend } from "../../work.ts";
import { effectiveNamespace, type Gvk, isSelectedBy, type ResourceId, showId } from "../resource/id.ts";
import { currentId, previousIds, type Resource, textOf } from "../resource/resource.ts";
import type { Schema } from "../schema/schema.ts";
import type { Candidate } from "./candidates.ts";
import { hasCommonEnds } from "./common-ends.ts";
import type { Reference } from "./reference-index.ts";
import { tooManyReferrals } from "./too-many-referrals.ts";

/** All resources as they are by now, and who has referred to whom, by their places. */
export type Renamed = { readonly current: Resource[]; readonly referredBy: Map<number, number[]> };

/** The one that is meant, undefined if there is none. `areSame` says whether several would give the same text. */
export type ReferralSelector = (candidates: readonly Candidate[], areSame: (referrals: readonly Resource[]) => boolean) => Result<Resource | undefined>;

export type Place = { readonly index: number; readonly id: ResourceId; readonly reference: Reference };

/** Source: kustomize api/filters/nameref, selectReferral. */
export function createReferralSelector({ index, id, reference }: Place, renamed: Renamed, schema: Schema): ReferralSelector {
  const record = (candidate: Candidate, referral: Resource): Result<Resource> => {
    const before = renamed.referredBy.get(candidate.index);
    if (before === undefined) renamed.referredBy.set(candidate.index, [index]);
    else before.push(index);
    return ok(referral);
  };
  return (candidates, areSame) => {
    const referrer = renamed.current[index];
    if (referrer === undefined || candidates.length === 0) return ok(undefined);
    spend(5 * candidates.length);
    const roleRef = roleRefOf(referrer, reference);
    const possible = candidates.flatMap((candidate): Possible[] => {
      const resource = renamed.current[candidate.index];
      if (resource === undefined || !hadKind(resource, reference.target) || !hadKind(resource, roleRef)) return [];
      return isVisible(candidate.id, id) ? [{ candidate, resource }] : [];
    });
    const [only] = possible;
    if (only !== undefined && possible.length === 1) return record(only.candidate, only.resource);
    const left = narrow(possible, referrer);
    const [first] = left;
    if (first === undefined) return ok(undefined);
    if (left.length === 1 || areSame(left.map(({ resource }) => resource))) return record(first.candidate, first.resource);
    const ids = left.map(({ resource }) => showId(currentId(resource, schema))).join(", ");
    const indexes = left.map(({ candidate }) => candidate.index);
    return problem(`found multiple possible referrals: ${ids}\n${tooManyReferrals(index, indexes, renamed, schema)}`);
  };
}

type Possible = { readonly candidate: Candidate; readonly resource: Resource };

/** Those with other prefixes and suffixes than the referrer drop out: at first, an object without any fits everything. */
function narrow(possible: readonly Possible[], referrer: Resource): readonly Possible[] {
  const alike = possible.filter(({ resource }) => hasCommonEnds(resource, referrer, true));
  return alike.length > 1 ? alike.filter(({ resource }) => hasCommonEnds(resource, referrer, false)) : alike;
}

const hadKind = (resource: Resource, gvk: Gvk | undefined): boolean => gvk === undefined || previousIds(resource).some((id) => isSelectedBy(id, gvk));

/** Service accounts may be in other namespaces than their role bindings. */
const isVisible = (referral: ResourceId, referrer: ResourceId): boolean =>
  referrer.isClusterScoped || referral.isClusterScoped || referral.kind === "ServiceAccount" || effectiveNamespace(referral) === effectiveNamespace(referrer);

/** What kind a `roleRef` means; undefined when the field is another one, or does not say it. */
function roleRefOf({ node: { roleRef } }: Resource, { fieldSpec: { path } }: Reference): Gvk | undefined {
  if (!path.endsWith("roleRef/name") || !isMap(roleRef)) return undefined;
  const { apiGroup, kind } = roleRef;
  if (apiGroup === undefined || kind === undefined) return undefined;
  return { group: textOf(apiGroup), version: "", kind: textOf(kind) };
}
