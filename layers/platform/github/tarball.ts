import { hash } from "node:crypto";
import { epochMs } from "@sluice/engine/domain/time.ts";
import type { Tree } from "@sluice/engine/domain/tree.ts";
import type { FetchAnswer, GitCommit } from "@sluice/engine/ports/git-remote.ts";
import { DEFAULT_CAPS, unpackArtifact } from "@sluice/engine/source/unarchive.ts";
import { type ApiCall, askGitHub, gitHubWords, parseJson } from "./github-api.ts";
import type { GitHubRepository } from "./github-repository.ts";

const MAX_TARBALL = 512 << 20;

/** `use-git`: the tarball is not what the commit holds (`export-ignore`, `export-subst`, LFS), or too many files to say. */
export type TarballAnswer = FetchAnswer | { readonly kind: "use-git" };

/** The files of a commit by GitHub's tarball, each held against the commit's own list of files and their hashes. */
export async function fetchTarball(call: ApiCall, repository: GitHubRepository, id: string): Promise<TarballAnswer> {
  if (!/^[0-9a-f]{40}$/.test(id)) return { kind: "no-such-commit" };
  const path = `/repos/${repository.owner}/${repository.name}`;
  const [commit, listing, tarball] = await Promise.all([
    askGitHub(call, { path: `${path}/git/commits/${id}` }),
    askGitHub(call, { path: `${path}/git/trees/${id}?recursive=1`, maxBytes: 64 << 20 }),
    askGitHub(call, { path: `${path}/tarball/${id}`, maxBytes: MAX_TARBALL }),
  ]);
  if (commit.kind === "failed") return commit;
  if (commit.status === 404 || commit.status === 422) return { kind: "no-such-commit" };
  if (listing.kind === "failed") return listing;
  if (tarball.kind === "failed") return tarball;
  if (commit.status !== 200 || listing.status !== 200 || tarball.status !== 200)
    return { kind: "failed", why: "not-found", message: `repository not found: ${gitHubWords(tarball, call)}` };
  const files = unpackArtifact(tarball.body, DEFAULT_CAPS, 1);
  if (!files.ok) return { kind: "failed", why: "too-large", message: files.problem };
  const wanted = parseListing(Buffer.from(listing.body).toString("utf8"));
  const tree = wanted === undefined ? undefined : checkedTree(files.value, wanted);
  return tree === undefined ? { kind: "use-git" } : { kind: "fetched", commit: parseCommit(id, Buffer.from(commit.body).toString("utf8")), tree };
}

type Listed = { readonly id: string; readonly executable: boolean };

/** Path → blob; undefined when GitHub cut the list short. Links and submodules are left out. */
function parseListing(text: string): ReadonlyMap<string, Listed> | undefined {
  const body = parseJson(text);
  if (body === undefined || body.truncated !== false || !Array.isArray(body.tree)) return undefined;
  const entries: readonly unknown[] = body.tree;
  const files = new Map<string, Listed>();
  for (const entry of entries) {
    if (typeof entry !== "object" || entry === null || !("path" in entry) || !("mode" in entry) || !("sha" in entry)) return undefined;
    const { path, mode, sha } = entry;
    if (typeof path !== "string" || typeof mode !== "string" || typeof sha !== "string") return undefined;
    if (mode.startsWith("100")) files.set(path, { id: sha, executable: mode === "100755" });
  }
  return files;
}

/** The files if they are exactly those of the commit. */
function checkedTree(files: Tree, wanted: ReadonlyMap<string, Listed>): Tree | undefined {
  if (files.size !== wanted.size) return undefined;
  const tree = new Map<string, { readonly bytes: Uint8Array; readonly executable: boolean }>();
  for (const [path, { id, executable }] of wanted) {
    const file = files.get(path);
    if (file === undefined || blobId(file.bytes) !== id) return undefined;
    tree.set(path, { bytes: file.bytes, executable });
  }
  return tree;
}

const blobId = (bytes: Uint8Array): string => hash("sha1", Buffer.concat([Buffer.from(`blob ${bytes.length}\0`), bytes]));

function parseCommit(id: string, text: string): GitCommit {
  const body = parseJson(text);
  const committer = body?.committer;
  const date = typeof committer === "object" && committer !== null && "date" in committer ? Date.parse(String(committer.date)) : Number.NaN;
  return { id, message: typeof body?.message === "string" ? body.message : "", time: epochMs(Number.isNaN(date) ? 0 : date) };
}
