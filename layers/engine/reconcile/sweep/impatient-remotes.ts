import { type Milliseconds, ms, seconds } from "../../domain/time.ts";
import type { GitRemote, GitRemotes } from "../../ports/git-remote.ts";
import { Wanted } from "./read-only.ts";

/** A question to a remote takes tenths of a second. Who needs more gets it from the function of the source, where nobody else waits. */
const PATIENCE = seconds(5);
/** So many that let us wait, and no other is asked in this sweep. */
const MOST_SILENT = 24;

/**
 * Remotes as the looks of one sweep ask them. A tenant says how long a remote may take, and a Git server that is down takes that of every source: the sweep
 * would spend its time there, and look after nothing else in the cluster.
 */
export function createImpatientRemotes(git: GitRemotes): GitRemotes {
  let silent = 0;

  async function ask<Answer extends { readonly kind: string; readonly why?: string }>(given: Milliseconds, question: () => Promise<Answer>): Promise<Answer> {
    if (silent >= MOST_SILENT) throw new Wanted("ask its remote, since many others do not answer");
    const answer = await question();
    if (answer.kind !== "failed" || answer.why !== "timeout") return answer;
    silent++;
    // That it does not answer in its own time is for those to say who wait for so long.
    if (given > PATIENCE) throw new Wanted("ask its remote for longer");
    return answer;
  }

  const impatient = (remote: GitRemote, given: Milliseconds): GitRemote => ({
    ...remote,
    resolve: (ref, known) => ask<Awaited<ReturnType<GitRemote["resolve"]>>>(given, () => remote.resolve(ref, known)),
    tags: () => ask<Awaited<ReturnType<GitRemote["tags"]>>>(given, () => remote.tags()),
  });

  return { open: (target) => impatient(git.open({ ...target, timeout: ms(Math.min(target.timeout, PATIENCE)) }), target.timeout) };
}
