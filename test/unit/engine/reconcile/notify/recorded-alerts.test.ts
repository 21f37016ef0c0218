import { readdirSync } from "node:fs";
import type { JsonObject } from "@sluice/engine/domain/json.ts";
import { describe, expect, it } from "vitest";
import { notified, type RecordedEvent, type RecordedWarning, readRecorded, warningLine } from "../../../../support/notify/recorded.ts";
import { alertOf, createWorld, providerOf, type WorldOptions } from "../../../../support/notify/world.ts";

const NAMESPACE = "alerts-team";
const SPECIAL = ["events", "metadata", "deduplication", "rate-limit-interval", "endpoint", "no-cross-namespace-refs"];
const names = readdirSync(new URL("../../../../conformance/notifications/alerts", import.meta.url))
  .map((file) => file.replace(".yaml", ""))
  .filter((name) => !SPECIAL.includes(name));

type Given = { readonly name: string; readonly namespace: string; readonly spec: JsonObject };
type Events = {
  readonly objectsInTheCluster: readonly {
    readonly kind: string;
    readonly name: string;
    readonly namespace: string;
    readonly labels?: { readonly [key: string]: string };
  }[];
  readonly events: { readonly [name: string]: RecordedEvent };
};
const { objectsInTheCluster, events } = readRecorded<Events>("alerts/events.yaml");

const inTheCluster = objectsInTheCluster.map(({ kind, ...metadata }) => ({ apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind, metadata }));

const worldWith = (alert: Given, options: WorldOptions = {}) =>
  createWorld({
    ...options,
    objects: [...inTheCluster, alertOf(alert), providerOf(alert.name, alert.namespace, { type: "generic", address: "http://127.0.0.1/hook" })],
  });

it("reads all that was recorded", () => expect(names.length).toBeGreaterThan(20));

describe.each(names)("alerts/%s", (name) => {
  type Recorded = {
    readonly given: { readonly alert: Given };
    readonly sent: readonly string[];
    readonly notSent: readonly string[];
    readonly alertEvents?: readonly RecordedWarning[];
  };
  const recorded = readRecorded<Recorded>(`alerts/${name}.yaml`);

  it("lets the same events through and says the same", async () => {
    const world = worldWith(recorded.given.alert);
    for (const [id, event] of Object.entries(events)) await world.notifications().dispatch(notified(id, event));
    expect(world.queue.map(({ delivery }) => delivery.event.id)).toEqual(recorded.sent);
    expect(Object.keys(events).filter((id) => !recorded.sent.includes(id))).toEqual(recorded.notSent);
    expect(world.warnings().toSorted()).toEqual((recorded.alertEvents ?? []).map(warningLine).toSorted());
    for (const { object, controller } of world.told) {
      expect(object).toMatchObject({ kind: "Alert", name: recorded.given.alert.name, namespace: NAMESPACE, uid: `uid-of-${recorded.given.alert.name}` });
      expect(controller).toBe("notification-controller");
    }
  });
});

describe("alerts/no-cross-namespace-refs", () => {
  type Recorded = {
    readonly alerts: {
      readonly [name: string]: { readonly spec: JsonObject; readonly sent: readonly string[]; readonly alertEvents?: readonly RecordedWarning[] };
    };
  };
  const { alerts } = readRecorded<Recorded>("alerts/no-cross-namespace-refs.yaml");

  it.each(Object.entries(alerts))("%s", async (name, { spec, sent, alertEvents = [] }) => {
    const world = worldWith({ name, namespace: NAMESPACE, spec }, { noCrossNamespaceRefs: true });
    for (const id of ["ks-info", "ks-other-namespace"]) await world.notifications().dispatch(notified(id, found(id)));
    expect(world.queue.map(({ delivery }) => delivery.event.id)).toEqual(sent);
    expect(world.warnings()).toEqual(alertEvents.map(warningLine));
  });
});

