import { epochMs, minutes, ms } from "@sluice/engine/domain/time.ts";
import type { Connection } from "@sluice/platform/kubernetes/connection.ts";
import { createHttp, NoAnswer } from "@sluice/platform/kubernetes/http.ts";
import { type ClusterAccess, createClusterAccess, type OpenCluster } from "@sluice/platform/lambda/cluster-access.ts";
import type { ClusterConfig } from "@sluice/platform/lambda/cluster-config.ts";
import { createGateFunction } from "@sluice/platform/lambda/gate.ts";
import { createMetrics } from "@sluice/platform/lambda/metrics.ts";
import { afterEach, describe, expect, it } from "vitest";
import { createCertificateAuthority } from "../../../../lib/local/sandbox/pki/pki.ts";
import { createSandbox } from "../../../../lib/local/sandbox/sandbox.ts";
import { type Scripted, type ScriptedServer, type Seen, startScripted, status } from "../../../support/api-server.ts";
import { hostOf, tokenConnection } from "../../../support/gate-world.ts";
import { connectionTo } from "../../../support/reconcile/connection.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const CANARY = "k8s-aws-v1.canary-token";
const PROD = { name: "prod", region: "eu-central-1" } as const;
const PRIVATE = { name: "private", region: "eu-central-1", gate: "sluice-gate-private" } as const;
const REF = { apiVersion: "v1", kind: "ConfigMap", namespace: "apps", name: "a" } as const;
const V1: Scripted = { code: 200, body: { resources: [{ name: "configmaps", kind: "ConfigMap", namespaced: true, verbs: [] }] } };
const FOUND: Scripted = { code: 200, body: { metadata: { name: "a", namespace: "apps" } } };
const DROP: Scripted = (response) => void response.socket?.destroy();

type World = {
  readonly access: ClusterAccess;
  /** The lines of the log: cluster, message, code. */
  readonly lines: string[];
  readonly raw: string[];
  /** Clusters of which AWS was asked where they are. */
  readonly described: string[];
  readonly forgotten: string[];
  unreachable(): readonly string[];
  at(time: number): void;
};

/** Clusters whose address `locate` knows, as EKS does. */
function createWorld(locate: (config: ClusterConfig) => Connection | Promise<Connection>, configs: readonly ClusterConfig[] = [PROD, PRIVATE]): World {
  const [lines, raw, described, forgotten, metrics]: [string[], string[], string[], string[], string[]] = [[], [], [], [], []];
  const known = new Map<string, Connection>();
  let time = 0;
  const counted = createMetrics((line) => metrics.push(line));
  const line =
    (cluster: string) =>
    (message: string, fields: object): void => {
      raw.push(JSON.stringify({ message, ...fields }));
      lines.push([cluster, message, ...("code" in fields ? [fields.code] : [])].join(": "));
    };
  const access = createClusterAccess({
    configs,
    connections: {
      open: async (config) => {
        const before = known.get(config.name);
        if (before !== undefined) return before;
        described.push(config.name);
        const connection = await locate(config);
        known.set(config.name, connection);
        return connection;
      },
      forget: (name) => {
        forgotten.push(name);
        known.delete(name);
      },
    },
    invokeGate:
      ({ gate }) =>
      async (payload, signal) => {
        const { server }: { server: string } = JSON.parse(payload);
        const made = createGateFunction({ SLUICE_ARTIFACT_BUCKET: "b", SLUICE_GATE_SERVERS: hostOf(server) }, { write: (text) => raw.push(text) });
        closing.push(made.close);
        lines.push(`invoked ${gate}`);
        return JSON.stringify(await made.pass(JSON.parse(payload), undefined, { signal }));
      },
    answers: { take: () => Promise.reject(new Error("not asked")) },
    host: { clock: { now: () => epochMs(time) }, logOf: (cluster) => ({ info: line(cluster), error: line(cluster) }), metrics: counted },
    http: { wait: async () => undefined },
  });
  return {
    access,
    lines,
    raw,
    described,
    forgotten,
    unreachable: () => {
      counted.flush();
      return metrics.splice(0).flatMap((text) => {
        const { cluster, ClusterUnreachable: times }: { cluster?: string; ClusterUnreachable?: number } = JSON.parse(text);
        return times === undefined ? [] : [`${cluster} ${times}`];
      });
    },
    at: (next) => {
      time = next;
    },
  };
}

