import type { GitHubAdministration } from "@sluice/platform/github/administration.ts";
import type { Cli } from "../cli.ts";
import { Failure } from "../failure.ts";
import type { GitHubRepository } from "./options.ts";

/** The repository is there when this ends, created where it was not. Source: flux2 pkg/bootstrap, reconcileOrgRepository and reconcileUserRepository. */
export async function prepareRepository(cli: Cli, gitHub: GitHubAdministration, repository: GitHubRepository): Promise<void> {
  const { owner, name, visibility, personal, hostname } = repository;
  const shown = JSON.stringify(`https://${hostname}/${owner}/${name}`);
  cli.say.action(`connecting to ${hostname}`);
  const found = await gitHub.find(owner, name);
  if (found.kind === "failed") throw new Failure(`failed to get Git repository ${shown}: provider error: ${found.message}`);
  if (found.kind === "no-such-repository") {
    if (personal) await checkOwner(gitHub, owner, shown);
    const created = await gitHub.create({ owner, name, visibility, personal });
    if (created.kind === "failed") throw new Failure(`failed to create new Git repository ${shown}: ${created.message}`);
    return cli.say.success(`repository ${shown} created`);
  }
  if (!repository.reconcile || found.visibility === visibility) return;
  const changed = await gitHub.setVisibility(owner, name, visibility);
  if (changed.kind === "failed") throw new Failure(`failed to reconcile Git repository ${shown}: ${changed.message}`);
  cli.say.success(`repository ${shown} reconciled`);
}

/** A personal repository is created for whoever's token it is. */
async function checkOwner(gitHub: GitHubAdministration, owner: string, shown: string): Promise<void> {
  const who = await gitHub.login();
  if (who.kind === "failed") throw new Failure(`failed to create new Git repository ${shown}: ${who.message}`);
  if (who.login.toLowerCase() !== owner.toLowerCase())
    throw new Failure(
      `failed to create new Git repository ${shown}: the specified owner '${owner}' doesn't match the identity associated with the given token`,
    );
}
