import { randomBytes } from "node:crypto";
import type { Manifest, ObjectRef } from "@sluice/engine/domain/manifest.ts";
import { epochMs } from "@sluice/engine/domain/time.ts";
import type { Cluster, Patch } from "@sluice/engine/ports/cluster.ts";
import type { EventSink } from "@sluice/engine/ports/event-sink.ts";
import { NoWatchThroughGate } from "@sluice/platform/gate/gate-http.ts";
import { createCluster } from "@sluice/platform/kubernetes/cluster.ts";
import type { Connection } from "@sluice/platform/kubernetes/connection.ts";
import { createEventSink } from "@sluice/platform/kubernetes/events.ts";
import { createHttp, type Http } from "@sluice/platform/kubernetes/http.ts";
import { createKinds } from "@sluice/platform/kubernetes/kinds.ts";
import { type WatchEvent, watchKind } from "@sluice/platform/kubernetes/watch.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

export type PortsServer = {
  readonly connection: Connection;
  /** How requests get there when not over connections of our own. */
  readonly http?: Http;
  stop(): Promise<void>;
};

/** What a way to a cluster cannot do, and says so. */
export type Limits = { readonly watch: "served" | "refused" };

const NAMESPACE = `ports-${randomBytes(4).toString("hex")}`;
const MANAGER = { manager: "ports", force: false, dryRun: false };
const NOW = epochMs(Date.parse("2030-01-01T00:00:00Z"));

const ref = (kind: string, name: string, apiVersion = "v1"): ObjectRef => ({ apiVersion, kind, name, namespace: NAMESPACE });
type Texts = { readonly [key: string]: string };
const configMap = (name: string, data?: Texts, labels?: Texts): Manifest => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: NAMESPACE, ...(labels !== undefined && { labels }) },
  ...(data !== undefined && { data }),
});
const namespace = (name: string): Manifest => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
const merge = (body: Extract<Patch["body"], { readonly type: "merge" }>["merge"]): Patch => ({ body: { type: "merge", merge: body }, manager: "ports" });

/**
 * The contract of the ports Cluster, Kinds and EventSink, and of the watch, as the engine relies on them: which of the answers comes of what
 * an API server says. `connect` starts a server that has nothing but what is built in, as its administrator.
 */