const started = async (answers: readonly Scripted[] | ((seen: Seen) => Scripted), tls?: { certificate: string; key: string }): Promise<ScriptedServer> => {
  const server = await startScripted(answers, tls);
  closing.push(server.stop);
  return server;
};
const openedBy = async ({ access }: World, name: string = PROD.name, signal?: AbortSignal): Promise<OpenCluster> => {
  const opened = await access.open(name, signal);
  if (opened.kind === "unknown") throw new Error(`unknown: ${name}`);
  return opened;
};
const failureOf = (asked: Promise<unknown>): Promise<unknown> => asked.catch((error: unknown) => error);
const connectionOf = ({ url }: ScriptedServer, token = async (): Promise<string> => CANARY): Connection => ({ server: url, token });

describe("opening", () => {
  it("an unknown name is an answer", async () => {
    const world = createWorld(() => Promise.reject(new Error("not asked")));
    expect(await world.access.open("gone")).toEqual({ kind: "unknown", name: "gone" });
    expect(world.described).toEqual([]);
  });

  it("gives the same value for as long as the cluster answers, and asks discovery once", async () => {
    const server = await started(({ path }) => (path === "/api/v1" ? V1 : FOUND));
    const world = createWorld(() => connectionOf(server));
    const [first, second] = [await openedBy(world), await openedBy(world)];
    expect(second).toBe(first);
    await first.cluster.get(REF);
    await (await openedBy(world, PROD.name, new AbortController().signal)).cluster.get(REF);
    expect(server.seen.map(({ path }) => path)).toEqual(["/api/v1", "/api/v1/namespaces/apps/configmaps/a", "/api/v1/namespaces/apps/configmaps/a"]);
    expect([world.described, world.forgotten, world.lines]).toEqual([["prod"], [], []]);
  });

  it("as a user, or as ourselves", async () => {
    const server = await started(({ path }) => (path === "/api/v1" ? V1 : FOUND));
    const opened = await openedBy(createWorld(() => connectionOf(server)));
    expect(opened.as(undefined)).toBe(opened.cluster);
    await opened.as("system:serviceaccount:apps:deployer").get(REF);
    expect(server.seen.at(-1)?.headers["impersonate-user"]).toBe("system:serviceaccount:apps:deployer");
  });

  it("a signal ends what is sent; that says nothing about the cluster", async () => {
    const server = await started(({ path }) => (path === "/api/v1" ? V1 : () => ending.abort()));
    const world = createWorld(() => connectionOf(server));
    const ending = new AbortController();
    const { cluster } = await openedBy(world, PROD.name, ending.signal);
    expect(await failureOf(cluster.get(REF))).toBeInstanceOf(NoAnswer);
    expect([world.forgotten, world.lines, world.unreachable()]).toEqual([[], [], []]);
  });

  it("throws when AWS does not say where the cluster is; the next one asks again", async () => {
    const server = await started([FOUND]);
    let failures = 1;
    const world = createWorld(() => (failures-- > 0 ? Promise.reject(new Error("AccessDenied")) : connectionOf(server)));
    await expect(world.access.open("prod")).rejects.toThrow("AccessDenied");
    expect([world.lines, world.unreachable()]).toEqual([["prod: cluster cannot be found"], ["prod 1"]]);
    expect((await openedBy(world)).kind).toBe("opened");
  });

  it("a private cluster is reached through its gate, and through nothing else", async () => {
    const sandbox = await createSandbox({ nodes: false });
    closing.push(sandbox.stop);
    const connection = await tokenConnection(connectionTo(sandbox));
    const world = createWorld(() => connection);
    const { cluster } = await openedBy(world, PRIVATE.name);
    expect(await cluster.get({ apiVersion: "v1", kind: "Namespace", name: "default" })).toMatchObject({ kind: "found" });
    expect(world.lines).toEqual(["invoked sluice-gate-private", "invoked sluice-gate-private"]);
  });
});

