import { createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import { eventJson } from "@sluice/platform/notifications/message/go-json.ts";
import { sendToGooglePubSub } from "@sluice/platform/notifications/streams/googlepubsub.ts";
import { afterEach, describe, expect, it } from "vitest";
import { aNotification, NOW, worldOf } from "../../../../support/notifications/notification.ts";
import { type RecordingServer, type ScriptedAnswer, startRecordingServer } from "../recording-server.ts";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const PEM = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const ACCOUNT = {
  type: "service_account",
  project_id: "other",
  private_key_id: "key-1",
  private_key: PEM,
  client_email: "flux@team.iam.gserviceaccount.com",
  token_uri: "https://oauth2.googleapis.com/token",
};

let server: RecordingServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

type Given = { readonly account?: object | string; readonly headers?: string; readonly address?: string; readonly channel?: string };
const notification = ({ account = ACCOUNT, headers, address = "team", channel = "flux" }: Given) =>
  aNotification({
    provider: { type: "googlepubsub", address, channel },
    secrets: { token: typeof account === "string" ? account : JSON.stringify(account), ...(headers !== undefined && { headers }) },
  });
async function send(given: Given = {}, answers: { readonly token?: ScriptedAnswer; readonly publish?: ScriptedAnswer } = {}) {
  const {
    token = { status: 200, body: '{"access_token":"ya29.t","expires_in":3599,"token_type":"Bearer"}' },
    publish = { status: 200, body: '{"messageIds":["1"]}' },
  } = answers;
  server = await startRecordingServer(({ path }) => (path.endsWith(":publish") ? publish : token));
  return sendToGooglePubSub(notification(given), worldOf({ http: server.http }));
}
const decoded = (part = ""): unknown => JSON.parse(Buffer.from(part, "base64url").toString());

/** Golden: from Google's public API, as there are no recordings. */
describe("sendToGooglePubSub", () => {
  it("exchanges a signed assertion for a token", async () => {
    expect(await send()).toEqual({ kind: "sent" });
    const [request] = server?.seen ?? [];
    expect(request).toMatchObject({
      host: "https://oauth2.googleapis.com",
      method: "POST",
      path: "/token",
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
    const form = new URLSearchParams(request?.body.toString());
    expect([...form.keys()]).toEqual(["grant_type", "assertion"]);
    expect(form.get("grant_type")).toBe("urn:ietf:params:oauth:grant-type:jwt-bearer");
    const [head, claims, signature = ""] = (form.get("assertion") ?? "").split(".");
    expect(decoded(head)).toEqual({ alg: "RS256", typ: "JWT", kid: "key-1" });
    const iat = NOW / 1000;
    expect(decoded(claims)).toEqual({
      iss: ACCOUNT.client_email,
      scope: "https://www.googleapis.com/auth/pubsub",
      aud: ACCOUNT.token_uri,
      iat,
      exp: iat + 3600,
    });
    expect(
      verify(
        "sha256",
        Buffer.from(`${head}.${claims}`),
        createPublicKey(publicKey.export({ type: "spki", format: "pem" })),
        Buffer.from(signature, "base64url"),
      ),
    ).toBe(true);
  });

  it("publishes the event's JSON, to the byte, with the Secret's headers as attributes", async () => {
    expect(await send({ headers: "team: blue\nenv: prod\n" })).toEqual({ kind: "sent" });
    const request = server?.seen[1];
    expect(request).toMatchObject({
      host: "https://pubsub.googleapis.com",
      method: "POST",
      path: "/v1/projects/team/topics/flux:publish",
      headers: { authorization: "Bearer ya29.t", "content-type": "application/json" },
    });
    const data = Buffer.from(eventJson(notification({}).event)).toString("base64");
    expect(request?.body.toString()).toBe(`{"messages":[{"data":"${data}","attributes":{"env":"prod","team":"blue"}}]}`);
  });

  it("gives no attributes where there are none, and stays in its project", async () => {
    await send({ address: "../x", channel: "a/b" });
    expect(server?.seen[1]?.path).toBe("/v1/projects/..%2Fx/topics/a%2Fb:publish");
    expect(JSON.parse(server?.seen[1]?.body.toString() ?? "")).toEqual({ messages: [{ data: expect.any(String) }] });
  });

  it.each<{ why: string; given: Given; want: string }>([
    { why: "there is no project", given: { address: "" }, want: "GCP project ID cannot be empty" },
    { why: "there is no topic", given: { channel: "" }, want: "GCP Pub/Sub topic ID cannot be empty" },
    { why: "there is no key: no workload identity", given: { account: "" }, want: "there is no workload identity here" },
    { why: "the key is no JSON", given: { account: "canary" }, want: "google: expected the JSON of a service account's key" },
    { why: "the key is of another type", given: { account: { ...ACCOUNT, type: "authorized_user" } }, want: "google: expected a key of type service_account" },
    { why: "the key has no private key", given: { account: { ...ACCOUNT, private_key: "canary" } }, want: "google: private_key is not a private key in PEM" },
    { why: "the key is nobody's", given: { account: { ...ACCOUNT, client_email: undefined } }, want: "google: client_email is missing" },
    { why: "headers are no map", given: { headers: "- canary" }, want: "failed to read headers from secret: expected a YAML map" },
  ])("is misconfigured when $why", async ({ given, want }) => {
    const answer = await send(given);
    expect(answer).toEqual({ kind: "misconfigured", message: expect.stringContaining(want) });
    expect(JSON.stringify(answer)).not.toContain("canary");
    expect(server?.seen).toEqual([]);
  });

  const PREFIX = "error publishing to GCP Pub/Sub topic projects/team/topics/flux: ";
  it.each<{ why: string; answers: Parameters<typeof send>[1]; want: object }>([
    {
      why: "Google does not know the key",
      answers: { token: { status: 400, body: '{"error":"invalid_grant"}' } },
      want: { kind: "refused", message: `${PREFIX}postMessage failed: request failed: request failed with status code 400: {"error":"invalid_grant"}` },
    },
    {
      why: "the answer has no token",
      answers: { token: { status: 200, body: "hello" } },
      want: { kind: "refused", message: `${PREFIX}postMessage failed: request failed: the answer has no access_token` },
    },
    {
      why: "the topic is not there",
      answers: { publish: { status: 404, body: "no topic" } },
      want: { kind: "refused", message: `${PREFIX}postMessage failed: request failed: request failed with status code 404: no topic` },
    },
    { why: "Google is busy", answers: { token: { status: 503 } }, want: { kind: "unavailable", request: "POST https://oauth2.googleapis.com/token", done: 0 } },
    { why: "Pub/Sub is busy", answers: { publish: { status: 429 } }, want: { kind: "unavailable", prefix: expect.stringContaining(PREFIX), done: 0 } },
  ])("says so when $why", async ({ answers, want }) => expect(await send({}, answers)).toMatchObject(want));
});
