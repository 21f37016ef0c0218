import { createHash } from "node:crypto";
import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { conditionsOf } from "@sluice/engine/flux/object.ts";
import type { JsonDocuments } from "@sluice/engine/ports/json-documents.ts";
import type { Settings } from "@sluice/engine/reconcile/settings.ts";
import { createHttp } from "@sluice/platform/http/http.ts";
import { createJsonDocuments } from "@sluice/platform/json-documents/json-documents.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PUBLIC_KEYS, startIssuer } from "../../../support/receivers/issuer.ts";
import {
  type RecordedEvent,
  type RecordedRequest,
  type RecordedStatus,
  type Recording,
  readRecording,
  recordingNames,
  requestOf,
} from "../../../support/receivers/recorded.ts";
import { createReceiverWorld, RECEIVER, type ReceiverWorld, secretOf } from "../../../support/receivers/world.ts";
import { checkStatus } from "../../../support/reconcile/check-status.ts";

const ISSUER_PLACE = "http://issuer.invalid";
const REQUESTED_AT = "reconcile.fluxcd.io/requestedAt";
const GO_TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)? \+0000 UTC m=\+\d+\.\d{9}$/;

type Target = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly labels?: { readonly [key: string]: string };
};
type Issuer = Awaited<ReturnType<typeof startIssuer>>;

const { targets } = readRecording("targets") as { readonly targets: readonly Target[] };
const SPECS: { readonly [kind: string]: JsonObject } = {
  GitRepository: { interval: "1m", url: "https://git.example.com/a" },
  HelmRepository: { interval: "1m", url: "https://charts.example.com" },
  OCIRepository: { interval: "1m", url: "oci://registry.example.com/a" },
  Bucket: { interval: "1m", bucketName: "assets", endpoint: "s3.example.com" },
  Kustomization: { interval: "1m", prune: true, sourceRef: { kind: "GitRepository", name: "web" } },
};

let world: ReceiverWorld;
let issuer: Issuer;
const http = createHttp();

