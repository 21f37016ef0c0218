import { secret } from "@sluice/engine/domain/secret.ts";
import type { NotifierAnswer } from "@sluice/engine/ports/notifier.ts";
import type { HttpRequest } from "@sluice/platform/http/http.ts";
import { createCredentialMask, hiddenIn } from "@sluice/platform/notifications/credential-mask.ts";
import { describe, expect, it } from "vitest";

async function maskAfter(request: Partial<HttpRequest>): Promise<(text: string) => string> {
  const sent: HttpRequest[] = [];
  const { http, hide } = createCredentialMask({
    send: async (given) => {
      sent.push(given);
      return { kind: "answered", status: 200, headers: {}, body: new Uint8Array(), url: given.url };
    },
  });
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
    { request: {}, text: "assertion=eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhIn0.c2ln&x", want: "assertion=*****&x" },
  ])("$text", async ({ request, text, want }) => expect((await maskAfter(request))(text)).toBe(want));
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
