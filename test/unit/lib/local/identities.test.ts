import { createKustomizer } from "@sluice/engine/build/kustomize/build.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { jsonOf } from "@sluice/engine/domain/manifest-json.ts";
import { epochMs, hours } from "@sluice/engine/domain/time.ts";
import type { WorkItem } from "@sluice/engine/domain/work-item.ts";
import { NOTIFY_IDENTITY, RECEIVER_IDENTITY, SOURCE_IDENTITY, SWEEP_IDENTITY } from "@sluice/engine/flux/installation.ts";
import { apiVersionOfKind, type FluxKindName, KINDS } from "@sluice/engine/flux/kinds.ts";
import { conditionsOf } from "@sluice/engine/flux/object.ts";
import type { ChartRepositories } from "@sluice/engine/ports/chart-repositories.ts";
import type { GitRemotes } from "@sluice/engine/ports/git-remote.ts";
import { createEngine, type Engine } from "@sluice/engine/reconcile/run.ts";
import { DEFAULT_SETTINGS } from "@sluice/engine/reconcile/settings.ts";
import { createCluster } from "@sluice/platform/kubernetes/cluster.ts";
import { createEventSink } from "@sluice/platform/kubernetes/events.ts";
import { createHttp, type Http } from "@sluice/platform/kubernetes/http.ts";
import { createKinds } from "@sluice/platform/kubernetes/kinds.ts";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { applyOne, install } from "../../../../lib/local/prepare-cluster.ts";
import { createSandbox, type Sandbox } from "../../../../lib/local/sandbox/sandbox.ts";
import { chartArchive } from "../../../support/helm/source-world.ts";
import { NO_CHARTS } from "../../../support/no-charts.ts";
import { createCalls } from "../../../support/reconcile/calls.ts";
import { connectionTo } from "../../../support/reconcile/connection.ts";
import { calledArtifacts, calledRenders, createMemory } from "../../../support/reconcile/ports.ts";

/** The functions on AWS, in a cluster that `sluice install` has prepared: with the rights of their groups, and nobody's else. */
let sandbox: Sandbox;
let admin: Http;
const memory = createMemory();
const queued: WorkItem[] = [];
const refused: string[] = [];
let now = Date.now();

beforeAll(async () => {
  sandbox = await createSandbox({ nodes: false });
  admin = createHttp(connectionTo(sandbox));
  const cluster = createCluster(admin, createKinds(admin));
  await install(cluster, { namespace: "flux-system", version: "v0.0.0", image: "sluice:v0.0.0" });
  for (const manifest of OBJECTS) await applyOne(cluster, manifest);
});
afterAll(async () => {
  admin.close();
  await sandbox.stop();
});
beforeEach(() => {
  queued.length = 0;
  refused.length = 0;
});

const inApps = (kind: FluxKindName, name: string, spec: object): Manifest => ({
  apiVersion: apiVersionOfKind(KINDS[kind]),
  kind,
  metadata: { name, namespace: "apps" },
  spec: jsonOf(spec as Manifest),
});
const URL = "https://git.example.com/app.git";
const OBJECTS: readonly Manifest[] = [
  { apiVersion: "v1", kind: "Namespace", metadata: { name: "apps" } },
  { apiVersion: "v1", kind: "Secret", metadata: { name: "credentials", namespace: "apps" }, stringData: { username: "git", password: "canary" } },
  { apiVersion: "v1", kind: "Secret", metadata: { name: "proxy", namespace: "apps" }, stringData: { address: "http://proxy.example.com" } },
  { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "facts", namespace: "apps" }, data: { a: "1" } },
  inApps("GitRepository", "other", { url: URL, interval: "1m", ref: { branch: "main" } }),
  inApps("GitRepository", "app", {
    url: URL,
    interval: "1m",
    ref: { branch: "main" },
    secretRef: { name: "credentials" },
    proxySecretRef: { name: "proxy" },
    include: [{ repository: { name: "other" } }],
  }),
  inApps("GitRepository", "broken", { url: URL, interval: "1m", ref: { branch: "nowhere" } }),
  inApps("HelmRepository", "charts", { url: "https://charts.example.com", interval: "1m" }),
  inApps("OCIRepository", "images", { url: "oci://example.com/x", interval: "1m" }),
  inApps("Bucket", "bucket", { endpoint: "example.com", bucketName: "b", interval: "1m" }),
  inApps("HelmChart", "chart", { chart: "x", interval: "1m", sourceRef: { kind: "HelmRepository", name: "charts" } }),
  inApps("Kustomization", "apps", { interval: "1m", prune: true, path: "./deploy", sourceRef: { kind: "GitRepository", name: "app" } }),
];

