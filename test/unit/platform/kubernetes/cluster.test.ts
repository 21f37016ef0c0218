import { epochMs } from "@sluice/engine/domain/time.ts";
import type { Cluster } from "@sluice/engine/ports/cluster.ts";
import { createCluster } from "@sluice/platform/kubernetes/cluster.ts";
import { createEventSink } from "@sluice/platform/kubernetes/events.ts";
import { createHttp } from "@sluice/platform/kubernetes/http.ts";
import { createKinds } from "@sluice/platform/kubernetes/kinds.ts";
import { collectionPath, groupVersionPath, objectPath, query } from "@sluice/platform/kubernetes/paths.ts";
import { parseRefusal } from "@sluice/platform/kubernetes/status.ts";
import { watchKind } from "@sluice/platform/kubernetes/watch.ts";
import { afterEach, describe, expect, it } from "vitest";
import { type Scripted, type ScriptedServer, type Seen, startScripted, status } from "../../../support/api-server.ts";

let server: ScriptedServer;
afterEach(() => server?.stop());

const V1 = {
  resources: [
    { name: "configmaps", kind: "ConfigMap", namespaced: true, verbs: ["get"] },
    { name: "namespaces", kind: "Namespace", namespaced: false, verbs: [] },
    { name: "namespaces/status", kind: "Namespace", namespaced: false, verbs: [] },
  ],
};
const REF = { apiVersion: "v1", kind: "ConfigMap", namespace: "apps", name: "a" } as const;
const MAP = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", namespace: "apps" } };

async function clusterThat(answer: (seen: Seen) => Scripted, impersonate?: { user: string }): Promise<Cluster> {
  server = await startScripted((seen) => (seen.path === "/api/v1" ? { code: 200, body: V1 } : answer(seen)));
  const http = createHttp({ server: server.url }, { wait: async () => undefined });
  return createCluster(http, createKinds(http), impersonate);
}

describe("paths", () => {
  const kind = { apiVersion: "apps/v1", kind: "Deployment", plural: "deployments", namespaced: true, verbs: [], hasStatus: true };
  it.each([
    [groupVersionPath("v1"), "/api/v1"],
    [groupVersionPath("apps/v1"), "/apis/apps/v1"],
    [collectionPath(kind, undefined), "/apis/apps/v1/deployments"],
    [collectionPath(kind, "a"), "/apis/apps/v1/namespaces/a/deployments"],
    [collectionPath({ ...kind, namespaced: false }, "a"), "/apis/apps/v1/deployments"],
    [objectPath(kind, "a", "../x?y"), "/apis/apps/v1/namespaces/a/deployments/..%2Fx%3Fy"],
    [query({ a: "1", b: undefined, c: "x=y,z" }), "?a=1&c=x%3Dy%2Cz"],
    [query({ a: undefined }), ""],
  ])("%s", (made, wanted) => expect(made).toBe(wanted));
});

describe("what is only metadata", () => {
  it.each<{ what: string; body: unknown }>([
    { what: "an object without the rest", body: { apiVersion: "meta.k8s.io/v1", kind: "PartialObjectMetadata", metadata: MAP.metadata } },
    { what: "the whole of one, from a server that knows no parts", body: MAP },
  ])("is $what", async ({ body }) => {
    const cluster = await clusterThat(() => ({ code: 200, body }));
    expect(await cluster.get(REF, "metadata")).toEqual({ kind: "found", object: MAP });
    expect(await cluster.get(REF)).toMatchObject({ kind: "found" });
    expect(server.seen.slice(1).map(({ headers }) => headers.accept)).toEqual([
      "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json",
      "application/json",
    ]);
  });
});

describe("refusals", () => {
  it.each<[number, string, string, string, unknown?]>([
    [422, "Invalid", "x is invalid", "invalid"],
    [422, "Invalid", "spec.template: field is immutable", "immutable"],
    [409, "Conflict", "the object has been modified", "conflict"],
    [403, "Forbidden", "no", "forbidden"],
    [403, "Forbidden", "no new content", "terminating", { causes: [{ reason: "NamespaceTerminating" }] }],
    [404, "NotFound", "not found", "absent"],
    [400, "BadRequest", "bad", "other"],
    [500, "InternalError", "oops", "other"],
  ])("%s %s %s: %s", (code, reason, message, why, details) => {
    const scripted = status(code, reason, message, details);
    const body = "body" in scripted ? JSON.stringify(scripted.body) : "";
    expect(parseRefusal({ code, headers: {}, body }, "GET x")).toEqual({ kind: "refused", why, code, reason, message });
  });

  it("an answer that is no Status is no answer; a bare 404 is one", () => {
    expect(() => parseRefusal({ code: 500, headers: {}, body: "<html>" }, "GET x")).toThrow("GET x: unexpected 500: <html>");
    expect(() => parseRefusal({ code: 200, headers: {}, body: "" }, "GET x")).toThrow("unexpected 200");
    expect(parseRefusal({ code: 404, headers: {}, body: "404 page not found\n" }, "GET x")).toMatchObject({ why: "absent", message: "404 page not found" });
  });
});

