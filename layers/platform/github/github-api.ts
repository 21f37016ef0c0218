import type { JsonObject } from "@sluice/engine/domain/json.ts";
import type { GitFailure } from "@sluice/engine/ports/git-remote.ts";
import type { HttpProxy, HttpTls } from "@sluice/engine/ports/http-options.ts";
import { withoutWords } from "../git/smart-remotes.ts";
import type { Http, HttpAnswer } from "../http/exchange.ts";
import type { RateLimits } from "./rate-limits.ts";

export type ApiCall = {
  readonly http: Pick<Http, "send">;
  /** `https://api.github.com`, without a slash at the end. */
  readonly api: string;
  readonly authorization: string | undefined;
  readonly tls?: HttpTls;
  readonly proxy?: HttpProxy;
  readonly signal: AbortSignal;
  readonly now: () => number;
  /** Absent where one person asks once. */
  readonly limits?: RateLimits;
};

export type ApiRequest = {
  readonly method?: "GET" | "POST" | "PATCH";
  readonly path: string;
  readonly json?: JsonObject | null;
  readonly accept?: string;
  readonly headers?: { readonly [name: string]: string };
  readonly maxBytes?: number;
};

const MAX_BYTES = 16 << 20;
const MAX_WORDS = 300;
const LONGEST_WORDS = 64 * 1024;

/** One request to GitHub's REST API. 2xx and 304 are answers, also 404, 409 and 422 of which callers make something; everything else is a failure. */
export async function askGitHub(
  call: ApiCall,
  { method = "GET", path, json, accept = "application/vnd.github+json", headers, maxBytes = MAX_BYTES }: ApiRequest,
): Promise<HttpAnswer | GitFailure> {
  const { http, api, authorization, tls, proxy, signal } = call;
  const held = call.limits?.held(call);
  if (held !== undefined) return held;
  const answer = await http.send({
    method,
    url: `${api}${path}`,
    headers: {
      accept,
      "user-agent": "sluice",
      "x-github-api-version": "2022-11-28",
      ...(json !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    ...(json !== undefined && { body: Buffer.from(JSON.stringify(json)) }),
    signal,
    maxBytes,
    ...(authorization !== undefined && { authorization }),
    ...(tls !== undefined && { tls }),
    ...(proxy !== undefined && { proxy }),
  });
  if (answer.kind === "silent") return { kind: "failed", why: answer.why, message: answer.message };
  const { status } = answer;
  if ((status >= 200 && status < 300) || [304, 404, 409, 422].includes(status)) return answer;
  return refusal(answer, call);
}

/** What GitHub says in an error: the field `message` of its JSON. A server may send back what it was sent: no secret of `call` is in it. */
export function gitHubWords({ body }: HttpAnswer, { authorization, proxy }: Pick<ApiCall, "authorization" | "proxy">): string {
  const text = Buffer.from(body.subarray(0, LONGEST_WORDS)).toString("utf8");
  const message = parseJson(text)?.message;
  const secrets = [authorization?.replace(/^\w+ /, "") ?? "", proxy?.password?.reveal() ?? ""];
  return withoutWords(secrets, typeof message === "string" ? message : text)
    .slice(0, MAX_WORDS)
    .trim();
}

/** The answer as a JSON object, undefined when it is none. */
export function parseJson(text: string): { readonly [field: string]: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    // Not JSON: the caller says what that means.
    return undefined;
  }
}

function refusal(answer: HttpAnswer, call: ApiCall): GitFailure {
  const { status, headers, url } = answer;
  const words = gitHubWords(answer, call);
  const limited =
    status === 429 || (status === 403 && (headers["x-ratelimit-remaining"] === "0" || headers["retry-after"] !== undefined || /rate limit/i.test(words)));
  if (limited) return refuseLimited(answer, call, words);
  if (status === 401) return { kind: "failed", why: "authentication", message: `authentication required: ${words}` };
  if (status === 403) return { kind: "failed", why: "forbidden", message: `authorization failed: ${words}` };
  return { kind: "failed", why: "protocol", message: `unexpected requesting "${url}" status code: ${status}${words === "" ? "" : `: ${words}`}` };
}

function refuseLimited(answer: HttpAnswer, call: ApiCall, words: string): GitFailure {
  const until = resetOf(answer, call.now());
  const when = until === undefined ? "" : `, again at ${new Date(until).toISOString().slice(0, 19)}Z`;
  const refusal: GitFailure = { kind: "failed", why: "rate-limited", message: `GitHub's rate limit is used up${when}: ${words}` };
  call.limits?.hold(call, refusal, until);
  return refusal;
}

/** When it may be asked again, in milliseconds since 1970, as far as GitHub says it. */
function resetOf({ headers }: HttpAnswer, now: number): number | undefined {
  const wait = Number(headers["retry-after"]);
  const reset = Number.isFinite(wait) && wait > 0 ? now + wait * 1000 : Number(headers["x-ratelimit-reset"]) * 1000;
  return Number.isFinite(reset) && reset > 0 && reset < 8.64e15 ? reset : undefined;
}