const COMMIT = "a".repeat(40);
const git: GitRemotes = {
  open: () => ({
    resolve: async (ref) => (ref === "refs/heads/main" ? { kind: "found", commit: COMMIT } : { kind: "no-such-ref" }),
    tags: async () => ({ kind: "empty" }),
    fetch: async () => {
      const text = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: applied\n  namespace: apps\n";
      const tree = new Map([["deploy/a.yaml", { bytes: Buffer.from(text), executable: false }]]);
      return { kind: "fetched", commit: { id: COMMIT, message: "first", time: epochMs(0) }, tree };
    },
  }),
};

const INDEX = "apiVersion: v1\nentries: {x: [{apiVersion: v2, name: x, version: 1.0.0, urls: [x-1.0.0.tgz]}]}\n";
const CHARTS: ChartRepositories = {
  ...NO_CHARTS,
  index: async () => ({ kind: "found", bytes: Buffer.from(INDEX) }),
  chart: async () => ({ kind: "found", bytes: chartArchive("x", "1.0.0") }),
};

/** Notes what the server does not allow. */
function watched(http: Http): Http {
  return {
    ...http,
    send: async (request) => {
      const answer = await http.send(request);
      if (answer.code === 403) refused.push(`${request.method} ${request.path.split("?")[0]}`);
      return answer;
    },
  };
}

function engineAs(group: string | undefined): { readonly engine: Engine; readonly http: Http } {
  const http = watched(createHttp(connectionTo(sandbox, group === undefined ? sandbox.kubeconfig() : sandbox.kubeconfigFor("a-function", [group]))));
  const kinds = createKinds(http);
  const cluster = createCluster(http, kinds);
  const calls = createCalls();
  const engine = createEngine({
    cluster,
    as: () => cluster,
    kinds,
    artifacts: calledArtifacts(memory, calls),
    renders: calledRenders(memory, calls),
    charts: CHARTS,
    indexes: calledRenders(memory, calls),
    kustomizer: createKustomizer(),
    randomBytes: (count) => new Uint8Array(count),
    events: createEventSink(http, { now: () => epochMs(now) }),
    clock: { now: () => epochMs(now) },
    log: { info: () => undefined, error: () => undefined },
    settings: { ...DEFAULT_SETTINGS, fullLookEvery: hours(1e9) },
    git,
    queue: { send: async (item) => void queued.push(item) },
    clusterName: "prod",
  });
  return { engine, http };
}

async function runAs(group: string | undefined, items: readonly WorkItem[]): Promise<void> {
  const { engine, http } = engineAs(group);
  for (const item of items) await engine.run(item);
  http.close();
}

const item = (kind: FluxKindName, name: string): WorkItem => ({
  kind: "object",
  key: { cluster: "prod", group: KINDS[kind].group, kind, namespace: "apps", name },
  cause: "push",
  look: String(now),
});
const object = (kind: FluxKindName, name: string): Manifest | undefined =>
  sandbox.store.get({ group: KINDS[kind].group, plural: KINDS[kind].plural }, "apps", name);
const readyOf = (kind: FluxKindName, name: string): string | undefined => {
  const found = object(kind, name);
  return found === undefined ? undefined : conditionsOf(found).find(({ type }) => type === "Ready")?.message;
};

