import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Json } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findSecrets } from "./checks/no-secrets.ts";
import { finish } from "./scenario/finish.ts";
import { createMinutes } from "./scenario/minutes.ts";
import { type Scenario, startScenario } from "./scenario/scenario.ts";
import { type AwsWorld, createAwsWorld } from "./world.ts";

/** What leaves an installation on AWS when something happens, and what comes in by Receivers. */

const NAMESPACE = "flux-system";
const ADDRESS_CANARY = "canary-in-the-path";
const TOKEN = "canary-token-of-the-receiver";

type Posted = { readonly path: string; readonly body: { readonly [key: string]: Json } };

let world: AwsWorld;
let app: Scenario;
let server: Server;
let origin: string;
const posted: Posted[] = [];
/** What the webhook answers next; 200 when there is nothing. */
const answers: number[] = [];
const minutes = createMinutes();

beforeAll(async () => {
  server = createServer(async (request, response) => {
    posted.push({ path: request.url ?? "", body: JSON.parse(await textOf(request)) });
    if (request.url === "/silent") return;
    response.writeHead(answers.shift() ?? 200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  world = await createAwsWorld({ clusters: [{ name: "prod" }, { name: "inner", private: true }], slack: `${origin}/slack`, amazonQ: "failures" });
  app = await startScenario(world, { repository: "ada/app" });
  for (const { spec } of world.clusters) for (const manifest of objects(spec.name)) await world.apply(manifest, spec.name);
});
afterAll(async () => {
  await world?.stop();
  server?.close();
  server?.closeAllConnections();
});

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString("utf8");
}

const objects = (cluster: string): readonly Manifest[] => [
  {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "generic-address", namespace: NAMESPACE },
    stringData: { address: `${origin}/generic/${cluster}/${ADDRESS_CANARY}` },
  },
  {
    apiVersion: "notification.toolkit.fluxcd.io/v1beta3",
    kind: "Provider",
    metadata: { name: "generic", namespace: NAMESPACE },
    spec: { type: "generic", secretRef: { name: "generic-address" } },
  },
  {
    apiVersion: "notification.toolkit.fluxcd.io/v1beta3",
    kind: "Alert",
    metadata: { name: "all", namespace: NAMESPACE },
    spec: { providerRef: { name: "generic" }, eventSources: [{ kind: "Kustomization", name: "*" }], eventMetadata: { summary: "from the test" } },
  },
  { apiVersion: "v1", kind: "Secret", metadata: { name: "receiver", namespace: NAMESPACE }, stringData: { token: TOKEN } },
  {
    apiVersion: "notification.toolkit.fluxcd.io/v1",
    kind: "Receiver",
    metadata: { name: "generic", namespace: NAMESPACE },
    spec: { type: "generic", secretRef: { name: "receiver" }, resources: [{ kind: "GitRepository", name: "app" }] },
  },
];

const at = (path: string): readonly Posted["body"][] => posted.filter((one) => one.path.startsWith(path)).map(({ body }) => body);
const generic = (cluster: string): readonly Posted["body"][] => at(`/generic/${cluster}/`);
const read = async (cluster: string, apiVersion: string, kind: string, name: string): Promise<Manifest | undefined> => {
  const answer = await world.cluster(cluster).admin.get({ apiVersion, kind, namespace: NAMESPACE, name });
  return answer.kind === "found" ? answer.object : undefined;
};

describe("a push", () => {
  let commit = "";
  it("is told to the generic webhook that an Alert of each cluster names, once each", async () => {
    commit = await app.push({ a: "1" });
    await finish(world);
    await app.ends();
    for (const cluster of ["prod", "inner"]) {
      const reasons = generic(cluster).map(({ reason }) => reason);
      expect(reasons.toSorted(), cluster).toEqual(["Progressing", "ReconciliationSucceeded"]);
    }
  });

  it("in the form of Flux's events, with what the Alert adds", () => {
    expect(generic("prod").find(({ reason }) => reason === "ReconciliationSucceeded")).toMatchObject({
      involvedObject: { kind: "Kustomization", namespace: NAMESPACE, name: "app", uid: expect.any(String), resourceVersion: expect.any(String) },
      severity: "info",
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      message: expect.stringContaining("Reconciliation finished"),
      metadata: { revision: `main@sha1:${commit}`, summary: "from the test" },
      reportingController: "kustomize-controller",
    });
  });

  it("that goes well is nothing for the channels of failures", () => expect(at("/slack")).toEqual([]));

  it("whose news meet a webhook that is busy are told a little later", async () => {
    const before = [posted.length, metricsOf("NotificationSent")];
    answers.push(500, 503);
    await app.push({ a: "2" });
    await finish(world);
    await app.ends();
    const [attempts, sent] = [posted.length - (before[0] ?? 0), metricsOf("NotificationSent") - (before[1] ?? 0)];
    // Each was sent once, but for two attempts that were answered otherwise.
    expect([metricsOf("NotificationRetried"), attempts - sent]).toEqual([2, 2]);
    expect(sent).toBeGreaterThanOrEqual(4);
    expect(metricsOf("NotificationGivenUp")).toBe(0);
  });

  it("that fails is told to the installation's own channels, and so is its recovery", async () => {
    await world.push("ada/app", { "a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a\n" });
    await finish(world);
    expect(JSON.stringify(at("/slack"))).toContain("kustomize build failed");
    const failures = at("/slack").length;
    const [told] = world.aws.sns.published(world.amazonQTopicArn ?? "");
    expect(JSON.parse(told?.message ?? "{}")).toMatchObject({ version: "1.0", source: "custom" });
    await app.push({ a: "3" });
    await app.ends();
    expect(at("/slack").length).toBeGreaterThan(failures);
  });
});

describe("a provider that says nothing", () => {
  it("delays neither its neighbour nor what is applied; the Alert's Event says it, once", async () => {
    const provider = { name: "silent", namespace: NAMESPACE };
    await world.apply({
      apiVersion: "notification.toolkit.fluxcd.io/v1beta3",
      kind: "Provider",
      metadata: provider,
      spec: { type: "generic", address: `${origin}/silent`, timeout: "3s" },
    });
    await world.apply({
      apiVersion: "notification.toolkit.fluxcd.io/v1beta3",
      kind: "Alert",
      metadata: provider,
      spec: {
        providerRef: { name: "silent" },
        eventSources: [
          { kind: "GitRepository", name: "app" },
          { kind: "Kustomization", name: "app" },
        ],
      },
    });
    const before = generic("prod").length;
    await app.push({ a: "silence" });
    await finish(world);
    await app.ends();
    expect(at("/silent").length).toBeGreaterThanOrEqual(3);
    const events = world.cluster("prod").sandbox?.store.list({ group: "", plural: "events" }) ?? [];
    const about = events.filter(({ involvedObject }) => JSON.stringify(involvedObject).includes('"Alert"'));
    expect(about.map(({ reason, type }) => `${type} ${reason}`)).toContain("Warning NotificationDispatchFailed");
    // Each neighbour was told before the first attempt at the silent one was over.
    expect(generic("prod").length - before).toBeGreaterThanOrEqual(2);
    const lastTold = posted.findLastIndex(({ path: told }) => told.startsWith("/generic/prod/"));
    expect(posted.slice(0, lastTold).filter(({ path: told }) => told === "/silent").length).toBeLessThanOrEqual(3);
    await world
      .cluster("prod")
      .admin.delete({ apiVersion: "notification.toolkit.fluxcd.io/v1beta3", kind: "Alert", ...provider }, { propagation: "Background" });
  });
});

describe("a Receiver", () => {
  let path = "";
  const paths: string[] = [];
  it("gets a path, which the sweep notes where the webhook's function looks for it", async () => {
    await world.tick(minutes.next());
    await finish(world);
    for (const cluster of ["prod", "inner"]) {
      const receiver = await read(cluster, "notification.toolkit.fluxcd.io/v1", "Receiver", "generic");
      const { webhookPath } = (receiver?.status ?? {}) as { webhookPath?: string };
      paths.push(webhookPath ?? "");
    }
    path = paths[0] ?? "";
    expect(path).toMatch(/^\/hook\/[0-9a-f]{64}$/);
    expect(paths[1]).toBe(path);
    await world.tick(minutes.next());
    await finish(world);
    const digest = path.slice("/hook/".length);
    expect(world.aws.s3.keys(world.bucket)).toContain(`receivers/${digest}`);
  });

  it("that is asked has what it names reconciled at once, in each cluster that has it", async () => {
    const revision = `main@sha1:${await app.commit({ a: "4" })}`;
    expect(await world.hook(path, { method: "POST", body: "{}", headers: { "content-type": "application/json" } })).toEqual({ status: 200, text: "" });
    await finish(world);
    await app.ends();
    for (const cluster of ["prod", "inner"])
      expect(await read(cluster, "source.toolkit.fluxcd.io/v1", "GitRepository", "app"), cluster).toMatchObject({
        metadata: { annotations: { "reconcile.fluxcd.io/requestedAt": expect.any(String) } },
        status: { artifact: { revision }, lastHandledReconcileAt: expect.any(String) },
      });
  });

  it.each([
    { what: "a path that is nobody's", of: () => `/hook/${"0".repeat(64)}`, want: 404 },
    { what: "no path at all, as Flux's server has it", of: () => "/hook", want: 307 },
    { what: "more behind the path", of: () => `${path}/more`, want: 404 },
  ])("$what: $want", async ({ of, want }) => {
    const before = world.fn("receiver").invocations.length;
    expect((await world.hook(of())).status).toBe(want);
    expect(world.fn("receiver").invocations.length).toBe(before + 1);
  });

  it("may do nothing else in a cluster", () => {
    for (const { api } of world.clusters) {
      const asked = api?.all.filter(({ by }) => by === "receiver") ?? [];
      expect(new Set(asked.filter(({ changed }) => changed).map(({ verb, target }) => `${verb} ${target}`))).toEqual(
        new Set(["patch source.toolkit.fluxcd.io/gitrepositories/flux-system/app"]),
      );
      expect(asked.filter(({ code }) => code === 403)).toEqual([]);
    }
  });
});

it("who notifies writes Events in a cluster and nothing else, and is allowed all that it asks for", () => {
  for (const { api } of world.clusters) {
    const asked = api?.all.filter(({ by }) => by === "notify") ?? [];
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter(({ changed, target, code }) => (changed && !target.startsWith("events/")) || code === 403)).toEqual([]);
  }
});

it("nobody reads the address, the token or the path of the Receiver in logs, messages or notes", () => {
  expect(findSecrets(world, { inClusters: [ADDRESS_CANARY, TOKEN] })).toEqual([]);
  const lines = world.functions().flatMap(({ logs }) => logs.map(({ text }) => text));
  expect(lines.filter((line) => line.includes("/hook/"))).toEqual([]);
  expect(world.deadLetters()).toEqual([]);
});

const metricsOf = (name: string): number =>
  world
    .fn("notify")
    .logs.map(({ fields }) => fields?.[name])
    .reduce((sum: number, value) => sum + (typeof value === "number" ? value : 0), 0);
