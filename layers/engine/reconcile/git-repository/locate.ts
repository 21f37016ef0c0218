import type { Revision } from "../../domain/artifact.ts";
import type { GitRepository } from "../../flux/git-repository-object.ts";
import type { FetchAnswer, GitFailure, GitRemote, GitTag } from "../../ports/git-remote.ts";
import { hidePassword } from "../../source/remote-url.ts";
import { commitOf, gitRevision } from "../../source/revision.ts";
import { chooseRef, isRefName, type RefChoice } from "../../source/select-ref.ts";
import { highestTags } from "../../source/select-tag.ts";
import { parseRange } from "../../source/semver.ts";
import { failedEnd, next, type Progress, type Step } from "./end.ts";

/** Where the remote stands. `probed`: found by asking for the reference alone, as Flux's optimised check does. `branch`: the commit must be on it. */
export type Location = { readonly commit: string; readonly revision: Revision; readonly probed: boolean; readonly branch?: string };

/** Finds the commit that `spec.ref` means, without fetching it. Causes of failures in Flux's words. Source: reference 1.2. */
export async function locate(remote: GitRemote, object: GitRepository, progress: Progress): Promise<Step<Location>> {
  const choice = chooseRef(object.spec.ref);
  switch (choice.kind) {
    case "commit": {
      const { commit, label, absolute, branch } = choice;
      return next({ commit, revision: gitRevision(commit, label, absolute), probed: false, ...(branch !== undefined && { branch }) });
    }
    case "semver":
      return locateVersion(remote, object, choice.range, progress);
    case "name":
    case "tag":
    case "branch":
      return locateRef(remote, object, choice, progress);
  }
}

type Named = Extract<RefChoice, { kind: "name" | "tag" | "branch" }>;

async function locateRef(remote: GitRemote, object: GitRepository, choice: Named, progress: Progress): Promise<Step<Location>> {
  const { ref, kind } = choice;
  const known = object.status.artifact === undefined || progress.lost ? undefined : commitOf(object.status.artifact.revision);
  const answer = isRefName(ref) ? await remote.resolve(ref, known) : { kind: "no-such-ref" as const };
  const listing = kind === "name" || known !== undefined;
  const url = hidePassword(object.spec.url);
  switch (answer.kind) {
    case "found":
      return next({ commit: answer.commit, revision: gitRevision(answer.commit, ref, kind === "name"), probed: true });
    case "no-such-ref": {
      if (kind === "name") return cannotCheckOut(`unable to resolve ref '${ref}' to a specific commit`, progress);
      return cannotCheckOut(`unable to clone '${url}': couldn't find remote ref ${JSON.stringify(ref)}`, progress);
    }
    case "empty":
      if (listing) return cannotCheckOut(`unable to list remote for '${url}': remote repository is empty`, progress);
      return kind === "branch" ? failedEnd("FetchFailed", "EmptyGitRepository", "git repository is empty", progress) : emptyRepository(url, progress);
    case "failed":
      return remoteFailed(answer, `unable to ${listing ? "list remote for" : "clone"} '${url}'`, progress);
  }
}

async function locateVersion(remote: GitRemote, object: GitRepository, text: string, progress: Progress): Promise<Step<Location>> {
  const range = parseRange(text);
  if (!range.ok) return cannotCheckOut(`semver parse error: ${range.problem}`, progress);
  const url = hidePassword(object.spec.url);
  const answer = await remote.tags();
  if (answer.kind === "empty") return emptyRepository(url, progress);
  if (answer.kind === "failed") return remoteFailed(answer, `unable to clone '${url}'`, progress);
  const highest = highestTags(answer.tags, range.value);
  const tag = await newestOf(remote, highest);
  if (tag === undefined) return cannotCheckOut(`no match found for semver: ${text}`, progress);
  return next({ commit: tag.commit, revision: gitRevision(tag.commit, `refs/tags/${tag.name}`), probed: false });
}

/** Of tags with equal versions the one whose commit is the newest; only then are commits looked at. */
async function newestOf(remote: GitRemote, tags: readonly GitTag[]): Promise<GitTag | undefined> {
  if (tags.length <= 1) return tags[0];
  const timed = await Promise.all(tags.map(async (tag) => ({ tag, time: timeOf(await remote.fetch(tag.commit)) })));
  return timed.toSorted((a, b) => b.time - a.time || (a.tag.name < b.tag.name ? -1 : 1))[0]?.tag;
}

const timeOf = (answer: FetchAnswer): number => (answer.kind === "fetched" ? answer.commit.time : 0);

export const cannotCheckOut = (message: string, progress: Progress) =>
  failedEnd("FetchFailed", "GitOperationFailed", `failed to checkout and determine revision: ${message}`, progress);

const emptyRepository = (url: string, progress: Progress) => cannotCheckOut(`unable to clone: remote repository is empty: git repository: '${url}'`, progress);

export function remoteFailed({ why, message }: GitFailure, what: string, progress: Progress): ReturnType<typeof failedEnd> {
  if (why === "credentials") return failedEnd("FetchFailed", "AuthenticationFailed", `failed to configure authentication options: ${message}`, progress);
  return cannotCheckOut(`${what}: ${message}`, progress);
}
