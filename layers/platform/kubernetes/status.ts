import { isObject, type Json } from "@sluice/engine/domain/json.ts";
import type { Refusal } from "@sluice/engine/ports/cluster.ts";
import type { Response } from "./request.ts";

const IMMUTABLE = /is immutable|immutable field/;

/** What a refused request means, out of the Status in its body. Throws when the answer is none that an API server gives. */
export function parseRefusal(answer: Response, asked: string): Refusal {
  const status = parseJson(answer.body);
  if (!isObject(status) || status.kind !== "Status") {
    if (answer.code === 404) return refusal("absent", 404, "NotFound", answer.body.trim());
    throw new Error(`${asked}: unexpected ${answer.code}: ${shownBody(answer.body)}`);
  }
  const reason = textOf(status.reason);
  const message = textOf(status.message);
  return refusal(whyOf(answer.code, message, status), answer.code, reason, message);
}

/** The body of a refusal as an API server words it, and no other server. */
export function isStatus(body: string): boolean {
  const status = parseJson(body);
  return isObject(status) && status.kind === "Status";
}

const refusal = (why: Refusal["why"], code: number, reason: string, message: string): Refusal => ({ kind: "refused", why, code, reason, message });

function whyOf(code: number, message: string, status: Json): Refusal["why"] {
  if (IMMUTABLE.test(message)) return "immutable";
  switch (code) {
    case 403:
      return hasCause(status, "NamespaceTerminating") ? "terminating" : "forbidden";
    case 404:
      return "absent";
    case 409:
      return "conflict";
    case 422:
      return "invalid";
    default:
      return "other";
  }
}

function hasCause(status: Json, reason: string): boolean {
  const details = isObject(status) ? status.details : undefined;
  const causes = isObject(details) ? details.causes : undefined;
  return Array.isArray(causes) && causes.some((cause: Json) => isObject(cause) && cause.reason === reason);
}

const textOf = (value: Json | undefined): string => (typeof value === "string" ? value : "");

/** An answer that nobody expected, as a message may show it: words are, an object is not, since it may be a Secret. */
export const shownBody = (body: string): string => (/^\s*[{[]/.test(body) ? `${body.length} bytes of JSON` : body.slice(0, 500));

/** The JSON in `text`, or undefined when it is none. */
export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
