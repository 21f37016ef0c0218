import type { Clock } from "@sluice/engine/ports/clock.ts";
import type { FetchAnswer, GitCredentials, GitFailure, GitRemote, GitRemotes, GitTarget, ResolveAnswer, TagsAnswer } from "@sluice/engine/ports/git-remote.ts";
import type { Http } from "../http/exchange.ts";
import { type AppTokens, createAppTokens } from "./app-tokens.ts";
import type { ApiCall } from "./github-api.ts";
import type { GitHubRepository } from "./github-repository.ts";
import { probeRef } from "./probe.ts";
import { createRateLimits, type RateLimits } from "./rate-limits.ts";
import { fetchTarball } from "./tarball.ts";

export type GitHubOptions = {
  readonly http: Http;
  /** For every other server, and for what GitHub's API does not do as well. */
  readonly smart: GitRemotes;
  readonly clock: Clock;
  /** Which hosts are GitHub, and where their API is. */
  readonly hosts?: ReadonlyMap<string, string>;
};

export const GITHUB_HOSTS: ReadonlyMap<string, string> = new Map([["github.com", "https://api.github.com"]]);

/**
 * Opens repositories: of GitHub by its API and tarballs, all others by the smart protocol. A GitHub App's credentials become an installation
 * token, for either. Without credentials GitHub's API takes 60 requests an hour: then references are asked for by the smart protocol.
 */
export function createGitHubRemotes({ http, smart, clock, hosts = GITHUB_HOSTS }: GitHubOptions): GitRemotes {
  const tokens = createAppTokens();
  const limits = createRateLimits();
  return { open: (target) => openRemote({ http, smart, clock, hosts, tokens, limits, target }) };
}

type Remote = Required<GitHubOptions> & { readonly tokens: AppTokens; readonly limits: RateLimits; readonly target: GitTarget };

function openRemote(remote: Remote): GitRemote {
  const { target, smart } = remote;
  const repository = repositoryOf(target, remote.hosts);
  if (repository === undefined && target.credentials?.kind !== "github-app") return smart.open(target);
  return {
    resolve: (ref, known) =>
      withAccess<ResolveAnswer>(remote, repository, ({ call, plain }) =>
        call === undefined || repository === undefined ? plain.resolve(ref, known) : probeRef(call, repository, plain, ref, known),
      ),
    tags: () => withAccess<TagsAnswer>(remote, repository, ({ plain }) => plain.tags()),
    fetch: (commit, branch) =>
      withAccess<FetchAnswer>(remote, repository, async ({ call, plain }) => {
        // Whether a commit is on a branch is asked of the history, which a tarball does not have.
        if (call === undefined || repository === undefined || branch !== undefined) return plain.fetch(commit, branch);
        const answer = await fetchTarball(call, repository, commit);
        return answer.kind === "use-git" ? plain.fetch(commit) : answer;
      }),
  };
}

/** `call` asks the API, `plain` speaks git; both with the right to do so. */
type Access = { readonly call: ApiCall | undefined; readonly plain: GitRemote };

async function withAccess<Answer>(
  remote: Remote,
  repository: GitHubRepository | undefined,
  use: (access: Access) => Promise<Answer>,
): Promise<Answer | GitFailure> {
  const { target, http, clock, smart, limits } = remote;
  const { tls, proxy, credentials } = target;
  const signal = AbortSignal.timeout(Math.max(1, Math.min(Math.ceil(target.timeout), 2 ** 31 - 1)));
  const reach = { http, signal, limits, now: () => clock.now(), ...(tls !== undefined && { tls }), ...(proxy !== undefined && { proxy }) };
  const usable = await usableCredentials(remote, credentials, { ...reach, api: appApi(credentials) ?? repository?.api ?? "https://api.github.com" });
  if (usable.kind === "failed") return usable;
  const { credentials: _, ...rest } = target;
  const plain = smart.open({ ...rest, ...(usable.credentials !== undefined && { credentials: usable.credentials }) });
  const authorization = bearerOf(usable.credentials);
  const call = repository === undefined || authorization === undefined ? undefined : { ...reach, api: repository.api, authorization };
  return use({ call, plain });
}

type Usable = { readonly kind: "usable"; readonly credentials: Exclude<GitCredentials, { kind: "github-app" }> | undefined };

async function usableCredentials(remote: Remote, credentials: GitCredentials | undefined, reach: Omit<ApiCall, "authorization">): Promise<Usable | GitFailure> {
  if (credentials?.kind !== "github-app") return { kind: "usable", credentials };
  const answer = await remote.tokens.tokenFor(credentials, reach);
  if (answer.kind === "failed") return answer;
  return { kind: "usable", credentials: { kind: "basic", username: "x-access-token", password: answer.token } };
}

const appApi = (credentials: GitCredentials | undefined): string | undefined =>
  credentials?.kind === "github-app" ? credentials.baseUrl?.replace(/\/+$/, "") : undefined;

/** GitHub's API takes tokens as bearer, also those that git gives as a password. */
function bearerOf(credentials: Usable["credentials"]): string | undefined {
  const token = credentials?.kind === "basic" ? credentials.password.reveal() : (credentials?.token.reveal() ?? "");
  return token === "" ? undefined : `Bearer ${token}`;
}

function repositoryOf(target: GitTarget, hosts: ReadonlyMap<string, string>): GitHubRepository | undefined {
  if (!URL.canParse(target.url)) return undefined;
  const url = new URL(target.url);
  const enterprise = target.credentials?.kind === "github-app" ? appApi(target.credentials) : undefined;
  const api = enterprise !== undefined && new URL(enterprise).host === url.host ? enterprise : hosts.get(url.host);
  const [, owner, name] = /^\/([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/.exec(url.pathname) ?? [];
  const outside = [".", ".."];
  if (api === undefined || owner === undefined || name === undefined || outside.includes(owner) || outside.includes(name)) return undefined;
  return { api, owner, name };
}
