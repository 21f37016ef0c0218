import { createHash } from "node:crypto";
import { createKustomizer } from "@sluice/engine/build/kustomize/build.ts";
import type { Condition } from "@sluice/engine/domain/condition.ts";
import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest, ObjectRef } from "@sluice/engine/domain/manifest.ts";
import { keyText } from "@sluice/engine/domain/object-key.ts";
import { type EpochMs, epochMs, hours } from "@sluice/engine/domain/time.ts";
import type { ObjectItem, WorkItem } from "@sluice/engine/domain/work-item.ts";
import { KINDS } from "@sluice/engine/flux/kinds.ts";
import { type Kustomization, parseKustomization } from "@sluice/engine/flux/kustomization-object.ts";
import { conditionsOf } from "@sluice/engine/flux/object.ts";
import type { FluxEvent } from "@sluice/engine/ports/event-sink.ts";
import type { GitRemotes } from "@sluice/engine/ports/git-remote.ts";
import { createEngine } from "@sluice/engine/reconcile/run.ts";
import { DEFAULT_SETTINGS, type Settings } from "@sluice/engine/reconcile/settings.ts";
import type { SweepReport } from "@sluice/engine/reconcile/sweep.ts";
import { packArtifact } from "@sluice/engine/source/archive.ts";
import { createCluster } from "@sluice/platform/kubernetes/cluster.ts";
import type { Http } from "@sluice/platform/kubernetes/http.ts";
import { createKinds } from "@sluice/platform/kubernetes/kinds.ts";
import { parseAllDocuments } from "yaml";
import { applyOne } from "../../../lib/local/prepare-cluster.ts";
import type { Sandbox } from "../../../lib/local/sandbox/sandbox.ts";
import { NO_CHARTS } from "../no-charts.ts";
import { type Calls, createCalls, type Interference } from "./calls.ts";
import { checkStatus, findOrphans } from "./check-status.ts";
import { calledArtifacts, calledCluster, calledEvents, calledRenders, createMemory, isWrite } from "./ports.ts";
import { type Ground, startTimedSandbox } from "./timed-sandbox.ts";

/** A sandbox with Sluice installed in it, for all scenarios of one file. */
export type Bench = {
  readonly sandbox: Sandbox;
  readonly http: Http;
  /** A namespace of its own, with a GitRepository `app` and a Kustomization `apps` to come. */
  scenario(): Promise<Scenario>;
  stop(): Promise<void>;
};

/** What happened in one pass. */
export type Pass = {
  /** `succeeded`, `failed` …, as the log of the engine has it. */
  readonly outcome: string;
  /** Every call of a port. */
  readonly calls: readonly string[];
  /** Those that change something in the cluster. */
  readonly writes: readonly string[];
  /** Those that ask the server what an apply would do. */
  readonly asked: readonly string[];
  /** `Normal Progressing ConfigMap/NS/a created`. */
  readonly events: readonly string[];
  /** `Kustomization/NS/apps in 60s`. */
  readonly queued: readonly string[];
  /** HTTP requests to the API server, discovery included. */
  readonly requests: number;
};

export type PassOptions = Interference & {
  readonly name?: string;
  readonly kind?: "Kustomization" | "GitRepository";
  readonly cause?: string;
  readonly settings?: Partial<Settings>;
  readonly attempt?: number;
  readonly git?: GitRemotes;
  /** Another run is at work on the same object: what holds at the end of a run holds only when both have ended. */
  readonly isOverlapped?: boolean;
};

export type Scenario = ReturnType<typeof createScenario>;

/** What happened in one sweep of the whole cluster. */
export type Swept = Pick<Pass, "calls" | "writes" | "asked" | "queued" | "events" | "requests"> & {
  readonly report: SweepReport;
  /** The keys and causes of what was sent, as `pass` takes them. */
  readonly sent: readonly ObjectItem[];
};

export type SweepOptions = Interference & {
  readonly settings?: Partial<Settings>;
  readonly git?: GitRemotes;
  /** Default: the last two hours, in which every object here has a turn. */
  readonly window?: { readonly since: number; readonly until: number };
};

