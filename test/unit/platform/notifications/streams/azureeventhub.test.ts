import { createHmac } from "node:crypto";
import { eventJson } from "@sluice/platform/notifications/message/go-json.ts";
import { sendToAzureEventHub } from "@sluice/platform/notifications/streams/azureeventhub.ts";
import { afterEach, describe, expect, it } from "vitest";
import { aNotification, NOW, worldOf } from "../../../../support/notifications/notification.ts";
import { type RecordingServer, type ScriptedAnswer, startRecordingServer } from "../recording-server.ts";

const KEY = "c2VjcmV0LWtleQ==";
const SAS = `Endpoint=sb://Team-Ns.servicebus.windows.net/;SharedAccessKeyName=send & more;SharedAccessKey=${KEY};EntityPath=flux`;

let server: RecordingServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

type Given = { readonly address: string; readonly channel?: string; readonly token?: string };
const notification = ({ address, channel = "", token }: Given) =>
  aNotification({ provider: { type: "azureeventhub", address, channel }, secrets: token === undefined ? {} : { token } });
async function send(given: Given, answer: ScriptedAnswer = { status: 201 }) {
  server = await startRecordingServer(() => answer);
  return sendToAzureEventHub(notification(given), worldOf({ http: server.http }));
}

/** Golden: from Azure's public API, as there are no recordings. */
describe("sendToAzureEventHub", () => {
  it("sends the event's JSON, to the byte, signed by the key of the connection string", async () => {
    expect(await send({ address: SAS })).toEqual({ kind: "sent" });
    const [request] = server?.seen ?? [];
    expect(request).toMatchObject({
      host: "https://team-ns.servicebus.windows.net",
      method: "POST",
      path: "/flux/messages?timeout=60&api-version=2014-01",
      headers: { "content-type": "application/atom+xml;type=entry;charset=utf-8" },
    });
    expect(request?.body.toString()).toBe(eventJson(notification({ address: SAS }).event));
    const [scheme, fields = ""] = String(request?.headers.authorization).split(" ");
    const { sr, sig, se, skn } = Object.fromEntries(new URLSearchParams(fields));
    expect({ scheme, sr, se, skn }).toEqual({
      scheme: "SharedAccessSignature",
      sr: "https://team-ns.servicebus.windows.net/flux",
      se: String(NOW / 1000 + 3600),
      skn: "send & more",
    });
    expect(sig).toBe(
      createHmac("sha256", KEY)
        .update(`${encodeURIComponent(sr ?? "")}\n${se}`)
        .digest("base64"),
    );
  });

  it.each([
    { channel: "team-ns", host: "https://team-ns.servicebus.windows.net" },
    { channel: "team-ns.servicebus.usgovcloudapi.net", host: "https://team-ns.servicebus.usgovcloudapi.net" },
  ])("sends with a JWT to the hub in the namespace $channel", async ({ channel, host }) => {
    expect(await send({ address: "flux", channel, token: "eyJ.t" })).toEqual({ kind: "sent" });
    expect(server?.seen).toMatchObject([{ host, path: "/flux/messages?timeout=60&api-version=2014-01", headers: { authorization: "Bearer eyJ.t" } }]);
  });

  it.each<{ why: string; given: Given; want: string }>([
    {
      why: "there are a key and a JWT",
      given: { address: SAS, token: "canary" },
      want: "invalid authentication options: jwt token and SAS authentication cannot be set at the same time",
    },
    { why: "there is neither: no workload identity", given: { address: "flux", channel: "ns" }, want: "there is no workload identity here" },
    { why: "there is nothing", given: { address: "" }, want: "there is no workload identity here" },
    {
      why: "the namespace is none",
      given: { address: "flux", channel: "evil.example/x?", token: "canary" },
      want: "expected the hub's name as address and its namespace as channel",
    },
    {
      why: "there is no endpoint",
      given: { address: "SharedAccessKeyName=a;SharedAccessKey=canary;EntityPath=b" },
      want: "the connection string has no Endpoint",
    },
    {
      why: "there is no key",
      given: { address: "Endpoint=sb://x/;SharedAccessKeyName=a;EntityPath=b" },
      want: "the connection string has no SharedAccessKeyName or SharedAccessKey",
    },
    {
      why: "there is no hub",
      given: { address: "Endpoint=sb://x/;SharedAccessKeyName=a;SharedAccessKey=canary" },
      want: "the connection string has no EntityPath",
    },
  ])("is misconfigured when $why", async ({ given, want }) => {
    const answer = await send(given);
    expect(answer).toEqual({ kind: "misconfigured", message: expect.stringContaining(want) });
    expect(JSON.stringify(answer)).not.toContain("canary");
    expect(server?.seen).toEqual([]);
  });

  it("says what was refused, and what may pass", async () => {
    const refused = "failed to send msg: postMessage failed: request failed: request failed with status code 401: no";
    expect(await send({ address: SAS }, { status: 401, body: "no" })).toEqual({ kind: "refused", message: refused });
    await server?.stop();
    expect(await send({ address: SAS }, { status: 503, headers: { "retry-after": "7" } })).toMatchObject({ kind: "unavailable", retryAfter: 7000 });
  });
});
