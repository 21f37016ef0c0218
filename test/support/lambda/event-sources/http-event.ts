import { randomUUID } from "node:crypto";
import type { APIGatewayProxyEventV2 } from "aws-lambda";

/** A request as it came over the wire. */
export type HttpRequest = {
  readonly method: string;
  /** Path and query, undecoded. */
  readonly url: string;
  /** Names and values in turn, as they were sent. */
  readonly rawHeaders: readonly string[];
  readonly body: Uint8Array;
  readonly sourceIp: string;
  readonly at: number;
};

const API_ID = "a1b2c3d4e5";

/**
 * The event of payload format 2.0. Source: API Gateway, "Create AWS Lambda proxy integrations for HTTP APIs"; which bodies are text is not in the
 * documentation, but was tried on AWS: github.com/ministackorg/ministack/pull/766.
 */
export function httpEvent(request: HttpRequest, routeKey: string, region: string): APIGatewayProxyEventV2 {
  const { method, url, body, sourceIp, at } = request;
  const cut = url.indexOf("?");
  const path = cut < 0 ? url : url.slice(0, cut);
  const query = cut < 0 ? "" : url.slice(cut + 1);
  const sent = joinHeaders(request.rawHeaders);
  const { cookie, ...headers } = sent;
  const parameters = joinQuery(query);
  const isText = isTextual(headers);
  const domainName = headers["host"] ?? `${API_ID}.execute-api.${region}.amazonaws.com`;
  return {
    version: "2.0",
    routeKey,
    rawPath: path,
    rawQueryString: query,
    ...(cookie !== undefined && { cookies: cookie.split(/;\s*/) }),
    headers: { ...headers, "x-forwarded-for": sourceIp, "x-forwarded-port": "443", "x-forwarded-proto": "https", "x-amzn-trace-id": `Root=1-${randomUUID()}` },
    ...(Object.keys(parameters).length > 0 && { queryStringParameters: parameters }),
    requestContext: {
      accountId: "123456789012",
      apiId: API_ID,
      domainName,
      domainPrefix: domainName.split(".")[0] ?? "",
      http: { method, path, protocol: "HTTP/1.1", sourceIp, userAgent: headers["user-agent"] ?? "" },
      requestId: randomUUID(),
      routeKey,
      stage: "$default",
      time: logTime(at),
      timeEpoch: at,
    },
    ...(body.length > 0 && { body: Buffer.from(body).toString(isText ? "utf8" : "base64") }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

/** Names in lower case, values of one name joined by commas. */
function joinHeaders(raw: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = (raw[index] ?? "").toLowerCase();
    const before = headers[name];
    headers[name] = before === undefined ? (raw[index + 1] ?? "") : `${before},${raw[index + 1] ?? ""}`;
  }
  return headers;
}

function joinQuery(query: string): Record<string, string> {
  const parameters: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(query)) parameters[name] = parameters[name] === undefined ? value : `${parameters[name]},${value}`;
  return parameters;
}

function isTextual(headers: Readonly<Record<string, string>>): boolean {
  const type = (headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  return type.startsWith("text/") || ["application/json", "application/xml", "application/javascript"].includes(type);
}

/** `12/Mar/2020:19:03:58 +0000` */
function logTime(at: number): string {
  const [, day, month, year, time] = /^\w+, (\d\d) (\w+) (\d{4}) (\S+) GMT$/.exec(new Date(at).toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
}
