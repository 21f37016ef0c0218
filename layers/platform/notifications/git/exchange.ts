import { isArray, isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import type { Milliseconds } from "@sluice/engine/domain/time.ts";
import type { HttpProxy, HttpTls } from "@sluice/engine/ports/http-options.ts";
import type { NotifierAnswer } from "@sluice/engine/ports/notifier.ts";
import type { HttpAnswer, HttpRequest } from "../../http/exchange.ts";
import { isWorthAnotherAttempt, retryAfterOf } from "../posting/post-message.ts";
import type { SenderWorld } from "../sender.ts";
import { answeredJson } from "./answered-json.ts";

/** One API of a git server, with the right to ask it. */
export type Api = {
  readonly world: SenderWorld;
  /** `https://api.github.com`, without a slash at the end. */
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
  readonly authorization?: string;
  readonly tls?: HttpTls;
  readonly proxy?: HttpProxy;
  /** What an answer may say back, and no message may. */
  readonly secrets: readonly string[];
  /** What is said of an answer that is not fine: the words of the client library that Flux asks with. */
  readonly words: (asked: Asked, answer: HttpAnswer, json: Json | undefined) => string;
  /** What an answer beside 429 and 5xx asks to be waited for. */
  readonly limit?: (answer: HttpAnswer) => Milliseconds | undefined;
  readonly done: number;
};

export type Asked = { readonly method: HttpRequest["method"]; readonly url: string };

export type ApiRequest = {
  readonly method?: HttpRequest["method"];
  /** Behind the API's url, already escaped. */
  readonly path: string;
  readonly query?: { readonly [name: string]: string };
  readonly headers?: { readonly [name: string]: string };
  /** JSON text, sent as such. */
  readonly body?: string;
  /** What is said first when it fails: `could not list commit statuses: `. */
  readonly failing: string;
  /** Failing is the Provider's fault, as far as Flux is asked: it happens before there is a notifier. */
  readonly isSetUp?: boolean;
  /** Not fine, but an answer. */
  readonly accepted?: readonly number[];
};

export type ApiAnswer = {
  readonly kind: "answered";
  readonly status: number;
  /** Undefined when the body is no JSON, or more than any answer has. */
  readonly json: Json | undefined;
};

export type ApiFailure = Extract<NotifierAnswer, { readonly kind: "refused" | "misconfigured" | "unavailable" }>;

/** A hundred comments of the longest that GitHub has. */
const MAX_BYTES = 8 << 20;
const MAX_WORDS = 1000;

/** One request to an API. Silence, 429, 5xx but 501 and a used up rate limit are worth another attempt; any other answer but 2xx is not. */
export async function ask(api: Api, request: ApiRequest): Promise<ApiAnswer | ApiFailure> {
  const { failing, isSetUp = false, accepted = [] } = request;
  const asked: Asked = { method: request.method ?? "GET", url: urlOf(api, request) };
  const shown = `${asked.method} ${asked.url}`;
  const answer = await api.world.http.send(httpRequest(api, request, asked));
  if (answer.kind === "silent") {
    const why = masked(api, answer.message);
    if (answer.lasting === true || answer.why === "too-large") return refusal(isSetUp, failing + why);
    return { kind: "unavailable", prefix: failing, request: shown, why, problem: why, done: api.done };
  }
  const { status } = answer;
  const json = answeredJson(answer.body);
  if ((status >= 200 && status < 300) || accepted.includes(status)) return { kind: "answered", status, json };
  const words = masked(api, api.words(asked, answer, json));
  const wait = api.limit?.(answer);
  if (wait === undefined && !isWorthAnotherAttempt(status)) return refusal(isSetUp, failing + words);
  const retryAfter = wait ?? retryAfterOf(answer, api.world.now());
  return { kind: "unavailable", prefix: failing, request: shown, why: words, problem: words, ...(retryAfter !== undefined && { retryAfter }), done: api.done };
}

/** The answer to a request for a list, of what is an object in it: some servers say null for an empty one. */
export async function askForList(api: Api, request: ApiRequest): Promise<{ readonly kind: "listed"; readonly items: readonly JsonObject[] } | ApiFailure> {
  const answer = await ask(api, request);
  if (answer.kind !== "answered") return answer;
  const { json } = answer;
  if (json === null) return { kind: "listed", items: [] };
  if (isArray(json)) return { kind: "listed", items: json.filter(isObject) };
  return refusal(request.isSetUp ?? false, `${request.failing}GET ${urlOf(api, request)}: the answer is no list`);
}

/** The text of a field; `""` when there is none. */
export function textOf(object: Json | undefined, field: string): string {
  const value = isObject(object) && Object.hasOwn(object, field) ? object[field] : undefined;
  return typeof value === "string" ? value : "";
}

/** A number, as the text that goes into a path. */
export function numberOf(object: Json | undefined, field: string): string | undefined {
  const value = isObject(object) ? object[field] : undefined;
  return typeof value === "number" && Number.isSafeInteger(value) ? String(value) : undefined;
}

const refusal = (isSetUp: boolean, message: string): ApiFailure => (isSetUp ? { kind: "misconfigured", message } : { kind: "refused", message });

function urlOf({ url }: Api, { path, query }: ApiRequest): string {
  const text = query === undefined ? "" : `?${new URLSearchParams(query)}`;
  return `${url}${path}${text}`;
}

function httpRequest({ world, headers, authorization, tls, proxy }: Api, request: ApiRequest, { method, url }: Asked): HttpRequest {
  return {
    method,
    url,
    headers: { "user-agent": "sluice", ...headers, ...request.headers },
    ...(authorization !== undefined && { authorization }),
    ...(request.body !== undefined && { body: Buffer.from(request.body) }),
    ...(tls !== undefined && { tls }),
    ...(proxy !== undefined && { proxy }),
    signal: world.signal,
    maxBytes: MAX_BYTES,
  };
}

/** A server may say back what it was sent: hidden before the text is cut, which could leave a part of it. Shorter ones than four letters occur in every text. */
function masked({ secrets, authorization }: Api, words: string): string {
  const known = [...secrets, authorization?.replace(/^\S+ /, "") ?? ""].filter((text) => text.length >= 4);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  const printable = words.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "");
  return known.reduce((text, secret) => text.replaceAll(secret, "*****"), printable).slice(0, MAX_WORDS);
}
