import type { InvokeEnd } from "../function.ts";

export type HttpAnswer = { readonly status: number; readonly headers: Readonly<Record<string, string | readonly string[]>>; readonly body: Uint8Array };

/**
 * What a client of an HTTP API gets for what the function came to. Source: API Gateway, "Lambda function response for format 2.0": an object with
 * `statusCode` says the answer, any other JSON is the body.
 */
export function httpAnswer(end: InvokeEnd): HttpAnswer {
  if (end.kind !== "answered") return message(500);
  const value: unknown = JSON.parse(end.payload);
  if (typeof value !== "object" || value === null || !("statusCode" in value)) {
    const body = typeof value === "string" ? value : end.payload;
    return { status: 200, headers: { "content-type": "application/json" }, body: Buffer.from(body) };
  }
  return shaped({ ...value }) ?? message(500);
}

/** Undefined when it has not the form that the gateway understands. */
function shaped(answer: { readonly [field: string]: unknown }): HttpAnswer | undefined {
  const { statusCode, headers = {}, cookies = [], body = "", isBase64Encoded = false } = answer;
  const status = typeof statusCode === "string" ? Number(statusCode) : statusCode;
  if (typeof status !== "number" || !Number.isInteger(status) || status < 100 || status > 599) return undefined;
  if (typeof headers !== "object" || headers === null || !Array.isArray(cookies) || typeof body !== "string") return undefined;
  const named = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
  const setCookies: readonly string[] = cookies.map(String);
  return {
    status,
    headers: { "content-type": "text/plain; charset=utf-8", ...named, ...(setCookies.length > 0 && { "set-cookie": setCookies }) },
    body: Buffer.from(body, isBase64Encoded === true ? "base64" : "utf8"),
  };
}

const WORDS: { readonly [status: number]: string } = {
  404: "Not Found",
  413: "Request Entity Too Large",
  500: "Internal Server Error",
  503: "Service Unavailable",
};

/** What the gateway says itself. */
export const message = (status: 404 | 413 | 500 | 503): HttpAnswer => ({
  status,
  headers: { "content-type": "application/json" },
  body: Buffer.from(JSON.stringify({ message: WORDS[status] })),
});
