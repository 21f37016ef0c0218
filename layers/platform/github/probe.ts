import type { GitRemote, ResolveAnswer } from "@sluice/engine/ports/git-remote.ts";
import { type ApiCall, askGitHub, gitHubWords } from "./github-api.ts";
import type { GitHubRepository } from "./github-repository.ts";

/**
 * The commit of a reference by one conditional request: GitHub's ETag of that answer is the commit itself, so an unchanged reference is a 304,
 * which does not count against the rate limit. Source: GitHub REST, "Get a commit", media type sha.
 */
export async function probeRef(
  call: ApiCall,
  { owner, name }: GitHubRepository,
  plain: GitRemote,
  ref: string,
  known: string | undefined,
): Promise<ResolveAnswer> {
  const short = /^refs\/((?:heads|tags)\/.+)$/.exec(ref)?.[1];
  // The API knows branches and tags only; pull requests and the like are git's.
  if (short === undefined) return plain.resolve(ref, known);
  const answer = await askGitHub(call, {
    path: `/repos/${owner}/${name}/commits/${short.split("/").map(encodeURIComponent).join("/")}`,
    accept: "application/vnd.github.sha",
    ...(known !== undefined && { headers: { "if-none-match": `"${known}"` } }),
  });
  if (answer.kind === "failed") return answer;
  if (answer.status === 304 && known !== undefined) return { kind: "found", commit: known };
  if (answer.status === 409) return { kind: "empty" };
  if (answer.status === 422) return { kind: "no-such-ref" };
  if (answer.status === 404) return { kind: "failed", why: "not-found", message: `repository not found: ${gitHubWords(answer, call)}` };
  const commit = Buffer.from(answer.body).toString("latin1").trim();
  if (/^[0-9a-f]{40}$/.test(commit)) return { kind: "found", commit };
  return { kind: "failed", why: "protocol", message: "GitHub answered without a commit" };
}
