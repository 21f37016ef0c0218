import type { Clock } from "@sluice/engine/ports/clock.ts";
import { openBranch } from "@sluice/platform/git/branch.ts";
import { createGitHubAdministration } from "@sluice/platform/github/administration.ts";
import { createHttp } from "@sluice/platform/http/http.ts";
import type { Remotes } from "./remotes.ts";

/** Real servers. Any address will do: it is the person at the terminal who names it. */
export function openRemotes(clock: Clock): Remotes {
  const http = createHttp();
  return {
    gitHub: ({ hostname, ...options }) => createGitHubAdministration({ http, api: gitHubApi(hostname), now: () => clock.now(), ...options }),
    branch: (target, branch) => openBranch({ http, target, branch }),
  };
}

/** Where a GitHub has its REST API: github.com, GitHub Enterprise Cloud with data residency, GitHub Enterprise Server. Source: GitHub's REST documentation. */
export function gitHubApi(hostname: string): string {
  if (hostname === "github.com") return "https://api.github.com";
  return hostname.endsWith(".ghe.com") ? `https://api.${hostname}` : `https://${hostname}/api/v3`;
}
