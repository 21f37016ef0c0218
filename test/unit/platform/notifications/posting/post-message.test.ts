import { secret } from "@sluice/engine/domain/secret.ts";
import { seconds } from "@sluice/engine/domain/time.ts";
import type { NotifierAnswer } from "@sluice/engine/ports/notifier.ts";
import type { HttpAnswer, HttpRequest, HttpSilence } from "@sluice/platform/http/exchange.ts";
import { type Posting, postMessage } from "@sluice/platform/notifications/posting/post-message.ts";
import { describe, expect, it } from "vitest";
import { aNotification, NOW, worldOf } from "../../../../support/notifications/notification.ts";

const URL = "https://hooks.example.com/x";
const EXECUTE = "postMessage failed: failed to execute request: ";
type Given = Partial<Omit<HttpAnswer, "kind">> | HttpSilence;

async function post(
  given: Given,
  posting: Partial<Posting> = {},
  done = 0,
): Promise<{ readonly answer: NotifierAnswer; readonly request: HttpRequest | undefined }> {
  const requests: HttpRequest[] = [];
  const send = async (request: HttpRequest): Promise<HttpAnswer | HttpSilence> => {
    requests.push(request);
    return "kind" in given ? given : { kind: "answered", status: 200, headers: {}, body: Buffer.from(""), url: request.url, ...given };
  };
  const provider = { type: "generic", tls: { ca: "CA", key: secret("k") }, proxy: { address: "http://proxy.example.com" } } as const;
  const answer = await postMessage(aNotification({ provider, done }), worldOf({ http: { send } }), { url: URL, body: "{}", ...posting });
  return { answer, request: requests[0] };
}

describe("what an answer means", () => {
  const unavailable = { kind: "unavailable", prefix: EXECUTE, request: `POST ${URL}`, done: 2 };
  const refused = (code: number) => ({ kind: "refused", message: `postMessage failed: request failed: request failed with status code ${code}: no` });
  it.each([
    ...[200, 201, 202, 204, 299].map((status) => ({ status, want: { kind: "sent" } })),
    ...[301, 304, 400, 401, 403, 404, 410, 422, 501].map((status) => ({ status, want: refused(status) })),
    ...[429, 500, 502, 503, 504, 599].map((status) => ({ status, want: { ...unavailable, why: `status ${status}: no` } })),
  ])("$status", async ({ status, want }) => expect((await post({ status, body: Buffer.from("no") }, {}, 2)).answer).toEqual(want));

  it("silence is worth another attempt, unless it lasts", async () => {
    const words = `Post "${URL}": EOF`;
    const silent = { kind: "silent", why: "unreachable", message: words } as const;
    expect((await post(silent)).answer).toEqual({ ...unavailable, done: 0, why: words, problem: words });
    expect((await post({ ...silent, lasting: true })).answer).toEqual({
      kind: "refused",
      message: `${EXECUTE}POST ${URL} giving up after 1 attempt(s): ${words}`,
    });
  });

  it("a check sees what is fine by its code", async () => {
    const check = ({ body }: HttpAnswer): string | undefined => (body.length > 0 ? `said ${Buffer.from(body)}` : undefined);
    expect((await post({ body: Buffer.from("no") }, { check })).answer).toEqual({ kind: "refused", message: "postMessage failed: request failed: said no" });
    expect((await post({}, { check })).answer).toEqual({ kind: "sent" });
  });

  it("what is shown of it is bounded, and steers no terminal", async () => {
    const { answer } = await post({ status: 400, body: Buffer.from(`\u001b[2J\u0007a\nb\t\u009b${"x".repeat(100_000)}`) });
    const message = answer.kind === "refused" ? answer.message : "";
    expect(message).toContain(": [2Ja\nb\txxx");
    expect(message.length).toBeLessThan(8_400);
  });
});

describe("Retry-After", () => {
  const at = (later: number): string => new Date(NOW + later).toUTCString();
  it.each([
    { status: 429, header: "7", want: seconds(7) },
    { status: 503, header: "0", want: seconds(0) },
    { status: 503, header: at(90_000), want: seconds(90) },
    { status: 503, header: at(-90_000), want: undefined },
    { status: 500, header: "7", want: undefined },
    { status: 429, header: "-7", want: undefined },
    { status: 429, header: "soon", want: undefined },
    { status: 429, header: "9".repeat(20), want: undefined },
  ])("$status $header", async ({ status, header, want }) => {
    const { answer } = await post({ status, headers: { "retry-after": header } });
    expect(answer.kind === "unavailable" ? answer.retryAfter : "another kind").toBe(want);
  });
});

describe("the request", () => {
  it("is a POST of JSON by what the Provider's Secrets say, and follows redirects as Go's client", async () => {
    expect((await post({}, { headers: { "x-a": "b" }, authorization: "Bearer t" })).request).toMatchObject({
      method: "POST",
      url: URL,
      headers: { "content-type": "application/json", "x-a": "b" },
      authorization: "Bearer t",
      body: Buffer.from("{}"),
      tls: { ca: "CA" },
      proxy: { address: "http://proxy.example.com" },
      redirectsAsGet: true,
    });
  });

  it("may be otherwise", async () => {
    const { request } = await post({}, { method: "PUT", contentType: "text/plain", useTls: false, useProxy: false, prefix: "x: " });
    expect(request).toMatchObject({ method: "PUT", headers: { "content-type": "text/plain" } });
    expect(request).not.toHaveProperty("tls");
    expect(request).not.toHaveProperty("proxy");
    expect((await post({ status: 400 }, { prefix: "x: " })).answer).toMatchObject({ message: "x: request failed: request failed with status code 400: " });
  });

  it("reads nothing of what is fine, unless it is checked", async () => {
    const limit = async (status: number, posting: Partial<Posting> = {}) => {
      const maxBytes = (await post({}, posting)).request?.maxBytes;
      return typeof maxBytes === "function" ? maxBytes(status) : maxBytes;
    };
    expect([await limit(200), await limit(400), await limit(200, { check: () => undefined })]).toEqual([0, 8192, 65_536]);
  });
});
