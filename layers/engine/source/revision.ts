import { type Revision, revision } from "../domain/artifact.ts";

const UNPEELED = /^refs\/[^/]+\/(.+)$/;

/**
 * `main@sha1:<hex>`, or `sha1:<hex>` without a reference. `absolute` keeps the full name of the reference, as `spec.ref.name` asks for.
 * Source: reference 1.2.
 */
export function gitRevision(commit: string, ref: string | undefined, absolute = false): Revision {
  const hash = `${commit.length === 40 ? "sha1" : "<unknown>"}:${commit}`;
  if (ref === undefined || ref === "") return revision(hash);
  return revision(`${absolute ? ref : shortRef(ref)}@${hash}`);
}

/** Everything after the second slash: `refs/heads/feature/x` → `feature/x`. */
const shortRef = (ref: string): string => UNPEELED.exec(ref)?.[1] ?? ref;

/** The commit in a revision, undefined when there is none. */
export const commitOf = (text: string): string | undefined => /(?:^|@)sha1:([0-9a-f]{40})$/.exec(text)?.[1];

const SUBJECT = 50;

/** The first line of a commit message, at most 50 characters and then `...`. Source: reference 1.2. */
export function shortMessage(message: string): string {
  const letters = Array.from(message.split("\n", 1)[0] ?? "");
  return letters.length > SUBJECT ? `${letters.slice(0, SUBJECT).join("")}...` : letters.join("");
}
