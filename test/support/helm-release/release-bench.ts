import { createHash } from "node:crypto";
import { findCondition } from "@sluice/engine/domain/condition.ts";
import type { JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest, ObjectRef } from "@sluice/engine/domain/manifest.ts";
import type { Outcome } from "@sluice/engine/domain/outcome.ts";
import { epochMs, hours } from "@sluice/engine/domain/time.ts";
import { type HelmRelease, parseHelmRelease } from "@sluice/engine/flux/helm-release-object.ts";
import type { FluxEvent } from "@sluice/engine/ports/event-sink.ts";
import type { HelmReleaseDeps } from "@sluice/engine/reconcile/helm-release/deps.ts";
import { createReleaseStorage } from "@sluice/engine/reconcile/helm-release/storage.ts";
import { reconcileHelmRelease } from "@sluice/engine/reconcile/helm-release.ts";
import { DEFAULT_SETTINGS, type Settings } from "@sluice/engine/reconcile/settings.ts";
import { createCluster } from "@sluice/platform/kubernetes/cluster.ts";
import { createKinds } from "@sluice/platform/kubernetes/kinds.ts";
import { applyOne } from "../../../lib/local/prepare-cluster.ts";
import { chartArchive } from "../helm/source-world.ts";
import { CutOff, createCalls, type Interference } from "../reconcile/calls.ts";
import { checkStatus } from "../reconcile/check-status.ts";
import { calledArtifacts, calledCluster, calledEvents, calledRenders, createMemory, isWrite } from "../reconcile/ports.ts";
import { type Ground, startTimedSandbox } from "../reconcile/timed-sandbox.ts";

/** A sandbox with Sluice installed in it, without nodes, for all scenarios of one file. */
export type ReleaseBench = { scenario(): Promise<ReleaseScenario>; stop(): Promise<void> };
export type ReleaseScenario = ReturnType<typeof createScenario>;

export type PassOptions = Interference & { readonly settings?: Partial<Settings> };

/** What happened in one pass. */
export type Pass = {
  /** Undefined: it was cut off. */
  readonly outcome: Outcome | undefined;
  readonly calls: readonly string[];
  /** Those that change something in the cluster, but for the status. */
  readonly writes: readonly string[];
  /** `Normal InstallSucceeded Helm install succeeded …`. */
  readonly events: readonly string[];
};

const HELM_RELEASE = { apiVersion: "helm.toolkit.fluxcd.io/v2", kind: "HelmRelease" } as const;
const HELM_CHART = { apiVersion: "source.toolkit.fluxcd.io/v1", kind: "HelmChart" } as const;
const MOST_PASSES = 40;
/** Turns come by uid, and uids are random: without this, now and then a test would see more requests. */
const AGES = hours(1e9);

/** A chart with one ConfigMap of the release's name and whatever more a test wants. */
export type ChartFiles = { readonly [path: string]: string };

export const CONFIG = `apiVersion: v1
kind: ConfigMap
metadata: {name: "{{ .Release.Name }}"}
data: {colour: "{{ .Values.colour }}"}
`;

export async function startReleaseBench(): Promise<ReleaseBench> {
  const { ground, stop } = await startTimedSandbox();
  return { scenario: async () => createScenario(await ground()), stop };
}

