import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { createDial } from "@sluice/platform/http/dial.ts";
import { publicAddressesAnd } from "@sluice/platform/http/public-addresses.ts";
import { eventJson } from "@sluice/platform/notifications/message/go-json.ts";
import { publish, sendToNats } from "@sluice/platform/notifications/nats/nats.ts";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createCertificateAuthority } from "../../../../../lib/local/sandbox/pki/pki.ts";
import { aNotification, worldOf } from "../../../../support/notifications/notification.ts";
import { type NatsServerOptions, type NatsTestServer, startNatsServer } from "./nats-server.ts";

const SEED = "SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VY";
const PUBLIC = "UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4";
const CREDS = `-----BEGIN NATS USER JWT-----\neyJ.jwt.x\n------END NATS USER JWT------\n\n************************* IMPORTANT *************************\n\n-----BEGIN USER NKEY SEED-----\n${SEED}\n------END USER NKEY SEED------\n`;
const FIXED = {
  verbose: false,
  pedantic: false,
  tls_required: false,
  name: "NATS Provider Publisher",
  lang: "typescript",
  version: "1",
  protocol: 1,
  echo: true,
};
const PREFIX = "error publishing event to subject flux.events: ";

let servers: NatsTestServer[] = [];
afterEach(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  servers = [];
});
async function start(options: NatsServerOptions = {}): Promise<NatsTestServer> {
  const server = await startNatsServer(options);
  servers.push(server);
  return server;
}
type Given = {
  readonly address?: string;
  readonly channel?: string;
  readonly secrets?: { readonly [key: string]: string };
  readonly event?: { readonly message: string };
};
const notification = ({ address = "", channel = "flux.events", secrets = {}, event }: Given) =>
  aNotification({ provider: { type: "nats", address, channel }, secrets, ...(event !== undefined && { event }) });
const send = (given: Given, world = worldOf()) => sendToNats(notification(given), world);

