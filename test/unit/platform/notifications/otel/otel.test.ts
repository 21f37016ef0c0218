import { createHash } from "node:crypto";
import type { HttpRequest } from "@sluice/platform/http/exchange.ts";
import { sendToOtel } from "@sluice/platform/notifications/otel/otel.ts";
import { describe, expect, it } from "vitest";
import { aNotification, NOW, worldOf } from "../../../../support/notifications/notification.ts";
import { decodeTraces } from "../../../../support/notifications/otlp.ts";

type Given = Pick<Parameters<typeof aNotification>[0], "event" | "secrets"> & { readonly address?: string };
async function sent({ address = "https://otel.example/v1/traces", secrets = {}, event = {} }: Given = {}) {
  const requests: HttpRequest[] = [];
  const send = async (request: HttpRequest) => {
    requests.push(request);
    return { kind: "answered", status: 200, headers: {}, body: new Uint8Array(), url: request.url } as const;
  };
  const answer = await sendToOtel(aNotification({ provider: { type: "otel", address }, secrets, event }), worldOf({ http: { send } }));
  const [request] = requests;
  return { answer, request, spans: decodeTraces(Buffer.from(request?.body ?? [])) };
}

/** The only one. */
const spanOf = (decoded: unknown): { readonly [field: string]: unknown } => JSON.parse(JSON.stringify(decoded)).resourceSpans[0].scopeSpans[0].spans[0];
const digest = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 32);

describe("sendToOtel", () => {
  it.each<{ metadata: { readonly [key: string]: string } | undefined; want: string }>([
    { metadata: { revision: "main@sha1:1" }, want: "main@sha1:1" },
    { metadata: { revision: "1.2.3", "app-version": "7.0", "oci-digest": "sha256:9f" }, want: "7.0@sha256:9f" },
    { metadata: { revision: "1.2.3", "app-version": "7.0" }, want: "1.2.3" },
    { metadata: { revision: "1.2.3", "oci-digest": "sha256:9f" }, want: "1.2.3" },
    { metadata: { team: "blue" }, want: "unknown" },
  ])("has one trace for an Alert and the revision $want", async ({ metadata, want }) => {
    const { spans } = await sent({ event: { ...(metadata !== undefined && { metadata }) } });
    expect(spanOf(spans).traceId).toBe(digest(`alert-uid:${want}`));
  });

  it("has the same span in each attempt, and another for another event", async () => {
    const [first, again, other] = [await sent(), await sent(), await sent({ event: { id: "event-2" } })];
    expect(spanOf(first.spans).spanId).toMatch(/^[0-9a-f]{16}$/);
    expect(spanOf(again.spans).spanId).toBe(spanOf(first.spans).spanId);
    expect(spanOf(other.spans).spanId).not.toBe(spanOf(first.spans).spanId);
  });

  it("begins at the event, to the nanosecond, and ends now", async () => {
    const { spans } = await sent({ event: { timestamp: "2026-01-02T03:04:05.123456789+02:00" } });
    const { startTimeUnixNano, endTimeUnixNano } = spanOf(spans);
    expect([startTimeUnixNano, endTimeUnixNano]).toEqual(["1767315845123456789", `${NOW}000000`]);
  });

  it("carries long texts and letters of any size", async () => {
    const message = "ü😀".repeat(20_000);
    const { spans } = await sent({ event: { message, metadata: { "": "", long: "x".repeat(300) } } });
    expect(spanOf(spans).status).toEqual({ code: 2, message });
    expect(spanOf(spans).attributes).toMatchObject({ "": "", long: "x".repeat(300) });
  });

  it.each<{ secrets: { readonly [key: string]: string }; authorization: string | undefined; headers: object }>([
    { secrets: { token: "t-1" }, authorization: undefined, headers: {} },
    { secrets: { username: "ada", password: "pw" }, authorization: undefined, headers: {} },
    { secrets: { token: "t-1", headers: "X-Team: blue" }, authorization: "Bearer t-1", headers: { "x-team": "blue" } },
    { secrets: { username: "ada", password: "pw", token: "t-1", headers: "X-Team: blue" }, authorization: "Basic YWRhOnB3", headers: { "x-team": "blue" } },
    { secrets: { username: "ada", headers: "X-Team: blue" }, authorization: undefined, headers: { "x-team": "blue" } },
    { secrets: { headers: "X-Team: blue" }, authorization: undefined, headers: { "x-team": "blue" } },
    { secrets: { token: "t-1", headers: "AUTHORIZATION: ApiKey k" }, authorization: "ApiKey k", headers: {} },
  ])("is asked with $authorization for $secrets", async ({ secrets, authorization, headers }) => {
    const { request } = await sent({ secrets });
    const { "content-type": type, ...others } = request?.headers ?? {};
    expect(type).toBe("application/x-protobuf");
    expect(Object.fromEntries(Object.entries(others).map(([name, value]) => [name.toLowerCase(), value]))).toEqual(headers);
    expect(request?.authorization).toBe(authorization);
  });

  it("leaves to the connection what is the connection's, and the type to us", async () => {
    const { request } = await sent({ secrets: { headers: "Host: other\nTransfer-Encoding: chunked\nCONTENT-TYPE: text/plain\nX-Team: blue" } });
    expect(request?.headers).toEqual({ "content-type": "application/x-protobuf", "x-team": "blue" });
  });

  it("sends no header with a line end in it", async () => {
    const secrets = { headers: 'X-Team: "canary\\r\\nX-Other: b"' };
    const answer = await sendToOtel(aNotification({ provider: { type: "otel", address: "http://127.0.0.1:1/" }, secrets }), worldOf());
    expect(answer).toMatchObject({ kind: "refused", message: expect.stringMatching(/: net\/http: invalid header field value for "X-Team"$/) });
  });

  it("drops a HelmRepository's events", async () => {
    const { involvedObject } = aNotification({}).event;
    const { answer, request } = await sent({ event: { involvedObject: { ...involvedObject, kind: "HelmRepository" } } });
    expect(answer.kind).toBe("dropped");
    expect(request).toBeUndefined();
  });

  it.each<{ given: Given; want: string }>([
    { given: { address: "" }, want: `invalid OTLP endpoint URL : 'parse "": empty url'` },
    { given: { secrets: { headers: "[canary" } }, want: "failed to read headers from secret: expected a YAML map" },
  ])("is misconfigured with $given", async ({ given, want }) => expect((await sent(given)).answer).toEqual({ kind: "misconfigured", message: want }));
});