function createScenario({ http, namespace, time }: Ground) {
  const memory = createMemory();
  const kinds = createKinds(http);
  const admin = createCluster(http, kinds);
  const shown = (text: string): string => text.replaceAll(new RegExp(`${namespace}(?![0-9])`, "g"), "NS");

  const scenario = {
    namespace,
    memory,
    admin,
    shown,
    now: () => epochMs(time.now),
    wait: (milliseconds: number): void => {
      time.now += milliseconds;
    },
    ref: (apiVersion: string, kind: string, name: string): ObjectRef => ({ apiVersion, kind, name, namespace }),

    /** HelmChart `name` has that version as its artifact now. */
    chart: async (version: string, files: ChartFiles = { "templates/config.yaml": CONFIG }, { name = "shop", chart = "shop" } = {}): Promise<void> => {
      const ref = { ...HELM_CHART, namespace, name };
      if ((await admin.get(ref)).kind === "absent") {
        const spec = { chart, version: "*", interval: "1h", sourceRef: { kind: "HelmRepository", name: "charts" } };
        await applyOne(admin, { ...HELM_CHART, metadata: { name, namespace }, spec });
      }
      await scenario.artifact(ref, chart, version, files);
    },
    artifact: async (ref: ObjectRef, chart: string, version: string, files: ChartFiles = { "templates/config.yaml": CONFIG }): Promise<void> => {
      const bytes = chartArchive(chart, version, files);
      const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
      memory.artifacts.set(digest, bytes);
      const there = await admin.get(ref);
      const generation = there.kind === "found" ? (there.object.metadata.generation ?? 1) : 1;
      const artifact = {
        path: "shop.tgz",
        url: "http://127.0.0.1/shop.tgz",
        revision: version,
        digest,
        lastUpdateTime: "2030-01-01T00:00:00Z",
        size: bytes.length,
      };
      await scenario.status(ref, { artifact, observedChartName: chart, observedGeneration: generation });
    },
    status: async (ref: ObjectRef, status: JsonObject): Promise<void> => {
      const answer = await admin.patch(ref, { body: { type: "merge", merge: { status } }, subresource: "status", manager: "somebody" });
      if (answer.kind !== "patched") throw new Error(`the status of ${ref.name} was not written: ${answer.kind}`);
    },
    apply: async (manifest: Manifest, manager = "user"): Promise<void> => {
      const answer = await admin.apply(manifest, { manager, force: true, dryRun: false });
      if (answer.kind === "refused") throw new Error(answer.message);
    },

    /** Makes the HelmRelease `shop` be so; the generation moves when it was otherwise. */
    spec: (spec: JsonObject = {}, annotations: { readonly [key: string]: string } = {}): Promise<void> => {
      const source = spec.chart === undefined && spec.chartRef === undefined ? { chartRef: { kind: "HelmChart", name: "shop" } } : {};
      const metadata = { name: "shop", namespace, ...(Object.keys(annotations).length > 0 && { annotations }) };
      return scenario.apply({ ...HELM_RELEASE, metadata, spec: { interval: "10m", values: { colour: "blue" }, ...source, ...spec } });
    },
    object: async (): Promise<Manifest | undefined> => {
      const answer = await admin.get({ ...HELM_RELEASE, namespace, name: "shop" });
      return answer.kind === "found" ? answer.object : undefined;
    },
    parsed: async (): Promise<HelmRelease> => {
      const manifest = await scenario.object();
      const parsed = manifest === undefined ? undefined : parseHelmRelease(manifest);
      if (parsed?.ok !== true) throw new Error(`no HelmRelease: ${parsed?.problem}`);
      return parsed.value;
    },
    remove: async (): Promise<void> => {
      await admin.delete({ ...HELM_RELEASE, namespace, name: "shop" }, { propagation: "Background" });
    },
    find: async (apiVersion: string, kind: string, name: string): Promise<Manifest | undefined> => {
      const answer = await admin.get({ apiVersion, kind, namespace, name });
      return answer.kind === "found" ? answer.object : undefined;
    },
    names: async (kind: string): Promise<readonly string[]> => {
      const listed = await admin.list({ apiVersion: "v1", kind, namespace });
      return listed.kind === "listed" ? listed.items.map(({ metadata }) => metadata.name ?? "").filter((name) => name !== "kube-root-ca.crt") : [];
    },

    /** One pass of a process with no memory but its stores. The status is held to the invariants, but for times: within one pass a condition changes and comes back. */
    pass: async ({ settings, ...interference }: PassOptions = {}): Promise<Pass> => {
      const calls = createCalls(interference);
      const emitted: FluxEvent[] = [];
      const cluster = calledCluster(admin, calls);
      const deps: HelmReleaseDeps = {
        cluster,
        as: (user) => (user === undefined ? cluster : calledCluster(createCluster(http, kinds, { user }), calls, `as ${user.split(":").at(-1)}: `)),
        kinds,
        artifacts: calledArtifacts(memory, calls),
        renders: calledRenders(memory, calls),
        events: calledEvents(emitted, calls),
        clock: { now: scenario.now },
        randomBytes: (count) => new Uint8Array(count),
        log: { info: () => {}, error: () => {} },
        settings: { ...DEFAULT_SETTINGS, fullLookEvery: AGES, ...settings },
      };
      const outcome = await reconcileHelmRelease(deps, await scenario.parsed()).catch((error: unknown) => {
        if (error instanceof CutOff) return undefined;
        throw error;
      });
      const after = await scenario.object();
      const breaches = after === undefined ? [] : checkStatus(after, { before: after, now: scenario.now() });
      if (breaches.length > 0) throw new Error(`${breaches.join("; ")}\n${JSON.stringify(after?.status, undefined, 1)}`);
      return {
        outcome,
        calls: calls.lines.map(shown),
        writes: calls.lines.filter((line) => isWrite(line) && !line.includes("status HelmRelease")).map(shown),
        events: emitted.map(({ type, reason, message }) => shown(`${type} ${reason} ${message}`)),
      };
    },
    /** Passes until one has no reason to look again soon; what they said. */
    settle: async (options: PassOptions = {}): Promise<{ readonly outcome: Outcome; readonly events: readonly string[]; readonly passes: number }> => {
      const events: string[] = [];
      for (let passes = 1; passes <= MOST_PASSES; passes++) {
        if ((await scenario.object()) === undefined) return { outcome: { kind: "skipped", why: "gone" }, events, passes };
        const { outcome, events: said } = await scenario.pass(options);
        events.push(...said);
        if (outcome === undefined) continue;
        const again = outcome.kind === "progressing" || (outcome.kind === "skipped" && outcome.again === true);
        if (!again) return { outcome, events, passes };
        time.now += outcome.kind === "progressing" ? Math.max(1, outcome.retryIn) : 750;
      }
      throw new Error(`no end after ${MOST_PASSES} passes`);
    },

    /** `Ready=True:InstallSucceeded Released=True:InstallSucceeded | observed 1 of 1`. */
    line: async (): Promise<string> => {
      const { status, metadata } = await scenario.parsed();
      const conditions = (status.conditions ?? []).map((condition) => `${condition.type}=${condition.status}:${condition.reason}`);
      return `${conditions.join(" ")} | observed ${status.observedGeneration} of ${metadata.generation}`;
    },
    message: async (type = "Ready"): Promise<string> => shown(findCondition((await scenario.parsed()).status.conditions ?? [], type)?.message ?? ""),
    /** `2 deployed upgrade`, newest first. */
    history: async (): Promise<readonly string[]> =>
      ((await scenario.parsed()).status.history ?? []).map(({ version, status, action }) => `${version} ${status} ${action ?? "-"}`),
    /** `v1 superseded`, oldest first, with what is under way. */
    stored: async (storageNamespace = namespace, releaseName = "shop"): Promise<readonly string[]> => {
      const listed = await createReleaseStorage(admin, { releaseName, storageNamespace }, { now: scenario.now }).list();
      if (listed.kind === "failed") throw new Error(listed.message);
      return listed.secrets.map(
        ({ release, progress }) => `v${release.version} ${release.info.status}${progress === undefined ? "" : ` (${progress.action})`}`,
      );
    },
  };
  return scenario;
}
