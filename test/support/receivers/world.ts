import { randomUUID } from "node:crypto";
import { createKustomizer } from "@sluice/engine/build/kustomize/build.ts";
import type { JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest, ObjectRef } from "@sluice/engine/domain/manifest.ts";
import { type EpochMs, epochMs } from "@sluice/engine/domain/time.ts";
import type { ObjectItem } from "@sluice/engine/domain/work-item.ts";
import { KINDS } from "@sluice/engine/flux/kinds.ts";
import type { Cluster } from "@sluice/engine/ports/cluster.ts";
import type { FluxEvent } from "@sluice/engine/ports/event-sink.ts";
import type { JsonDocuments } from "@sluice/engine/ports/json-documents.ts";
import type { Notes } from "@sluice/engine/ports/notes.ts";
import type { ReceiveDeps } from "@sluice/engine/reconcile/receive/deps.ts";
import { findListedReceivers } from "@sluice/engine/reconcile/receive/listed-receivers.ts";
import { createReceive, type Receive } from "@sluice/engine/reconcile/receive/receive.ts";
import { createEngine } from "@sluice/engine/reconcile/run.ts";
import { DEFAULT_SETTINGS, type Settings } from "@sluice/engine/reconcile/settings.ts";
import { applyOne, install } from "../../../lib/local/prepare-cluster.ts";
import { type ApiServer, createApiServer } from "../../simulation/api-server.ts";
import { NO_CHARTS } from "../no-charts.ts";

export const RECEIVER = { apiVersion: "notification.toolkit.fluxcd.io/v1", kind: "Receiver" } as const;
const CLUSTER = "test";
const START = Date.parse("2026-01-02T03:04:05.678Z");

export type ReceiverWorld = Awaited<ReturnType<typeof createReceiverWorld>>;

export type EngineOptions = { readonly settings?: Partial<Settings>; readonly notes?: Notes };

/** An API server in the process with Sluice in it, the engine, and whatever answers webhooks. */
export async function createReceiverWorld(documents: JsonDocuments) {
  const time = { now: START };
  const clock = { now: (): EpochMs => epochMs(time.now) };
  const api: ApiServer = createApiServer(CLUSTER, {
    clock,
    waits: { costs: { apiServer: 0, s3: 0, sqs: 0, sns: 0, git: 0 }, wait: async () => undefined },
    createUid: randomUUID,
  });
  const { cluster, kinds } = api.admin;
  await install(cluster, { namespace: "flux-system", version: "v0.0.0", image: "sluice:v0.0.0" });
  const events: FluxEvent[] = [];
  const log: string[] = [];
  const write = (message: string, fields: object): void => void log.push(JSON.stringify({ message, ...fields }));
  const queued: { readonly item: ObjectItem; readonly in: number }[] = [];

  const engine = ({ settings = {}, notes }: EngineOptions = {}) =>
    createEngine({
      cluster,
      as: () => cluster,
      kinds,
      artifacts: { has: async () => false, get: async () => undefined, put: async () => ({ digest: "", size: 0, url: "" }) },
      renders: { recall: async () => undefined, remember: async () => undefined },
      charts: NO_CHARTS,
      indexes: { remember: async () => undefined, recall: async () => undefined },
      kustomizer: createKustomizer(),
      randomBytes: (count) => new Uint8Array(count),
      events: { emit: async (event) => void events.push(event) },
      clock,
      log: { info: write, error: write },
      settings: { ...DEFAULT_SETTINGS, ...settings },
      git: {
        open: () => {
          throw new Error("no remote here");
        },
      },
      queue: {
        send: async (item, { notBefore } = {}) => {
          if (item.kind === "object") queued.push({ item, in: (notBefore ?? time.now) - time.now });
        },
      },
      clusterName: CLUSTER,
      ...(notes !== undefined && { notes }),
    });

  const world = {
    cluster,
    api,
    time,
    clock,
    events,
    log,
    queued,
    engine,
    documents,
    put: (manifest: Manifest): Promise<void> => applyOne(cluster, manifest),
    find: async (ref: ObjectRef): Promise<Manifest | undefined> => {
      const answer = await cluster.get(ref);
      return answer.kind === "found" ? answer.object : undefined;
    },
    merge: async (ref: ObjectRef, merge: JsonObject): Promise<void> => {
      const answer = await cluster.patch(ref, { body: { type: "merge", merge }, manager: "somebody" });
      if (answer.kind !== "patched") throw new Error(`${ref.name} was not patched: ${answer.kind}`);
    },
    remove: async (ref: ObjectRef): Promise<void> => void (await cluster.delete(ref, { propagation: "Background" })),
    /** One pass of the engine over a Receiver. */
    pass: async (namespace: string, name: string, options: EngineOptions & { readonly cause?: string } = {}) => {
      const key = { cluster: CLUSTER, group: KINDS.Receiver.group, kind: KINDS.Receiver.kind, namespace, name };
      return engine(options).run({ kind: "object", key, cause: options.cause ?? "start", look: "test" });
    },
    receive: (more: Partial<ReceiveDeps> = {}): Receive =>
      createReceive({
        findReceivers: (path) => findListedReceivers(cluster, CLUSTER, path),
        clusterNamed: async (name): Promise<Cluster | undefined> => (name === CLUSTER ? cluster : undefined),
        documents,
        clock,
        log: { info: write, error: write },
        settings: DEFAULT_SETTINGS,
        ...more,
      }),
  };
  return world;
}

export const secretOf = (name: string, namespace: string, values: { readonly [key: string]: string | Uint8Array }): Manifest => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name, namespace },
  data: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString("base64")])),
});
