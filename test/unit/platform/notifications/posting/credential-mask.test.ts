import { secret } from "@sluice/engine/domain/secret.ts";
import type { NotifierAnswer } from "@sluice/engine/ports/notifier.ts";
import type { HttpRequest } from "@sluice/platform/http/exchange.ts";
import { createCredentialMask, hiddenIn } from "@sluice/platform/notifications/posting/credential-mask.ts";
import { describe, expect, it } from "vitest";

type Held = { readonly address?: string; readonly token?: string };
async function maskAfter(request: Partial<HttpRequest>, { address = "", token = "" }: Held = {}): Promise<(text: string) => string> {
  const sent: HttpRequest[] = [];
  const send = async (given: HttpRequest) => {
    sent.push(given);
    return { kind: "answered", status: 200, headers: {}, body: new Uint8Array(), url: given.url } as const;
  };
  const { http, hide } = createCredentialMask({ send }, { address, secrets: { token: secret(token) } });
  await http.send({ method: "GET", url: "https://x.example", signal: new AbortController().signal, maxBytes: 1, ...request });
  expect(sent).toMatchObject([request]);
  return hide;
}

describe("what a request carried is hidden", () => {
  it.each<{ request: Partial<HttpRequest>; text: string; want: string }>([
    { request: { authorization: "Bearer t-0-k-e-n" }, text: "bad t-0-k-e-n, Bearer t-0-k-e-n", want: "bad *****, *****" },
    { request: { authorization: "t-0-k-e-n" }, text: "bad t-0-k-e-n", want: "bad *****" },
    { request: { headers: { "PRIVATE-TOKEN": "gl-1" } }, text: "gl-1?", want: "*****?" },
    { request: { headers: { "x-key": 'a"b c' } }, text: String.raw`{"m":"a\"b c"} a%22b%20c`, want: '{"m":"*****"} *****' },
    { request: { proxy: { address: "http://p", username: "ada", password: secret("pw") } }, text: "Basic YWRhOnB3 YWRhOnB3", want: "***** *****" },
    {
      request: { headers: { accept: "application/json", "gotk-component": "source-controller" } },
      text: "application/json source-controller",
      want: "application/json source-controller",
    },
    { request: { headers: { "x-key": "no" } }, text: "nothing", want: "nothing" },
    { request: {}, text: "x.eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhIn0.c2ln. And eyJ.no", want: "x.***** And eyJ.no" },
    { request: {}, text: "assertion=eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhIn0.c2ln&x", want: "assertion=*****&x" },
  ])("$text", async ({ request, text, want }) => expect((await maskAfter(request))(text)).toBe(want));
});

describe("what the Provider's address holds is hidden, whatever is wrong with it", () => {
  it.each([
    { address: "https://ada:canary-pw@hooks.example/x", want: "https://ada:*****@hooks.example/x" },
    { address: "https://ada:canary-pw@hooks.example:99999/x", want: "https://ada:*****@hooks.example:99999/x" },
    { address: "https://ada:canary/pw@hooks.example/x", want: "https://ada:*****@hooks.example/x" },
    { address: " nats://canary-token@nats.example", want: " nats://*****@nats.example" },
    { address: "tls://:canary-pw@nats.example", want: "tls://:*****@nats.example" },
    {
      address: "Endpoint=sb://x/;SharedAccessKeyName=all;SharedAccessKey=canary+/=;EntityPath=x",
      want: /^Endpoint=sb:\/\/x\/;.*=all;SharedAccessKey=\*{5};E.*$/,
    },
    // Not theirs: a user that everybody has, a port, an address, a path with an @ in it.
    { address: "ssh://git@git.example:2222/acme/shop", want: "ssh://git@git.example:2222/acme/shop" },
    { address: "https://outlook.office.com:443/webhook/a@b/IncomingWebhook", want: "https://outlook.office.com:443/webhook/a@b/IncomingWebhook" },
    { address: "https://[::1]:8080/@team", want: "https://[::1]:8080/@team" },
  ])("$address", async ({ address, want }) => {
    const shown = (await maskAfter({}, { address }))(address);
    if (typeof want === "string") expect(shown).toBe(want);
    else expect(shown).toMatch(want);
  });

  it("also where only a part of it is quoted", async () => {
    const hide = await maskAfter({}, { address: "https://ada:canary/pw@hooks.example/x" });
    expect(hide('invalid port ":canary" after host')).toBe('invalid port ":*****" after host');
  });
});

describe("a credential within which a text ends is hidden", () => {
  const token = 'xoxb-123456"7890-abcdef';
  it.each([
    { what: "of a Secret", text: "you said xoxb-123456", want: "you said *****" },
    { what: "as JSON", text: String.raw`{"you":"xoxb-123456\"789`, want: '{"you":"*****' },
    { what: "in base64", text: `Basic ${Buffer.from(token).toString("base64").slice(0, 12)}`, want: "Basic *****" },
    { what: "of which there are so few letters that they tell nothing", text: "you said xoxb-12", want: "you said xoxb-12" },
    { what: "that begins as another", text: "xoxb-123-xoxb-1234", want: "xoxb-123-*****" },
  ])("$what", async ({ text, want }) => expect((await maskAfter({}, { token }))(text)).toBe(want));

  it("of a request", async () => {
    const hide = await maskAfter({ authorization: "Bearer exchanged-token-1" });
    expect(hide("you said Bearer exchanged-to")).toBe("you said *****");
  });
});

it("a text that is made to be slow to read is read", async () => {
  const text = "eyJ-".repeat(100_000);
  expect((await maskAfter({}))(text)).toBe(text);
});

it("in every text of an answer", () => {
  const hide = (text: string): string => text.toUpperCase();
  const unavailable = { kind: "unavailable", prefix: "p", request: "r", why: "w", done: 1 } as const;
  const answers: readonly [NotifierAnswer, NotifierAnswer][] = [
    [{ kind: "sent" }, { kind: "sent" }],
    [
      { kind: "dropped", why: "w" },
      { kind: "dropped", why: "W" },
    ],
    [
      { kind: "refused", message: "m" },
      { kind: "refused", message: "M" },
    ],
    [
      { kind: "misconfigured", message: "m" },
      { kind: "misconfigured", message: "M" },
    ],
    [unavailable, { kind: "unavailable", prefix: "P", request: "R", why: "W", done: 1 }],
    [
      { ...unavailable, problem: "x" },
      { kind: "unavailable", prefix: "P", request: "R", why: "W", problem: "X", done: 1 },
    ],
  ];
  for (const [given, want] of answers) expect(hiddenIn(given, hide)).toEqual(want);
});