describe("the group sluice:source", () => {
  const sources: readonly (readonly [FluxKindName, string])[] = [
    ["GitRepository", "other"],
    ["GitRepository", "app"],
    ["GitRepository", "broken"],
    ["HelmRepository", "charts"],
    ["OCIRepository", "images"],
    ["Bucket", "bucket"],
    ["HelmChart", "chart"],
  ];

  it("is enough for every source: status, finalizers, Secrets, includes, Events, a failure and its repeat, a push, a deletion", async () => {
    await runAs(SOURCE_IDENTITY, [
      ...sources.map(([kind, name]) => item(kind, name)),
      ...sources.map(([kind, name]) => item(kind, name)),
      { kind: "push", repository: URL, ref: "refs/heads/main", delivery: "d" },
    ]);
    expect(refused).toEqual([]);
    expect(object("GitRepository", "app")).toMatchObject({
      metadata: { finalizers: ["finalizers.fluxcd.io"] },
      status: { artifact: { revision: `main@sha1:${COMMIT}` } },
    });
    expect(object("HelmChart", "chart")).toMatchObject({ metadata: { finalizers: ["finalizers.fluxcd.io"] }, status: { artifact: { revision: "1.0.0" } } });
    expect(object("Bucket", "bucket")).toMatchObject({
      status: { conditions: expect.arrayContaining([expect.objectContaining({ type: "Stalled" })]) },
    });
    const events = sandbox.store.list({ group: "", plural: "events" });
    expect(new Set(events.map(({ reason }) => reason))).toEqual(new Set(["NewArtifact", "GitOperationFailed", "UnsupportedKind", "ChartPullSucceeded"]));
    expect(queued).toContainEqual(expect.objectContaining({ key: expect.objectContaining({ kind: "Kustomization", name: "apps" }) }));
    expect(queued).toContainEqual(expect.objectContaining({ cause: "push" }));

    await createCluster(admin, createKinds(admin)).delete(
      { apiVersion: apiVersionOfKind(KINDS.GitRepository), kind: "GitRepository", namespace: "apps", name: "broken" },
      { propagation: "Background" },
    );
    await runAs(SOURCE_IDENTITY, [item("GitRepository", "broken")]);
    expect(refused).toEqual([]);
    expect(object("GitRepository", "broken")).toBeUndefined();
  });

  it.each([
    ["get", "/api/v1/namespaces/apps/secrets/credentials", 200],
    ["get", "/api/v1/namespaces/apps/secrets", 403],
    ["get", "/api/v1/namespaces/apps/configmaps/facts", 403],
    ["get", "/api/v1/namespaces", 403],
    ["delete", "/apis/source.toolkit.fluxcd.io/v1/namespaces/apps/gitrepositories/app", 403],
    ["delete", "/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/apps/kustomizations/apps", 403],
    ["delete", "/api/v1/namespaces/apps/secrets/credentials", 403],
  ])("%s %s: %i", async (method, path, code) => expect(await answerTo(SOURCE_IDENTITY, method, path)).toBe(code));

  it("changes nothing that is applied", async () => {
    await runAs(SOURCE_IDENTITY, [item("Kustomization", "apps")]);
    expect(refused.length).toBeGreaterThan(0);
    expect(object("Kustomization", "apps")?.status).toEqual({ observedGeneration: -1 });
  });
});

