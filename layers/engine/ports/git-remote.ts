import type { Secret } from "../domain/secret.ts";
import type { EpochMs, Milliseconds } from "../domain/time.ts";
import type { Tree } from "../domain/tree.ts";
import type { HttpProxy, HttpTls } from "./http-options.ts";

/** Opens repositories; knows which product is behind a URL. Nothing is asked before a method of the remote is called. */
export type GitRemotes = { open(target: GitTarget): GitRemote };

/** One repository on a server. It throws nothing that a remote can cause: silence and nonsense are `failed` too, for a condition to show. */
export type GitRemote = {
  /**
   * The commit that `ref` (a full name, `refs/heads/main`) stands at, annotated tags peeled.
   * `known` is the commit that was seen last: it lets the remote answer "still that" at little cost.
   */
  resolve(ref: string, known?: string): Promise<ResolveAnswer>;
  tags(): Promise<TagsAnswer>;
  /** The files of one commit. With `branch` (a full name) the commit must be on it. */
  fetch(commit: string, branch?: string): Promise<FetchAnswer>;
};

export type GitTarget = {
  /** http or https; user info in it has been moved into `credentials`. */
  readonly url: string;
  readonly credentials?: GitCredentials;
  readonly tls?: HttpTls;
  readonly proxy?: HttpProxy;
  /** For each call of a method. */
  readonly timeout: Milliseconds;
};

export type GitCredentials =
  | { readonly kind: "basic"; readonly username: string; readonly password: Secret }
  | { readonly kind: "bearer"; readonly token: Secret }
  | GitHubApp;

/** Source: reference 0.8. */
export type GitHubApp = {
  readonly kind: "github-app";
  readonly appId: string;
  readonly installation: { readonly kind: "id"; readonly id: string } | { readonly kind: "owner"; readonly owner: string };
  /** PEM. */
  readonly privateKey: Secret;
  /** The API of GitHub Enterprise; absent: github.com. */
  readonly baseUrl?: string;
};

export type GitCommit = { readonly id: string; readonly message: string; readonly time: EpochMs };

export type GitTag = { readonly name: string; readonly commit: string };

export type ResolveAnswer =
  | { readonly kind: "found"; readonly commit: string }
  | { readonly kind: "no-such-ref" }
  /** The repository has no commits at all. */
  | { readonly kind: "empty" }
  | GitFailure;

export type TagsAnswer = { readonly kind: "listed"; readonly tags: readonly GitTag[] } | { readonly kind: "empty" } | GitFailure;

/** `tree` has no symbolic links and no submodules. */
export type FetchAnswer = { readonly kind: "fetched"; readonly commit: GitCommit; readonly tree: Tree } | { readonly kind: "no-such-commit" } | GitFailure;

export type GitFailure = {
  readonly kind: "failed";
  readonly why:
    | "not-found"
    | "authentication"
    /** The credentials could not be made: a GitHub App that GitHub does not know. */
    | "credentials"
    | "forbidden"
    | "rate-limited"
    | "unreachable"
    | "timeout"
    | "too-large"
    | "protocol";
  /** The cause in git's and Go's words with the remote's answer, without secrets: `repository not found: no such repository`. */
  readonly message: string;
};
