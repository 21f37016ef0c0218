import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { compileExpression } from "@sluice/engine/cel/expression.ts";
import type { Delivery } from "@sluice/engine/domain/delivery.ts";
import type { JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { notifiedEvent } from "@sluice/engine/events/notified-event.ts";
import { createNotifications } from "@sluice/engine/reconcile/notify/notifications.ts";
import { createSilences } from "@sluice/engine/reconcile/notify/silence.ts";
import type { Http } from "@sluice/platform/http/exchange.ts";
import { createHttp } from "@sluice/platform/http/http.ts";
import { createMemoryNotes } from "@sluice/platform/memory/notes.ts";
import { createNotifier } from "@sluice/platform/notifications/notifier.ts";
import { applyOne, install } from "../../../lib/local/prepare-cluster.ts";
import { systemClock } from "../../../lib/local/system-clock.ts";
import { createApiServer } from "../../simulation/api-server.ts";
import { type Spread, spreadOf } from "../report.ts";

/** What telling others costs: beside the same work without Alerts, Providers and expressions, in the same round. */
export type MeasuredNotifications = {
  readonly events: number;
  /** Milliseconds. */
  readonly notified: Spread;
  readonly posted: Spread;
  readonly ratio: Spread;
  readonly filters: readonly { readonly text: string; readonly perSecond: Spread; readonly ratio: Spread; readonly compileMs: Spread }[];
};

const EVENTS = 250;
const PARALLEL = 10;
const NAMESPACE = "flux-system";

/** An API server without a network: what it answers takes no time but its own. */
const WAITS = { costs: { apiServer: 0, s3: 0, sqs: 0, sns: 0, git: 0 }, wait: async () => undefined };

export async function measureNotifications(rounds: number): Promise<MeasuredNotifications> {
  const receiver = await startReceiver();
  const http = createHttp();
  try {
    const notify = await createInstallation(`${receiver.url}/hook`, http);
    const times: { notified: number; posted: number }[] = [];
    // The first round warms up, and is not counted.
    for (let round = 0; round <= rounds; round++) {
      receiver.bodies.splice(0);
      const notified = await timed(() => notify(round));
      const bodies = [...receiver.bodies];
      if (bodies.length !== EVENTS) throw new Error(`${EVENTS} events were to arrive, ${bodies.length} did`);
      const posted = await timed(() => sideBySide(bodies, (body) => post(http, `${receiver.url}/plain`, body)));
      if (round > 0) times.push({ notified, posted });
    }
    return {
      events: EVENTS,
      notified: spreadOf(times.map(({ notified }) => notified)),
      posted: spreadOf(times.map(({ posted }) => posted)),
      ratio: spreadOf(times.map(({ notified, posted }) => notified / posted)),
      filters: FILTERS.map((filter) => measureFilter(filter, rounds)),
    };
  } finally {
    http.close();
    await receiver.stop();
  }
}

/** Takes whatever comes. */
async function startReceiver() {
  const bodies: Buffer[] = [];
  const server = createServer(async (request, response) => {
    bodies.push(Buffer.concat(await request.toArray()));
    response.end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    bodies,
    stop: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** One Alert over everything, to a Provider of type generic: all events of a round are dispatched and delivered. */
async function createInstallation(address: string, http: Http): Promise<(round: number) => Promise<void>> {
  const server = createApiServer("bench", { clock: systemClock, waits: WAITS, createUid: randomUUID });
  await install(server.admin.cluster, { namespace: NAMESPACE, version: "v2.9.4", image: "sluice:v0.0.0" });
  await applyOne(server.admin.cluster, manifestOf("Provider", { type: "generic", address }));
  await applyOne(server.admin.cluster, manifestOf("Alert", { providerRef: { name: "all" }, eventSources: [{ kind: "Kustomization", name: "*" }] }));
  const waiting: Delivery[] = [];
  const notifications = createNotifications({
    clusterName: "bench",
    cluster: server.open().cluster,
    notifier: createNotifier({
      http,
      dial: () => Promise.reject(new Error("nothing but HTTP here")),
      aws: () => ({ send: () => Promise.reject(new Error("no AWS here")) }),
      now: systemClock.now,
      random: randomBytes,
      hostname: "bench",
    }),
    notes: createMemoryNotes({ clock: systemClock }),
    deliveries: { send: async (delivery) => void waiting.push(delivery) },
    events: { emit: async ({ message }) => Promise.reject(new Error(message)) },
    clock: systemClock,
    log: { info: () => undefined, error: () => undefined },
    settings: { noCrossNamespaceRefs: false },
    channels: {},
    signalAfter: (after) => AbortSignal.timeout(Math.ceil(after)),
    silences: createSilences(),
  });
  return async (round) => {
    await sideBySide(
      Array.from({ length: EVENTS }, (_, index) => eventOf(round, index)),
      notifications.dispatch,
    );
    await sideBySide(waiting.splice(0), notifications.deliver);
  };
}

const manifestOf = (kind: "Alert" | "Provider", spec: JsonObject): Manifest => ({
  apiVersion: "notification.toolkit.fluxcd.io/v1beta3",
  kind,
  metadata: { name: "all", namespace: NAMESPACE },
  spec,
});

function eventOf(round: number, index: number) {
  const event = notifiedEvent(
    {
      object: {
        apiVersion: "kustomize.toolkit.fluxcd.io/v1",
        kind: "Kustomization",
        namespace: NAMESPACE,
        name: `app-${index}`,
        uid: `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
        resourceVersion: String(round),
      },
      type: "Normal",
      reason: "ReconciliationSucceeded",
      message: `Reconciliation finished in ${round}.${index}s, next run in 10m0s`,
      metadata: { "kustomize.toolkit.fluxcd.io/revision": `main@sha1:${"0123456789".repeat(4)}` },
      controller: "kustomize-controller",
    },
    { cluster: "bench", now: systemClock.now() },
  );
  if (event === undefined) throw new Error("nobody is told of this event");
  return event;
}

async function post(http: Http, url: string, body: Uint8Array): Promise<void> {
  const headers = { "content-type": "application/json" };
  const answer = await http.send({ method: "POST", url, headers, body, signal: AbortSignal.timeout(15_000), maxBytes: 1024 });
  if (answer.kind !== "answered") throw new Error(answer.message);
}

async function sideBySide<Value>(values: readonly Value[], act: (value: Value) => Promise<unknown>): Promise<void> {
  const left = values.values();
  await Promise.all(
    Array.from({ length: PARALLEL }, async () => {
      for (const value of left) await act(value);
    }),
  );
}

async function timed(act: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await act();
  return performance.now() - began;
}

type Filter = { readonly text: string; readonly plain: (res: JsonObject) => boolean };

/** Filters as Receivers have them, and the same question in plain JavaScript over the same objects. */
const FILTERS: readonly Filter[] = [
  { text: "res.metadata.name == 'app-7'", plain: ({ metadata }) => isMap(metadata) && metadata.name === "app-7" },
  {
    text: "has(res.metadata.labels) && res.metadata.labels.exists(key, key.startsWith('team') && res.metadata.labels[key] in ['a', 'b'])",
    plain: ({ metadata }) =>
      isMap(metadata) &&
      isMap(metadata.labels) &&
      Object.entries(metadata.labels).some(([key, value]) => key.startsWith("team") && (value === "a" || value === "b")),
  },
];

const isMap = (value: unknown): value is { readonly [field: string]: unknown } => typeof value === "object" && value !== null;

const OBJECTS: readonly JsonObject[] = Array.from({ length: 250 }, (_, index) => ({
  apiVersion: "kustomize.toolkit.fluxcd.io/v1",
  kind: "Kustomization",
  metadata: { name: `app-${index}`, namespace: NAMESPACE, labels: { app: `app-${index}`, "team.example.com": index % 2 === 0 ? "a" : "c" } },
}));
const TURNS = 20;

function measureFilter({ text, plain }: Filter, rounds: number): MeasuredNotifications["filters"][number] {
  const times: { compile: number; cel: number; plain: number }[] = [];
  for (let round = 0; round <= rounds; round++) {
    let [compile, cel, plainly, kept, keptPlainly] = [0, 0, 0, 0, 0];
    for (let turn = 0; turn < TURNS; turn++) {
      const began = performance.now();
      const compiled = compileExpression(text, { variables: ["res", "req"], result: "bool" });
      if (!compiled.ok) throw new Error(compiled.problem);
      const ready = performance.now();
      for (const res of OBJECTS) {
        const end = compiled.value.evaluate({ res, req: {} });
        if (end.kind === "failed") throw new Error(end.message);
        if (end.value) kept++;
      }
      const done = performance.now();
      for (const res of OBJECTS) if (plain(res)) keptPlainly++;
      plainly += performance.now() - done;
      cel += done - ready;
      compile += ready - began;
    }
    if (kept !== keptPlainly || kept === 0) throw new Error(`${text}: kept ${kept} objects, ${keptPlainly} plainly`);
    if (round > 0) times.push({ compile: compile / TURNS, cel, plain: plainly });
  }
  return {
    text,
    perSecond: spreadOf(times.map(({ cel }) => (1000 * TURNS * OBJECTS.length) / cel)),
    ratio: spreadOf(times.map((one) => one.cel / one.plain)),
    compileMs: spreadOf(times.map(({ compile }) => compile)),
  };
}

export function notificationTable({ events, notified, posted, ratio, filters }: MeasuredNotifications): string {
  const shown = ({ min, median, max }: Spread, digits = 0): string => [min, median, max].map((value) => value.toFixed(digits)).join(" ");
  const thousands = ({ min, median, max }: Spread): string => shown({ min: min / 1000, median: median / 1000, max: max / 1000 });
  return [
    `${events} events, dispatched and delivered: ${shown(notified)} ms (min med max); their bodies posted plainly: ${shown(posted)} ms; ${shown(ratio, 1)} times`,
    ...filters.map(
      ({ text, perSecond, ratio: times, compileMs }) =>
        `${text}: ${thousands(perSecond)} thousand objects a second, ${shown(times)} times plain JavaScript; compiled in ${shown(compileMs, 2)} ms`,
    ),
    "",
  ].join("\n");
}