describe("sendToNats", () => {
  it("publishes the event's JSON, to the byte", async () => {
    const server = await start();
    const event = { message: "ü 😀 <tag> & more\r\nPUB other 0\r\n\r\n" };
    expect(await send({ address: `nats://127.0.0.1:${server.port}`, event })).toEqual({ kind: "sent" });
    expect(server.published).toEqual([{ subject: "flux.events", payload: eventJson(notification({ event }).event) }]);
    expect(server.connects).toEqual([FIXED]);
  });

  it.each<{ by: string; secrets?: { readonly [key: string]: string }; user?: string; want: object }>([
    { by: "user and password", secrets: { username: "ada", password: "pw" }, want: { user: "ada", pass: "pw" } },
    { by: "a user without a password: nobody", secrets: { username: "ada" }, want: {} },
    { by: "a seed", secrets: { nkey: SEED, username: "ada", password: "pw" }, want: { nkey: PUBLIC, sig: expect.stringMatching(/^[\w-]{86}$/) } },
    { by: "credentials", secrets: { creds: CREDS, nkey: SEED }, want: { jwt: "eyJ.jwt.x", sig: expect.stringMatching(/^[\w-]{86}$/) } },
    { by: "credentials with Windows' line ends", secrets: { creds: CREDS.replaceAll("\n", "\r\n") }, want: { jwt: "eyJ.jwt.x", sig: expect.any(String) } },
    { by: "user and password in the address", user: "ada:p%40w@", want: { user: "ada", pass: "p@w" } },
    { by: "a token in the address", user: "t-1@", want: { auth_token: "t-1" } },
    { by: "a password that is not escaped", user: "ada:100%@", want: { user: "ada", pass: "100%" } },
  ])("says who we are by $by", async ({ secrets, user = "", want }) => {
    const server = await start();
    expect(await send({ address: `nats://${user}127.0.0.1:${server.port}`, ...(secrets !== undefined && { secrets }) })).toEqual({ kind: "sent" });
    expect(server.connects).toEqual([{ ...FIXED, ...want }]);
  });

  it.each<{ why: string; given: Given; want: string }>([
    { why: "no address", given: {}, want: "NATS server (address) cannot be empty" },
    { why: "no address but commas", given: { address: " , " }, want: "NATS server (address) cannot be empty" },
    { why: "no channel", given: { address: "nats://127.0.0.1:4222", channel: "" }, want: "NATS subject (channel) cannot be empty" },
    { why: "a WebSocket", given: { address: "wss://x" }, want: "NATS server (address): wss:// is not supported, only nats:// and tls://" },
    { why: "no URL", given: { address: "nats://[" }, want: "NATS server (address) is not a URL such as nats://nats.example.com:4222" },
  ])("is misconfigured with $why", async ({ given, want }) => expect(await send(given)).toEqual({ kind: "misconfigured", message: want }));

  it.each<{ why: string; options?: NatsServerOptions; given?: Given; want: string }>([
    {
      why: "the server does not know us",
      options: { authorize: () => "Authorization Violation" },
      want: "error connecting to server: nats: Authorization Violation",
    },
    {
      why: "we may not publish there",
      options: { permit: (subject) => `Permissions Violation for Publish to "${subject}"` },
      want: 'error publishing message to server: nats: Permissions Violation for Publish to "flux.events"',
    },
    { why: "it is too large", options: { info: { max_payload: 10 } }, want: "error publishing message to server: nats: maximum payload exceeded" },
    { why: "the seed is none", given: { secrets: { nkey: "SUCANARY" } }, want: "error connecting to server: error parsing nkey seed: nkeys: invalid seed" },
    {
      why: "the credentials are none",
      given: { secrets: { creds: "canary" } },
      want: "error connecting to server: error parsing credentials: expected a JWT and a seed, each between lines of dashes",
    },
  ])("is refused when $why", async ({ options, given, want }) => {
    const server = await start(options);
    expect(await send({ address: `127.0.0.1:${server.port}`, ...given })).toEqual({ kind: "refused", message: `${PREFIX}${want}` });
    expect(server.published).toEqual([]);
  });

  it.each(["a b", "a\r\nPUB b 0\r\n", "a\tb"])("never sends the subject %j", async (channel) => {
    const server = await start();
    const answer = await send({ address: `127.0.0.1:${server.port}`, channel });
    expect(answer).toEqual({
      kind: "refused",
      message: `error publishing event to subject ${channel}: error publishing message to server: nats: invalid subject`,
    });
    expect(server.connects).toEqual([]);
  });

  it.each<{ why: string; options: NatsServerOptions; stage: string; problem: string }>([
    { why: "it hangs up at once", options: { hangUpAt: "start" }, stage: "error connecting to server", problem: "EOF" },
    { why: "it hangs up then", options: { hangUpAt: "CONNECT" }, stage: "error connecting to server", problem: "EOF" },
    { why: "it hangs up late", options: { hangUpAt: "PUB" }, stage: "error publishing message to server", problem: "EOF" },
    {
      why: "it is full",
      options: { authorize: () => "maximum connections exceeded" },
      stage: "error connecting to server",
      problem: "nats: maximum connections exceeded",
    },
  ])("is worth another attempt when $why", async ({ options, stage, problem }) => {
    const server = await start(options);
    const request = `nats://127.0.0.1:${server.port}`;
    expect(await send({ address: request })).toEqual({ kind: "unavailable", prefix: `${PREFIX}${stage}: `, request, why: problem, problem, done: 0 });
  });

  it("is worth another attempt when nobody is there, and does not show who we would have been", async () => {
    const server = await start();
    await server.stop();
    const answer = await send({ address: `nats://ada:canary@127.0.0.1:${server.port}` });
    expect(answer).toMatchObject({
      kind: "unavailable",
      request: `nats://127.0.0.1:${server.port}`,
      why: expect.stringContaining("connect: connection refused"),
    });
    expect(JSON.stringify(answer)).not.toContain("canary");
  });

  it("ends with its signal", async () => {
    const server = await start({ silent: true });
    const signal = AbortSignal.timeout(50);
    expect(await send({ address: `127.0.0.1:${server.port}` }, worldOf({ signal }))).toMatchObject({ kind: "unavailable", why: "context deadline exceeded" });
  });

  it("goes to the next server, but not once the message may be there", async () => {
    const [dead, late, good] = [await start({ hangUpAt: "start" }), await start({ hangUpAt: "PUB" }), await start()];
    expect(await send({ address: `nats://127.0.0.1:${dead.port}, nats://127.0.0.1:${good.port}` })).toEqual({ kind: "sent" });
    expect(good.published).toHaveLength(1);
    expect(await send({ address: `nats://127.0.0.1:${late.port},nats://127.0.0.1:${good.port}` })).toMatchObject({ kind: "unavailable" });
    expect(good.published).toHaveLength(1);
  });

  it("reaches no address that must not be reached", async () => {
    const server = await start();
    const answer = await send({ address: `127.0.0.1:${server.port}` }, worldOf({ dial: createDial({ isAllowed: publicAddressesAnd([]) }) }));
    expect(answer).toEqual({ kind: "refused", message: `${PREFIX}error connecting to server: connections to 127.0.0.1 are not allowed` });
    expect(server.connects).toEqual([]);
  });
});

