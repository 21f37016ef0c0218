import { isArray, isObject, type Json } from "@sluice/engine/domain/json.ts";
import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";
import { type Milliseconds, ms } from "@sluice/engine/domain/time.ts";
import type { GitHubApp } from "@sluice/engine/ports/git-remote.ts";
import type { Notification, ProviderSettings } from "@sluice/engine/ports/notifier.ts";
import type { AppTokens } from "../../github/app-tokens.ts";
import type { HttpAnswer } from "../../http/exchange.ts";
import { secretText } from "../posting/authorization.ts";
import type { SenderWorld } from "../sender.ts";
import { type Api, type ApiFailure, type Asked, textOf } from "./exchange.ts";
import { appFailure, gitHubAppOf } from "./github-app.ts";
import { parseRepositoryAddress, partsOf, type RepositoryAddress } from "./repository-address.ts";

/** One repository of GitHub, or of GitHub Enterprise, and who asks. */
export type GitHubAccess = {
  readonly api: string;
  /** `/repos/acme/shop`. */
  readonly path: string;
  readonly credential: { readonly kind: "token"; readonly token: string } | GitHubApp;
};

export type GitHubApi = { readonly kind: "connected"; readonly api: Api; readonly path: string };

/** A token before an App, as Flux looks at them; a password is a token. Source: reference 4.3.2, recorded in providers/github-*. */
export function gitHubAccess(provider: ProviderSettings): Result<GitHubAccess> {
  const credential = credentialOf(provider);
  if (!credential.ok) return credential;
  const address = parseRepositoryAddress(provider.address);
  if (!address.ok) return address;
  const parts = partsOf(address.value, 2);
  if (!parts.ok) return parts;
  return ok({ api: apiOf(address.value), path: `/repos/${parts.value.map(encodeURIComponent).join("/")}`, credential: credential.value });
}

/** The right to ask: for an App that of its installation, which is kept for as long as it holds. */
export async function connectGitHub(access: GitHubAccess, notification: Notification, world: SenderWorld, tokens: AppTokens): Promise<GitHubApi | ApiFailure> {
  const { api, path, credential } = access;
  if (credential.kind === "token") return { kind: "connected", path, api: gitHubApi(api, credential.token, notification, world) };
  const answer = await tokens.tokenFor(credential, appCall(credential, notification, world));
  if (answer.kind === "failed") return appFailure(answer, notification);
  return { kind: "connected", path, api: gitHubApi(api, answer.token.reveal(), notification, world) };
}

/** How GitHub is asked as the App itself; through the proxy, unlike all else here, as Flux does. */
export function appCall({ baseUrl }: GitHubApp, { provider: { tls, proxy } }: Notification, { http, signal, now }: SenderWorld) {
  return { http, signal, now, api: baseUrl ?? "https://api.github.com", ...(tls !== undefined && { tls }), ...(proxy !== undefined && { proxy }) };
}

function credentialOf(provider: ProviderSettings): Result<GitHubAccess["credential"]> {
  const token = secretText(provider, "token") || secretText(provider, "password");
  if (token !== "") return ok({ kind: "token", token });
  return gitHubAppOf(provider) ?? problem("github token or github app details must be specified");
}

/** Source: go-github, WithEnterpriseURLs. */
function apiOf({ origin, host }: RepositoryAddress): string {
  if (host === "github.com") return "https://api.github.com";
  return host.startsWith("api.") || host.includes(".api.") ? origin : `${origin}/api/v3`;
}

/** proxySecretRef is not heeded. Source: providers/transport.yaml. */
function gitHubApi(url: string, token: string, { provider: { tls }, done }: Notification, world: SenderWorld): Api {
  return {
    world,
    url,
    headers: { accept: "application/vnd.github.v3+json", "x-github-api-version": "2022-11-28" },
    authorization: `Bearer ${token}`,
    secrets: [],
    ...(tls !== undefined && { tls }),
    words,
    limit: (answer) => limitOf(answer, world.now()),
    done,
  };
}

/** `GET https://…: 401 Bad credentials []`, as go-github says it. Recorded in providers/github-answer-401. */
function words({ method, url }: Asked, { status }: HttpAnswer, json: Json | undefined): string {
  const errors = isObject(json) && isArray(json.errors) ? json.errors.map(errorWords) : [];
  return `${method} ${url}: ${status} ${textOf(json, "message")} [${errors.join(" ")}]`;
}

const errorWords = (error: Json): string =>
  typeof error === "string"
    ? error
    : `{Resource:${textOf(error, "resource")} Field:${textOf(error, "field")} Code:${textOf(error, "code")} Message:${textOf(error, "message")}}`;

/** A minute at least where no header says when. Source: GitHub REST, "Rate limits", "Exceeding the rate limit". */
const UNSAID = ms(60_000);

/** How long a used up rate limit is to be waited for: GitHub says it with a 403, too. Undefined when that is not what it is. */
function limitOf({ status, headers }: HttpAnswer, now: number): Milliseconds | undefined {
  if (status !== 403 && status !== 429) return undefined;
  const after = headers["retry-after"];
  if (after !== undefined) return /^\d{1,9}$/.test(after) ? ms(Number(after) * 1000) : UNSAID;
  if (headers["x-ratelimit-remaining"] !== "0") return undefined;
  const reset = Number(headers["x-ratelimit-reset"]) * 1000;
  return Number.isFinite(reset) && reset > now ? ms(reset - now) : UNSAID;
}
