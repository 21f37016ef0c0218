import type { HttpRequest } from "@sluice/platform/http/exchange.ts";
import { sendToSentry } from "@sluice/platform/notifications/operations/sentry.ts";
import { describe, expect, it } from "vitest";
import { aNotification, worldOf } from "../../../../support/notifications/notification.ts";

const DSN = "https://public@o1.ingest.sentry.io/17";
type Given = Pick<Parameters<typeof aNotification>[0], "event" | "done"> & { readonly address?: string; readonly channel?: string };
async function sent({ address = DSN, channel = "staging", event = {}, done = 0 }: Given = {}) {
  const requests: HttpRequest[] = [];
  const send = async (request: HttpRequest) => {
    requests.push(request);
    return { kind: "answered", status: 200, headers: {}, body: new Uint8Array(), url: request.url } as const;
  };
  const provider = { type: "sentry", address, channel, proxy: { address: "http://proxy" }, tls: { ca: "a CA" } } as const;
  const answer = await sendToSentry(aNotification({ provider, event, done }), worldOf({ http: { send } }));
  const text = Buffer.from(requests[0]?.body ?? new Uint8Array()).toString();
  const [head, itemHead, item] = text.split("\n").map((line) => (line === "" ? undefined : JSON.parse(line)));
  return { answer, request: requests[0], text, head, itemHead, item };
}

describe("sendToSentry", () => {
  it.each<{ address: string; url: string; auth: string }>([
    { address: DSN, url: "https://o1.ingest.sentry.io/api/17/envelope/", auth: "sentry_key=public" },
    {
      address: "http://public:private@sentry:9000/sub/path/17",
      url: "http://sentry:9000/sub/path/api/17/envelope/",
      auth: "sentry_key=public, sentry_secret=private",
    },
  ])("goes where $address leads", async ({ address, url, auth }) => {
    const { answer, request } = await sent({ address });
    expect(answer).toEqual({ kind: "sent" });
    expect(request?.url).toBe(url);
    expect(request?.headers?.["x-sentry-auth"]).toBe(`Sentry sentry_version=7, sentry_client=sentry.go/0.46.2, ${auth}`);
  });

  it.each<{ address: string; want: string }>([
    { address: "", want: "invalid url" },
    { address: "canary", want: "invalid url" },
    { address: "ftp://canary@x/17", want: "invalid scheme" },
    { address: "https://x.example/17?canary", want: "empty username" },
    { address: "https://canary@x.example/", want: "empty project id" },
  ])("is misconfigured with the DSN $address, which it does not show", async ({ address, want }) => {
    const { answer, request } = await sent({ address });
    expect(answer).toEqual({ kind: "misconfigured", message: `[Sentry] DsnParseError: ${want}` });
    expect(request).toBeUndefined();
  });

  it("heeds certSecretRef, and no proxy", async () => {
    const { request } = await sent();
    expect(request).toMatchObject({ tls: { ca: "a CA" } });
    expect(request?.proxy).toBeUndefined();
  });

  it("is an envelope whose item has the length that it says, in bytes", async () => {
    const { text, itemHead } = await sent({ event: { message: "ü 😀 \n <x>" } });
    const lines = text.split("\n");
    expect(lines).toHaveLength(4);
    expect(itemHead.length).toBe(Buffer.byteLength(lines[2] ?? ""));
  });

  it("has the same ids in each attempt, and others for another event", async () => {
    const [first, again, other] = [await sent(), await sent({ done: 1 }), await sent({ event: { id: "event-2" } })];
    expect(first.head.event_id).toMatch(/^[0-9a-f]{32}$/);
    expect(first.item.event_id).toBe(first.head.event_id);
    expect(again.text).toBe(first.text);
    expect(other.head.event_id).not.toBe(first.head.event_id);
  });

  it("names no environment without a channel", async () => {
    expect((await sent({ channel: "" })).item).not.toHaveProperty("environment");
    expect((await sent()).item.environment).toBe("staging");
  });

  it("keeps the fraction of a time", async () => {
    expect((await sent({ event: { timestamp: "2026-01-02T03:04:07.1234500+02:00" } })).item.timestamp).toBe("2026-01-02T01:04:07.12345Z");
  });

  it("drops what is for the cluster's own events", async () => {
    const { answer, request } = await sent({ event: { severity: "trace" } });
    expect(answer.kind).toBe("dropped");
    expect(request).toBeUndefined();
  });
});