describe("a cluster is lost", () => {
  it.each<{ name: string; answers: readonly Scripted[]; line: string }>([
    { name: "its API server is being upgraded: 503 for minutes", answers: [{ code: 503 }], line: "prod: cluster does not answer" },
    { name: "connections break", answers: [DROP], line: "prod: cluster does not answer" },
    {
      name: "its access entry was removed: 401 for everything",
      answers: [status(401, "Unauthorized", "Unauthorized")],
      line: "prod: cluster does not know our token: 401",
    },
  ])("when $name: told once, and described anew for the next run", async ({ answers, line }) => {
    const server = await started(answers);
    const world = createWorld(() => connectionOf(server));
    const { cluster, http } = await openedBy(world);
    await Promise.all([
      failureOf(cluster.get(REF)),
      failureOf(http.send({ method: "GET", path: "/api" })),
      failureOf(http.send({ method: "GET", path: "/apis" })),
    ]);
    await failureOf(http.send({ method: "GET", path: "/version" }));
    expect([world.lines, world.unreachable(), world.forgotten]).toEqual([[line], ["prod 1"], ["prod"]]);
    await openedBy(world);
    expect(world.described).toEqual(["prod", "prod"]);
    expect(world.raw.join()).not.toContain("canary");
  });

  it("its connections are closed, once what is under way has ended", async () => {
    const authority = createCertificateAuthority({ commonName: "ca", now: new Date() });
    const open = new Set<unknown>();
    const held: (() => void)[] = [];
    const answering =
      ({ path }: Seen): Scripted =>
      (response, request) => {
        open.add(request.socket);
        request.socket.once("close", () => open.delete(request.socket));
        if (path === "/slow") held.push(() => response.end("late"));
        else response.writeHead(401).end("{}");
      };
    const server = await started(answering, authority.issue({ commonName: "server", use: "server", hosts: ["127.0.0.1"] }));
    const { http } = await openedBy(createWorld(() => ({ server: server.url, certificateAuthority: authority.certificate })));
    const slow = http.send({ method: "GET", path: "/slow" });
    await expect.poll(() => held.length).toBe(1);
    await http.send({ method: "GET", path: "/refused" });
    for (const answer of held) answer();
    expect((await slow).body).toBe("late");
    await expect.poll(() => open.size).toBe(0);
  });

  it("when it was made anew elsewhere: one run fails, the next one finds it", async () => {
    const old = await started([FOUND]);
    const next = await started(({ path }) => (path === "/api/v1" ? V1 : FOUND));
    let server = old;
    const world = createWorld(() => connectionOf(server));
    await openedBy(world);
    await old.stop();
    server = next;
    expect(await failureOf((await openedBy(world)).cluster.get(REF))).toBeInstanceOf(NoAnswer);
    expect(await (await openedBy(world)).cluster.get(REF)).toMatchObject({ kind: "found" });
  });

  it("when it was made anew at the same address, with another certificate: it gets no token of ours before we know its authority", async () => {
    const [before, after] = [1, 2].map((number) => createCertificateAuthority({ commonName: `ca-${number}`, now: new Date() }));
    if (before === undefined || after === undefined) throw new Error("no authorities");
    const server = await started(({ path }) => (path === "/api/v1" ? V1 : FOUND), after.issue({ commonName: "server", use: "server", hosts: ["127.0.0.1"] }));
    let authority = before;
    const world = createWorld(() => ({ ...connectionOf(server), certificateAuthority: authority.certificate }));
    const first = await openedBy(world);
    authority = after;
    expect(await failureOf(first.cluster.get(REF))).toBeInstanceOf(NoAnswer);
    expect(server.seen).toEqual([]);
    const second = await openedBy(world);
    closing.push(second.http.close);
    expect(await second.cluster.get(REF)).toMatchObject({ kind: "found" });
  });

  it("when EKS names another server all by itself: the new one is used, and that the old one is silent loses nothing", async () => {
    const forgotten: string[] = [];
    const servers = [await started([DROP]), await started(({ path }) => (path === "/api/v1" ? V1 : FOUND))];
    const connections = servers.map((server) => connectionOf(server));
    let current = 0;
    const access = createClusterAccess({
      configs: [PROD],
      connections: { open: async () => connections[current] ?? connectionOf(await started([])), forget: (name) => void forgotten.push(name) },
      invokeGate: () => () => Promise.reject(new Error("not asked")),
      answers: { take: () => Promise.reject(new Error("not asked")) },
      host: { clock: { now: () => epochMs(0) }, logOf: () => ({ info: () => undefined, error: () => undefined }), metrics: createMetrics(() => undefined) },
      http: { wait: async () => undefined },
    });
    const old = await access.open("prod");
    current = 1;
    const opened = await access.open("prod");
    expect(opened.kind === "opened" && (await opened.cluster.get(REF)).kind).toBe("found");
    expect(servers[0]?.seen).toEqual([]);
    if (old.kind === "opened") expect(await failureOf(old.cluster.get(REF))).toBeInstanceOf(NoAnswer);
    expect(await access.open("prod")).toBe(opened);
    expect(forgotten).toEqual([]);
  });

  it("but not while another run has opened it again already", async () => {
    let broken = true;
    const server = await started(({ path }) => (broken ? DROP : path === "/api/v1" ? V1 : FOUND));
    const world = createWorld(() => connectionOf(server));
    const [old, other] = [await openedBy(world), await openedBy(world)];
    expect(other).toBe(old);
    await failureOf(old.cluster.get(REF));
    broken = false;
    const anew = await openedBy(world);
    expect(anew).not.toBe(old);
    await old.cluster.get(REF); // still usable: what is under way is not cut off
    expect(await openedBy(world)).toBe(anew);
  });
});