describe("the verbs", () => {
  it("a user is impersonated in every request, and in no group", async () => {
    const cluster = await clusterThat(() => ({ code: 200, body: MAP }), { user: "system:serviceaccount:apps:tenant" });
    await cluster.get(REF);
    const headers = server.seen.at(-1)?.headers;
    expect([headers?.["impersonate-user"], headers?.["impersonate-group"]]).toEqual(["system:serviceaccount:apps:tenant", undefined]);
  });

  it("a list comes page by page, its items with apiVersion and kind", async () => {
    const cluster = await clusterThat(({ path }) =>
      path.includes("continue=")
        ? { code: 200, body: { metadata: { resourceVersion: "8" }, items: [{ metadata: { name: "b" } }] } }
        : { code: 200, body: { metadata: { resourceVersion: "7", continue: "more" }, items: [{ metadata: { name: "a" } }] } },
    );
    const listed = await cluster.list({ apiVersion: "v1", kind: "ConfigMap", labelSelector: "a=b" });
    expect(listed).toEqual({
      kind: "listed",
      resourceVersion: "8",
      items: ["a", "b"].map((name) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name } })),
    });
    expect(server.seen.map(({ path }) => path).slice(1)).toEqual([
      "/api/v1/configmaps?limit=1000&labelSelector=a%3Db",
      "/api/v1/configmaps?limit=1000&labelSelector=a%3Db&continue=more",
    ]);
  });

  it("a list whose pages the server has forgotten is begun again, all at once", async () => {
    const cluster = await clusterThat(({ path }) => {
      if (path.includes("continue=")) return status(410, "Expired", "too old");
      const items = path.includes("limit=") ? ["a"] : ["a", "b"];
      const more = path.includes("limit=") ? { continue: "more" } : {};
      return { code: 200, body: { metadata: { resourceVersion: "9", ...more }, items: items.map((name) => ({ metadata: { name } })) } };
    });
    const listed = await cluster.list({ apiVersion: "v1", kind: "ConfigMap" });
    expect(listed.kind === "listed" && listed.items.map(({ metadata }) => metadata.name)).toEqual(["a", "b"]);
  });

  it("what is no object is no answer", async () => {
    const cluster = await clusterThat(() => ({ code: 200, body: "[]" }));
    await expect(cluster.get(REF)).rejects.toThrow("no object");
    await expect(cluster.list(REF)).rejects.toThrow("no list");
  });

  it.each<{ name: string; answer: Scripted; ask: (cluster: Cluster) => Promise<{ kind: string }>; kind: string }>([
    { name: "get: 404", answer: status(404, "NotFound", "no"), ask: (cluster) => cluster.get(REF), kind: "absent" },
    { name: "get: 403 is not absent", answer: status(403, "Forbidden", "no"), ask: (cluster) => cluster.get(REF), kind: "refused" },
    { name: "get: 500 is not absent", answer: status(500, "InternalError", "no"), ask: (cluster) => cluster.get(REF), kind: "refused" },
    {
      name: "apply: 201",
      answer: { code: 201, body: MAP },
      ask: (cluster) => cluster.apply(MAP, { manager: "m", force: true, dryRun: false }),
      kind: "created",
    },
    {
      name: "apply: 200",
      answer: { code: 200, body: MAP },
      ask: (cluster) => cluster.apply(MAP, { manager: "m", force: true, dryRun: true }),
      kind: "configured",
    },
    {
      name: "patch: 409",
      answer: status(409, "Conflict", "no"),
      ask: (cluster) => cluster.patch(REF, { body: { type: "merge", merge: {} }, manager: "m" }),
      kind: "stale",
    },
    {
      name: "patch: 404",
      answer: status(404, "NotFound", "no"),
      ask: (cluster) => cluster.patch(REF, { body: { type: "merge", merge: {} }, manager: "m" }),
      kind: "absent",
    },
    { name: "delete: 202", answer: { code: 202, body: {} }, ask: (cluster) => cluster.delete(REF, { propagation: "Background" }), kind: "deleted" },
    { name: "delete: 404", answer: status(404, "NotFound", "no"), ask: (cluster) => cluster.delete(REF, { propagation: "Background" }), kind: "absent" },
    {
      name: "delete: 409, another uid",
      answer: status(409, "Conflict", "no"),
      ask: (cluster) => cluster.delete(REF, { propagation: "Background", uid: "u" }),
      kind: "refused",
    },
  ])("$name", async ({ answer, ask, kind }) => {
    expect((await ask(await clusterThat(() => answer))).kind).toBe(kind);
  });
});