export function describePorts(name: string, connect: () => Promise<PortsServer>, { watch }: Limits = { watch: "served" }): void {
  describe(`the ports on ${name}`, () => {
    let server: PortsServer;
    let http: Http;
    let cluster: Cluster;
    let kinds: ReturnType<typeof createKinds>;
    beforeAll(async () => {
      server = await connect();
      http = server.http ?? createHttp(server.connection);
      kinds = createKinds(http);
      cluster = createCluster(http, kinds);
      expect(await cluster.apply(namespace(NAMESPACE), MANAGER)).toMatchObject({ kind: "created" });
    });
    afterAll(async () => {
      await cluster?.delete({ apiVersion: "v1", kind: "Namespace", name: NAMESPACE }, { propagation: "Background" });
      http?.close();
      await server?.stop();
    });

    describe("get and list", () => {
      it("found, with apiVersion and kind", async () => {
        await cluster.apply(configMap("found", { a: "1" }), MANAGER);
        expect(await cluster.get(ref("ConfigMap", "found"))).toMatchObject({ kind: "found", object: configMap("found", { a: "1" }) });
      });

      it("absent", async () => expect(await cluster.get(ref("ConfigMap", "none"))).toEqual({ kind: "absent", message: 'configmaps "none" not found' }));

      it("listed by label, each with apiVersion and kind, and a version to watch from", async () => {
        for (const [one, colour] of [
          ["red", "r"],
          ["blue", "b"],
        ] as const)
          await cluster.apply(configMap(one, undefined, { colour }), MANAGER);
        const listed = await cluster.list({ apiVersion: "v1", kind: "ConfigMap", namespace: NAMESPACE, labelSelector: "colour=b" });
        expect(listed).toMatchObject({
          kind: "listed",
          items: [configMap("blue", undefined, { colour: "b" })],
          resourceVersion: expect.stringMatching(/^\d+$/),
        });
        expect(listed.kind === "listed" && listed.items).toHaveLength(1);
      });
    });

    describe("apply", () => {
      it("created, then configured; a dry run keeps nothing", async () => {
        expect(await cluster.apply(configMap("applied"), { ...MANAGER, dryRun: true })).toMatchObject({ kind: "created" });
        expect((await cluster.get(ref("ConfigMap", "applied"))).kind).toBe("absent");
        expect(await cluster.apply(configMap("applied"), MANAGER)).toMatchObject({ kind: "created" });
        expect(await cluster.apply(configMap("applied", { a: "1" }), MANAGER)).toMatchObject({ kind: "configured", object: { data: { a: "1" } } });
      });

      it("refused: conflict, and not with force", async () => {
        await cluster.apply(configMap("contested", { a: "1" }), MANAGER);
        const other = { ...MANAGER, manager: "other" };
        expect(await cluster.apply(configMap("contested", { a: "2" }), other)).toMatchObject({
          kind: "refused",
          why: "conflict",
          code: 409,
          reason: "Conflict",
          message: expect.stringContaining('conflict with "ports": .data.a'),
        });
        expect(await cluster.apply(configMap("contested", { a: "2" }), { ...other, force: true })).toMatchObject({ kind: "configured" });
      });

      it.each<{ why: string; code: number; manifest: Manifest; message: RegExp }>([
        { why: "invalid", code: 422, manifest: configMap("a_b"), message: /^ConfigMap "a_b" is invalid: metadata\.name: / },
        { why: "invalid", code: 0, manifest: configMap("a/b"), message: /may not contain '\/'/ },
        {
          why: "unknown-kind",
          code: 0,
          manifest: { ...configMap("x"), apiVersion: "example.com/v1", kind: "Thing" },
          message: /^no matches for kind "Thing" in version "example\.com\/v1"$/,
        },
        {
          why: "absent",
          code: 404,
          manifest: { ...configMap("x"), metadata: { name: "x", namespace: `${NAMESPACE}-none` } },
          message: /namespaces ".*-none" not found/,
        },
        { why: "other", code: 500, manifest: { ...configMap("x"), nonsense: 1 }, message: /field not declared in schema/ },
      ])("refused: $why, $code", async ({ why, code, manifest, message }) =>
        expect(await cluster.apply(manifest, MANAGER)).toMatchObject({ kind: "refused", why, code, message: expect.stringMatching(message) }));

      it("refused: immutable", async () => {
        await cluster.apply({ ...configMap("fixed", { a: "1" }), immutable: true }, MANAGER);
        expect(await cluster.apply({ ...configMap("fixed", { a: "2" }), immutable: true }, MANAGER)).toMatchObject({
          kind: "refused",
          why: "immutable",
          code: 422,
        });
      });

      it("refused: terminating", async () => {
        const going = `${NAMESPACE}-going`;
        await cluster.apply(namespace(going), MANAGER);
        const held: Manifest = { ...configMap("held"), metadata: { name: "held", namespace: going, finalizers: ["example.com/held"] } };
        await cluster.apply(held, MANAGER);
        await cluster.delete({ apiVersion: "v1", kind: "Namespace", name: going }, { propagation: "Background" });
        const late: Manifest = { ...configMap("late"), metadata: { name: "late", namespace: going } };
        expect(await cluster.apply(late, MANAGER)).toMatchObject({ kind: "refused", why: "terminating", code: 403, reason: "Forbidden" });
        await cluster.patch({ ...ref("ConfigMap", "held"), namespace: going }, merge({ metadata: { finalizers: null } }));
      });
    });

    describe("create and replace", () => {
      it("created in the manager's name, once", async () => {
        const answer = await cluster.create(configMap("made", { a: "1" }), { manager: "ports" });
        expect(answer).toMatchObject({ kind: "created", object: { metadata: { managedFields: [{ manager: "ports", operation: "Update" }] } } });
        expect(await cluster.create(configMap("made", { a: "2" }), { manager: "ports" })).toEqual({
          kind: "exists",
          message: 'configmaps "made" already exists',
        });
      });

      it("refused as it is refused elsewhere", async () => {
        expect(await cluster.create(configMap("Not_A_Name"), { manager: "ports" })).toMatchObject({ kind: "refused", why: "invalid", code: 422 });
      });

      it("replaced as a whole", async () => {
        await cluster.create(configMap("replaced", { a: "1" }), { manager: "ports" });
        expect(await cluster.replace(configMap("replaced", { b: "2" }), { manager: "ports" })).toMatchObject({
          kind: "replaced",
          object: { data: { b: "2" } },
        });
        const stale = configMap("replaced", { c: "3" });
        expect(await cluster.replace({ ...stale, metadata: { ...stale.metadata, resourceVersion: "1" } }, { manager: "ports" })).toEqual({ kind: "stale" });
        expect(await cluster.replace(configMap("none"), { manager: "ports" })).toEqual({ kind: "absent", message: 'configmaps "none" not found' });
      });
    });

    describe("patch", () => {
      it("patched by merge and by JSON, in the manager's name", async () => {
        await cluster.apply(configMap("patched", { a: "1" }), MANAGER);
        expect(await cluster.patch(ref("ConfigMap", "patched"), merge({ data: { b: "2" } }))).toMatchObject({
          kind: "patched",
          object: { data: { a: "1", b: "2" } },
        });
        const operations = [{ op: "remove", path: "/data/a" }] as const;
        const answer = await cluster.patch(ref("ConfigMap", "patched"), { body: { type: "json", operations }, manager: "remover" });
        expect(answer).toMatchObject({ kind: "patched", object: { data: { b: "2" } } });
      });

      it("stale: another resourceVersion", async () => {
        await cluster.apply(configMap("stale"), MANAGER);
        expect(await cluster.patch(ref("ConfigMap", "stale"), merge({ metadata: { resourceVersion: "1" }, data: { a: "1" } }))).toEqual({ kind: "stale" });
      });

      it("absent", async () =>
        expect(await cluster.patch(ref("ConfigMap", "none"), merge({}))).toEqual({ kind: "absent", message: 'configmaps "none" not found' }));

      it("refused: a value that does not fit", async () => {
        await cluster.apply(configMap("misfit"), MANAGER);
        const answer = await cluster.patch(ref("ConfigMap", "misfit"), merge({ metadata: { labels: { a: "not a label!" } } }));
        expect(answer).toMatchObject({ kind: "refused", why: "invalid", code: 422 });
      });
    });

    describe("delete", () => {
      it("deleted, then absent", async () => {
        await cluster.apply(configMap("deleted"), MANAGER);
        expect(await cluster.delete(ref("ConfigMap", "deleted"), { propagation: "Background" })).toEqual({ kind: "deleted" });
        expect(await cluster.delete(ref("ConfigMap", "deleted"), { propagation: "Background" })).toEqual({ kind: "absent" });
      });

      it("refused: another uid", async () => {
        await cluster.apply(configMap("another"), MANAGER);
        const answer = await cluster.delete(ref("ConfigMap", "another"), { propagation: "Background", uid: "00000000-0000-0000-0000-000000000000" });
        expect(answer).toMatchObject({ kind: "refused", why: "conflict", code: 409 });
      });
    });

    it("impersonation: with the rights of that user alone", async () => {
      await cluster.apply(configMap("secret-plans"), MANAGER);
      const user = `system:serviceaccount:${NAMESPACE}:nobody`;
      const tenant = createCluster(http, kinds, { user });
      const no = { kind: "refused", why: "forbidden", code: 403, reason: "Forbidden", message: expect.stringContaining(`User "${user}" cannot`) };
      expect(await tenant.get(ref("ConfigMap", "secret-plans"))).toMatchObject(no);
      expect(await tenant.list({ apiVersion: "v1", kind: "ConfigMap", namespace: NAMESPACE })).toMatchObject(no);
      expect(await tenant.apply(configMap("theirs"), MANAGER)).toMatchObject(no);
      expect(await tenant.patch(ref("ConfigMap", "secret-plans"), merge({}))).toMatchObject(no);
      expect(await tenant.delete(ref("ConfigMap", "secret-plans"), { propagation: "Background" })).toMatchObject(no);
    });

    it("kinds: in exactly that version; versions preferred first; a hash for the schemas of each group-version", async () => {
      expect(await kinds.find("apps/v1", "Deployment")).toMatchObject({ plural: "deployments", namespaced: true, hasStatus: true });
      expect(await kinds.find("v1", "Namespace")).toMatchObject({ plural: "namespaces", namespaced: false });
      expect(await kinds.find("autoscaling/v2beta1", "HorizontalPodAutoscaler")).toBeUndefined();
      expect(await kinds.versions("autoscaling", "HorizontalPodAutoscaler")).toEqual(["autoscaling/v2", "autoscaling/v1"]);
      expect(await kinds.versions("example.com", "Thing")).toEqual([]);
      const schemas = await kinds.schemas();
      expect([schemas.get("v1"), schemas.get("apps/v1"), schemas.get("example.com/v1")]).toEqual([
        expect.stringMatching(/.+/),
        expect.stringMatching(/.+/),
        undefined,
      ]);
    });

    it("everything that is served is what is found one by one, preferred versions first, and the server says its version", async () => {
      const all = await kinds.all();
      for (const [apiVersion, kind] of [
        ["v1", "Secret"],
        ["batch/v1", "Job"],
        ["apps/v1", "Deployment"],
        ["apiextensions.k8s.io/v1", "CustomResourceDefinition"],
      ] as const) {
        const served = all.filter((facts) => facts.apiVersion === apiVersion && facts.kind === kind);
        const one = await kinds.find(apiVersion, kind);
        expect(served.map((facts) => ({ ...facts, verbs: facts.verbs.toSorted() }))).toEqual([{ ...one, verbs: one?.verbs.toSorted() }]);
      }
      expect(all.filter(({ kind }) => kind === "HorizontalPodAutoscaler").map(({ apiVersion }) => apiVersion)).toEqual(["autoscaling/v2", "autoscaling/v1"]);
      expect(await kinds.serverVersion()).toMatchObject({ version: expect.stringMatching(/^v1\.\d+\.\d+/), major: "1", minor: expect.stringMatching(/^\d+/) });
    });

    it("the event sink: a repeat counts, another message is another Event, and a namespace that is not there is no trouble", async () => {
      const sink: EventSink = createEventSink(http, { now: () => NOW });
      const object = { apiVersion: "v1", kind: "ConfigMap", namespace: NAMESPACE, name: "about", uid: "u", resourceVersion: "1" };
      const event = {
        object,
        type: "Normal",
        reason: "Progressing",
        message: "one",
        metadata: { "example.com/revision": "r" },
        controller: "kustomize-controller",
      } as const;
      await sink.emit(event);
      await sink.emit(event);
      await sink.emit({ ...event, type: "Warning", message: "two" });
      await sink.emit({ ...event, object: { ...object, namespace: `${NAMESPACE}-none` } });
      const listed = await cluster.list({ apiVersion: "v1", kind: "Event", namespace: NAMESPACE });
      const told = listed.kind === "listed" ? listed.items.flatMap((item) => ("count" in item ? [`${item.type} ${item.message} x${item.count}`] : [])) : [];
      expect(told.toSorted()).toEqual(["Normal one x2", "Warning two x1"]);
    });

    if (watch === "refused")
      it("the watch: refused, in a type of its own", async () => {
        const opening = http.open({ method: "GET", path: "/api/v1/configmaps?watch=true" }, new AbortController().signal);
        await expect(opening).rejects.toBeInstanceOf(NoWatchThroughGate);
      });
    else
      it("the watch: what is there, what comes, changes and goes", async () => {
        const kind = await kinds.find("v1", "ConfigMap");
        if (kind === undefined) throw new Error("no ConfigMaps");
        const stop = new AbortController();
        const told: string[] = [];
        const trouble: string[] = [];
        const waiting = new Map<string, () => void>();
        const onEvent = ({ type, object }: WatchEvent): void => {
          const text = `${type} ${object.kind}/${object.metadata.name}`;
          told.push(text);
          waiting.get(text)?.();
        };
        const until = (text: string): Promise<void> => new Promise((done) => waiting.set(text, done));
        await cluster.apply(configMap("w-there", undefined, { watched: "yes" }), MANAGER);
        const there = until("ADDED ConfigMap/w-there");
        const watching = watchKind(http, { kind, labelSelector: "watched=yes", onEvent, onTrouble: (text) => trouble.push(text), signal: stop.signal });
        await there;
        const steps: readonly (readonly [text: string, act: () => Promise<unknown>])[] = [
          ["ADDED ConfigMap/w-new", () => cluster.apply(configMap("w-new", undefined, { watched: "yes" }), MANAGER)],
          ["MODIFIED ConfigMap/w-new", () => cluster.patch(ref("ConfigMap", "w-new"), merge({ data: { a: "1" } }))],
          ["DELETED ConfigMap/w-there", () => cluster.delete(ref("ConfigMap", "w-there"), { propagation: "Background" })],
        ];
        for (const [text, act] of steps) {
          const seen = until(text);
          await act();
          await seen;
        }
        stop.abort();
        await watching;
        expect(told).toEqual(["ADDED ConfigMap/w-there", ...steps.map(([text]) => text)]);
        expect(trouble).toEqual([]);
      });
  });
}
