import { PROVIDER_TYPES } from "@sluice/engine/domain/provider-type.ts";
import { epochMs } from "@sluice/engine/domain/time.ts";
import type { Notifier, NotifierAnswer } from "@sluice/engine/ports/notifier.ts";
import { createDial } from "@sluice/platform/http/dial.ts";
import type { Http } from "@sluice/platform/http/exchange.ts";
import { createHttp } from "@sluice/platform/http/http.ts";
import { publicAddressesAnd } from "@sluice/platform/http/public-addresses.ts";
import { createNotifier } from "@sluice/platform/notifications/notifier.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ProviderServers, startProviderServers } from "../../../support/notifications/provider-servers.ts";
import { readTransport } from "../../../support/notifications/recording.ts";
import { SAMPLES, sampleNotification } from "../../../support/notifications/samples.ts";

const onLambda = publicAddressesAnd([]);
let servers: ProviderServers;
/** Where the server leads whoever asks it. */
let location = "";
const open: Http[] = [];
beforeAll(async () => {
  servers = await startProviderServers(() => (location === "" ? { status: 200, body: "{}" } : { status: 307, headers: { location } }));
});
afterAll(async () => {
  for (const http of open) http.close();
  await servers.close();
});

function notifierFor(isAllowed: (address: string) => boolean): Notifier {
  const http = createHttp({ isAllowed });
  open.push(http);
  return createNotifier({
    http,
    dial: createDial({ isAllowed }),
    aws: () => ({ send: () => Promise.reject(new Error("this test has no AWS")) }),
    now: () => epochMs(Date.UTC(2026, 0, 2)),
    random: (bytes) => new Uint8Array(bytes),
    hostname: "host",
  });
}

const FREE = PROVIDER_TYPES.filter((type) => SAMPLES[type].builtIn !== true);
const signal = new AbortController().signal;
const wordsOf = (answer: NotifierAnswer): string => JSON.stringify(answer);
/** Refused for good, with the rule's words, and without what the Provider's Secret or the address' user holds. */
const expectRefused = (answer: NotifierAnswer, address: RegExp): void => {
  expect(["refused", "misconfigured"]).toContain(answer.kind);
  expect(wordsOf(answer)).toMatch(new RegExp(`connections to ${address.source} are not allowed`));
  expect(wordsOf(answer)).not.toMatch(/canary-of-(?!path)/);
};

describe("addresses that a Provider may not name on Lambda", () => {
  const notifier = notifierFor(onLambda);
  const cases = [
    { origin: "https://169.254.169.254", shown: /169\.254\.169\.254/ },
    { origin: "https://127.0.0.1:8443", shown: /127\.0\.0\.1/ },
    { origin: "https://[::1]:8443", shown: /::1/ },
    { origin: "https://[::ffff:169.254.169.254]", shown: /::ffff:a9fe:a9fe/ },
    { origin: "https://10.20.30.40", shown: /10\.20\.30\.40/ },
    // Names are looked up once, and what they mean is connected to.
    { origin: "https://localhost:8443", shown: /(?:127\.0\.0\.1|::1)/ },
  ];
  describe.each(cases)("$origin", ({ origin, shown }) => {
    it.each(FREE)("%s", async (type) => expectRefused(await notifier.send(sampleNotification(type, origin), signal), shown));
  });
});

/** As on Lambda, but that this test's servers may be reached. */
const andOurs = (address: string): boolean => address === "127.0.0.1" || onLambda(address);
const HTTP_TYPES = FREE.filter((type) => type !== "nats" && type !== "azureeventhub");

describe("a redirect to them", () => {
  const notifier = notifierFor(andOurs);
  it.each(HTTP_TYPES.flatMap((type) => ["http://169.254.169.254/latest/meta-data", "http://[::1]:1/x"].map((to) => ({ type, to }))))("$type $to", async ({
    type,
    to,
  }) => {
    location = to;
    const answer = await notifier.send(sampleNotification(type, servers.plain), signal);
    location = "";
    expectRefused(answer, to.includes("169") ? /169\.254\.169\.254/ : /::1/);
  });
});

describe("a proxy at them", () => {
  const notifier = notifierFor(andOurs);
  const { types } = readTransport();
  const heeding = FREE.filter((type) => types[type]?.["proxySecretRef"] === "used");
  it.each(heeding.flatMap((type) => ["http://hooks.example.com", "https://hooks.example.com"].map((origin) => ({ type, origin }))))("$type $origin", async ({
    type,
    origin,
  }) => {
    const proxy = { address: "http://169.254.169.254:3128" };
    expectRefused(await notifier.send(sampleNotification(type, origin, { proxy }), signal), /169\.254\.169\.254/);
  });
});

describe("networks that the stack's configuration lists", () => {
  it("are open, but never loopback or metadata", () => {
    const isAllowed = publicAddressesAnd(["10.20.0.0/16", "127.0.0.0/8", "169.254.0.0/16"]);
    expect(["10.20.30.40", "10.21.0.1", "127.0.0.1", "169.254.169.254", "::1", "93.184.216.34"].filter(isAllowed)).toEqual(["10.20.30.40", "93.184.216.34"]);
  });
});