beforeAll(async () => {
  issuer = await startIssuer();
  const real = createJsonDocuments({ http, clock: { now: () => world.clock.now() } });
  const documents: JsonDocuments = {
    get: async (url, options) =>
      url === "https://www.googleapis.com/oauth2/v3/certs" ? { kind: "found", document: JSON.parse(JSON.stringify(PUBLIC_KEYS)) } : real.get(url, options),
  };
  world = await createReceiverWorld(documents);
  for (const name of ["hooks", "hooks-other"]) await world.put({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
  for (const { apiVersion, kind, name, namespace, labels = {} } of targets) {
    await world.put({ apiVersion, kind, metadata: { name, namespace, labels }, spec: { ...SPECS[kind], suspend: true } });
  }
});
afterAll(async () => {
  http.close();
  await issuer.stop();
});

const named = ({ kind, namespace, name }: Target): string => `${kind}/${namespace}/${name}`;

/** What has the annotation now; it is taken away again. */
async function takeAnnotated(): Promise<readonly string[]> {
  const found: string[] = [];
  for (const target of targets) {
    const value = (await world.find(target))?.metadata.annotations?.[REQUESTED_AT];
    if (value === undefined) continue;
    expect(value).toMatch(GO_TIME);
    found.push(named(target));
    await world.merge(target, { metadata: { annotations: { [REQUESTED_AT]: null } } });
  }
  return found;
}

async function expectAnswer(request: RecordedRequest, path: string, settings: Partial<Settings> = {}): Promise<void> {
  const receive = world.receive({ settings: { noCrossNamespaceRefs: false, parallel: 8, ...settings } });
  world.time.now += 1234;
  const answer = await receive(requestOf(request, path, world.time.now));
  const annotated = await takeAnnotated();
  const { status, body = "", location } = request.answer;
  const what = request.what ?? request.path;
  expect([what, answer.code, answer.body, answer.headers.location]).toEqual([what, status, body, location]);
  expect([what, annotated.toSorted()]).toEqual([what, (request.annotated ?? []).toSorted()]);
  expect([what, answer.annotated.map(({ kind, namespace, name }) => `${kind}/${namespace}/${name}`).toSorted()]).toEqual([what, annotated.toSorted()]);
}

/** The recorder has sorted conditions by type; their order is recorded elsewhere (reference 0.2). */
const withoutTimes = (status: Manifest[string]): Json =>
  JSON.parse(
    JSON.stringify(status ?? {}, (key, value) => {
      if (key === "lastTransitionTime") return undefined;
      return key === "conditions" ? value.toSorted((a: { type: string }, b: { type: string }) => (a.type < b.type ? -1 : 1)) : value;
    }),
  );

const toldOf = (name: string): readonly RecordedEvent[] => {
  const told = world.events.filter(({ object }) => object.name === name).map(({ type, reason, message }) => ({ type, reason, message }));
  return [...new Map(told.map((event) => [JSON.stringify(event), event])).values()];
};

const byText = (events: readonly RecordedEvent[]): readonly string[] =>
  events.map((event) => JSON.stringify([event.type, event.reason, event.message])).toSorted();

const pathFor = (token: string, name: string): string => `/hook/${createHash("sha256").update(`${token}${name}hooks`).digest("hex")}`;

async function create({ receiver, secret }: Recording["given"]): Promise<void> {
  const { name, namespace, spec } = receiver;
  if (secret !== undefined) await world.put(secretOf(name, namespace, secret));
  await world.put({ ...RECEIVER, metadata: { name, namespace }, spec: { ...(secret !== undefined && { secretRef: { name } }), ...spec } });
}

/** The Receiver after a pass; another one right after it changes nothing. */
async function settled(name: string): Promise<Manifest> {
  await world.pass("hooks", name);
  const first = await world.find({ ...RECEIVER, namespace: "hooks", name });
  await world.pass("hooks", name);
  const second = await world.find({ ...RECEIVER, namespace: "hooks", name });
  expect(second?.metadata.resourceVersion).toBe(first?.metadata.resourceVersion);
  expect(second === undefined ? [] : checkStatus(second, { before: first, now: world.clock.now() })).toEqual([]);
  if (second === undefined) throw new Error(`there is no Receiver ${name}`);
  return second;
}

const SPECIAL = ["targets", "changing", "unwatched-secret", "no-cross-namespace-refs"];
const names = recordingNames().filter((name) => !SPECIAL.includes(name));

it("reads all that was recorded", () => {
  expect(recordingNames()).toEqual(expect.arrayContaining(SPECIAL));
  expect(names.length + SPECIAL.length).toBe(48);
});

const readOne = (name: string): Recording => JSON.parse(JSON.stringify(readRecording(name, ISSUER_PLACE)).replaceAll(ISSUER_PLACE, issuer.url)) as Recording;

describe("what was recorded of one Receiver", () => {
  it.each(names)("%s: status, events, answers and what is annotated", async (file) => {
    const recorded = readOne(file);
    const { name } = recorded.given.receiver;
    await create(recorded.given);
    const receiver = await settled(name);
    expect(withoutTimes(receiver.status)).toEqual(recorded.status);
    expect(receiver.metadata.finalizers).toEqual(recorded.finalizers);
    expect(byText(toldOf(name))).toEqual(byText(recorded.events ?? []));
    const path = (receiver.status as { webhookPath?: string }).webhookPath ?? pathFor(recorded.given.secret?.token ?? "", name);
    for (const request of recorded.requests) await expectAnswer(request, path);
    // A webhook changes nothing of its Receiver.
    expect((await world.find({ ...RECEIVER, namespace: "hooks", name }))?.metadata.resourceVersion).toBe(receiver.metadata.resourceVersion);
  });

  it("no-cross-namespace-refs: other namespaces are refused, the Receiver's own is not", async () => {
    const recorded = readOne("no-cross-namespace-refs");
    await create(recorded.given);
    const { name } = recorded.given.receiver;
    const { webhookPath } = (await settled(name)).status as { webhookPath: string };
    for (const request of recorded.requests) await expectAnswer(request, webhookPath, { noCrossNamespaceRefs: true });
  });

  it("unwatched-secret: the path stays until the next pass, and the signature counts with the new token at once", async () => {
    const recorded = readRecording("unwatched-secret") as { readonly webhookPath: { readonly before: string }; readonly requests: readonly RecordedRequest[] };
    const spec = { type: "generic-hmac", resources: [{ kind: "GitRepository", name: "web" }], secretRef: { name: "unwatched-secret" } };
    await world.put(secretOf("unwatched-secret", "hooks", { token: "first" }));
    await world.put({ ...RECEIVER, metadata: { name: "unwatched-secret", namespace: "hooks" }, spec });
    const { webhookPath } = (await settled("unwatched-secret")).status as { webhookPath: string };
    expect(webhookPath).toBe(recorded.webhookPath.before);
    await world.put(secretOf("unwatched-secret", "hooks", { token: "second" }));
    for (const request of recorded.requests) await expectAnswer(request, webhookPath);
  });
});

describe("changing: one Receiver over time", () => {
  type Step = {
    readonly what: string;
    readonly generation?: number;
    readonly status?: RecordedStatus;
    readonly requests: readonly RecordedRequest[];
  };
  const REF = { ...RECEIVER, namespace: "hooks", name: "changing" };
  const SECRET = { apiVersion: "v1", kind: "Secret", namespace: "hooks", name: "changing" };
  /** The tokens are those that give the recorded paths. */
  const acts: { readonly [what: string]: () => Promise<void> } = {
    created: async () => {
      await world.put(secretOf("changing", "hooks", { token: "first" }));
      const spec = { type: "generic", resources: [{ kind: "GitRepository", name: "web" }], secretRef: { name: "changing" } };
      await world.put({ ...RECEIVER, metadata: { name: "changing", namespace: "hooks" }, spec });
    },
    "the token in the secret changes; the secret has the label reconcile.fluxcd.io/watch=Enabled": () =>
      world.put(secretOf("changing", "hooks", { token: "second" })),
    "the key token is taken out of the secret": () => world.merge(SECRET, { data: { token: null, other: "eA==" } }),
    "the secret is deleted": () => world.remove(SECRET),
    "the secret comes back": () => world.put(secretOf("changing", "hooks", { token: "second" })),
    "a resourceFilter that does not compile": () => world.merge(REF, { spec: { resourceFilter: "nothing(" } }),
    "the resourceFilter is taken away": () => world.merge(REF, { spec: { resourceFilter: null } }),
    "reconcile.fluxcd.io/requestedAt is set on the Receiver": () => world.merge(REF, { metadata: { annotations: { [REQUESTED_AT]: "2026-01-02T03:04:05Z" } } }),
    suspended: () => world.merge(REF, { spec: { suspend: true } }),
    "the Receiver is deleted": () => world.remove(REF),
  };

  it("ends the same after each step", async () => {
    const { steps, events } = readRecording("changing") as { readonly steps: readonly Step[]; readonly events: readonly RecordedEvent[] };
    for (const { what, generation, status, requests } of steps) {
      const act = acts[what];
      if (act === undefined) throw new Error(`nobody knows how to do: ${what}`);
      await act();
      if (status === undefined) await world.pass("hooks", "changing");
      else {
        const receiver = await settled("changing");
        expect([what, receiver.metadata.generation, withoutTimes(receiver.status)]).toEqual([what, generation, status]);
      }
      for (const request of requests) await expectAnswer(request, request.path);
    }
    expect(await world.find(REF)).toBeUndefined();
    expect(byText(toldOf("changing"))).toEqual(byText(events));
  });
});

it("what a pass leaves is what a reader of conditions expects", async () => {
  const receiver = await world.find({ ...RECEIVER, namespace: "hooks", name: "generic" });
  expect(receiver === undefined ? [] : conditionsOf(receiver).map(({ type }) => type)).toEqual(["Ready"]);
});
