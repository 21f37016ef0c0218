import type { Artifact } from "../domain/artifact.ts";
import type { Outcome } from "../domain/outcome.ts";
import { type GitRepository, type GitRepositoryStatus, parseGitRepository } from "../flux/git-repository-object.ts";
import { unsupportedFields } from "../flux/unsupported.ts";
import { findAccess, unsupportedMessage } from "./git-repository/access.ts";
import { build, checkOut } from "./git-repository/build.ts";
import { hasContentChanged } from "./git-repository/content.ts";
import { CONTROLLER, CRD, type GitRepositoryDeps, OWNED_CONDITIONS } from "./git-repository/deps.ts";
import { type End, type Progress, stalledEnd } from "./git-repository/end.ts";
import { findIncludes, haveMoved } from "./git-repository/includes.ts";
import { type Location, locate } from "./git-repository/locate.ts";
import { begun, hasNewGeneration, type Saying, summarise, suspendedStatus } from "./git-repository/summarise.ts";
import { isInstalled } from "./installed.ts";
import { addFinalizer, eventMetadata, FINALIZER, involvedObject, isRequested, type ObjectWrite, removeFinalizer, writeStatus } from "./object-status.ts";

export type { GitRepositoryDeps } from "./git-repository/deps.ts";

/** One pass over one GitRepository, from the remote to the status. Source: reference 1.1, 1.2. */
export async function reconcileGitRepository(deps: GitRepositoryDeps, object: GitRepository): Promise<Outcome> {
  if (object.metadata.deletionTimestamp !== undefined) return finalize(deps, object);
  const held = await hold(deps, object);
  if (held.kind === "end") return held.outcome;
  if (object.spec.suspend) return rest(deps, held.object);
  const announced = await announce(deps, held.object, begun(held.object, undefined, deps.clock.now()));
  if (announced.kind === "end") return announced.outcome;
  const worked = await work(deps, announced.object, announced.wrote);
  if (worked.kind === "outcome") return worked.outcome;
  return conclude(deps, worked.object, held.object, worked.end);
}

type Worked = { readonly kind: "end"; readonly end: End; readonly object: GitRepository } | { readonly kind: "outcome"; readonly outcome: Outcome };

/** The ladder: every rung ends the pass or hands on what the next one needs. `wrote`: this pass has announced itself already. */
async function work(deps: GitRepositoryDeps, object: GitRepository, wrote: boolean): Promise<Worked> {
  const ended = (end: End, at: GitRepository = object): Worked => ({ kind: "end", end, object: at });
  const fields = unsupportedFields(object).filter((field) => !isHandledHere(object, field));
  if (fields.length > 0) return ended(stalledEnd("UnsupportedField", unsupportedMessage(fields)).end);
  const lost = object.status.artifact !== undefined && !(await deps.artifacts.has(object.status.artifact.digest));
  const access = await findAccess(deps.cluster, object, { lost, includesMoved: false });
  if (access.kind === "end") return ended(access.end);
  const includes = await findIncludes(deps.cluster, object, { lost, includesMoved: false });
  if (includes.kind === "end") return ended(includes.end);
  const progress: Progress = { lost, includesMoved: haveMoved(includes.value, object.status.includedArtifacts) };
  const remote = deps.git.open(access.value);
  const located = await locate(remote, object, progress);
  if (located.kind === "end") return ended(located.end);
  const fresh = hasNewRevision(object, located.value, lost);
  const stands = !fresh && !hasContentChanged(object, includes.value);
  if (stands && !mustLook(object, located.value)) return ended(unchanged(located.value));
  const further: Progress = fresh ? { ...progress, newRevision: located.value.revision } : progress;
  const told = fresh && !wrote ? await announce(deps, object, begun(object, located.value.revision, deps.clock.now())) : { kind: "go" as const, object };
  if (told.kind === "end") return { kind: "outcome", outcome: told.outcome };
  // A failed checkout has not seen the revision yet, as far as status is concerned.
  const checkout = await checkOut(remote, told.object, located.value, progress);
  if (checkout.kind === "end") return ended(checkout.end, told.object);
  if (stands) return ended(unchanged(located.value), told.object);
  return ended(await build(deps, told.object, located.value, checkout.value, includes.value, further), told.object);
}

/** These are done here, or refused in Flux's own words. */
const isHandledHere = ({ spec }: GitRepository, field: string): boolean =>
  field === "spec.url (ssh)" || (spec.serviceAccountName !== undefined && /^spec\.(provider|serviceAccountName)/.test(field));

const hasNewRevision = ({ status }: GitRepository, { revision }: Location, lost: boolean): boolean => lost || status.artifact?.revision !== revision;
const unchanged = ({ revision, probed }: Location): End => ({ kind: "unchanged", revision, how: probed ? "probed" : "looked" });

/** A commit cannot change, but whether the repository has it is only known by asking: done whenever there is a reason to. */
const mustLook = (object: GitRepository, { probed }: Location): boolean =>
  !probed && object.spec.ref.commit !== undefined && (isRequested(object) || hasNewGeneration(object) || !isReady(object));