describe("discovery", () => {
  it.each<{ name: string; answer: Scripted; wants: string }>([
    { name: "404: the version is not served", answer: { code: 404, body: "404 page not found" }, wants: "undefined" },
    { name: "500 must not look like not served", answer: { code: 500, body: "oops" }, wants: "discovery of example.com/v1: unexpected 500: oops" },
    { name: "403 must not either", answer: status(403, "Forbidden", "no"), wants: "discovery of example.com/v1: unexpected 403" },
  ])("$name", async ({ answer, wants }) => {
    server = await startScripted([answer]);
    const kinds = createKinds(createHttp({ server: server.url }, { wait: async () => undefined }));
    const found = await kinds.find("example.com/v1", "Thing").catch((error: Error) => error.message);
    expect(String(found)).toContain(wants);
  });

  it("what is known is asked once, what is not, anew: its CRD may have come since", async () => {
    let served = false;
    server = await startScripted(({ path }) =>
      path === "/api/v1"
        ? { code: 200, body: V1 }
        : served
          ? { code: 200, body: { resources: [{ name: "things", kind: "Thing", namespaced: true, verbs: [] }] } }
          : { code: 404, body: "" },
    );
    const kinds = createKinds(createHttp({ server: server.url }));
    await Promise.all([kinds.find("v1", "ConfigMap"), kinds.find("v1", "Namespace")]);
    expect(await kinds.find("v1", "Namespace")).toMatchObject({ plural: "namespaces", namespaced: false, hasStatus: true });
    expect(await kinds.find("example.com/v1", "Thing")).toBeUndefined();
    served = true;
    expect(await kinds.find("example.com/v1", "Thing")).toMatchObject({ plural: "things", hasStatus: false });
    expect(server.seen.filter(({ path }) => path === "/api/v1").length).toBeLessThanOrEqual(2);
  });

  it("the hashes of schemas, by group-version; without them, none", async () => {
    server = await startScripted([
      {
        code: 200,
        body: {
          paths: { "api/v1": { serverRelativeURL: "/openapi/v3/api/v1?hash=AB" }, "apis/apps/v1": { serverRelativeURL: "/x?hash=CD&a=b" }, "apis/old": {} },
        },
      },
      { code: 404 },
    ]);
    const kinds = createKinds(createHttp({ server: server.url }));
    const [first, second] = await Promise.all([kinds.schemas(), kinds.schemas()]);
    expect(Object.fromEntries(first)).toEqual({ v1: "AB", "apps/v1": "CD" });
    // Those who ask at the same time share the answer; the next one asks anew.
    expect(second).toBe(first);
    expect((await kinds.schemas()).size).toBe(0);
  });
});

