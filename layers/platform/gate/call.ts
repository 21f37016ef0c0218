import { isObject, type Json } from "@sluice/engine/domain/json.ts";
import type { Request, Response } from "../kubernetes/request.ts";
import { parseJson } from "../kubernetes/status.ts";

/** What goes into the function `gate` and what comes out of it, as JSON. Neither ever lies in a queue: the token is in it. */
export type GateCall = {
  readonly server: string;
  /** PEM. */
  readonly certificateAuthority: string;
  readonly token?: string;
  readonly userAgent?: string;
  /** For each request, in milliseconds. */
  readonly timeout: number;
  /** For all of them together, in milliseconds. Whoever called waits no longer and looks again later: what had not been sent by then would come in between. */
  readonly total: number;
  /** By which an answer that goes by S3 is sealed, base64; of this call alone. */
  readonly sealKey: string;
  readonly requests: readonly GateRequest[];
};

/** `bodyIn: "base64"` where JSON's escapes would make more of it. */
export type GateRequest = Request & { readonly bodyIn?: "base64" };

export type GateReply =
  /** As many as there were requests, in their order. */
  | { readonly responses: readonly GateResponse[] }
  /** The same, sealed, at this key of the bucket. */
  | { readonly stored: string };

export type GateResponse =
  | { readonly code: number; readonly headers: Response["headers"]; readonly body: string }
  /** Nobody answered this one; `sent` and `passing` as in `Unanswered`. */
  | { readonly failed: string; readonly sent: boolean; readonly passing: boolean };

export const MAX_REQUESTS = 256;
const METHODS: ReadonlySet<string> = new Set<Request["method"]>(["GET", "POST", "PUT", "PATCH", "DELETE"]);
/** Of all headers the engine gives these alone; a caller must not speak past the parser of the API server, or as somebody by another token. */
const HEADER = /^impersonate-(?:user|uid|group|extra-[\w%.-]+)$/i;
const STORED = /^gate\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Throws, in words that repeat nothing of the event: it holds a token. */
export function parseGateCall(event: unknown): GateCall {
  const call = event as Json; // Lambda's runtime has parsed it
  if (!isObject(call)) throw new Error("gate: expected an object");
  const { requests } = call;
  if (!Array.isArray(requests) || requests.length === 0 || requests.length > MAX_REQUESTS) throw new Error(`gate: expected 1 to ${MAX_REQUESTS} requests`);
  return {
    server: textOf(call, "server"),
    certificateAuthority: textOf(call, "certificateAuthority"),
    sealKey: textOf(call, "sealKey"),
    timeout: timeOf(call, "timeout"),
    total: timeOf(call, "total"),
    ...optional(call, "token"),
    ...optional(call, "userAgent"),
    requests: requests.map(parseRequest),
  };
}

function parseRequest(request: Json): GateRequest {
  if (!isObject(request)) throw new Error("gate: expected a request to be an object");
  const { method, path, headers = {}, bodyIn } = request;
  if (typeof method !== "string" || !METHODS.has(method)) throw new Error("gate: a request with a method that is none");
  if (typeof path !== "string" || !path.startsWith("/")) throw new Error("gate: a request whose path does not begin with a slash");
  if (!isObject(headers) || Object.entries(headers).some(([name, value]) => !HEADER.test(name) || typeof value !== "string"))
    throw new Error("gate: a request with headers that are not for impersonation");
  if (bodyIn !== undefined && bodyIn !== "base64") throw new Error("gate: a request whose body is in an unknown form");
  return {
    method: method as Request["method"], // checked above
    path,
    headers: headers as { readonly [name: string]: string }, // checked above
    ...optional(request, "body"),
    ...optional(request, "contentType"),
    ...optional(request, "accept"),
    ...(bodyIn !== undefined && { bodyIn }),
  };
}

/** The body as it is to be sent. */
export function plainRequest({ bodyIn, ...request }: GateRequest): Request {
  if (bodyIn === undefined || request.body === undefined) return request;
  return { ...request, body: Buffer.from(request.body, "base64").toString("utf8") };
}

/** The reply in `text`; a problem when it is none, or not one to `count` requests. */
export function parseGateReply(text: string, count: number): GateReply | { readonly problem: string } {
  const reply = parseJson(text);
  if (!isObject(reply)) return { problem: "a reply that is no object" };
  if (typeof reply.stored === "string") return STORED.test(reply.stored) ? { stored: reply.stored } : { problem: "a reply that lies at a key of another sort" };
  const { responses } = reply;
  if (!Array.isArray(responses)) return { problem: "a reply without responses" };
  if (responses.length !== count) return { problem: `${responses.length} responses to ${count} requests` };
  const parsed = responses.flatMap(parseResponse);
  return parsed.length === count ? { responses: parsed } : { problem: "a response that is none" };
}

function parseResponse(response: Json): readonly GateResponse[] {
  if (!isObject(response)) return [];
  const { code, headers, body, failed, sent, passing } = response;
  if (typeof failed === "string" && typeof sent === "boolean" && typeof passing === "boolean") return [{ failed, sent, passing }];
  if (typeof code !== "number" || typeof body !== "string" || !isObject(headers)) return [];
  const texts = Object.entries(headers).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return [{ code, body, headers: Object.fromEntries(texts) }];
}

function timeOf(from: { readonly [name: string]: Json | undefined }, name: string): number {
  const value = from[name];
  if (typeof value !== "number" || !(value > 0)) throw new Error(`gate: expected ${name} to be a number of milliseconds`);
  return value;
}

function textOf(from: { readonly [name: string]: Json | undefined }, name: string): string {
  const value = from[name];
  if (typeof value !== "string" || value === "") throw new Error(`gate: expected ${name} to be a text`);
  return value;
}

function optional<Name extends string>(from: { readonly [name: string]: Json | undefined }, name: Name): { readonly [N in Name]?: string } {
  const value = from[name];
  if (value === undefined) return {};
  if (typeof value !== "string") throw new Error(`gate: expected ${name} to be a text`);
  return { [name]: value } as { readonly [N in Name]?: string }; // computed keys widen to string
}