describe("the group sluice:sweep", () => {
  it("is enough to look after a whole cluster, and to find what has drifted", async () => {
    await runAs(undefined, [item("Kustomization", "apps"), item("Kustomization", "apps")]);
    expect(readyOf("Kustomization", "apps")).toBe(`Applied revision: main@sha1:${COMMIT}`);
    queued.length = 0;
    const sweep = async (): Promise<void> => {
      now += 7_200_000;
      await runAs(SWEEP_IDENTITY, [{ kind: "cluster", cluster: "prod", since: epochMs(now - 7_200_000), until: epochMs(now) }]);
    };
    await sweep();
    expect(refused).toEqual([]);
    expect(namesIn(queued)).not.toContain("apps");
    const changed = { type: "merge" as const, merge: { metadata: { labels: { "kustomize.toolkit.fluxcd.io/name": "gone" } } } };
    await createCluster(admin, createKinds(admin)).patch(
      { apiVersion: "v1", kind: "ConfigMap", namespace: "apps", name: "applied" },
      { body: changed, manager: "somebody" },
    );
    queued.length = 0;
    await sweep();
    expect(refused).toEqual([]);
    expect(namesIn(queued)).toContain("apps");
  });

  it.each([
    ["get", "/api/v1/namespaces/apps/secrets", 200],
    ["get", "/apis/apps/v1/deployments", 200],
    ["get", "/openapi/v3", 200],
    ["post", "/api/v1/namespaces/apps/configmaps", 403],
    ["patch", "/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/apps/kustomizations/apps/status", 403],
    ["delete", "/api/v1/namespaces/apps/secrets/credentials", 403],
    ["post", "/api/v1/namespaces/apps/events", 403],
  ])("%s %s: %i", async (method, path, code) => expect(await answerTo(SWEEP_IDENTITY, method, path)).toBe(code));
});

/** What they need they are given in test/aws/notifications.test.ts, where nothing that they ask for is refused. */
describe.each([
  {
    group: NOTIFY_IDENTITY,
    may: ["get /apis/notification.toolkit.fluxcd.io/v1beta3/alerts", "get /api/v1/namespaces/apps/secrets/credentials"],
    mayNot: [
      "get /api/v1/namespaces/apps/secrets",
      "get /apis/notification.toolkit.fluxcd.io/v1/receivers",
      "get /apis/kustomize.toolkit.fluxcd.io/v1/kustomizations",
      "patch /apis/kustomize.toolkit.fluxcd.io/v1/namespaces/apps/kustomizations/apps",
      "patch /apis/notification.toolkit.fluxcd.io/v1beta3/namespaces/apps/alerts/a",
      "get /api/v1/namespaces/apps/configmaps/facts",
    ],
  },
  {
    group: RECEIVER_IDENTITY,
    may: ["get /apis/source.toolkit.fluxcd.io/v1/gitrepositories", "get /api/v1/namespaces/apps/secrets/credentials"],
    mayNot: [
      "get /api/v1/namespaces/apps/secrets",
      "get /apis/notification.toolkit.fluxcd.io/v1/receivers",
      "patch /apis/notification.toolkit.fluxcd.io/v1/namespaces/apps/receivers/a",
      "patch /apis/kustomize.toolkit.fluxcd.io/v1/namespaces/apps/kustomizations/apps/status",
      "delete /apis/kustomize.toolkit.fluxcd.io/v1/namespaces/apps/kustomizations/apps",
      "post /apis/kustomize.toolkit.fluxcd.io/v1/namespaces/apps/kustomizations",
      "post /api/v1/namespaces/apps/events",
    ],
  },
])("the group $group", ({ group, may, mayNot }) => {
  const ask = (request: string): Promise<number> => {
    const [method = "", path = ""] = request.split(" ");
    return answerTo(group, method, path);
  };
  it.each(may)("%s", async (request) => expect(await ask(request)).toBe(200));
  it.each(mayNot)("not %s", async (request) => expect(await ask(request)).toBe(403));
});

const namesIn = (items: readonly WorkItem[]): readonly string[] => items.flatMap((one) => (one.kind === "object" ? [one.key.name] : []));

async function answerTo(group: string, method: string, path: string): Promise<number> {
  const http = createHttp(connectionTo(sandbox, sandbox.kubeconfigFor("a-function", [group])));
  const verb = method.toUpperCase();
  if (verb !== "GET" && verb !== "POST" && verb !== "PATCH" && verb !== "DELETE") throw new Error(method);
  const body = verb === "GET" ? {} : { body: "{}", ...(verb === "PATCH" && { contentType: "application/merge-patch+json" }) };
  const { code } = await http.send({ method: verb, path, ...body });
  http.close();
  return code;
}