describe("a watch", () => {
  const KIND = { apiVersion: "v1", kind: "ConfigMap", plural: "configmaps", namespaced: true, verbs: [], hasStatus: false };
  const item = (name: string, resourceVersion = "1") => ({ metadata: { name, uid: name, resourceVersion } });
  const list = (names: readonly string[], resourceVersion: string): Scripted => ({
    code: 200,
    body: { metadata: { resourceVersion }, items: names.map((name) => item(name)) },
  });
  const lines = (...events: readonly object[]): Scripted => ({ code: 200, body: events.map((event) => `${JSON.stringify(event)}\n`).join("") });

  /** Runs until all answers are given; says what was told, what was trouble, and what was asked. */
  async function watched(answers: readonly Scripted[]): Promise<{ told: string[]; trouble: string[]; asked: string[] }> {
    const stop = new AbortController();
    const told: string[] = [];
    const trouble: string[] = [];
    let given = 0;
    server = await startScripted(() => {
      const answer = answers[given++];
      if (answer !== undefined) return answer;
      stop.abort();
      return (response) => void response.socket?.destroy();
    });
    await watchKind(
      createHttp({ server: server.url }, { wait: async () => undefined }),
      {
        kind: KIND,
        onEvent: ({ type, object }) => told.push(`${type} ${object.kind}/${object.metadata.name}`),
        onTrouble: (text) => trouble.push(text),
        signal: stop.signal,
      },
      async () => undefined,
    );
    return { told, trouble, asked: server.seen.map(({ path }) => /resourceVersion=(\w+)/.exec(path)?.[1] ?? "list") };
  }

  it("begins where the list ended, goes on where the watch ended, and takes bookmarks along without telling", async () => {
    const { told, asked, trouble } = await watched([
      list(["a"], "5"),
      lines({ type: "MODIFIED", object: item("a", "6") }, { type: "BOOKMARK", object: { metadata: { resourceVersion: "9" } } }),
      lines({ type: "DELETED", object: item("a", "12") }),
    ]);
    expect(told).toEqual(["ADDED ConfigMap/a", "MODIFIED ConfigMap/a", "DELETED ConfigMap/a"]);
    expect(asked).toEqual(["list", "5", "9", "12"]);
    expect(trouble).toEqual([]);
  });

  it.each<{ name: string; answer: Scripted }>([
    { name: "410 as an answer", answer: status(410, "Expired", "too old") },
    { name: "410 as an event", answer: lines({ type: "ERROR", object: { kind: "Status", code: 410, reason: "Expired" } }) },
  ])("$name leads to a new list, which tells what vanished", async ({ answer }) => {
    const { told, asked, trouble } = await watched([list(["a", "b"], "5"), answer, list(["b"], "20"), lines({ type: "ADDED", object: item("c", "21") })]);
    expect(told).toEqual(["ADDED ConfigMap/a", "ADDED ConfigMap/b", "DELETED ConfigMap/a", "ADDED ConfigMap/b", "ADDED ConfigMap/c"]);
    expect(asked).toEqual(["list", "5", "list", "20", "21"]);
    expect(trouble).toEqual([]);
  });

  it.each<{ name: string; answer: Scripted; text: RegExp }>([
    { name: "an error event of another sort", answer: lines({ type: "ERROR", object: { code: 500 } }), text: /^WATCH configmaps: an error/ },
    { name: "what is no event", answer: lines({ nonsense: true }), text: /^WATCH configmaps: no event/ },
    { name: "a refusal", answer: status(403, "Forbidden", "no"), text: /^WATCH configmaps: 403$/ },
    {
      name: "a connection that breaks off",
      answer: (response) => {
        response.writeHead(200);
        response.write('{"type":');
        setImmediate(() => response.socket?.destroy());
      },
      text: /./,
    },
  ])("$name is said, and it goes on with a list", async ({ answer, text }) => {
    const { trouble, asked } = await watched([list([], "5"), answer, list([], "6"), lines({ type: "ADDED", object: item("a", "7") })]);
    expect(trouble).toEqual([expect.stringMatching(text)]);
    expect(asked).toEqual(["list", "5", "list", "6", "7"]);
  });

  it("an event in many pieces, with a character cut in two", async () => {
    const text = `${JSON.stringify({ type: "ADDED", object: item("ä", "7") })}\n`;
    const bytes = Buffer.from(text);
    const cut = bytes.indexOf(0xc3) + 1;
    const { told } = await watched([
      list([], "5"),
      (response) => {
        response.writeHead(200);
        response.write(bytes.subarray(0, cut));
        setImmediate(() => response.end(bytes.subarray(cut)));
      },
    ]);
    expect(told).toEqual(["ADDED ConfigMap/ä"]);
  });
});

