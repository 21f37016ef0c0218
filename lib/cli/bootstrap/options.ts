import type { Secret } from "@sluice/engine/domain/secret.ts";
import type { Milliseconds } from "@sluice/engine/domain/time.ts";
import type { GitCredentials } from "@sluice/engine/ports/git-remote.ts";
import type { Visibility } from "@sluice/platform/github/administration.ts";
import type { InstalledOn } from "../aws/marker.ts";

/** What one bootstrap is to do, all flags checked. */
export type BootstrapOptions = {
  readonly namespace: string;
  /** `./clusters/prod`, or `./` for the root of the repository. */
  readonly path: string;
  readonly branch: string;
  readonly repository: Repository;
  /** PEM. */
  readonly certificateAuthority?: string;
  readonly interval: Milliseconds;
  readonly secretName: string;
  readonly author: { readonly name: string; readonly email: string };
  readonly messageAppendix: string;
  /** Of Flux, with the leading `v`. */
  readonly version: string;
  /** Absent: a cluster that nothing on AWS looks after. */
  readonly installation?: InstalledOn;
  /** Replaces the components of a repository that Flux was bootstrapped in. */
  readonly takeOver: boolean;
  /** Overrides an installation that another tool manages. */
  readonly force: boolean;
};

export type Repository = GitHubRepository | GitRepository;

export type GitHubRepository = {
  readonly kind: "github";
  /** Without credentials: it stands in the cluster and in messages. */
  readonly url: string;
  readonly credentials: GitCredentials;
  readonly hostname: string;
  readonly owner: string;
  readonly name: string;
  readonly token: Secret;
  readonly personal: boolean;
  readonly visibility: Visibility;
  /** Visibility and webhook are made as they are asked for, though both are there. */
  readonly reconcile: boolean;
};

export type GitRepository = { readonly kind: "git"; readonly url: string; readonly credentials: GitCredentials };
