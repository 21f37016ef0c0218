import type { Secret } from "@sluice/engine/domain/secret.ts";
import type { Milliseconds } from "@sluice/engine/domain/time.ts";
import type { GitTarget } from "@sluice/engine/ports/git-remote.ts";
import type { HttpTls } from "@sluice/engine/ports/http-options.ts";
import type { GitBranch } from "@sluice/platform/git/branch.ts";
import type { GitHubAdministration } from "@sluice/platform/github/administration.ts";

/** The servers of others that bootstrap sets up. */
export type Remotes = {
  gitHub(options: { readonly hostname: string; readonly token: Secret; readonly tls?: HttpTls; readonly timeout: Milliseconds }): GitHubAdministration;
  branch(target: GitTarget, branch: string): GitBranch;
};