describe("a token that has expired", () => {
  it("is renewed in passing: nobody hears of it", async () => {
    const server = await started(({ path, headers }) =>
      headers.authorization === "Bearer old" ? status(401, "Unauthorized", "Unauthorized") : path === "/api/v1" ? V1 : FOUND,
    );
    let current = "old";
    const token = async (renew: boolean): Promise<string> => {
      if (renew) current = "new";
      return current;
    };
    const world = createWorld(() => connectionOf(server, token as () => Promise<string>));
    expect(await (await openedBy(world)).cluster.get(REF)).toMatchObject({ kind: "found" });
    expect([world.lines, world.unreachable(), world.forgotten]).toEqual([[], [], []]);
  });
});

describe("403 for everything, since the access entry has lost its policy", () => {
  const NO = status(403, "Forbidden", "no");
  const ask = async ({ http }: OpenCluster, times: number, headers: Record<string, string> = {}): Promise<void> => {
    for (let time = 0; time < times; time++) await http.send({ method: "GET", path: "/api/v1/configmaps", headers });
  };

  it("is told once, and the connection stays", async () => {
    const server = await started([NO]);
    const world = createWorld(() => connectionOf(server));
    await ask(await openedBy(world), 12);
    expect([world.lines, world.unreachable(), world.forgotten]).toEqual([["prod: cluster forbids whatever we ask: 403"], ["prod 1"], []]);
  });

  it("is not what a tenant's 403 means, nor a few of ours between other answers", async () => {
    let asked = 0;
    const server = await started(({ headers }) => (headers["impersonate-user"] !== undefined || ++asked % 5 !== 0 ? NO : FOUND));
    const world = createWorld(() => connectionOf(server));
    const opened = await openedBy(world);
    await ask(opened, 20, { "impersonate-user": "tenant" });
    await ask(opened, 20);
    expect([world.lines, world.unreachable()]).toEqual([[], []]);
  });
});

describe("429 storms", () => {
  it("requests that are sent away up to four times all end well, none sooner than asked, and spread over time", async () => {
    const times = new Map<string, number>();
    const server = await started(({ path }) => {
      const before = times.get(path) ?? 0;
      times.set(path, before + 1);
      return before < Number(path.split("/").at(-1)) % 5 ? { code: 429, headers: { "retry-after": "1" } } : FOUND;
    });
    const waits: number[] = [];
    let chances = 0;
    const http = createHttp(connectionOf(server), { wait: async (pause) => void waits.push(pause), chance: () => (chances++ % 10) / 10 });
    const ends = await Promise.all(Array.from({ length: 300 }, (_, index) => http.send({ method: "GET", path: `/api/v1/configmaps/${index}` })));
    expect(ends.every(({ code }) => code === 200)).toBe(true);
    expect([server.seen.length, waits.length, Math.min(...waits)]).toEqual([900, 600, 1000]);
    expect(new Set(waits).size).toBe(10);
  });
});

