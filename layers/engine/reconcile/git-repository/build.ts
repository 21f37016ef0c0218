import type { Artifact } from "../../domain/artifact.ts";
import { formatTime } from "../../domain/time.ts";
import type { Tree } from "../../domain/tree.ts";
import type { GitRepository } from "../../flux/git-repository-object.ts";
import type { GitRemote } from "../../ports/git-remote.ts";
import { packArtifact } from "../../source/archive.ts";
import { ignoreFilter } from "../../source/ignore.ts";
import { hidePassword } from "../../source/remote-url.ts";
import { shortMessage } from "../../source/revision.ts";
import { sparseTree } from "../../source/sparse.ts";
import { observedContent } from "./content.ts";
import type { GitRepositoryDeps } from "./deps.ts";
import { type End, failedEnd, next, type Progress, type Step } from "./end.ts";
import { copyIncludes } from "./includes.ts";
import { cannotCheckOut, type Location, remoteFailed } from "./locate.ts";

export type Checkout = { readonly tree: Tree; readonly message: string };

/** The files of the commit, cut down to the sparse folders. Source: reference 1.2. */
export async function checkOut(remote: GitRemote, object: GitRepository, location: Location, progress: Progress): Promise<Step<Checkout>> {
  const answer = await remote.fetch(location.commit, location.branch);
  const url = hidePassword(object.spec.url);
  if (answer.kind === "failed") return remoteFailed(answer, `unable to clone '${url}'`, progress);
  if (answer.kind === "no-such-commit") return missingCommit(remote, location, url, progress);
  if (object.spec.sparseCheckout.length === 0) return next({ tree: answer.tree, message: answer.commit.message });
  const sparse = sparseTree(answer.tree, object.spec.sparseCheckout);
  // The blank before the colon is Flux's. Recorded in sources/sparse-checkout-missing.
  if (!sparse.ok) return failedEnd("FetchFailed", "GitOperationFailed", `failed to sparse checkout directories : ${sparse.problem}`, progress);
  return next({ tree: sparse.value, message: answer.commit.message });
}

/** A commit that is not on its branch, or whose branch is not there. Recorded in sources/ref-commit-not-there. */
async function missingCommit(remote: GitRemote, { commit, branch }: Location, url: string, progress: Progress): Promise<Step<never>> {
  const found = branch === undefined ? undefined : await remote.resolve(branch);
  if (found?.kind === "no-such-ref") return cannotCheckOut(`unable to clone '${url}': couldn't find remote ref ${JSON.stringify(branch)}`, progress);
  return cannotCheckOut(`unable to resolve commit object for '${commit}': object not found`, progress);
}

/** Packs and stores what was checked out, with the includes in it. */
export async function build(
  deps: Pick<GitRepositoryDeps, "artifacts" | "clock">,
  object: GitRepository,
  location: Location,
  checkout: Checkout,
  includes: readonly Artifact[],
  progress: Progress,
): Promise<End> {
  const whole = await copyIncludes(deps.artifacts, checkout.tree, object.spec.include, includes, progress);
  if (whole.kind === "end") return whole.end;
  const stored = await deps.artifacts.put(packArtifact(whole.value, ignoreFilter(whole.value, object.spec.ignore)));
  const { namespace, name } = object.metadata;
  const artifact: Artifact = {
    path: `gitrepository/${namespace}/${name}/${location.commit}.tar.gz`,
    url: stored.url,
    revision: location.revision,
    digest: stored.digest,
    lastUpdateTime: formatTime(deps.clock.now()),
    size: stored.size,
  };
  return { kind: "stored", artifact, observed: observedContent(object, includes), message: shortMessage(checkout.message) };
}
