import { createHmac } from "node:crypto";
import { createHttp } from "@sluice/platform/http/http.ts";
import { requestUriProblem } from "@sluice/platform/notifications/posting/request-uri.ts";
import { secretHeaders } from "@sluice/platform/notifications/posting/secret-headers.ts";
import { withoutCredentials } from "@sluice/platform/notifications/posting/url-credentials.ts";
import { sendToGeneric, sendToGenericHmac } from "@sluice/platform/notifications/webhook/generic.ts";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { aNotification, worldOf } from "../../../../support/notifications/notification.ts";
import { type RecordingServer, startRecordingServer } from "../recording-server.ts";

let server: RecordingServer;
beforeEach(async () => {
  await server?.stop();
  server = await startRecordingServer();
});
afterAll(() => server.stop());

type Secrets = { readonly [key: string]: string };
const headersOf = (secrets: Secrets) => secretHeaders(aNotification({ secrets }).provider);

/** Over a real connection: what Node makes of the headers counts. */
async function send(sender: typeof sendToGeneric, secrets: Secrets, changes: Parameters<typeof aNotification>[0] = {}, path = "/hook") {
  const http = createHttp();
  const provider = { type: "generic" as const, address: `${server.address}${path}` };
  const answer = await sender(aNotification({ provider, ...changes, secrets }), worldOf({ http }));
  http.close();
  return answer;
}

