import { isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import { decodeTraces } from "./otlp.ts";

/** A request as it came in. */
export type SeenRequest = {
  readonly method: string;
  /** Path and query, as they were written. */
  readonly target: string;
  /** Where it went, when not to the recorder's own address. */
  readonly host?: string;
  readonly absoluteForm?: boolean;
  /** In small letters. */
  readonly headers: { readonly [name: string]: string };
  readonly body: Buffer;
};

/** Source: the recordings' README. */
const LEFT_OUT = new Set(["date", "content-length", "accept-encoding", "user-agent", "host", "connection"]);

/** The request in the form of the recordings. */
export function asRecorded({ method, target, host, absoluteForm, headers, body }: SeenRequest): JsonObject {
  const [path = "", query = ""] = target.split("?", 2);
  return {
    ...(absoluteForm === true && { absoluteForm }),
    ...(host !== undefined && { host }),
    method,
    path,
    ...(query !== "" && { query: Object.fromEntries(new URLSearchParams(query)) }),
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !LEFT_OUT.has(name))),
    ...(body.length > 0 && { body: decoded(headers["content-type"] ?? "", body) }),
  };
}

function decoded(contentType: string, body: Buffer): Json {
  if (contentType === "application/x-protobuf") return decodeTraces(body);
  if (contentType === "application/x-sentry-envelope") return sentryEnvelope(body.toString());
  if (contentType === "application/x-www-form-urlencoded") return Object.fromEntries(new URLSearchParams(body.toString()));
  return jsonOr(body.toString());
}

/** JSON, or else a text. */
export function jsonOr(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What Sentry's SDK adds about the machine is named only. */
const SDK_CONTEXTS = ["device", "os", "runtime"];

function sentryEnvelope(text: string): JsonObject {
  const [first = "", second = "", third = ""] = text.split("\n");
  const [envelope, itemHeader, item] = [jsonOr(first), jsonOr(second), jsonOr(third)];
  if (!isObject(item) || !isObject(itemHeader)) return { notAnEnvelope: text };
  if (itemHeader.length !== Buffer.byteLength(third)) return { wrongLength: itemHeader.length ?? null };
  const { event_id: _, contexts, ...rest } = item;
  const own = Object.entries(isObject(contexts) ? contexts : {}).filter(([name]) => !SDK_CONTEXTS.includes(name));
  return { envelope, itemHeader, item: { ...rest, ...(own.length > 0 && { contexts: Object.fromEntries(own) }) } };
}
