import type { Condition } from "@sluice/engine/domain/condition.ts";
import { entryOf } from "@sluice/engine/domain/inventory.ts";
import { type Manifest, refOf, subjectOf } from "@sluice/engine/domain/manifest.ts";
import { type EpochMs, formatTime } from "@sluice/engine/domain/time.ts";
import { parseKustomization } from "@sluice/engine/flux/kustomization-object.ts";
import { conditionsOf, observedGenerationOf } from "@sluice/engine/flux/object.ts";
import type { Sandbox } from "../../../lib/local/sandbox/sandbox.ts";

const LONGEST_MESSAGE = 32_768;

export type Seen = { readonly before: Manifest | undefined; readonly now: EpochMs };

/**
 * What must hold of the status of every object after every pass, one line for each breach. `Ready present` is left to the caller of a run
 * that was cut off, and to one that is suspended. Source: style.md §4; reference 0.2.
 */
export function checkStatus(object: Manifest, { before, now }: Seen): readonly string[] {
  const conditions = conditionsOf(object);
  const generation = object.metadata.generation ?? 0;
  const has = (type: string): boolean => conditions.some((condition) => condition.type === type && condition.status === "True");
  return [
    ...(has("Stalled") && has("Reconciling") ? ["Stalled and Reconciling at once"] : []),
    ...((observedGenerationOf(object) ?? 0) > generation ? ["observedGeneration runs ahead"] : []),
    ...conditions.flatMap((condition) => checkCondition(condition, generation)),
    ...conditions.flatMap((condition) => checkTransition(condition, before === undefined ? [] : conditionsOf(before), now)),
    ...(new Set(conditions.map(({ type }) => type)).size < conditions.length ? ["a condition twice"] : []),
  ];
}

function checkCondition({ type, reason, message, observedGeneration = 0 }: Condition, generation: number): readonly string[] {
  return [
    ...(observedGeneration > generation ? [`${type}.observedGeneration runs ahead`] : []),
    ...(/^[A-Z][A-Za-z]+$/.test(reason) ? [] : [`${type} has no reason: ${JSON.stringify(reason)}`]),
    ...(message.length > LONGEST_MESSAGE ? [`${type} has a message of ${message.length} characters`] : []),
    ...(message === "" ? [`${type} has no message`] : []),
  ];
}

/** The time moves when status, reason or message do, and only then. Source: reference 0.2. */
function checkTransition(condition: Condition, before: readonly Condition[], now: EpochMs): readonly string[] {
  const old = before.find(({ type }) => type === condition.type);
  const isSame = old?.status === condition.status && old.reason === condition.reason && old.message === condition.message;
  const due = isSame ? old.lastTransitionTime : formatTime(now);
  return condition.lastTransitionTime === due ? [] : [`${condition.type}.lastTransitionTime is ${condition.lastTransitionTime}, not ${due}`];
}

/** Everything that we applied for `owner` and that its inventory does not list, though it exists: what nobody would ever prune. */
export function findOrphans(sandbox: Sandbox, owner: Manifest): readonly string[] {
  const parsed = parseKustomization(owner);
  const listed = new Set(parsed.ok ? (parsed.value.status.inventory?.entries ?? []).map(({ id }) => id) : []);
  return ownedObjects(sandbox, owner.metadata.name ?? "", owner.metadata.namespace ?? "")
    .filter((object) => !listed.has(entryOf(refOf(object)).id))
    .map((object) => subjectOf(refOf(object)));
}

/** With the owner's labels, and applied by us: controllers copy labels to what they make. */
export function ownedObjects({ store }: Sandbox, name: string, namespace: string): readonly Manifest[] {
  const resources = new Map(store.kinds().map(({ group, plural }) => [`${plural}.${group}`, { group, plural }]));
  return [...resources.values()]
    .flatMap((resource) => store.list(resource))
    .filter(({ metadata }) => metadata.labels?.["kustomize.toolkit.fluxcd.io/name"] === name)
    .filter(({ metadata }) => metadata.labels?.["kustomize.toolkit.fluxcd.io/namespace"] === namespace)
    .filter(({ metadata }) => (metadata.managedFields ?? []).some(({ manager }) => manager === "kustomize-controller"));
}
