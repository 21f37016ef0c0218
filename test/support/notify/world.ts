import type { Delivery } from "@sluice/engine/domain/delivery.ts";
import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { type EpochMs, epochMs } from "@sluice/engine/domain/time.ts";
import type { Cluster } from "@sluice/engine/ports/cluster.ts";
import type { FluxEvent } from "@sluice/engine/ports/event-sink.ts";
import type { Notification, NotifierAnswer } from "@sluice/engine/ports/notifier.ts";
import type { Channels, NotificationsDeps } from "@sluice/engine/reconcile/notify/deps.ts";
import type { DeliveryEnd } from "@sluice/engine/reconcile/notify/ends.ts";
import { createNotifications, type Notifications } from "@sluice/engine/reconcile/notify/notifications.ts";
import { createSilences } from "@sluice/engine/reconcile/notify/silence.ts";
import { createMemoryNotes } from "@sluice/platform/memory/notes.ts";
import { type Calls, createCalls, type Interference } from "../reconcile/calls.ts";

export const START = Date.parse("2026-01-02T03:04:05Z");

export type WorldOptions = {
  readonly objects?: readonly Manifest[];
  /** What a provider answers; `sent` unless said. */
  readonly answer?: (notification: Notification, signal: AbortSignal) => NotifierAnswer | Promise<NotifierAnswer>;
  readonly channels?: Channels;
  readonly noCrossNamespaceRefs?: boolean;
};

/** What waits for an attempt. */
export type Waiting = { readonly delivery: Delivery; readonly notBefore: number };

export type World = ReturnType<typeof createWorld>;

/** A cluster, a queue and a store of notes in memory, and everything that was sent, said and logged. */
export function createWorld({ objects = [], answer = () => ({ kind: "sent" }), channels = {}, noCrossNamespaceRefs = false }: WorldOptions = {}) {
  const time = { now: START };
  const clock = { now: (): EpochMs => epochMs(time.now) };
  const notes = createMemoryNotes({ clock });
  const live = [...objects];
  const queue: Waiting[] = [];
  const told: FluxEvent[] = [];
  const sent: { readonly notification: Notification; readonly at: number }[] = [];
  const log: string[] = [];
  const silences = createSilences();
  const written: string[] = [];
  const write = (level: string) => (message: string, fields: { readonly [field: string]: Json | undefined }) =>
    void log.push(JSON.stringify({ level, message, ...fields }));

  /** Notifications with no memory but their stores. Every call of a port is one of `calls`. */
  function notifications(calls: Calls = createCalls()): Notifications {
    const deps: NotificationsDeps = {
      clusterName: "test",
      cluster: clusterOf(live, calls),
      notifier: {
        send: (notification, signal) =>
          calls.run(`send to ${notification.provider.name}`, async () => {
            sent.push({ notification, at: time.now - START });
            return answer(notification, signal);
          }),
      },
      notes: {
        read: (key) => calls.run(`read ${folderOf(key)}`, () => notes.read(key)),
        write: (key, text, over) => {
          written.push(text);
          return calls.run(`write ${folderOf(key)}`, () => notes.write(key, text, over));
        },
        remove: (key) => calls.run(`remove ${folderOf(key)}`, () => notes.remove(key)),
      },
      // As a queue does it: what comes out is a copy.
      deliveries: {
        send: (delivery, { notBefore = epochMs(time.now) } = {}) =>
          calls.run("queue", async () => void queue.push({ delivery: JSON.parse(JSON.stringify(delivery)), notBefore })),
      },
      events: { emit: (event) => calls.run(`say ${event.reason}`, async () => void told.push(event)) },
      clock,
      log: { info: write("info"), error: write("error") },
      settings: { noCrossNamespaceRefs },
      channels,
      signalAfter: () => new AbortController().signal,
      silences,
    };
    return createNotifications(deps);
  }

  return {
    live,
    queue,
    told,
    sent,
    log,
    notes,
    /** The text of every note, as it was written. */
    written,
    notifications,
    started: START,
    now: (): number => time.now - START,
    wait: (milliseconds: number): void => {
      time.now += milliseconds;
    },
    /** Brings every delivery when it is due, until none is left. */
    drain: async (interference?: Interference): Promise<readonly DeliveryEnd[]> => {
      const ends: DeliveryEnd[] = [];
      for (let next = earliest(queue); next !== undefined; next = earliest(queue)) {
        queue.splice(queue.indexOf(next), 1);
        time.now = Math.max(time.now, next.notBefore);
        ends.push(await notifications(createCalls(interference)).deliver(next.delivery));
      }
      return ends;
    },
    /** `Warning InvalidConfig failed to compile …`, without repeats. */
    warnings: (): readonly string[] => [...new Set(told.map(({ type, reason, message }) => `${type} ${reason} ${message}`))],
  };
}

export const earliest = (queue: readonly Waiting[]): Waiting | undefined => queue.toSorted((a, b) => a.notBefore - b.notBefore)[0];

const folderOf = (key: string): string => key.slice(0, key.indexOf("/"));

function clusterOf(live: readonly Manifest[], calls: Calls): Pick<Cluster, "get" | "list"> {
  return {
    get: ({ apiVersion, kind, namespace, name }) =>
      calls.run(`get ${kind}/${name}`, async () => {
        const found = live.find(
          (each) => each.apiVersion === apiVersion && each.kind === kind && each.metadata.namespace === namespace && each.metadata.name === name,
        );
        return found === undefined ? { kind: "absent", message: `${kind.toLowerCase()}s "${name}" not found` } : { kind: "found", object: found };
      }),
    list: ({ apiVersion, kind }) =>
      calls.run(`list ${kind}`, async () => ({
        kind: "listed",
        items: live.filter((each) => each.apiVersion === apiVersion && each.kind === kind),
        resourceVersion: "1",
      })),
  };
}

const NOTIFICATION = "notification.toolkit.fluxcd.io/v1beta3";

export const alertOf = ({ name, namespace, spec }: { readonly name: string; readonly namespace: string; readonly spec: JsonObject }): Manifest => ({
  apiVersion: NOTIFICATION,
  kind: "Alert",
  metadata: { name, namespace, uid: `uid-of-${name}`, resourceVersion: "7" },
  spec: { providerRef: { name }, eventSeverity: "info", ...spec },
});

export const providerOf = (name: string, namespace: string, spec: JsonObject, annotations?: { readonly [key: string]: string }): Manifest => ({
  apiVersion: NOTIFICATION,
  kind: "Provider",
  metadata: { name, namespace, uid: "0a1b2c3d-0000-4000-8000-00000000000f", ...(annotations !== undefined && { annotations }) },
  spec,
});

export const secretOf = (name: string, namespace: string, texts: { readonly [key: string]: string }): Manifest => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name, namespace },
  data: Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString("base64")])),
});