describe("discovery", () => {
  const CRD = (versions: readonly string[]) => ({
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "things.example.com" },
    spec: {
      group: "example.com",
      scope: "Namespaced",
      names: { kind: "Thing", plural: "things", singular: "thing", listKind: "ThingList" },
      versions: versions.map((name, index) => ({
        name,
        served: true,
        storage: index === 0,
        schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
      })),
    },
  });
  const OPTIONS = { manager: "test", force: true, dryRun: false };
  const thing = (version: string) => ({ apiVersion: `example.com/${version}`, kind: "Thing", metadata: { name: "one", namespace: "default" } });
  const refOf = (version: string) => ({ apiVersion: `example.com/${version}`, kind: "Thing", namespace: "default", name: "one" });

  it("knows a kind whose CRD came in the same run, and does not take the objects of a version that went for gone", async () => {
    const sandbox = await createSandbox({ nodes: false });
    closing.push(sandbox.stop);
    const world = createWorld(() => connectionTo(sandbox));
    const { cluster, http } = await openedBy(world);
    closing.push(http.close);
    expect(await cluster.get(refOf("v1beta1"))).toMatchObject({ kind: "refused", why: "unknown-kind" });
    expect(await cluster.apply(CRD(["v1beta1"]), OPTIONS)).toMatchObject({ kind: "created" });
    await expect.poll(async () => (await cluster.apply(thing("v1beta1"), OPTIONS)).kind).toMatch(/created|configured/);

    expect(await cluster.apply(CRD(["v1", "v1beta1"]), OPTIONS)).toMatchObject({ kind: "configured" });
    await expect.poll(async () => (await cluster.get(refOf("v1"))).kind).toBe("found");
    const without = { ...CRD(["v1"]), status: { storedVersions: ["v1"] } };
    await cluster.patch(
      { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", name: "things.example.com" },
      { body: { type: "merge", merge: { status: without.status } }, subresource: "status", manager: "test" },
    );
    expect(await cluster.apply(CRD(["v1"]), OPTIONS)).toMatchObject({ kind: "configured" });
    // Discovery still has v1beta1. "absent" would make an inventory forget an object that is there.
    await expect.poll(() => cluster.get(refOf("v1beta1"))).toMatchObject({ kind: "refused", why: "unknown-kind" });
    expect(await cluster.get(refOf("v1"))).toMatchObject({ kind: "found" });
    expect(world.lines).toEqual([]);
  });

  it("that the server contradicts is asked anew, and what is old is too", async () => {
    let served: readonly string[] = ["configmaps", "pods"];
    const server = await started(({ path }) =>
      path === "/api/v1"
        ? { code: 200, body: { resources: served.map((name) => ({ name, kind: name === "pods" ? "Pod" : "ConfigMap", namespaced: true, verbs: [] })) } }
        : path.endsWith("/gone")
          ? { code: 404, body: "404 page not found\n" }
          : FOUND,
    );
    const world = createWorld(() => connectionOf(server));
    const { cluster } = await openedBy(world);
    const asked = (): number => server.seen.filter(({ path }) => path === "/api/v1").length;
    await cluster.get(REF);
    await cluster.get(REF);
    expect(asked()).toBe(1);
    served = [];
    expect(await cluster.get({ ...REF, name: "gone" })).toMatchObject({ kind: "refused", why: "unknown-kind" });
    expect(await cluster.get(REF)).toMatchObject({ kind: "refused", why: "unknown-kind" });
    served = ["configmaps"];
    await cluster.get(REF);
    const before = asked();
    world.at(ms(minutes(5) - 1));
    await cluster.get(REF);
    expect(asked()).toBe(before);
    world.at(minutes(5) * 2);
    await cluster.get(REF);
    expect(asked()).toBe(before + 1);
  });
});
