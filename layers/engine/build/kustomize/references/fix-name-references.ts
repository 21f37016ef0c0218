import { ok, type Result } from "../../../domain/result.ts";
import { type BuildProblem, buildProblem } from "../build-problem.ts";
import type { BackReferences } from "../config/config.ts";
import { atFieldSpec } from "../fields/at-field-spec.ts";
import { keepShared } from "../fields/shared-text.ts";
import { type ResourceId, showId } from "../resource/id.ts";
import { currentId, type Resource } from "../resource/resource.ts";
import type { Schema } from "../schema/schema.ts";
import { fieldPlace } from "../transform/each.ts";
import { createCandidates, type Reach } from "./candidates.ts";
import { createReferenceIndex, type Reference } from "./reference-index.ts";
import { reachedNamespaces } from "./role-binding-namespaces.ts";
import { createReferralSelector, type Renamed } from "./select-referral.ts";
import { createReferenceSetter } from "./set-reference.ts";

/**
 * `resources` with each field that holds the name of one that got another name brought up to date.
 *
 * kustomize goes over the referrers in random order, and a name that it has just changed counts for the next: that shows only where a field spec leads to
 * `metadata/name` itself. Here those come first, so that all others see final names. The namespaces that count are those before the first change.
 * Source: kustomize api/internal/accumulator/namereferencetransformer.go, api/filters/nameref.
 */
export function fixNameReferences(
  resources: readonly Resource[],
  backReferences: readonly BackReferences[],
  schema: Schema,
): Result<readonly Resource[], BuildProblem> {
  const referencesOf = createReferenceIndex(backReferences);
  const candidates = createCandidates(resources, schema);
  const renamed: Renamed = { current: [...resources], referredBy: new Map() };
  for (const { index, references } of inOrder(resources, referencesOf)) {
    const referrer = resources[index];
    if (referrer === undefined || references.length === 0) continue;
    const id = currentId(referrer, schema);
    const namespaces = reachedNamespaces(referrer, id);
    if (!namespaces.ok) return buildProblem(namespaces.problem, referrer.from);
    const fixed = fixReferrer({ index, id, reach: { id, namespaces: namespaces.value }, references }, candidates, renamed, schema);
    if (!fixed.ok) return fixed;
  }
  return ok(renamed.current);
}

type Referrer = { readonly index: number; readonly id: ResourceId; readonly reach: Reach; readonly references: readonly Reference[] };
type Turn = { readonly index: number; readonly references: readonly Reference[] };

function inOrder(resources: readonly Resource[], referencesOf: (resource: Resource) => readonly Reference[]): readonly Turn[] {
  const first: Turn[] = [];
  const others: Turn[] = [];
  for (const [index, resource] of resources.entries()) {
    const references = referencesOf(resource);
    (references.some(({ fieldSpec }) => fieldSpec.path === "metadata/name") ? first : others).push({ index, references });
  }
  return first.length === 0 ? others : [...first, ...others];
}

function fixReferrer(
  { index, id, reach, references }: Referrer,
  candidates: ReturnType<typeof createCandidates>,
  renamed: Renamed,
  schema: Schema,
): Result<undefined, BuildProblem> {
  for (const reference of references) {
    const referrer = renamed.current[index];
    if (referrer === undefined || !reference.mayBeIn(referrer.node)) continue;
    const select = createReferralSelector({ index, id, reference }, renamed, schema);
    const fixed = atFieldSpec(referrer.node, reference.fieldSpec, createReferenceSetter(candidates, reach, select));
    if (!fixed.ok) {
      const shown = showId(currentId(referrer, schema));
      return buildProblem(
        `updating name reference in '${reference.fieldSpec.path}' field of '${shown}': ${fixed.problem}`,
        fieldPlace(referrer, fixed.problem),
      );
    }
    if (fixed.value !== referrer.node) renamed.current[index] = { ...referrer, node: keepShared(referrer.node, fixed.value) };
  }
  return ok(undefined);
}