const META: RecordedEvent = {
  involvedObject: { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization", namespace: NAMESPACE, name: "meta", uid: "u" },
  severity: "info",
  timestamp: "2026-01-02T03:04:05Z",
  reason: "ReconciliationSucceeded",
  message: "",
  reportingController: "test-controller",
};
const OF_META = { eventSources: [{ kind: "Kustomization", name: "meta" }] };

describe("alerts/metadata", () => {
  type Texts = { readonly [key: string]: string } | "(none)";
  type Recorded = {
    readonly events: { readonly [name: string]: Texts };
    readonly alerts: {
      readonly [name: string]: {
        readonly spec: JsonObject;
        readonly sentMetadata: { readonly [event: string]: Texts };
        readonly alertEvents: { readonly [event: string]: RecordedWarning };
      };
    };
  };
  const recorded = readRecorded<Recorded>("alerts/metadata.yaml");

  // An Event that says what another has said already only counts: its annotations stay those of the first, which is all that the recorder could see.
  it.each(Object.entries(recorded.alerts))("%s", async (alert, { spec, sentMetadata, alertEvents }) => {
    const world = worldWith({ name: alert, namespace: NAMESPACE, spec: { ...OF_META, ...spec } });
    const said: { [event: string]: RecordedWarning } = {};
    for (const [name, metadata] of Object.entries(recorded.events)) {
      const before = world.warnings().length;
      await world.notifications().dispatch(notified(name, { ...META, message: name, ...(metadata !== "(none)" && { metadata }) }));
      const last = world.told.at(-1);
      if (last === undefined || world.warnings().length === before) continue;
      said[name] = { type: last.type, reason: last.reason, message: last.message, annotations: last.metadata };
    }
    expect(Object.fromEntries(world.queue.map(({ delivery }) => [delivery.event.id, delivery.event.metadata ?? "(none)"]))).toEqual(sentMetadata);
    expect(said).toEqual(alertEvents);
  });
});

const GROUP = "kustomize.toolkit.fluxcd.io";

describe("alerts/deduplication", () => {
  type Recorded = {
    readonly firstEvent: RecordedEvent;
    readonly answers: readonly { readonly what: string; readonly status: 202 | 429; readonly sent: boolean }[];
  };
  const { firstEvent, answers } = readRecorded<Recorded>("alerts/deduplication.yaml");
  const about = (fields: { readonly [field: string]: string }): Partial<RecordedEvent> => ({ involvedObject: { ...firstEvent.involvedObject, ...fields } });
  const saying = (metadata: { readonly [key: string]: string }): Partial<RecordedEvent> => ({ metadata: { ...firstEvent.metadata, ...metadata } });
  const { metadata: _, ...bare } = firstEvent;

  /** What the recorder changed, by what it calls it. */
  const variants: { readonly [what: string]: RecordedEvent } = Object.fromEntries(
    Object.entries<Partial<RecordedEvent>>({
      "a first event": {},
      "the same again": {},
      "another reason": { reason: "Other" },
      "another severity": { severity: "error" },
      "another timestamp": { timestamp: "2026-01-02T03:04:06Z" },
      "another uid": about({ uid: "other" }),
      "another version of the group": about({ apiVersion: `${GROUP}/v2` }),
      "another controller": { reportingController: "other" },
      "more metadata of the controller": saying({ [`${GROUP}/other`]: "x" }),
      "more metadata of the object": saying({ "event.toolkit.fluxcd.io/other": "x" }),
      "with commit_status": saying({ [`${GROUP}/commit_status`]: "update" }),
      "another message": { message: "other" },
      "another revision": { metadata: { [`${GROUP}/revision`]: "main@sha1:bb" } },
      "with originRevision": saying({ [`${GROUP}/originRevision`]: "main@sha1:cc" }),
      "with a token": saying({ [`${GROUP}/token`]: "1" }),
      "with that token again": saying({ [`${GROUP}/token`]: "1" }),
      "with another token": saying({ [`${GROUP}/token`]: "2" }),
      "with a revision of another group only": { metadata: { "source.toolkit.fluxcd.io/revision": "main@sha1:aa" } },
      "another name": about({ name: "other" }),
      "another name again": about({ name: "other" }),
      "another namespace": about({ namespace: "other" }),
      "another kind": about({ kind: "HelmRelease" }),
      "the first event once more": {},
    }).map(([what, changes]) => [what, { ...firstEvent, ...changes }]),
  );

  it("says each thing once", async () => {
    const world = worldWith({ name: "meta", namespace: NAMESPACE, spec: OF_META });
    for (const { what, status, sent } of answers) {
      const event = what === "without metadata" ? bare : variants[what];
      if (event === undefined) throw new Error(`nobody knows what the recorder means by "${what}"`);
      const before = world.queue.length;
      const end = await world.notifications().dispatch(notified(what, event));
      // Of what nobody wants nothing is written down, so that a repeat of it is none here; nobody is sent the one or the other.
      const isUnwanted = end.kind === "dispatched" && end.alerts === 0;
      expect({ what, status: isUnwanted ? status : end.kind === "duplicate" ? 429 : 202, sent: world.queue.length > before }).toEqual({ what, status, sent });
    }
  });

  it("says it again after five minutes, as recorded with another interval in rate-limit-interval", async () => {
    const recorded = readRecorded<{ readonly answers: readonly { readonly what: string; readonly status: number }[] }>("alerts/rate-limit-interval.yaml");
    const world = worldWith({ name: "meta", namespace: NAMESPACE, spec: OF_META });
    const statuses: number[] = [];
    for (const [index, { what }] of recorded.answers.entries()) {
      if (what.startsWith("after")) world.wait(5 * 60_000);
      const { kind } = await world.notifications().dispatch(notified(String(index), firstEvent));
      statuses.push(kind === "duplicate" ? 429 : 202);
    }
    expect(statuses).toEqual(recorded.answers.map(({ status }) => status));
  });
});

function found(id: string): RecordedEvent {
  const event = events[id];
  if (event === undefined) throw new Error(`no event ${id}`);
  return event;
}
