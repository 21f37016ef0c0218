import { createKustomizer } from "@sluice/engine/build/kustomize/build.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { epochMs, ms } from "@sluice/engine/domain/time.ts";
import type { PassDeps } from "@sluice/engine/reconcile/passes/pass.ts";
import { DEFAULT_SETTINGS } from "@sluice/engine/reconcile/settings.ts";
import { type LookDeps, readOnly, Wanted } from "@sluice/engine/reconcile/sweep/read-only.ts";
import { describe, expect, it } from "vitest";

const REF = { apiVersion: "v1", kind: "ConfigMap", namespace: "apps", name: "a" };
const MANIFEST: Manifest = { apiVersion: "v1", kind: "ConfigMap", metadata: { namespace: "apps", name: "a" } };
const TARGET = { url: "https://git.example.com/app", timeout: ms(1000) };
const APPLY = { manager: "m", force: true };
const EVENT = {
  object: { ...REF, uid: "u", resourceVersion: "1" },
  type: "Normal",
  reason: "Progressing",
  message: "m",
  metadata: {},
  controller: "kustomize-controller",
} as const;

/** Deps that write down whatever reaches them. `has`: of the artifact store. */
function real(has = true): { readonly deps: LookDeps; readonly reached: string[] } {
  const reached: string[] = [];
  const reach = <Answer>(what: string, answer: Answer): Promise<Answer> => {
    reached.push(what);
    return Promise.resolve(answer);
  };
  const absent = { kind: "absent", message: "" } as const;
  const cluster: LookDeps["cluster"] = {
    get: () => reach("get", absent),
    list: () => reach("list", { kind: "listed", items: [], resourceVersion: "1" }),
    apply: () => reach("apply", { kind: "created", object: MANIFEST }),
    create: () => reach("create", { kind: "created", object: MANIFEST }),
    replace: () => reach("replace", { kind: "stale" }),
    patch: () => reach("patch", { kind: "stale" }),
    delete: () => reach("delete", { kind: "deleted" }),
  };
  const deps: LookDeps = {
    cluster,
    as: (user) => {
      reached.push(`as ${user}`);
      return cluster;
    },
    kinds: {
      find: () => reach("find kind", undefined),
      versions: () => reach("versions", []),
      schemas: () => reach("schemas", new Map()),
      all: () => reach("all kinds", []),
      serverVersion: () => reach("server version", { version: "v1.35.4", major: "1", minor: "35" }),
    },
    artifacts: {
      has: () => reach("has", has),
      get: () => reach("get artifact", undefined),
      put: () => reach("put artifact", { digest: "", size: 0, url: "" }),
    },
    renders: { recall: () => reach("recall", undefined), remember: () => reach("remember", undefined) },
    charts: {
      index: () => reach("index", { kind: "unchanged" }),
      chart: () => reach("chart", { kind: "failed", message: "" }),
      tags: () => reach("chart tags", { kind: "listed", tags: [] }),
      pull: () => reach("pull", { kind: "failed", message: "" }),
    },
    indexes: { recall: () => reach("recall index", undefined), remember: () => reach("remember index", undefined) },
    kustomizer: createKustomizer(),
    randomBytes: (count) => {
      reached.push("draw");
      return new Uint8Array(count);
    },
    events: { emit: () => reach("emit", undefined) },
    clock: { now: () => epochMs(0) },
    log: { info: () => void reached.push("info"), error: () => void reached.push("error") },
    settings: DEFAULT_SETTINGS,
    clusterName: "test",
    receiverIndex: { keep: () => reach("note", undefined), find: () => reach("find note", []) },
    git: {
      open: () => ({
        resolve: () => reach("resolve", { kind: "empty" }),
        tags: () => reach("tags", { kind: "empty" }),
        fetch: () => reach("fetch", { kind: "no-such-commit" }),
      }),
    },
  };
  return { deps, reached };
}

const CHARTS = { url: "https://charts.example.com", passCredentials: false, insecure: false, timeout: ms(60_000) };
const looking = (deps: LookDeps, builds?: PassDeps["openArtifacts"]): PassDeps => readOnly(deps, deps.cluster, { builds });

