import type { Outcome } from "../domain/outcome.ts";
import { type GitRepository, parseGitRepository } from "../flux/git-repository-object.ts";
import { unsupportedFields } from "../flux/unsupported.ts";
import { findAccess, unsupportedMessage } from "./git-repository/access.ts";
import { build, checkOut } from "./git-repository/build.ts";
import { hasContentChanged } from "./git-repository/content.ts";
import { CRD, type GitRepositoryDeps, OWNED_CONDITIONS } from "./git-repository/deps.ts";
import { type End, type Progress, stalledEnd } from "./git-repository/end.ts";
import { findIncludes, haveMoved } from "./git-repository/includes.ts";
import { type Location, locate } from "./git-repository/locate.ts";
import { newsOf, summarise } from "./git-repository/summarise.ts";
import { isRequested } from "./object-status.ts";
import { reconcileSource, type Worked } from "./source/reconcile-source.ts";
import { begun, hasNewGeneration } from "./source/source-conditions.ts";
import type { SourceKind } from "./source/source-object.ts";
import { announce } from "./source/source-pass.ts";

export type { GitRepositoryDeps } from "./git-repository/deps.ts";

const KIND: SourceKind<GitRepository> = { crd: CRD, owned: OWNED_CONDITIONS, parse: parseGitRepository };

/** One pass over one GitRepository, from the remote to the status. Source: reference 1.1, 1.2. */
export function reconcileGitRepository(deps: GitRepositoryDeps, object: GitRepository): Promise<Outcome> {
  return reconcileSource(deps, KIND, object, {
    work: (at, wrote) => work(deps, at, wrote),
    summarise: (at, before, end, now) => summarise(at, before, end, now, deps.settings.requeueDependency),
  });
}

/** The ladder: every rung ends the pass or hands on what the next one needs. `wrote`: this pass has announced itself already. */
async function work(deps: GitRepositoryDeps, object: GitRepository, wrote: boolean): Promise<Worked<GitRepository, End>> {
  const ended = (end: End, at: GitRepository = object): Worked<GitRepository, End> => ({ kind: "end", end, object: at });
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
  const told =
    fresh && !wrote ? await announce(deps, KIND, object, begun(object, newsOf(located.value.revision), deps.clock.now())) : { kind: "go" as const, object };
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
