import { isObject } from "../domain/json.ts";
import type { Manifest } from "../domain/manifest.ts";
import { keyText, type ObjectKey } from "../domain/object-key.ts";
import { type ClusterItem, sweptLook } from "../domain/work-item.ts";
import { KINDS } from "../flux/kinds.ts";
import { objectMetaOf, partOf } from "../flux/object.ts";
import { type Due, type DueCause, isDue, type Window } from "../plan/due.ts";
import type { Queue } from "../ports/queue.ts";
import { dueInputOf } from "./due-input.ts";
import { inParallel } from "./in-parallel.ts";
import { staticNeed } from "./static-object.ts";
import { type FluxObject, type FluxObjects, listFluxObjects } from "./sweep/flux-objects.ts";
import { createLook, type Look, type Seen } from "./sweep/look.ts";
import { noteReceivers } from "./sweep/note-receivers.ts";
import type { LookDeps } from "./sweep/read-only.ts";
import { createSharedArtifacts, createSharedKinds, createSharedReads, type Owners, type Reads } from "./sweep/shared-reads.ts";
import { type Allowances, createAllowances, surroundingsOf } from "./sweep/surroundings.ts";

export type SweepDeps = LookDeps & { readonly queue: Queue };

/** What one sweep saw and did, for metrics. */
export type SweepReport = {
  /** Objects of Flux's kinds. */
  readonly listed: number;
  readonly due: number;
  /** Due, and their passes found nothing to do. */
  readonly passed: number;
  /** By the cause for which they were due. */
  readonly sent: { readonly [Cause in DueCause]?: number };
  /** Looks that ended in an exception; they are sent, too. */
  readonly brokeOff: number;
  readonly malformed: number;
  /** Flux's kinds that are served and may not be listed. */
  readonly refused: number;
  /** What was asked of the API server, apart from discovery and further pages of a LIST. */
  readonly requests: number;
};

type DueObject = FluxObject & { readonly cause: DueCause; readonly key: ObjectKey };

/**
 * Looks after whatever became due in the window of `item`: lists every kind of Flux once, does the pass of each due object as far as it goes without
 * writing, and sends those whose pass has something to do. It writes neither status nor objects, so that an object has one run at a time; a window that
 * is swept twice costs looks and nothing else. Source: design §4, §6.
 *
 * Every cause gets the look, not the interval alone: one that lasts for as long as the object is blocked, waits for health or cannot be deleted would otherwise
 * be sent every minute. An object is sent when there is something to do, so a lost message is made good by the next sweep, and a state that lasts costs
 * looks at LISTs that are there anyway.
 *
 * Throws when the cluster does not answer, or the queue takes nothing: the window is then still to be swept.
 */
export async function sweep(deps: SweepDeps, item: ClusterItem): Promise<SweepReport> {
  const counted = counting(deps.cluster);
  const { parallel } = deps.settings;
  const flux = await listFluxObjects(counted.reads, parallel);
  for (const { kind, refusal } of flux.refused) deps.log.error("kind not listed", { cluster: deps.clusterName, kind: kind.kind, error: refusal.message });
  await noteReceivers(deps, flux);
  const due = await findDue(deps, flux, { from: item.since, to: item.until });
  const look = createLook(sharing(deps), createSharedReads(counted.reads, flux, ownersIn(due)));
  const seen = await inParallel(due, parallel, async (one) => ({ one, seen: await seeTo(deps, item, look, one) }));
  return {
    listed: flux.all.length,
    due: due.length,
    passed: count(seen, "at-rest"),
    sent: sentByCause(seen.filter((each) => isSent(each.seen)).map(({ one }) => one.cause)),
    brokeOff: count(seen, "broke-off"),
    malformed: count(seen, "malformed"),
    refused: flux.refused.length,
    requests: counted.made(),
  };
}

/** Sends the object when its pass has something to do, or broke off: its function shows why, and one object never stops the others. */
async function seeTo(deps: SweepDeps, item: ClusterItem, look: Look, { key, manifest, cause }: DueObject): Promise<Seen> {
  const seen = await look(manifest);
  const object = keyText(key);
  switch (seen.kind) {
    case "at-rest":
      return seen;
    case "malformed":
      deps.log.error("malformed", { object, error: seen.problem });
      return seen;
    case "broke-off":
      deps.log.error("look broke off", { object, cause, error: seen.error instanceof Error ? (seen.error.stack ?? seen.error.message) : String(seen.error) });
      break;
    case "wanted":
      deps.log.info("sweep sends", { object, cause, why: seen.what });
      break;
  }
  await deps.queue.send({ kind: "object", key, cause, look: sweptLook(item.until, cause) });
  return seen;
}

async function findDue({ clusterName }: SweepDeps, flux: FluxObjects, window: Window): Promise<readonly DueObject[]> {
  const allowances = createAllowances();
  const states = await Promise.all(flux.all.map(async (object) => ({ object, state: await stateOf(flux, object, window, allowances) })));
  return states.flatMap(({ object, state }) => (state.kind === "due" ? [{ ...object, cause: state.cause, key: keyOf(clusterName, object) }] : []));
}

async function stateOf(flux: FluxObjects, { kind, manifest }: FluxObject, window: Window, allowances: Allowances): Promise<Due> {
  const around = await surroundingsOf(flux, manifest, allowances);
  return kind.hasStatus ? isDue(dueInputOf(manifest, around), window) : staticState(manifest);
}

/** A kind without status has no turns: all that it may want is seen in the LIST. */
function staticState(manifest: Manifest): Due {
  if (staticNeed(manifest) === undefined) return { kind: "not-due", at: undefined };
  return { kind: "due", cause: manifest.metadata.deletionTimestamp === undefined ? "new" : "deletion" };
}

const keyOf = (cluster: string, { kind, manifest }: FluxObject): ObjectKey => {
  const { namespace, name } = objectMetaOf(manifest);
  return { cluster, group: kind.group, kind: kind.kind, namespace, name };
};

const ownersIn = (due: readonly DueObject[]): Owners => ({
  kustomizations: due.flatMap(({ key }) => (key.kind === KINDS.Kustomization.kind ? [key] : [])),
  // Of the others nobody looks at their objects.
  releases: due.flatMap(({ key, manifest }) => (key.kind === KINDS.HelmRelease.kind && detectsDrift(manifest) ? [key] : [])),
});

function detectsDrift(release: Manifest): boolean {
  const spec = partOf(release, "spec");
  return isObject(spec) && spec.driftDetection !== undefined;
}

const sharing = (deps: SweepDeps): LookDeps => ({ ...deps, kinds: createSharedKinds(deps.kinds), artifacts: createSharedArtifacts(deps.artifacts) });

function counting(cluster: Reads): { readonly reads: Reads; made(): number } {
  let made = 0;
  const counted = <Answer>(answer: Promise<Answer>): Promise<Answer> => {
    made++;
    return answer;
  };
  return { reads: { get: (ref) => counted(cluster.get(ref)), list: (query) => counted(cluster.list(query)) }, made: () => made };
}

const isSent = ({ kind }: Seen): boolean => kind === "wanted" || kind === "broke-off";

const count = (seen: readonly { readonly seen: Seen }[], kind: Seen["kind"]): number => seen.filter((each) => each.seen.kind === kind).length;

function sentByCause(causes: readonly DueCause[]): SweepReport["sent"] {
  const counts: { [Cause in DueCause]?: number } = {};
  for (const cause of causes) counts[cause] = (counts[cause] ?? 0) + 1;
  return counts;
}