describe("sendToNats over TLS", () => {
  const authority = createCertificateAuthority({ commonName: "authority", now: new Date() });
  const stranger = createCertificateAuthority({ commonName: "stranger", now: new Date() });
  const trusted = authority.issue({ commonName: "nats", use: "server", hosts: ["127.0.0.1"] });
  const untrusted = stranger.issue({ commonName: "nats", use: "server", hosts: ["127.0.0.1"] });
  const before = getCACertificates("default");
  // Before the first connection: Node keeps what it trusted then.
  beforeAll(() => setDefaultCACertificates([...before, authority.certificate]));
  afterAll(() => setDefaultCACertificates(before));

  it.each<{ asks: string; address: (port: number) => string; info: object }>([
    { asks: "the server", address: (port) => `nats://127.0.0.1:${port}`, info: {} },
    { asks: "the address", address: (port) => `tls://127.0.0.1:${port}`, info: { tls_required: false } },
  ])("publishes when $asks asks for it", async ({ address, info }) => {
    const server = await start({ tls: { cert: trusted.certificate, key: trusted.key }, info });
    expect(await send({ address: address(server.port), secrets: { username: "ada", password: "pw" } })).toEqual({ kind: "sent" });
    expect(server.connects).toEqual([{ ...FIXED, tls_required: true, user: "ada", pass: "pw" }]);
    expect(server.published).toHaveLength(1);
  });

  it("does not trust a stranger", async () => {
    const server = await start({ tls: { cert: untrusted.certificate, key: untrusted.key } });
    const problem = "tls: failed to verify certificate: x509: certificate signed by unknown authority";
    const answer = await send({ address: `nats://127.0.0.1:${server.port}`, secrets: { username: "ada", password: "pw" } });
    expect(answer).toEqual({ kind: "refused", message: `${PREFIX}error connecting to server: ${problem}` });
    expect(server.connects).toEqual([]);
  });
});

it.each([
  "-".repeat(100_000),
  "-\n".repeat(50_000),
  "---\n".repeat(50_000),
  `${"-".repeat(50_000)}\nx\n`,
])("credentials that are none end at once", async (creds) => {
  expect(await send({ address: "nats://127.0.0.1:1", secrets: { creds } })).toMatchObject({
    kind: "refused",
    message: expect.stringContaining("error parsing cred"),
  });
});

describe("servers that keep us waiting", () => {
  const late = () => AbortSignal.abort();

  it("do not keep us from the next one", async () => {
    const [silent, next] = [await start({ silent: true }), await start()];
    const address = `nats://127.0.0.1:${silent.port},nats://127.0.0.1:${next.port}`;
    const waited = new AbortController();
    const sending = publish(notification({ address }), worldOf(), () => waited.signal);
    await silent.connected;
    waited.abort();
    expect(await sending).toEqual({ kind: "sent" });
    expect(next.published).toHaveLength(1);
  });

  it("are waited for where there is no other", async () => {
    const server = await start();
    expect(await publish(notification({ address: `nats://127.0.0.1:${server.port}` }), worldOf(), late)).toEqual({ kind: "sent" });
  });

  it("and talk without end are left", async () => {
    const server = await start({ pings: true });
    expect(await send({ address: `nats://127.0.0.1:${server.port}` })).toMatchObject({
      kind: "unavailable",
      problem: "nats: the server never comes to its PONG",
    });
  });
});