describe("events", () => {
  const EVENT = {
    object: { apiVersion: "v1", kind: "Kustomization", namespace: "apps", name: "web", uid: "u", resourceVersion: "1" },
    type: "Normal",
    reason: "Progressing",
    message: "m",
    metadata: { "kustomize.toolkit.fluxcd.io/revision": "r" },
    controller: "kustomize-controller",
  } as const;
  const sinkThat = async (answer: (seen: Seen) => Scripted) => {
    server = await startScripted(answer);
    return createEventSink(createHttp({ server: server.url }, { wait: async () => undefined }), { now: () => epochMs(Date.parse("2030-01-01T00:00:00Z")) });
  };

  it("is created with the annotations and the component that Flux gives it", async () => {
    const sink = await sinkThat(() => ({ code: 201, body: {} }));
    await sink.emit({ ...EVENT, type: "Trace" });
    expect(JSON.parse(server.seen[0]?.body ?? "")).toMatchObject({
      metadata: { namespace: "apps", annotations: EVENT.metadata },
      involvedObject: EVENT.object,
      type: "Normal",
      source: { component: "kustomize-controller" },
      count: 1,
      firstTimestamp: "2030-01-01T00:00:00Z",
    });
  });

  it("is sent again when nobody knows whether it arrived: an Event that is counted twice is less than a run that fails", async () => {
    let asked = 0;
    const sink = await sinkThat(() => (asked++ === 0 ? (response) => void response.socket?.destroy() : { code: 201, body: {} }));
    await sink.emit(EVENT);
    expect(server.seen.map(({ method, path }) => [method, path])).toEqual([1, 2].map(() => ["POST", "/api/v1/namespaces/apps/events"]));
  });

  it.each([
    ["a dot where it is cut", `${"a".repeat(235)}.${"b".repeat(17)}`],
    ["a hyphen where it is cut", `${"a".repeat(235)}-${"b".repeat(17)}`],
    ["as long as may be", "a".repeat(253)],
  ])("has a name that the API server takes, of an object with %s", async (_, name) => {
    const sink = await sinkThat(() => ({ code: 201, body: {} }));
    await sink.emit({ ...EVENT, object: { ...EVENT.object, name } });
    const { metadata } = JSON.parse(server.seen[0]?.body ?? "");
    expect(metadata.name).toMatch(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/);
    expect(metadata.name.length).toBeLessThanOrEqual(253);
  });

  it("a repeat that another one got ahead of counts from there, and gives up at some time", async () => {
    const live = [
      { count: 4, metadata: { resourceVersion: "7" } },
      { count: 5, metadata: { resourceVersion: "8" } },
    ];
    const patched: unknown[] = [];
    const answerOf = (isLost: (patch: number) => boolean) => (seen: Seen) => {
      if (seen.method === "POST") return status(409, "AlreadyExists", "there");
      if (seen.method === "GET") return { code: 200, body: live[Math.min(patched.length, 1)] };
      patched.push(JSON.parse(seen.body));
      return isLost(patched.length) ? status(409, "Conflict", "the object has been modified") : { code: 200, body: {} };
    };
    await (await sinkThat(answerOf((patch) => patch === 1))).emit(EVENT);
    expect(patched).toMatchObject([
      { metadata: { resourceVersion: "7" }, count: 5 },
      { metadata: { resourceVersion: "8" }, count: 6 },
    ]);
    await server.stop();
    patched.length = 0;
    await (await sinkThat(answerOf(() => true))).emit(EVENT);
    expect(patched).toHaveLength(5);
  });

  it("a repeat moves count and time of the first one, and leaves its annotations", async () => {
    const sink = await sinkThat(({ method }) => (method === "POST" ? status(409, "AlreadyExists", "there") : { code: 200, body: { count: 4 } }));
    await sink.emit(EVENT);
    expect(server.seen.map(({ method }) => method)).toEqual(["POST", "GET", "PATCH"]);
    expect(JSON.parse(server.seen[2]?.body ?? "")).toEqual({ count: 5, lastTimestamp: "2030-01-01T00:00:00Z" });
    expect(server.seen[1]?.path).toBe(server.seen[2]?.path);
  });

  it("a repeat is the same object, type, reason and message; another uid is not", async () => {
    const sink = await sinkThat(() => ({ code: 201, body: {} }));
    const variants = [
      EVENT,
      { ...EVENT, metadata: {} },
      { ...EVENT, message: "n" },
      { ...EVENT, reason: "R" },
      { ...EVENT, type: "Warning" as const },
      { ...EVENT, object: { ...EVENT.object, uid: "v" } },
    ];
    for (const variant of variants) await sink.emit(variant);
    const names = server.seen.map(({ body }) => JSON.parse(body).metadata.name);
    expect(names[0]).toBe(names[1]);
    expect(new Set(names).size).toBe(5);
  });

  it("a namespace that is gone or going takes none, and that is no failure", async () => {
    for (const answer of [status(404, "NotFound", "no"), status(403, "Forbidden", "terminating")]) await (await sinkThat(() => answer)).emit(EVENT);
    expect(server.seen).toHaveLength(1);
  });
});