/** Turns come by uid, and uids are random: without this, now and then a test would see more requests. */
const AGES = hours(1e9);
const APP = { apiVersion: "source.toolkit.fluxcd.io/v1", kind: "GitRepository", name: "app" } as const;
const KUSTOMIZATION = { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization" } as const;

export async function startBench(): Promise<Bench> {
  const { sandbox, http, ground, stop } = await startTimedSandbox();
  return { sandbox, http, scenario: async () => createScenario(await ground()), stop };
}

function createScenario({ sandbox, http, namespace, time }: Ground) {
  const memory = createMemory();
  const events: FluxEvent[] = [];
  const log: string[] = [];
  const inNamespace = (text: string): string => text.replaceAll("NS", namespace);
  /** Texts as scenarios write them: `NS` for the namespace, whatever its number. */
  const shown = (text: string): string => text.replaceAll(new RegExp(`${namespace}(?![0-9])`, "g"), "NS");
  const shared = createCluster(http, createKinds(http));
  const admin = () => shared;
  const keyOf = (name: string, kind: "Kustomization" | "GitRepository") => ({
    cluster: "test",
    group: KINDS[kind].group,
    kind,
    namespace,
    name,
  });

  const scenario = {
    namespace,
    memory,
    /** Every event of every pass, as it went to the sink. */
    events,
    /** Every line of the engine's log, as JSON. */
    log,
    admin,
    now: (): EpochMs => epochMs(time.now),
    wait: (milliseconds: number): void => {
      time.now += milliseconds;
    },

    /** What stands in Git now: path → text, with `NS` for the namespace. The revision is made of the texts as they are given: the same in every scenario. */
    push: async (files: { readonly [path: string]: string } | string): Promise<string> => {
      const all = typeof files === "string" ? { "all.yaml": files } : files;
      const tree = new Map(Object.entries(all).map(([path, text]) => [path, { bytes: Buffer.from(inNamespace(text)), executable: false }]));
      const bytes = packArtifact(tree);
      const hex = createHash("sha256").update(bytes).digest("hex");
      const revision = `main@sha1:${createHash("sha1").update(JSON.stringify(all)).digest("hex")}`;
      memory.artifacts.set(`sha256:${hex}`, bytes);
      const cluster = admin();
      if ((await cluster.get({ ...APP, namespace })).kind === "absent") {
        await applyOne(cluster, {
          apiVersion: APP.apiVersion,
          kind: APP.kind,
          metadata: { name: APP.name, namespace },
          spec: { url: "https://git.example.com/app.git", interval: "1h", ref: { branch: "main" } },
        });
      }
      const artifact = {
        path: "app.tar.gz",
        url: "http://127.0.0.1/app.tar.gz",
        revision,
        digest: `sha256:${hex}`,
        lastUpdateTime: "2030-01-01T00:00:00Z",
        size: bytes.length,
      };
      await scenario.status({ ...APP, namespace }, { artifact });
      return revision;
    },

    /** Makes the Kustomization be so; the generation moves when it was otherwise. */
    spec: async (spec: JsonObject, name = "apps"): Promise<void> => {
      const full = { interval: "10m", prune: true, sourceRef: { kind: "GitRepository", name: "app" }, ...spec };
      await scenario.apply({ ...KUSTOMIZATION, metadata: { name, namespace }, spec: full }, "user");
    },

    apply: async (manifest: Manifest, manager = "kubectl-test"): Promise<void> => {
      const answer = await admin().apply(manifest, { manager, force: true, dryRun: false });
      if (answer.kind === "refused") throw new Error(answer.message);
    },
    /** YAML of any objects, by somebody else. */
    put: async (yaml: string, manager = "somebody"): Promise<void> => {
      for (const document of parseAllDocuments(inNamespace(yaml))) await scenario.apply(document.toJSON() as Manifest, manager);
    },
    status: async (ref: ObjectRef, status: JsonObject): Promise<void> => {
      const answer = await admin().patch(ref, { body: { type: "merge", merge: { status } }, subresource: "status", manager: "somebody" });
      if (answer.kind !== "patched") throw new Error(`the status of ${ref.name} was not written: ${answer.kind}`);
    },
    merge: async (ref: ObjectRef, merge: JsonObject, manager = "somebody"): Promise<void> => {
      const answer = await admin().patch(ref, { body: { type: "merge", merge }, manager });
      if (answer.kind !== "patched") throw new Error(`${ref.name} was not patched: ${answer.kind}`);
    },
    remove: async (ref: ObjectRef): Promise<void> => {
      const answer = await admin().delete(ref, { propagation: "Background" });
      if (answer.kind === "refused") throw new Error(answer.message);
    },
    ref: (apiVersion: string, kind: string, name: string): ObjectRef => ({ apiVersion, kind, name, namespace }),
    find: async (apiVersion: string, kind: string, name: string): Promise<Manifest | undefined> => {
      const answer = await admin().get({ apiVersion, kind, namespace, name });
      return answer.kind === "found" ? answer.object : undefined;
    },

    /** One run of an engine with no memory but its stores. Every status is held to the invariants, and the inventory to what exists. */
    pass: async (options: PassOptions = {}): Promise<Pass> => {
      const { name = "apps", kind = "Kustomization", cause = "interval", attempt = 0, settings, git } = options;
      const before = kind === "Kustomization" ? await scenario.object(name) : undefined;
      const calls = createCalls(options);
      const queued: string[] = [];
      const emitted: FluxEvent[] = [];
      const requests = total(http);
      const said = log.length;
      const item: WorkItem = { kind: "object", key: keyOf(name, kind), cause, look: cause, attempt };
      await engineWith(calls, { emitted, queued, settings, git }).run(item);
      events.push(...emitted);
      const brokeOff = log.slice(said).find((line) => line.includes("run broke off"));
      if (brokeOff !== undefined && options.cut === undefined && options.instead === undefined) throw new Error(brokeOff);
      const used = total(http) - requests;
      if (options.isOverlapped !== true) await scenario.check(name, before);
      return {
        outcome: outcomeIn(log.slice(said)),
        calls: calls.lines.map(shown),
        writes: calls.lines.filter(isWrite).map(shown),
        asked: calls.lines.filter((line) => line.includes("dry-run")).map(shown),
        events: emitted.map(({ type, reason, message }) => shown(`${type} ${reason} ${message}`)),
        queued: queued.map(shown),
        requests: used,
      };
    },
    /** One sweep of the whole cluster, by an engine with no memory but its stores. */
    sweep: async ({ settings, git, window, ...interference }: SweepOptions = {}): Promise<Swept> => {
      const calls = createCalls(interference);
      const queued: string[] = [];
      const emitted: FluxEvent[] = [];
      const sent: ObjectItem[] = [];
      const requests = total(http);
      const { since, until } = window ?? { since: time.now - 7_200_000, until: time.now };
      const item = { kind: "cluster", cluster: "test", since: epochMs(since), until: epochMs(until) } as const;
      const report = await engineWith(calls, { emitted, queued, settings, git, sent }).sweep(item);
      return {
        report,
        // Looks run side by side: in which order they end is nobody's business.
        sent: sent.toSorted((a, b) => (keyText(a.key) < keyText(b.key) ? -1 : 1)),
        calls: calls.lines.map(shown),
        writes: calls.lines.filter(isWrite).map(shown),
        asked: calls.lines.filter((line) => line.includes("dry-run")).map(shown),
        events: emitted.map(({ type, reason, message }) => shown(`${type} ${reason} ${message}`)),
        queued: queued.map(shown).toSorted(),
        requests: total(http) - requests,
      };
    },
    /**
     * One pass, and that the next ones find nothing to do. The second may ask once more about what the server writes in another way
     * than Git; the third must know the answer.
     */
    settle: async (options: PassOptions = {}): Promise<Pass> => {
      const first = await scenario.pass(options);
      const second = await scenario.pass(options);
      if (second.writes.length > 0) throw new Error(`a second run writes: ${second.writes.join(", ")}`);
      await scenario.atRest(options);
      return first;
    },
    /** A pass that writes nothing, says nothing and changes nothing. */
    atRest: async (options: PassOptions = {}): Promise<Pass> => {
      const before = JSON.stringify(await scenario.object(options.name ?? "apps"));
      const again = await scenario.pass(options);
      if (again.writes.length > 0) throw new Error(`a second run writes: ${again.writes.join(", ")}`);
      if (again.outcome === "succeeded" && again.asked.length > 0) throw new Error(`a second run asks: ${again.asked.join(", ")}`);
      const after = JSON.stringify(await scenario.object(options.name ?? "apps"));
      if (before !== after) throw new Error(`a second run changes the object:\n${before}\n${after}`);
      return again;
    },
    check: async (name: string, before: Manifest | undefined): Promise<void> => {
      const after = await scenario.object(name);
      if (after === undefined) return;
      const breaches = [
        ...checkStatus(after, { before, now: scenario.now() }),
        ...findOrphans(sandbox, after).map((orphan) => `not in the inventory: ${orphan}`),
      ];
      if (breaches.length > 0) throw new Error(`${name}: ${breaches.join("; ")}\n${JSON.stringify(after.status, undefined, 1)}`);
    },

    object: async (name = "apps"): Promise<Manifest | undefined> =>
      sandbox.store.get({ group: KINDS.Kustomization.group, plural: KINDS.Kustomization.plural }, namespace, name),
    parsed: async (name = "apps"): Promise<Kustomization> => {
      const manifest = await scenario.object(name);
      const parsed = manifest === undefined ? undefined : parseKustomization(manifest);
      if (parsed?.ok !== true) throw new Error(`no Kustomization ${name}`);
      return parsed.value;
    },
    /** `Ready=False:BuildFailed Reconciling=True:ProgressingWithRetry | observed 1 of 2`. */
    line: async (name = "apps"): Promise<string> => {
      const { status, metadata } = await scenario.parsed(name);
      return `${conditionsLine(status.conditions ?? [])} | observed ${status.observedGeneration} of ${metadata.generation}`;
    },
    message: async (type = "Ready", name = "apps"): Promise<string> => {
      const object = await scenario.object(name);
      return shown((object === undefined ? [] : conditionsOf(object)).find((condition) => condition.type === type)?.message ?? "");
    },
    inventory: async (name = "apps"): Promise<readonly string[]> => {
      const { status } = await scenario.parsed(name);
      return (status.inventory?.entries ?? []).map(({ id, v }) => shown(`${id} ${v}`));
    },
    /** `ReconciliationSucceeded x1`, newest first. */
    history: async (name = "apps"): Promise<readonly string[]> =>
      ((await scenario.parsed(name)).status.history ?? []).map(
        ({ lastReconciledStatus, totalReconciliations }) => `${lastReconciledStatus} x${totalReconciliations}`,
      ),
    /** The names of what exists of a kind in the namespace. */
    names: async (apiVersion: string, kind: string): Promise<readonly string[]> => {
      const listed = await admin().list({ apiVersion, kind, namespace });
      return listed.kind === "listed" ? listed.items.map(({ metadata }) => metadata.name ?? "").filter((name) => name !== "kube-root-ca.crt") : [];
    },
    shown,
    engine: (calls: Calls, queued: string[], settings?: Partial<Settings>) => engineWith(calls, { emitted: events, queued, settings }),
  };

  function engineWith(calls: Calls, { emitted, queued, settings, git, sent }: EngineOptions): ReturnType<typeof createEngine> {
    const kinds = createKinds(http);
    const cluster = calledCluster(createCluster(http, kinds), calls);
    const write = (level: string) => (message: string, fields: { readonly [field: string]: Json | undefined }) =>
      void log.push(JSON.stringify({ level, message, ...fields }));
    return createEngine({
      cluster,
      as: (user) => (user === undefined ? cluster : calledCluster(createCluster(http, kinds, { user }), calls, `as ${user.split(":").at(-1)}: `)),
      kinds,
      artifacts: calledArtifacts(memory, calls),
      renders: calledRenders(memory, calls),
      charts: NO_CHARTS,
      indexes: calledRenders(memory, calls),
      kustomizer: createKustomizer(),
      randomBytes: (count) => new Uint8Array(count),
      events: calledEvents(emitted, calls),
      clock: { now: scenario.now },
      log: { info: write("info"), error: write("error") },
      settings: { ...DEFAULT_SETTINGS, fullLookEvery: AGES, ...settings },
      git: git ?? NO_REMOTE,
      queue: {
        send: async (item, { notBefore } = {}) => {
          if (item.kind === "object") sent?.push(item);
          queued.push(`${itemText(item)}${notBefore === undefined ? "" : ` in ${(notBefore - time.now) / 1000}s`}`);
        },
      },
      clusterName: "test",
    });
  }

  return scenario;
}

type EngineOptions = {
  readonly emitted: FluxEvent[];
  readonly queued: string[];
  readonly settings: Partial<Settings> | undefined;
  readonly git?: GitRemotes | undefined;
  /** Gets the items beside their texts. */
  readonly sent?: ObjectItem[];
};

const NO_REMOTE: GitRemotes = {
  open: () => {
    throw new Error("no remote here");
  },
};

const itemText = (item: WorkItem): string => (item.kind === "object" ? `${keyText(item.key).slice("test/".length)} (${item.cause})` : item.kind);

const total = ({ sent }: Http): number => [...sent.values()].reduce((sum, count) => sum + count, 0);

export const conditionsLine = (conditions: readonly Condition[]): string =>
  conditions.map(({ type, status, reason }) => `${type}=${status}:${reason}`).join(" ");

/** What the last line about a pass says. */
function outcomeIn(lines: readonly string[]): string {
  const found = lines.map((line): JsonObject => JSON.parse(line)).findLast(({ outcome }) => outcome !== undefined);
  return String(found?.outcome ?? "");
}