describe("hands that cannot write", () => {
  it.each<{ want: string; act: (deps: PassDeps) => Promise<unknown> }>([
    { want: "apply ConfigMap/apps/a", act: ({ cluster }) => cluster.apply(MANIFEST, { ...APPLY, dryRun: false }) },
    { want: "dry-run ConfigMap/apps/a", act: ({ cluster }) => cluster.apply(MANIFEST, { ...APPLY, dryRun: true }) },
    { want: "create ConfigMap/apps/a", act: ({ cluster }) => cluster.create(MANIFEST, { manager: "m" }) },
    { want: "replace ConfigMap/apps/a", act: ({ cluster }) => cluster.replace(MANIFEST, { manager: "m" }) },
    { want: "patch ConfigMap/apps/a", act: ({ cluster }) => cluster.patch(REF, { body: { type: "merge", merge: {} }, manager: "m" }) },
    { want: "patch ConfigMap/apps/a", act: ({ cluster }) => cluster.patch(REF, { body: { type: "json", operations: [] }, manager: "m", dryRun: true }) },
    {
      want: "patch status of ConfigMap/apps/a",
      act: ({ cluster }) => cluster.patch(REF, { body: { type: "merge", merge: {} }, subresource: "status", manager: "m" }),
    },
    { want: "delete ConfigMap/apps/a", act: ({ cluster }) => cluster.delete(REF, { propagation: "Background" }) },
    { want: "apply ConfigMap/apps/a", act: (deps) => deps.as("system:serviceaccount:apps:deployer").apply(MANIFEST, { ...APPLY, dryRun: false }) },
    { want: "patch ConfigMap/apps/a", act: (deps) => deps.as(undefined).patch(REF, { body: { type: "merge", merge: {} }, manager: "m" }) },
    { want: "delete ConfigMap/apps/a", act: (deps) => deps.as("anybody").delete(REF, { propagation: "Orphan" }) },
    { want: "say Progressing", act: ({ events }) => events.emit(EVENT) },
    { want: "read an artifact", act: ({ artifacts }) => artifacts.get("sha256:0") },
    { want: "store an artifact", act: ({ artifacts }) => artifacts.put(new Uint8Array()) },
    { want: "fetch 0", act: ({ git }) => git.open(TARGET).fetch("0") },
    {
      want: "send HelmChart/a",
      act: ({ queue }) =>
        queue.send({ kind: "object", key: { cluster: "test", group: "g", kind: "HelmChart", namespace: "apps", name: "a" }, cause: "source", look: "1" }),
    },
    { want: "draw 16 bytes", act: async ({ randomBytes }) => randomBytes(16) },
    { want: "fetch an index", act: ({ charts }) => charts.index(CHARTS) },
    { want: "fetch https://charts.example.com/a.tgz", act: ({ charts }) => charts.chart(CHARTS, "https://charts.example.com/a.tgz") },
    { want: "pull oci://example.com/a:1", act: ({ charts }) => charts.pull(CHARTS, "oci://example.com/a:1") },
    { want: "build", act: ({ openArtifacts }) => openArtifacts.open("sha256:0") },
  ])("$want", async ({ want, act }) => {
    const { deps, reached } = real();
    const ended = await act(looking(deps)).catch((error: unknown) => error);
    expect(ended).toBeInstanceOf(Wanted);
    expect(ended).toMatchObject({ what: want });
    expect(reached.filter((what) => what !== "has")).toEqual([]);
  });

  it("forget what they would remember, and put no line of theirs into the log", async () => {
    const { deps, reached } = real();
    const { renders, indexes, log } = looking(deps);
    await renders.remember("inputs", new Uint8Array());
    await indexes.remember("inputs", new Uint8Array());
    log.info("reconciled", {});
    expect(reached).toEqual([]);
    log.error("trouble", {});
    expect(reached).toEqual(["error"]);
  });

  it.each<{ reached: string; act: (deps: PassDeps) => Promise<unknown> }>([
    { reached: "get", act: ({ cluster }) => cluster.get(REF) },
    { reached: "list", act: ({ cluster }) => cluster.list(REF) },
    { reached: "get", act: (deps) => deps.as("system:serviceaccount:apps:deployer").get(REF) },
    { reached: "has", act: ({ artifacts }) => artifacts.has("sha256:0") },
    { reached: "recall", act: ({ renders }) => renders.recall("inputs") },
    { reached: "resolve", act: ({ git }) => git.open(TARGET).resolve("refs/heads/main") },
    { reached: "tags", act: ({ git }) => git.open(TARGET).tags() },
    { reached: "index", act: ({ charts }) => charts.index(CHARTS, { etag: "1" }) },
    { reached: "chart tags", act: ({ charts }) => charts.tags(CHARTS, "oci://example.com/a") },
    { reached: "recall index", act: ({ indexes }) => indexes.recall("inputs") },
    { reached: "schemas", act: ({ kinds }) => kinds.schemas() },
  ])("read: $reached, and as nobody else", async ({ reached, act }) => {
    const found = real();
    await act(looking(found.deps));
    expect(found.reached).toEqual([reached]);
  });

  it("an artifact that is not there is not there for a look either", async () => {
    const { deps } = real(false);
    expect(await looking(deps).openArtifacts.open("sha256:0")).toEqual({ kind: "vanished" });
  });

  it("where a build is part of the look, the artifact is opened", async () => {
    const { deps } = real();
    expect(await looking(deps, { open: async () => ({ kind: "broken", problem: "opened" }) }).openArtifacts.open("sha256:0")).toEqual({
      kind: "broken",
      problem: "opened",
    });
  });

  it("have nothing that this test does not name", () => {
    const { deps } = real();
    const look = looking(deps);
    const given = Object.keys(deps).filter((name) => name !== "receiverIndex"); // it writes notes
    expect(Object.keys(look).toSorted()).toEqual([...given, "openArtifacts", "queue"].toSorted());
    expect(Object.keys(look).toSorted()).toEqual(
      [
        "artifacts",
        "as",
        "charts",
        "clock",
        "cluster",
        "clusterName",
        "events",
        "git",
        "indexes",
        "kinds",
        "kustomizer",
        "log",
        "openArtifacts",
        "queue",
        "randomBytes",
        "renders",
        "settings",
      ].toSorted(),
    );
    expect(Object.keys(look.cluster).toSorted()).toEqual(["apply", "create", "delete", "get", "list", "patch", "replace"]);
    expect(Object.keys(look.artifacts).toSorted()).toEqual(["get", "has", "put"]);
    expect(Object.keys(look.charts).toSorted()).toEqual(["chart", "index", "pull", "tags"]);
    expect(Object.keys(look.git.open(TARGET)).toSorted()).toEqual(["fetch", "resolve", "tags"]);
  });
});
