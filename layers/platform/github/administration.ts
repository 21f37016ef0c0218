import { isArray, isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import type { Secret } from "@sluice/engine/domain/secret.ts";
import type { Milliseconds } from "@sluice/engine/domain/time.ts";
import type { GitFailure } from "@sluice/engine/ports/git-remote.ts";
import type { HttpTls } from "@sluice/engine/ports/http-options.ts";
import { withoutWords } from "../git/smart-remotes.ts";
import type { Http, HttpAnswer } from "../http/exchange.ts";
import { type ApiCall, askGitHub, gitHubWords } from "./github-api.ts";

/** What a person sets up at GitHub: repositories and their webhooks, as the owner of one token. */
export type GitHubAdministration = {
  /** The repository as GitHub knows it, `no-such-repository` also where the token may not see it. */
  find(owner: string, name: string): Promise<RepositoryAnswer | { readonly kind: "no-such-repository" } | GitFailure>;
  /** The login of the token's owner. */
  login(): Promise<{ readonly kind: "login"; readonly login: string } | GitFailure>;
  /** Without a first commit. `owner` is an organization unless `personal`. */
  create(wanted: {
    readonly owner: string;
    readonly name: string;
    readonly visibility: Visibility;
    readonly personal: boolean;
  }): Promise<RepositoryAnswer | GitFailure>;
  setVisibility(owner: string, name: string, visibility: Visibility): Promise<RepositoryAnswer | GitFailure>;
  webhooks(owner: string, name: string): Promise<{ readonly kind: "webhooks"; readonly webhooks: readonly Webhook[] } | GitFailure>;
  /** A new one, or with `id` that one as it shall be. */
  writeWebhook(owner: string, name: string, webhook: WantedWebhook, id?: number): Promise<{ readonly kind: "written" } | GitFailure>;
};

export type Visibility = "private" | "public" | "internal";
export type RepositoryAnswer = { readonly kind: "repository"; readonly visibility: Visibility };

/** GitHub never tells a secret, only whether there is one. */
export type Webhook = {
  readonly id: number;
  readonly url: string;
  readonly contentType: string;
  readonly events: readonly string[];
  readonly active: boolean;
  readonly verifiesTls: boolean;
  readonly hasSecret: boolean;
};

export type WantedWebhook = { readonly url: string; readonly events: readonly string[]; readonly secret: Secret };

export type AdministrationOptions = {
  readonly http: Http;
  /** `https://api.github.com`, without a slash at the end. */
  readonly api: string;
  readonly token: Secret;
  readonly tls?: HttpTls;
  /** For each request. */
  readonly timeout: Milliseconds;
  readonly now: () => number;
};

const PAGE = 100;
/** GitHub allows twenty webhooks of one event: more pages than this are a server that repeats itself. */
const MOST_PAGES = 20;

export function createGitHubAdministration(options: AdministrationOptions): GitHubAdministration {
  const { http, api, token, tls, timeout, now } = options;
  const call = (): ApiCall => ({
    http,
    api,
    authorization: `Bearer ${token.reveal()}`,
    signal: AbortSignal.timeout(Math.max(1, Math.min(Math.ceil(timeout), 2 ** 31 - 1))),
    now,
    ...(tls !== undefined && { tls }),
  });
  const failure = (answer: HttpAnswer, secrets: readonly string[] = []): GitFailure => {
    const words = withoutWords(secrets, `${gitHubWords(answer, { authorization: token.reveal() })}${detailsIn(answer)}`);
    return { kind: "failed", why: answer.status === 404 ? "not-found" : "protocol", message: `${answer.status}: ${withoutWords([token.reveal()], words)}` };
  };

  async function repository(method: "POST" | "PATCH", path: string, json: JsonObject): Promise<RepositoryAnswer | GitFailure> {
    const answer = await askGitHub(call(), { method, path, json });
    if (answer.kind === "failed") return answer;
    return answer.status < 300 ? { kind: "repository", visibility: visibilityIn(bodyOf(answer)) } : failure(answer);
  }

  return {
    find: async (owner, name) => {
      const answer = await askGitHub(call(), { path: repositoryPath(owner, name) });
      if (answer.kind === "failed") return answer;
      if (answer.status === 404) return { kind: "no-such-repository" };
      return answer.status === 200 ? { kind: "repository", visibility: visibilityIn(bodyOf(answer)) } : failure(answer);
    },
    login: async () => {
      const answer = await askGitHub(call(), { path: "/user" });
      if (answer.kind === "failed") return answer;
      const body = bodyOf(answer);
      return isObject(body) && typeof body.login === "string" ? { kind: "login", login: body.login } : failure(answer);
    },
    create: ({ owner, name, visibility, personal }) => {
      const path = personal ? "/user/repos" : `/orgs/${encodeURIComponent(owner)}/repos`;
      // A person's repository is private or not; only an organization's has a third way.
      return repository("POST", path, { name, private: visibility !== "public", ...(!personal && { visibility }) });
    },
    setVisibility: (owner, name, visibility) => repository("PATCH", repositoryPath(owner, name), { visibility }),
    webhooks: async (owner, name) => {
      const found: Webhook[] = [];
      for (let page = 1; page <= MOST_PAGES; page++) {
        const answer = await askGitHub(call(), { path: `${repositoryPath(owner, name)}/hooks?per_page=${PAGE}&page=${page}` });
        if (answer.kind === "failed") return answer;
        const body = bodyOf(answer);
        if (answer.status !== 200 || !isArray(body)) return failure(answer);
        found.push(...body.flatMap(webhookIn));
        if (body.length < PAGE) break;
      }
      return { kind: "webhooks", webhooks: found };
    },
    writeWebhook: async (owner, name, { url, events, secret }, id) => {
      const config = { url, content_type: "json", insecure_ssl: "0", secret: secret.reveal() };
      const hooks = `${repositoryPath(owner, name)}/hooks`;
      const answer = await askGitHub(
        call(),
        id === undefined
          ? { method: "POST", path: hooks, json: { name: "web", active: true, events, config } }
          : { method: "PATCH", path: `${hooks}/${id}`, json: { active: true, events, config } },
      );
      // A server may send back what it was sent.
      if (answer.kind === "failed") return { ...answer, message: withoutWords([secret.reveal()], answer.message) };
      return answer.status < 300 ? { kind: "written" } : failure(answer, [secret.reveal()]);
    },
  };
}

const repositoryPath = (owner: string, name: string): string => `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(name)}`;

function bodyOf({ body }: HttpAnswer): Json | undefined {
  try {
    return JSON.parse(Buffer.from(body).toString("utf8"));
  } catch {
    return undefined; // the caller says what an answer without JSON means
  }
}

function visibilityIn(body: Json | undefined): Visibility {
  const visibility = isObject(body) ? body.visibility : undefined;
  if (visibility === "public" || visibility === "internal" || visibility === "private") return visibility;
  return isObject(body) && body.private === false ? "public" : "private";
}

function webhookIn(body: Json): readonly Webhook[] {
  if (!isObject(body) || typeof body.id !== "number" || !isObject(body.config)) return [];
  const { url, content_type: contentType, insecure_ssl: insecure, secret } = body.config;
  const events = isArray(body.events) ? body.events.filter((event) => typeof event === "string") : [];
  return [
    {
      id: body.id,
      url: typeof url === "string" ? url : "",
      contentType: typeof contentType === "string" ? contentType : "form",
      events,
      active: body.active !== false,
      verifiesTls: insecure === undefined || String(insecure) === "0",
      hasSecret: typeof secret === "string" && secret !== "",
    },
  ];
}

/** Of a 422: `: name already exists on this account`. */
function detailsIn(answer: HttpAnswer): string {
  const body = bodyOf(answer);
  const errors = isObject(body) && isArray(body.errors) ? body.errors : [];
  const texts = errors.map((error) => (isObject(error) ? error.message : error)).filter((text) => typeof text === "string");
  return texts.length === 0 ? "" : `: ${texts.join(", ")}`.slice(0, 300);
}
