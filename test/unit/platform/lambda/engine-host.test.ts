import { createKustomizer } from "@sluice/engine/build/kustomize/build.ts";
import { epochMs } from "@sluice/engine/domain/time.ts";
import type { WorkItem } from "@sluice/engine/domain/work-item.ts";
import type { Cluster } from "@sluice/engine/ports/cluster.ts";
import type { Http } from "@sluice/platform/kubernetes/http.ts";
import type { ClusterAccess, OpenCluster } from "@sluice/platform/lambda/cluster-access.ts";
import { createEngineHost } from "@sluice/platform/lambda/engine-host.ts";
import { createFunctionHost } from "@sluice/platform/lambda/function-host.ts";
import { windowsAt } from "@sluice/platform/lambda/sweep.ts";
import { describe, expect, it } from "vitest";
import { NO_CHARTS } from "../../../support/no-charts.ts";

const MINUTE = 60_000;

/** Clusters of which each LIST is written down; those named `dead…` do not answer. */
function createWorld(clusters: readonly string[]) {
  const lines: string[] = [];
  const sent: WorkItem[] = [];
  const asked: string[] = [];
  const signals: (AbortSignal | undefined)[] = [];
  const host = createFunctionHost({ functionName: "source", clock: { now: () => epochMs(10 * MINUTE) }, write: (line) => void lines.push(line) });
  const open = (name: string): OpenCluster => {
    const requests = new Map<string, number>();
    const cluster: Pick<Cluster, "list" | "get"> = {
      list: async ({ kind }) => {
        if (name.startsWith("dead")) throw new Error("nobody answers");
        if (name === `no-${kind}`) return { kind: "refused", why: "forbidden", code: 403, reason: "Forbidden", message: "no" };
        requests.set("list", (requests.get("list") ?? 0) + 1);
        asked.push(`${name} ${kind}${signals.at(-1)?.aborted === false ? "" : " after its end"}`);
        return { kind: "listed", items: [], resourceVersion: "1" };
      },
      get: async () => ({ kind: "absent", message: "not found" }),
    };
    const http: Pick<Http, "sent"> = { sent: requests };
    const kinds = {
      find: async () => undefined,
      versions: async () => [],
      schemas: async () => new Map<string, string>(),
      all: async () => [],
      serverVersion: async () => ({ version: "v1.35.4", major: "1", minor: "35" }),
    };
    return { kind: "opened", config: { name, region: "eu-west-1" }, http: http as Http, kinds, cluster: cluster as Cluster, as: () => cluster as Cluster };
  };
  const access: ClusterAccess = {
    open: async (name, signal) => {
      signals.push(signal);
      return clusters.includes(name) ? open(name) : { kind: "unknown", name };
    },
    forget: () => undefined,
  };
  const engines = createEngineHost({
    host,
    access,
    clusters,
    queue: { send: async (item) => void sent.push(item) },
    git: { open: () => Promise.reject(new Error("not here")) as never },
    artifacts: { put: () => Promise.reject(new Error("not here")), get: async () => undefined, has: async () => false },
    renders: { remember: async () => undefined, recall: async () => undefined },
    charts: NO_CHARTS,
    indexes: { remember: async () => undefined, recall: async () => undefined },
    kustomizer: createKustomizer(),
    topicOf: () => ({ emit: async () => undefined }),
    settings: {},
  });
  return {
    asked,
    sent,
    signals,
    run: (item: WorkItem) => engines.run(item, new AbortController().signal),
    metrics: () => {
      host.metrics.flush();
      return Object.assign({}, ...lines.filter((line) => line.includes('"_aws"')).map((line) => JSON.parse(line) as object)) as { [name: string]: unknown };
    },
    said: () => lines.filter((line) => !line.includes('"_aws"')).map((line) => (JSON.parse(line) as { msg: string }).msg),
  };
}

const push = (cluster?: string): WorkItem => ({
  kind: "push",
  repository: "https://github.com/org/app.git",
  ref: "refs/heads/main",
  delivery: "d-1",
  ...(cluster !== undefined && { cluster }),
});

describe("a push", () => {
  it("is looked into at once where there is one cluster", async () => {
    const world = createWorld(["prod"]);
    await world.run(push());
    expect([world.asked, world.sent]).toEqual([["prod GitRepository"], []]);
  });

  it("becomes a message for each of several clusters, so that one that does not answer delays no other", async () => {
    const world = createWorld(["dead", "prod"]);
    await world.run(push());
    expect([world.asked, world.sent]).toEqual([[], [push("dead"), push("prod")]]);
    await expect(world.run(push("dead"))).rejects.toThrow("nobody answers");
    await world.run(push("prod"));
    expect(world.asked).toEqual(["prod GitRepository"]);
  });

  it("is nobody's where there is no cluster", async () => {
    const world = createWorld([]);
    await world.run(push());
    expect([world.asked, world.sent]).toEqual([[], []]);
  });
});

it.each(["prod", "dead"])("what a run over %s asked and nobody waits for any more ends with it", async (cluster) => {
  const world = createWorld([cluster]);
  await world.run(push(cluster)).catch(() => undefined);
  expect(world.signals.map((signal) => signal?.aborted)).toEqual([true]);
});

it("a message for a cluster that was taken out of the configuration is done with, and says so", async () => {
  const world = createWorld(["prod"]);
  await world.run(push("gone"));
  expect([world.asked, world.said()]).toEqual([[], ["no such cluster"]]);
});

describe("a sweep", () => {
  const item: WorkItem = { kind: "cluster", cluster: "prod", since: epochMs(8 * MINUTE), until: epochMs(9 * MINUTE) };

  it("is counted, with how far back its window lies and what it asked", async () => {
    const world = createWorld(["prod"]);
    await world.run(item);
    const { Swept, SweepAge, SweepListed, SweepSent, ApiRequests } = world.metrics();
    expect({ Swept, SweepAge, SweepListed, SweepSent, ApiRequests }).toEqual({
      Swept: 1,
      SweepAge: MINUTE,
      SweepListed: 0,
      SweepSent: 0,
      ApiRequests: world.asked.length,
    });
    expect(world.asked).toContain("prod Kustomization");
  });

  it("that may not see all of Flux's kinds is not counted: nobody looks after their objects", async () => {
    const world = createWorld(["no-Kustomization"]);
    await world.run({ ...item, cluster: "no-Kustomization" });
    expect(world.metrics()).not.toHaveProperty("Swept");
    expect(world.said()).toContain("kind not listed");
  });

  it("of a cluster that does not answer is not counted, and fails", async () => {
    const world = createWorld(["dead"]);
    await expect(world.run({ ...item, cluster: "dead" })).rejects.toThrow("nobody answers");
    expect(world.metrics()).not.toHaveProperty("Swept");
  });
});

describe("the windows of a tick", () => {
  it.each<{ at: number; want: readonly [number, number] }>([
    { at: 10 * MINUTE, want: [9 * MINUTE, 10 * MINUTE] },
    { at: 10 * MINUTE + 1, want: [9 * MINUTE, 10 * MINUTE] },
    { at: 11 * MINUTE - 1, want: [9 * MINUTE, 10 * MINUTE] },
    { at: 11 * MINUTE, want: [10 * MINUTE, 11 * MINUTE] },
  ])("at $at", ({ at, want: [since, until] }) =>
    expect(windowsAt(["a", "b"], epochMs(at))).toEqual([
      { kind: "cluster", cluster: "a", since, until },
      { kind: "cluster", cluster: "b", since, until },
    ]));
});