const isReady = ({ status }: GitRepository): boolean => status.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") === true;

type Held = { readonly kind: "held"; readonly object: GitRepository } | { readonly kind: "end"; readonly outcome: Outcome };

/** Nothing is begun before the finalizer is there, and it is not added to a cluster that Sluice is leaving. Source: reference 0.4, 6.14. */
async function hold(deps: GitRepositoryDeps, object: GitRepository): Promise<Held> {
  if (object.metadata.finalizers.includes(FINALIZER)) return { kind: "held", object };
  if (!(await isInstalled(deps.cluster, deps.settings, CRD)))
    return { kind: "end", outcome: { kind: "skipped", why: "sluice is not installed in this cluster" } };
  const read = readWritten(await addFinalizer(deps.cluster, object, CONTROLLER), object);
  return read.kind === "go" ? { kind: "held", object: read.object } : read;
}

type Read = { readonly kind: "go"; readonly object: GitRepository } | { readonly kind: "end"; readonly outcome: Outcome };

/** The object as it stands after a write, or how the pass ends because of it. A refusal is a bug or a missing right: it throws. */
function readWritten(answer: ObjectWrite, object: GitRepository): Read {
  switch (answer.kind) {
    case "unchanged":
      return { kind: "go", object };
    case "moved":
      return { kind: "end", outcome: { kind: "skipped", why: "the object has moved on", again: true } };
    case "gone":
      return { kind: "end", outcome: { kind: "skipped", why: "gone" } };
    case "refused":
      throw new Error(`the write to GitRepository ${object.metadata.namespace}/${object.metadata.name} was refused: ${answer.message}`);
    case "written": {
      const parsed = parseGitRepository(answer.object);
      return parsed.ok ? { kind: "go", object: parsed.value } : { kind: "end", outcome: { kind: "skipped", why: parsed.problem } };
    }
  }
}

type Announced = { readonly kind: "go"; readonly object: GitRepository; readonly wrote: boolean } | { readonly kind: "end"; readonly outcome: Outcome };

async function announce(deps: GitRepositoryDeps, object: GitRepository, status: GitRepositoryStatus | undefined): Promise<Announced> {
  if (status === undefined) return { kind: "go", object, wrote: false };
  const read = readWritten(await write(deps, object, status), object);
  return read.kind === "end" ? read : { ...read, wrote: true };
}

const write = (deps: GitRepositoryDeps, object: GitRepository, status: GitRepositoryStatus): Promise<ObjectWrite> =>
  writeStatus(deps.cluster, object, status, { manager: CONTROLLER, owned: OWNED_CONDITIONS });

/** Tells of the end, then writes it down: a crash in between tells twice, which folds into one, and never keeps silent. */
async function conclude(deps: GitRepositoryDeps, object: GitRepository, before: GitRepository, end: End): Promise<Outcome> {
  const { status, sayings, outcome } = summarise(object, before, end, deps.clock.now(), deps.settings.requeueDependency);
  for (const saying of sayings) await say(deps, object, saying);
  const read = readWritten(await write(deps, object, status), object);
  deps.log.info("reconciled", {
    object: `GitRepository/${object.metadata.namespace}/${object.metadata.name}`,
    stage: end.kind,
    outcome: outcome.kind,
    ...revisionOf(outcome),
  });
  return read.kind === "end" ? read.outcome : outcome;
}

const revisionOf = (outcome: Outcome): { readonly revision?: string } =>
  outcome.kind === "succeeded" && outcome.revision !== undefined ? { revision: outcome.revision } : {};

const say = ({ events }: GitRepositoryDeps, object: GitRepository, { fields, ...saying }: Saying): Promise<void> =>
  events.emit({ ...saying, object: involvedObject(object), metadata: eventMetadata(object, fields), controller: CONTROLLER });

async function rest(deps: GitRepositoryDeps, object: GitRepository): Promise<Outcome> {
  const read = readWritten(await write(deps, object, suspendedStatus(object)), object);
  return read.kind === "end" ? read.outcome : { kind: "skipped", why: "suspended" };
}

/** The bytes of its artifacts go with the next sweep of the store: they may be another source's too. Source: reference 1.1 step 1. */
async function finalize(deps: GitRepositoryDeps, object: GitRepository): Promise<Outcome> {
  if (!object.metadata.finalizers.includes(FINALIZER)) return { kind: "skipped", why: "deleted" };
  const artifact: Artifact | undefined = object.status.artifact;
  const saying: Saying = { type: "Normal", reason: "GarbageCollectionSucceeded", message: "garbage collected artifacts for deleted resource", fields: {} };
  if (artifact !== undefined) await say(deps, object, saying);
  const read = readWritten(await removeFinalizer(deps.cluster, object, CONTROLLER), object);
  return read.kind === "end" && read.outcome.kind === "skipped" && read.outcome.again === true ? read.outcome : { kind: "skipped", why: "deleted" };
}
