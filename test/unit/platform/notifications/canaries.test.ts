import { PROVIDER_TYPES, type ProviderType } from "@sluice/engine/domain/provider-type.ts";
import { epochMs } from "@sluice/engine/domain/time.ts";
import { createDial } from "@sluice/platform/http/dial.ts";
import { createHttp } from "@sluice/platform/http/http.ts";
import { createNotifier } from "@sluice/platform/notifications/notifier.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Answer } from "../../../support/notifications/answers.ts";
import { type ProviderServers, startProviderServers } from "../../../support/notifications/provider-servers.ts";
import { SAMPLES, sampleNotification } from "../../../support/notifications/samples.ts";
import type { SeenRequest } from "../../../support/notifications/seen-request.ts";
import { alertOf, createWorld, providerOf, secretOf } from "../../../support/notify/world.ts";
import { type NatsTestServer, startNatsServer } from "./nats/nats-server.ts";

/** All that a server has been told, as a rude one would quote it. */
const echo = ({ method, target, headers, body }: SeenRequest): string => `${method} ${target} ${JSON.stringify(headers)} ${body.toString().slice(0, 1_500)}`;

type Failure = {
  readonly name: string;
  readonly answer?: (request: SeenRequest) => Answer;
  /** Where the Provider's address leads; the echoing server unless said. */
  readonly origin?: (servers: ProviderServers) => string;
  readonly secrets?: { readonly [key: string]: string };
};

const FAILURES: readonly Failure[] = [
  { name: "refused with an echo", answer: (request) => ({ status: 400, body: echo(request) }) },
  { name: "refused with an echo in JSON", answer: (request) => ({ status: 401, body: JSON.stringify({ message: echo(request), error: echo(request) }) }) },
  { name: "unavailable with an echo", answer: (request) => ({ status: 503, body: echo(request) }) },
  { name: "fine, but not: an echo", answer: (request) => ({ status: 200, body: JSON.stringify({ ok: false, error: echo(request), message: echo(request) }) }) },
  { name: "led elsewhere with an echo", answer: (request) => ({ status: 307, headers: { location: `ftp://${encodeURIComponent(echo(request))}/` } }) },
  { name: "a certificate that nobody trusts", origin: ({ secure }) => secure },
  { name: "nobody there", origin: () => "http://127.0.0.1:1" },
  { name: "an address that is none", origin: () => "http://canary-of-user:canary-of-password@127.0.0.1:99999" },
  { name: "a Secret that is not as it should be", secrets: { headers: "canary-of-header: [canary-of-header", token: "canary-of-token\ncanary-of-line" } },
  { name: "a header that would be two", secrets: { headers: 'X-Team: "a\\r\\nX-Canary: canary-of-header"\n', token: "canary-of-token\r\nx: y" } },
];

let current: (request: SeenRequest) => Answer = () => ({ status: 200 });
let servers: ProviderServers;
let nats: NatsTestServer;
const http = createHttp();
beforeAll(async () => {
  servers = await startProviderServers((request) => current(request));
  nats = await startNatsServer({ authorize: (connect) => `Authorization Violation of ${JSON.stringify(connect)}` });
});
afterAll(async () => {
  http.close();
  await Promise.all([servers.close(), nats.stop()]);
});

/** Everything that leaves the delivery: Events, log lines, what waits for another attempt, and whether the sender was reached. */
async function outcomeOf(
  type: ProviderType,
  { answer, origin = ({ plain }) => plain, secrets }: Failure,
): Promise<{ readonly shown: string; readonly lines: number }> {
  current = answer ?? (() => ({ status: 400 }));
  const notifier = createNotifier({
    // Hosts that are built in are ours, too.
    http: { send: (request) => http.send({ ...request, url: SAMPLES[type].builtIn === true ? `${servers.plain}/built-in` : request.url }) },
    dial: createDial(),
    aws: () => ({ send: () => Promise.reject(new Error("connect ECONNREFUSED")) }),
    now: () => epochMs(Date.UTC(2026, 0, 2)),
    random: (bytes) => new Uint8Array(bytes),
    hostname: "host",
  });
  const sample = SAMPLES[type];
  const at = type === "nats" && [servers.plain, servers.secure].includes(origin(servers)) ? `nats://127.0.0.1:${nats.port}` : origin(servers);
  const address = sample.address(at);
  const provider = { timeout: "1s", type, channel: sample.channel ?? "", secretRef: { name: "credentials" }, address: "https://overridden.example" };
  const { event, alert } = sampleNotification(type, at);
  const world = createWorld({
    objects: [
      alertOf({ ...alert, spec: { providerRef: { name: "provider" }, eventSources: [{ kind: "Kustomization", name: "*", namespace: "apps" }] } }),
      providerOf("provider", "notify", provider),
      secretOf("credentials", "notify", { ...sample.secrets, address, ...secrets }),
    ],
    answer: notifier.send,
  });
  const { metadata = {} } = event;
  const posted = { "kustomize.toolkit.fluxcd.io/revision": metadata["revision"] ?? "", "event.toolkit.fluxcd.io/change_request": "42" };
  await world.notifications().dispatch({ ...event, metadata: posted });
  // The one whose failure is told, and a quiet one.
  for (let attempt = 0; attempt < 2; attempt++) {
    const next = world.queue.shift();
    if (next !== undefined) await world.notifications().deliver(next.delivery);
  }
  return { shown: [...world.log, ...world.told.map((told) => JSON.stringify(told))].join("\n"), lines: world.log.length };
}

describe.each(FAILURES)("no credential is shown: $name", (failure) => {
  it("for no type", async () => {
    for (const type of PROVIDER_TYPES) {
      const { shown, lines } = await outcomeOf(type, failure);
      expect(lines).toBeGreaterThan(0);
      expect({ type, canaries: [...shown.matchAll(/.{0,300}canary-of-\w*/g)].map(([found]) => found) }).toEqual({ type, canaries: [] });
      for (const form of ENCODED) expect({ type, found: shown.includes(form), form }).toEqual({ type, found: false, form });
    }
  });
});

/** What base64 shows of a text, wherever in the encoded it stands: only the letters at its ends depend on its neighbours. */
const inBase64 = (text: string): readonly string[] =>
  [0, 1, 2].map((before) =>
    Buffer.from("x".repeat(before) + text)
      .toString("base64")
      .slice(Math.ceil((before * 8) / 6), Math.floor(((before + text.length) * 8) / 6)),
  );
/** What some senders make of them. */
const ENCODED = [...["canary-of-password", "canary-of-token", "canary-of-header", "canary-of-line"].flatMap(inBase64), "BEGIN PRIVATE KEY"];
