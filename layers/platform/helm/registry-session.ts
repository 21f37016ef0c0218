import { isObject, type Json } from "@sluice/engine/domain/json.ts";
import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";
import type { Secret } from "@sluice/engine/domain/secret.ts";
import type { HttpTls } from "@sluice/engine/ports/http-options.ts";
import type { Http, HttpAnswer } from "../http/exchange.ts";
import { basicAuthorization } from "./authorization.ts";
import { type Challenge, parseChallenge } from "./challenge.ts";
import { registryError } from "./registry-error.ts";

export type RegistryUser = { readonly username: string; readonly password: Secret };

export type RegistrySessionOptions = {
  readonly http: Http;
  /** `https://registry.example.com`. */
  readonly origin: string;
  readonly repository: string;
  readonly user: RegistryUser | undefined;
  readonly tls: HttpTls | undefined;
  /** The end of all that is asked. */
  readonly signal: AbortSignal;
};

export type RegistryRequest = { readonly path: string; readonly accept?: readonly string[]; readonly maxBytes: number };

/** Asks a registry for parts of one repository; what it wants to know first is told once. */
export type RegistrySession = { get(request: RegistryRequest): Promise<Result<HttpAnswer>> };

const TOKEN_BYTES = 1024 * 1024;

/** Source: OCI distribution spec; docker's token authentication. Blobs may lie elsewhere: redirects are followed, without what tells who we are. */
export function createRegistrySession({ http, origin, repository, user, tls, signal }: RegistrySessionOptions): RegistrySession {
  let authorization: string | undefined;

  async function ask({ path, accept, maxBytes }: RegistryRequest): Promise<Result<HttpAnswer>> {
    const answer = await http.send({
      method: "GET",
      url: `${origin}${path}`,
      headers: { "user-agent": "sluice", ...(accept !== undefined && { accept: accept.join(", ") }) },
      ...(authorization !== undefined && { authorization }),
      ...(tls !== undefined && { tls }),
      signal,
      maxBytes,
    });
    if (answer.kind === "answered") return ok(answer);
    return problem(answer.why === "too-large" ? TOO_LARGE : answer.message);
  }

  async function get(request: RegistryRequest): Promise<Result<HttpAnswer>> {
    const answer = await ask(request);
    if (!answer.ok || answer.value.status !== 401) return answer;
    const challenge = parseChallenge(answer.value.headers["www-authenticate"]);
    if (challenge === undefined) return answer;
    const answered = await answerTo(challenge);
    if (!answered.ok) return problem(`GET ${JSON.stringify(answer.value.url)}: ${answered.problem}`);
    if (answered.value === authorization) return answer;
    authorization = answered.value;
    return ask(request);
  }

  /** What to say to the registry. */
  async function answerTo({ scheme, parameters }: Challenge): Promise<Result<string>> {
    if (scheme === "basic") return user === undefined ? problem("basic credential not found") : ok(basicAuthorization(user.username, user.password));
    const realm = parameters.get("realm") ?? "";
    if (!/^https?:\/\//i.test(realm) || !URL.canParse(realm)) return problem(`invalid token realm ${JSON.stringify(realm.slice(0, 200))}`);
    const url = new URL(realm);
    const isPlain = url.protocol === "http:" && origin.startsWith("https:");
    for (const scope of scopesOf(parameters.get("scope"), repository)) url.searchParams.append("scope", scope);
    const service = parameters.get("service");
    if (service !== undefined) url.searchParams.set("service", service);
    return fetchToken(url, isPlain ? undefined : user);
  }

  async function fetchToken(url: URL, who: RegistryUser | undefined): Promise<Result<string>> {
    const answer = await http.send({
      method: "GET",
      url: url.href,
      headers: { "user-agent": "sluice" },
      ...(who !== undefined && { authorization: basicAuthorization(who.username, who.password) }),
      ...tlsFor(url),
      signal,
      maxBytes: TOKEN_BYTES,
    });
    if (answer.kind === "silent") return problem(answer.message);
    if (answer.status !== 200) return problem(registryError(answer));
    const token = tokenIn(answer.body);
    return token === undefined ? problem(`GET ${JSON.stringify(answer.url)}: no token in the answer`) : ok(`Bearer ${token}`);
  }

  /** Whom the registry's own authority vouches for is believed elsewhere, too; who we are is told to the registry only. */
  function tlsFor(url: URL): { readonly tls?: HttpTls } {
    if (tls === undefined) return {};
    if (url.origin === origin) return { tls };
    return tls.ca === undefined ? {} : { tls: { ca: tls.ca } };
  }

  return { get };
}

export const TOO_LARGE = "too large";

function scopesOf(asked: string | undefined, repository: string): readonly string[] {
  return [...new Set([...(asked ?? "").split(" ").filter((scope) => scope !== ""), `repository:${repository}:pull`])];
}

function tokenIn(body: Uint8Array): string | undefined {
  const parsed = parseJson(body);
  if (!isObject(parsed)) return undefined;
  const { token, access_token: accessToken } = parsed;
  if (typeof accessToken === "string" && accessToken !== "") return accessToken;
  return typeof token === "string" && token !== "" ? token : undefined;
}

export function parseJson(body: Uint8Array): Json | undefined {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}