describe("headers of the Secret", () => {
  // What Flux makes of it, tried out with sigs.k8s.io/yaml v1.6.
  it.each<{ yaml: string; want: object }>([
    { yaml: "", want: {} },
    { yaml: "# none", want: {} },
    { yaml: "null", want: {} },
    { yaml: "X-A: b\nX-B: 'c: d'", want: { "X-A": "b", "X-B": "c: d" } },
    { yaml: `{"X-A": "b"}`, want: { "X-A": "b" } },
    { yaml: "X-A: 3", want: { "X-A": "3" } },
    { yaml: "X-A: 1.0", want: { "X-A": "1" } },
    { yaml: "X-A: 12345678901234567890", want: { "X-A": "12345678901234567890" } },
    { yaml: "X-A: 017", want: { "X-A": "15" } },
    { yaml: "X-A: +7", want: { "X-A": "7" } },
    { yaml: "X-A: yes", want: { "X-A": "true" } },
    { yaml: "X-A:", want: { "X-A": "" } },
    { yaml: "X-A: 2001-01-01", want: { "X-A": "2001-01-01" } },
    { yaml: "X-A: b\nX-A: c", want: { "X-A": "c" } },
    { yaml: "X-A: &a b\nX-B: *a", want: { "X-A": "b", "X-B": "b" } },
    { yaml: "---\nX-A: b\n---\nX-B: c", want: { "X-A": "b" } },
    { yaml: "<<: {X-A: b}\nX-B: c", want: { "X-A": "b", "X-B": "c" } },
    { yaml: "1: b", want: { "1": "b" } },
  ])("$yaml", ({ yaml, want }) => expect(headersOf({ headers: yaml })).toEqual({ ok: true, value: want }));

  it.each<{ yaml: string; want: string }>([
    { yaml: "- secret", want: "expected a YAML map" },
    { yaml: "secret", want: "expected a YAML map" },
    { yaml: "a: secret: b", want: "expected a YAML map" },
    { yaml: `X-A: "${"secret".repeat(12_000)}"`, want: "expected a YAML map" },
    { yaml: "X-A: [secret]", want: "expected each value to be a text" },
    { yaml: "X-A: {secret: b}", want: "expected each value to be a text" },
    { yaml: `${"[".repeat(20_000)}`, want: "expected a YAML map" },
  ])("is not shown where it is wrong: $want", ({ yaml, want }) => {
    expect(headersOf({ headers: yaml })).toEqual({ ok: false, problem: `failed to read headers from secret: ${want}` });
  });

  it("go along, and count before those of the sender", async () => {
    const headers = "X-Team: blué\nAuthorization: Bearer t-1\ncontent-TYPE: application/vnd.example+json\nGotk-Component: mine\nUser-Agent: me";
    expect(await send(sendToGeneric, { headers })).toEqual({ kind: "sent" });
    expect(server.seen[0]?.headers).toMatchObject({
      "x-team": Buffer.from("blué").toString("latin1"),
      authorization: "Bearer t-1",
      "content-type": "application/vnd.example+json",
      "gotk-component": "mine",
      "user-agent": "me",
    });
  });

  it("may hold tabs", async () => {
    expect(await send(sendToGeneric, { headers: `X-Team: "blue\\tgreen"` })).toEqual({ kind: "sent" });
    expect(server.seen[0]?.headers["x-team"]).toBe("blue\tgreen");
  });

  it("do not say how the request is sent", async () => {
    const names = ["Connection", "Content-Length", "Expect", "Host", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade"];
    expect(await send(sendToGeneric, { headers: names.map((name) => `${name}: evil`).join("\n") })).toEqual({ kind: "sent" });
    expect(Object.values(server.seen[0]?.headers ?? {})).not.toContain("evil");
    expect(JSON.parse(String(server.seen[0]?.body))).toMatchObject({ reason: "HealthCheckFailed" });
  });

  it.each<{ headers: string; want: string }>([
    { headers: `X-Team: "blue\\r\\nX-Evil: secret"`, want: `invalid header field value for "X-Team"` },
    { headers: "x-team: |\n  secret\n", want: `invalid header field value for "X-Team"` },
    { headers: `Authorization: "secret\\0"`, want: `invalid header field value for "Authorization"` },
    { headers: `X-Team: "secret\\x7f"`, want: `invalid header field value for "X-Team"` },
    { headers: `"X Team": secret`, want: `invalid header field name "x team"` },
    { headers: `"X-Team:": secret`, want: `invalid header field name "x-team:"` },
    { headers: `"": secret`, want: `invalid header field name ""` },
    { headers: `"Tëam": secret`, want: `invalid header field name "tëam"` },
    { headers: `"X\\r\\nY": secret`, want: `invalid header field name "x\\r\\ny"` },
  ])("are never sent when they are wrong: $want", async ({ headers, want }) => {
    const post = `POST ${server.address}/hook giving up after 1 attempt(s): Post "${server.address}/hook"`;
    expect(await send(sendToGeneric, { headers })).toEqual({
      kind: "refused",
      message: `postMessage failed: failed to execute request: ${post}: net/http: ${want}`,
    });
    expect(server.seen).toEqual([]);
  });

  it("are not the event's to break", async () => {
    expect(await send(sendToGeneric, {}, { event: { reportingController: "a\r\nX-Evil: b" } })).toMatchObject({ kind: "refused" });
    expect(server.seen).toEqual([]);
  });

  it("make a Provider misconfigured when they cannot be read", async () => {
    expect(await send(sendToGeneric, { headers: "- a" })).toEqual({
      kind: "misconfigured",
      message: "failed to read headers from secret: expected a YAML map",
    });
  });
});

describe("the signature", () => {
  it("is over the bytes that are sent, and not the Secret's to write", async () => {
    const message = `<&> \u2028 ü 😀 "\n\u0007`;
    expect(await send(sendToGenericHmac, { token: "kéy", headers: "x-signature: mine" }, { event: { message } })).toEqual({ kind: "sent" });
    const { body = Buffer.of(), headers = {} } = server.seen[0] ?? {};
    expect(headers["x-signature"]).toBe(`sha256=${createHmac("sha256", "kéy").update(body).digest("hex")}`);
    expect(JSON.parse(body.toString()).message).toBe(message);
    expect(body.toString()).toContain("\\u003c\\u0026\\u003e \\u2028");
  });

  it("is none of generic's", async () => {
    await send(sendToGeneric, { token: "unused" });
    expect(server.seen[0]?.headers).not.toHaveProperty("x-signature");
    expect(server.seen[0]?.headers).not.toHaveProperty("authorization");
  });

  it("needs a key, and an address first", async () => {
    expect(await send(sendToGenericHmac, {})).toEqual({ kind: "misconfigured", message: "HMAC key is empty" });
    const nowhere = aNotification({ provider: { type: "generic-hmac", address: "" } });
    expect(await sendToGenericHmac(nowhere, worldOf())).toEqual({ kind: "misconfigured", message: `invalid hook URL : parse "": empty url` });
  });
});

describe("credentials of the address", () => {
  it.each<{ url: string; want: object }>([
    { url: "https://a.example/x?y#z", want: { url: "https://a.example/x?y#z" } },
    { url: "https://ada:p%40w@a.example/x", want: { url: "https://a.example/x", authorization: "Basic YWRhOnBAdw==" } },
    { url: "https://ada@a.example/x", want: { url: "https://a.example/x", authorization: "Basic YWRhOg==" } },
    { url: "https://ada:%zz@a.example/x", want: { url: "https://a.example/x", authorization: "Basic YWRhOiV6eg==" } },
    { url: "no url", want: { url: "no url" } },
  ])("$url", ({ url, want }) => expect(withoutCredentials(url)).toEqual(want));

  it("are a header, and show nowhere", async () => {
    await server.stop();
    server = await startRecordingServer(() => ({ status: 501, body: "never" }));
    const address = server.address.replace("//", "//ada:pw@");
    const answer = await send(sendToGeneric, {}, { provider: { type: "generic", address: `${address}/hook` } });
    expect(server.seen[0]?.headers["authorization"]).toBe("Basic YWRhOnB3");
    expect(JSON.stringify(answer)).not.toContain("pw");
  });

  it("count after those of the Secret", async () => {
    const address = `${server.address.replace("//", "//ada:pw@")}/hook`;
    await send(sendToGeneric, { headers: "Authorization: Bearer t-1" }, { provider: { type: "generic", address } });
    expect(server.seen[0]?.headers["authorization"]).toBe("Bearer t-1");
  });
});

describe("addresses that Go's url.ParseRequestURI refuses", () => {
  // Tried out with Go 1.26.
  it.each<{ address: string; want: string | undefined }>([
    { address: "", want: "empty url" },
    { address: "hooks.example.com/x", want: "invalid URI for request" },
    { address: " http://a", want: "invalid URI for request" },
    { address: "1http://a", want: "invalid URI for request" },
    { address: "?a:b", want: "invalid URI for request" },
    { address: "://x", want: "missing protocol scheme" },
    { address: "http://a/\n", want: "net/url: invalid control character in URL" },
    { address: "http://a:b/", want: `invalid port ":b" after host` },
    { address: "http://h:-1/", want: `invalid port ":-1" after host` },
    { address: "http://[::1", want: "missing ']' in host" },
    { address: "http://a b/", want: `invalid character " " in host name` },
    { address: "http://a\\b/", want: `invalid character "\\\\" in host name` },
    { address: "http://a/%zz", want: `invalid URL escape "%zz"` },
    { address: "http://a/?%zz", want: undefined },
    { address: "http://[::1]:80/", want: undefined },
    { address: "http://u:p@h/", want: undefined },
    { address: "http://ü.example/ü", want: undefined },
    { address: "/x", want: undefined },
    { address: "mailto:a", want: undefined },
    { address: "HTTPS://a", want: undefined },
  ])("$address", ({ address, want }) => {
    expect(requestUriProblem(address)).toBe(want === undefined ? undefined : `parse ${JSON.stringify(address)}: ${want}`);
  });
});
