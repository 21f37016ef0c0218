import { createHash, createPrivateKey, type KeyObject, sign } from "node:crypto";
import { type Secret, secret } from "@sluice/engine/domain/secret.ts";
import type { GitFailure, GitHubApp } from "@sluice/engine/ports/git-remote.ts";
import { type ApiCall, askGitHub, gitHubWords, parseJson } from "./github-api.ts";

export type TokenAnswer = { readonly kind: "token"; readonly token: Secret } | GitFailure;

/** Tokens of GitHub App installations, kept until five minutes before they end. */
export type AppTokens = { tokenFor(app: GitHubApp, call: Omit<ApiCall, "authorization">): Promise<TokenAnswer> };

const EARLY = 5 * 60_000;
const CLOCK_SKEW = 60;
/** Seconds; GitHub takes ten minutes at most. */
const JWT_LIFE = 540;

export function createAppTokens(): AppTokens {
  const kept = new Map<string, { readonly token: Secret; readonly ends: number }>();
  return {
    tokenFor: async (app, call) => {
      const key = keyOf(app, call.api);
      const known = kept.get(key);
      if (known !== undefined && known.ends - EARLY > call.now()) return { kind: "token", token: known.token };
      const fresh = await createToken(app, call);
      if (fresh.kind === "failed") return fresh;
      kept.set(key, fresh);
      return { kind: "token", token: fresh.token };
    },
  };
}

/** The private key is part of it: who names an installation without its key must not get another's token. */
const keyOf = ({ appId, installation, privateKey }: GitHubApp, api: string): string =>
  JSON.stringify([api, appId, installation, createHash("sha256").update(privateKey.reveal()).digest("hex")]);

type Token = { readonly kind: "made"; readonly token: Secret; readonly ends: number };

async function createToken(app: GitHubApp, call: Omit<ApiCall, "authorization">): Promise<Token | GitFailure> {
  const key = readKey(app.privateKey);
  if (key === undefined) return failed("could not parse private key: it must be PEM-encoded");
  const asApp: ApiCall = { ...call, authorization: `Bearer ${signJwt(app.appId, key, call.now())}` };
  const installation = await findInstallation(app, asApp);
  if (typeof installation !== "string") return installation;
  const answer = await askGitHub(asApp, { method: "POST", path: `/app/installations/${encodeURIComponent(installation)}/access_tokens` });
  if (answer.kind === "failed") return asCredentials(answer);
  const body = parseJson(Buffer.from(answer.body).toString("utf8"));
  const token = body?.token;
  const ends = Date.parse(String(body?.expires_at));
  if (answer.status >= 300 || typeof token !== "string")
    return failed(`could not refresh installation id ${installation}'s token: ${answer.status}: ${gitHubWords(answer, asApp)}`);
  return { kind: "made", token: secret(token), ends: Number.isNaN(ends) ? call.now() + EARLY : ends };
}

function readKey(pem: Secret): KeyObject | undefined {
  try {
    return createPrivateKey(pem.reveal());
  } catch {
    // What OpenSSL has against it may quote it.
    return undefined;
  }
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
    const answer = await askGitHub(call, { path });
    if (answer.kind === "failed") return asCredentials(answer);
    const id = parseJson(Buffer.from(answer.body).toString("utf8"))?.id;
    if (answer.status === 200 && (typeof id === "number" || typeof id === "string")) return String(id);
  }
  return failed(`the app is not installed for owner '${installation.owner}'`);
}

const failed = (message: string): GitFailure => ({ kind: "failed", why: "credentials", message });
const asCredentials = (failure: GitFailure): GitFailure =>
  failure.why === "authentication" || failure.why === "forbidden" ? { ...failure, why: "credentials" } : failure;
