import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";

/**
 * The commit that an event is about, 40 hexadecimal digits: metadata `commit` before `originRevision` before `revision`, after the last `:` (or, as revisions
 * were once written, `/`) of `main@sha1:…`, `sha1:…`, `main/…`. Source: reference 4.3.2.
 */
export function commitIn(metadata: { readonly [key: string]: string } = {}, failing = ""): Result<string> {
  const revision = ["commit", "originRevision", "revision"]
    .map((key) => (Object.hasOwn(metadata, key) ? metadata[key] : undefined))
    .find((text) => text !== undefined);
  if (revision === undefined) return problem("missing revision metadata");
  const separator = revision.includes(":") ? ":" : "/";
  const commit = revision.slice(revision.lastIndexOf(separator) + 1);
  return /^[\da-f]{40}$/i.test(commit) ? ok(commit) : problem(`${failing}failed to extract commit hash from '${revision}' revision`);
}
