import { generateKeyPairSync } from "node:crypto";
import { isObject, type JsonObject } from "@sluice/engine/domain/json.ts";
import { epochMs } from "@sluice/engine/domain/time.ts";
import type { Notifier } from "@sluice/engine/ports/notifier.ts";
import { createDial } from "@sluice/platform/http/dial.ts";
import type { Http } from "@sluice/platform/http/exchange.ts";
import { createHttp } from "@sluice/platform/http/http.ts";
import { createNotifier } from "@sluice/platform/notifications/notifier.ts";
import { startNatsServer } from "../../unit/platform/notifications/nats/nats-server.ts";
import { notified, warningLine } from "../notify/recorded.ts";
import { alertOf, createWorld, earliest, providerOf, START, secretOf, type World } from "../notify/world.ts";
import { type Answers, answersOf } from "./answers.ts";
import { startProviderServers } from "./provider-servers.ts";
import { type Places, type Recording, readRecording } from "./recording.ts";
import { asRecorded, jsonOr, type SeenRequest } from "./seen-request.ts";

/** `warnings`: `Warning NotificationDispatchFailed failed to …`. `bodies`: of each request, as it was sent. */
export type Replayed = {
  readonly recording: Recording;
  readonly sent: readonly JsonObject[];
  readonly bodies: readonly string[];
  readonly warnings: readonly string[];
  readonly log: readonly string[];
};

export type Replay = { run(name: string): Promise<Replayed>; close(): Promise<void> };

const HOSTNAME = "replay-host";
const PROVIDER_UID = "0a1b2c3d-0000-4000-8000-00000000000f";

/**
 * Whole deliveries of recordings: the engine's dispatch and deliver, the real senders, and real servers. One notifier for all, as in one process. Hosts that are
 * built in (slack.com) are reached through the proxy, with its authority trusted, as they were when the recordings were made.
 */
export async function startReplay(): Promise<Replay> {
  let current: { readonly seen: { readonly request: SeenRequest; readonly at: number }[]; readonly answers: Answers; readonly now: () => number } | undefined;
  const servers = await startProviderServers((request) => {
    if (current === undefined) throw new Error("nothing is replayed");
    const answer = current.answers(request, current.seen.length);
    current.seen.push({ request, at: current.now() });
    return answer;
  });
  const nats = await startNatsServer();
  const http = createHttp();
  const notifier = createNotifier({
    http: { send: (request) => http.send(throughProxy(request, servers)) },
    dial: createDial(),
    aws: () => {
      throw new Error("no recording is about AWS");
    },
    now: () => epochMs(START + (current?.now() ?? 0)),
    random: (bytes) => new Uint8Array(bytes).fill(7),
    hostname: HOSTNAME,
  });
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });

  function placesFor(name: string): Places {
    const address = name.startsWith("nats") ? `nats://127.0.0.1:${nats.port}` : name.startsWith("generic-tls") ? servers.secure : servers.plain;
    return {
      ADDRESS: address,
      PROXY: servers.proxy,
      DSN: `${servers.plain.replace("//", "//public@")}/17`,
      CA_OF_ADDRESS: servers.authority,
      RSA_PRIVATE_KEY: privateKey,
      HOSTNAME,
      PROVIDER_UID,
      PROVIDER_UID_FIRST_BLOCK: PROVIDER_UID.split("-")[0] ?? "",
    };
  }

  async function run(name: string): Promise<Replayed> {
    const alertName = readRecording(name, {}).given.alert.name;
    const recording = readRecording(name, { ...placesFor(name), ALERT_UID: `uid-of-${alertName}` });
    const world = worldOf(recording, notifier);
    const seen: { readonly request: SeenRequest; readonly at: number }[] = [];
    const before = nats.published.length;
    current = { seen, answers: answersOf(recording, PROVIDER_UID), now: world.now };
    await world.notifications().dispatch(notified(`event-${name}`, recording.given.event));
    await makeLoudAttempts(world);
    const published = nats.published.slice(before).map(({ subject, payload }, index) => ({
      protocol: "nats",
      connect: signInOf(nats.connects[before + index] ?? {}),
      subject,
      body: jsonOr(payload),
    }));
    return {
      recording,
      sent: [...repeatsCounted(seen), ...published],
      bodies: seen.map(({ request }) => request.body.toString()),
      warnings: world.warnings(),
      log: world.log,
    };
  }

  return {
    run,
    close: async () => {
      http.close();
      await Promise.all([servers.close(), nats.stop()]);
    },
  };
}

type Reached = { readonly proxy: string; readonly authority: string };

function throughProxy(request: Parameters<Http["send"]>[0], { proxy, authority }: Reached): Parameters<Http["send"]>[0] {
  const isOurs = URL.canParse(request.url) && new URL(request.url).hostname === "127.0.0.1";
  return isOurs || request.proxy !== undefined ? request : { ...request, proxy: { address: proxy }, tls: { ca: authority } };
}

function worldOf({ given: { provider, secrets = {}, alert } }: Recording, { send }: Notifier): World {
  const { namespace, spec } = alert;
  const ref = isObject(spec.providerRef) ? spec.providerRef.name : undefined;
  const objects = [
    alertOf(alert),
    providerOf(typeof ref === "string" ? ref : alert.name, namespace, provider),
    ...Object.entries(secrets).map(([name, texts]) => secretOf(name, namespace, texts)),
  ];
  return createWorld({ objects, answer: send });
}

/** Those of Flux's schedule: what goes on after it, quietly, Flux does not have. */
async function makeLoudAttempts(world: World): Promise<void> {
  for (let next = earliest(world.queue); next !== undefined && next.delivery.attempt < 5; next = earliest(world.queue)) {
    world.queue.splice(world.queue.indexOf(next), 1);
    world.wait(Math.max(0, next.notBefore - START - world.now()));
    await world.notifications().deliver(next.delivery);
  }
}

/** An identical request that is repeated is written once. */
function repeatsCounted(seen: readonly { readonly request: SeenRequest; readonly at: number }[]): readonly JsonObject[] {
  const written: { request: JsonObject; first: number; again: number[] }[] = [];
  for (const { request, at } of seen) {
    const shown = asRecorded(request);
    const last = written.at(-1);
    if (last !== undefined && JSON.stringify(last.request) === JSON.stringify(shown)) last.again.push((at - last.first) / 1000);
    else written.push({ request: shown, first: at, again: [] });
  }
  return written.map(({ request, again }) => ({ ...request, ...(again.length > 0 && { repeatedAfterSeconds: again }) }));
}

function signInOf(connect: { readonly [member: string]: unknown }): JsonObject {
  const { name, verbose, user, pass } = connect;
  return { name: String(name), verbose: verbose === true, ...(typeof user === "string" && { user }), ...(typeof pass === "string" && { pass }) };
}

export const recordedWarnings = ({ alertEvents = [] }: Recording): readonly string[] => alertEvents.map(warningLine);
