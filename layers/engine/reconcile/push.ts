import { withoutTrailing } from "../domain/text.ts";
import type { PushItem } from "../domain/work-item.ts";
import { type GitRepository, parseGitRepository } from "../flux/git-repository-object.ts";
import { KINDS } from "../flux/kinds.ts";
import type { Cluster } from "../ports/cluster.ts";
import type { Queue } from "../ports/queue.ts";

const { group: GROUP, version: VERSION, kind: KIND } = KINDS.GitRepository;

/**
 * Sends every GitRepository that a push to `ref` of `repository` (a clone URL) may concern. What was pushed is not believed: each of
 * them asks its remote. One that follows a commit is asked whatever was pushed. Throws when they cannot be listed: what was pushed is then still to be sent.
 */
export async function sendPushed(
  deps: { readonly cluster: Cluster; readonly queue: Queue; readonly clusterName: string },
  push: Pick<PushItem, "repository" | "ref" | "delivery">,
): Promise<number> {
  const answer = await deps.cluster.list({ apiVersion: `${GROUP}/${VERSION}`, kind: KIND });
  if (answer.kind === "refused") {
    if (answer.why === "unknown-kind" || answer.why === "absent") return 0; // no CRD, no sources
    throw new Error(`GitRepositories cannot be listed: ${answer.message}`);
  }
  const concerned = answer.items.flatMap((item) => {
    const parsed = parseGitRepository(item);
    return parsed.ok && isSameRepository(parsed.value.spec.url, push.repository) && mayFollow(parsed.value, push.ref) && !parsed.value.spec.suspend
      ? [parsed.value]
      : [];
  });
  const sends = concerned.map(({ metadata }) => {
    const key = { cluster: deps.clusterName, group: GROUP, kind: KIND, namespace: metadata.namespace, name: metadata.name };
    return deps.queue.send({ kind: "object", key, cause: "push", look: push.delivery });
  });
  await Promise.all(sends);
  return concerned.length;
}

/** The same host and path, whatever the scheme, the user, the case, or an ending `.git`: a look too many costs one question to the remote. */
export function isSameRepository(a: string, b: string): boolean {
  const [left, right] = [a, b].map(placeOf);
  return left !== undefined && left === right;
}

function placeOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { host, pathname } = new URL(url);
  return `${host}${withoutTrailing(pathname, "/")}`.toLowerCase().replace(/\.git$/, "");
}

export function mayFollow({ spec: { ref } }: GitRepository, pushed: string): boolean {
  if (ref.commit !== undefined || ref.name !== undefined) return ref.name === undefined || ref.name === pushed;
  if (ref.tag !== undefined) return pushed === `refs/tags/${ref.tag}`;
  if (ref.semver !== undefined) return pushed.startsWith("refs/tags/");
  return pushed === `refs/heads/${ref.branch ?? "master"}`;
}
