import { describe, expect, it } from "vitest";
import { httpAnswer } from "../../../../support/lambda/event-sources/http-answer.ts";
import { type HttpRequest, httpEvent } from "../../../../support/lambda/event-sources/http-event.ts";
import type { InvokeEnd } from "../../../../support/lambda/function.ts";

const request = (more: Partial<HttpRequest> = {}): HttpRequest => ({
  method: "POST",
  url: "/github?a=1&b=2&a=3",
  rawHeaders: ["Host", "hooks.example.com", "X-Hub-Signature-256", "sha256=00", "Accept", "a", "accept", "b", "Cookie", "x=1; y=2"],
  body: Buffer.from(""),
  sourceIp: "192.0.2.1",
  at: Date.UTC(2020, 2, 12, 19, 3, 58),
  ...more,
});

describe("an event of format 2.0", () => {
  it("says path, query, cookies and headers in lower case", () => {
    expect(httpEvent(request(), "POST /github", "eu-central-1")).toMatchObject({
      version: "2.0",
      routeKey: "POST /github",
      rawPath: "/github",
      rawQueryString: "a=1&b=2&a=3",
      queryStringParameters: { a: "1,3", b: "2" },
      cookies: ["x=1", "y=2"],
      headers: { host: "hooks.example.com", "x-hub-signature-256": "sha256=00", accept: "a,b", "x-forwarded-for": "192.0.2.1" },
      requestContext: {
        domainName: "hooks.example.com",
        http: { method: "POST", path: "/github", sourceIp: "192.0.2.1" },
        time: "12/Mar/2020:19:03:58 +0000",
        timeEpoch: 1584039838000,
      },
      isBase64Encoded: false,
    });
  });

  it("leaves out what is not there", () => {
    const event = httpEvent(request({ url: "/github", rawHeaders: [] }), "POST /github", "eu-central-1");
    for (const field of ["queryStringParameters", "cookies", "body"]) expect(event).not.toHaveProperty(field);
  });

  it.each([
    { type: "application/json", body: "ä" },
    { type: "application/json; charset=utf-8", body: "ä" },
    { type: "TEXT/plain", body: "ä" },
    { type: "application/x-www-form-urlencoded", body: "w6Q=", base64: true },
    { type: "application/octet-stream", body: "w6Q=", base64: true },
    { type: undefined, body: "w6Q=", base64: true },
  ])("a body of $type", ({ type, body, base64 = false }) => {
    const rawHeaders = type === undefined ? [] : ["Content-Type", type];
    expect(httpEvent(request({ rawHeaders, body: Buffer.from("ä") }), "", "")).toMatchObject({ body, isBase64Encoded: base64 });
  });
});

describe("an answer", () => {
  const answered = (value: unknown): InvokeEnd => ({ kind: "answered", requestId: "", payload: JSON.stringify(value) });
  const failed = (errorType: string): InvokeEnd => ({ kind: "failed", requestId: "", error: { errorType, errorMessage: "" } });

  it.each<{ end: InvokeEnd; want: string; type: string }>([
    { end: answered({ statusCode: 202, body: "ok" }), want: "202 ok", type: "text/plain; charset=utf-8" },
    { end: answered({ statusCode: 202 }), want: "202 ", type: "text/plain; charset=utf-8" },
    { end: answered({ statusCode: "201", headers: { "Content-Type": "a/b" }, body: "b2s=", isBase64Encoded: true }), want: "201 ok", type: "a/b" },
    { end: answered({ done: true }), want: '200 {"done":true}', type: "application/json" },
    { end: answered("text"), want: "200 text", type: "application/json" },
    { end: answered(null), want: "200 null", type: "application/json" },
    { end: answered({ statusCode: "soon" }), want: '500 {"message":"Internal Server Error"}', type: "application/json" },
    { end: answered({ statusCode: 200, body: {} }), want: '500 {"message":"Internal Server Error"}', type: "application/json" },
    { end: failed("Error"), want: '500 {"message":"Internal Server Error"}', type: "application/json" },
    { end: { kind: "throttled" }, want: '500 {"message":"Internal Server Error"}', type: "application/json" },
  ])("$want", ({ end, want, type }) => {
    const { status, headers, body } = httpAnswer(end);
    expect(`${status} ${Buffer.from(body)}`).toBe(want);
    expect(headers["content-type"]).toBe(type);
  });

  it("sets each cookie", () => {
    expect(httpAnswer(answered({ statusCode: 200, cookies: ["a=1", "b=2"] })).headers["set-cookie"]).toEqual(["a=1", "b=2"]);
  });
});
