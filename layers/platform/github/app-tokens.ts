import { createHash, type KeyObject, sign } from "node:crypto";
import { type Secret, secret } from "@sluice/engine/domain/secret.ts";
import type { GitFailure, GitHubApp } from "@sluice/engine/ports/git-remote.ts";
import { parsePrivateKey } from "../keys/private-key.ts";
import { type ApiCall, askGitHub, gitHubWords, parseJson } from "./github-api.ts";

export type TokenAnswer = { readonly kind: "token"; readonly token: Secret } | GitFailure;
export type SlugAnswer = { readonly kind: "slug"; readonly slug: string } | GitFailure;

/** Tokens of GitHub App installations, kept until five minutes before they end. */
export type AppTokens = {
  tokenFor(app: GitHubApp, call: Omit<ApiCall, "authorization">): Promise<TokenAnswer>;
  /** The App's name in addresses: what it writes is by `<slug>[bot]`. */
  slugOf(app: GitHubApp, call: Omit<ApiCall, "authorization">): Promise<SlugAnswer>;
};

const EARLY = 5 * 60_000;
const CLOCK_SKEW = 60;
/** Of an answer: about an App, an installation or a token. */
const MAX_BYTES = 256 * 1024;
/** Seconds; GitHub takes ten minutes at most. */
const JWT_LIFE = 540;

export function createAppTokens(): AppTokens {
  const kept = new Map<string, { readonly token: Secret; readonly ends: number }>();
  const slugs = new Map<string, string>();
  return {
    tokenFor: async (app, call) => {
      const key = keyOf(app, call.api);
      const known = kept.get(key);
      if (known !== undefined && known.ends - EARLY > call.now()) return { kind: "token", token: known.token };
      const fresh = await createToken(app, call);
      if (fresh.kind === "failed") return fresh;
      for (const [other, { ends }] of kept) if (ends <= call.now()) kept.delete(other);
      kept.set(key, fresh);
      return { kind: "token", token: fresh.token };
    },
    slugOf: async (app, call) => {
      const key = keyOf(app, call.api);
      const known = slugs.get(key);
      if (known !== undefined) return { kind: "slug", slug: known };
      const answer = await askSlug(app, call);
      if (answer.kind === "slug") slugs.set(key, answer.slug);
      return answer;
    },
  };
}

/** The private key is part of it: who names an installation without its key must not get another's token. */
const keyOf = ({ appId, installation, privateKey }: GitHubApp, api: string): string =>
  JSON.stringify([api, appId, installation, createHash("sha256").update(privateKey.reveal()).digest("hex")]);

type Token = { readonly kind: "made"; readonly token: Secret; readonly ends: number };

/** What Flux's client asks with; its token request has a body that says nothing. Recorded in notifications/providers/github-app. */
const ACCEPT = "application/vnd.github.v3+json";

async function createToken(app: GitHubApp, call: Omit<ApiCall, "authorization">): Promise<Token | GitFailure> {
  const asApp = callAsApp(app, call);
  if (asApp.kind === "failed") return asApp;
  const installation = await findInstallation(app, asApp.call);
  if (typeof installation !== "string") return installation;
  const path = `/app/installations/${encodeURIComponent(installation)}/access_tokens`;
  const answer = await askGitHub(asApp.call, { method: "POST", path, accept: ACCEPT, json: null, maxBytes: MAX_BYTES });
  if (answer.kind === "failed") return asCredentials(answer);
  const body = parseJson(Buffer.from(answer.body).toString("utf8"));
  const token = body?.token;
  const ends = Date.parse(String(body?.expires_at));
  if (answer.status >= 300 || typeof token !== "string")
    return failed(`could not refresh installation id ${installation}'s token: ${answer.status}: ${gitHubWords(answer, asApp.call)}`);
  return { kind: "made", token: secret(token), ends: Number.isNaN(ends) ? call.now() + EARLY : ends };
}

async function askSlug(app: GitHubApp, call: Omit<ApiCall, "authorization">): Promise<SlugAnswer> {
  const asApp = callAsApp(app, call);
  if (asApp.kind === "failed") return asApp;
  const answer = await askGitHub(asApp.call, { path: "/app", accept: ACCEPT, maxBytes: MAX_BYTES });
  if (answer.kind === "failed") return asCredentials(answer);
  const slug = parseJson(Buffer.from(answer.body).toString("utf8"))?.slug;
  if (typeof slug === "string" && slug !== "") return { kind: "slug", slug };
  return failed(`could not get the app's slug: ${answer.status}: ${gitHubWords(answer, asApp.call)}`);
}

function callAsApp(app: GitHubApp, call: Omit<ApiCall, "authorization">): { readonly kind: "as-app"; readonly call: ApiCall } | GitFailure {
  const key = parsePrivateKey(app.privateKey.reveal());
  if (key === undefined) return failed("could not parse private key: it must be PEM-encoded");
  return { kind: "as-app", call: { ...call, authorization: `Bearer ${signJwt(app.appId, key, call.now())}` } };
}

/** Source: GitHub, "Generating a JSON Web Token for a GitHub App". */
function signJwt(appId: string, key: KeyObject, now: number): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const seconds = Math.floor(now / 1000);
  const text = `${part({ alg: "RS256", typ: "JWT" })}.${part({ iat: seconds - CLOCK_SKEW, exp: seconds + JWT_LIFE, iss: appId })}`;
  return `${text}.${sign("RSA-SHA256", Buffer.from(text), key).toString("base64url")}`;
}

/** An owner may be an organisation or a user. */
async function findInstallation({ installation }: GitHubApp, call: ApiCall): Promise<string | GitFailure> {
  if (installation.kind === "id") return installation.id;
  const owner = encodeURIComponent(installation.owner);
  for (const path of [`/orgs/${owner}/installation`, `/users/${owner}/installation`]) {
    const answer = await askGitHub(call, { path, maxBytes: MAX_BYTES });
    if (answer.kind === "failed") return asCredentials(answer);
    const id = parseJson(Buffer.from(answer.body).toString("utf8"))?.id;
    if (answer.status === 200 && (typeof id === "number" || typeof id === "string")) return String(id);
  }
  return failed(`the app is not installed for owner '${installation.owner}'`);
}

const failed = (message: string): GitFailure => ({ kind: "failed", why: "credentials", message });
const asCredentials = (failure: GitFailure): GitFailure =>
  failure.why === "authentication" || failure.why === "forbidden" ? { ...failure, why: "credentials" } : failure;
