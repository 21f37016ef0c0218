import { createHash, randomBytes, randomUUID } from "node:crypto";
import { createKustomizer } from "@sluice/engine/build/kustomize/build.ts";
import type { JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest, ObjectRef } from "@sluice/engine/domain/manifest.ts";
import { type EpochMs, epochMs, hours } from "@sluice/engine/domain/time.ts";
import type { WorkItem } from "@sluice/engine/domain/work-item.ts";
import type { ChartRepositories } from "@sluice/engine/ports/chart-repositories.ts";
import { createEngine } from "@sluice/engine/reconcile/run.ts";
import { DEFAULT_SETTINGS } from "@sluice/engine/reconcile/settings.ts";
import type { SweepReport } from "@sluice/engine/reconcile/sweep.ts";
import { stringify } from "yaml";
import { applyOne, install } from "../../../lib/local/prepare-cluster.ts";
import { createApiServer } from "../../simulation/api-server.ts";
import { NO_CHARTS } from "../no-charts.ts";
import { createCalls } from "../reconcile/calls.ts";
import { calledArtifacts, calledCluster, calledRenders, createMemory, isWrite } from "../reconcile/ports.ts";
import { chartArchive } from "./source-world.ts";

const START = Date.parse("2030-01-01T00:00:00Z");
const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** Turns come by uid, and uids are random: without this, now and then a test would see more requests. */
const AGES = hours(1e9);
const URL_OF = "https://charts.example.com";

type Waiting = { readonly item: WorkItem; readonly at: number };
export type Swept = { readonly report: SweepReport; readonly sent: readonly string[]; readonly writes: readonly string[]; readonly asked: readonly string[] };

/** The whole engine with its queue over an API server in the process, one repository of charts, and a clock that only tests move. Nobody watches: all begins with a sweep. */
export async function createReleaseWorld() {
  const time = { now: START };
  const clock = { now: (): EpochMs => epochMs(time.now) };
  const waits = { costs: { apiServer: 0, s3: 0, sqs: 0, sns: 0, git: 0 }, wait: async () => undefined };
  const { cluster, kinds } = createApiServer("test", { clock, waits, createUid: randomUUID }).admin;
  await install(cluster, { namespace: "flux-system", version: "v0.0.0", image: "sluice:v0.0.0" });
  const memory = createMemory();
  const versions: string[] = [];
  const asked: string[] = [];
  const log: string[] = [];
  let waiting: Waiting[] = [];

  const index = (): Uint8Array =>
    new TextEncoder().encode(
      stringify({ apiVersion: "v1", entries: { web: versions.map((version) => ({ apiVersion: "v2", name: "web", version, urls: [`web-${version}.tgz`] })) } }),
    );
  const charts: ChartRepositories = {
    ...NO_CHARTS,
    index: async (_, known) => {
      const bytes = index();
      const etag = createHash("sha256").update(bytes).digest("hex");
      asked.push(known === undefined ? "index" : "index if changed");
      return known?.etag === etag ? { kind: "unchanged" } : { kind: "found", bytes, validators: { etag } };
    },
    chart: async (_, url) => {
      asked.push(`chart ${url}`);
      return { kind: "found", bytes: chartArchive("web", /web-(.*)\.tgz$/.exec(url)?.[1] ?? "", { "templates/config.yaml": TEMPLATE }) };
    },
  };

  function engineWith(lines: string[]) {
    const calls = createCalls();
    const called = calledCluster(cluster, calls);
    const note = (message: string, fields: object): void => void log.push(JSON.stringify({ message, ...fields }));
    return {
      calls,
      engine: createEngine({
        cluster: called,
        as: (user) => (user === undefined ? called : calledCluster(cluster, calls, `as ${user}: `)),
        kinds,
        artifacts: calledArtifacts(memory, calls),
        renders: calledRenders(memory, calls),
        indexes: calledRenders(memory, calls),
        charts,
        kustomizer: createKustomizer(),
        randomBytes: (count) => randomBytes(count),
        events: { emit: async () => undefined },
        clock,
        log: { info: note, error: note },
        settings: { ...DEFAULT_SETTINGS, fullLookEvery: AGES },
        git: { open: () => Promise.reject(new Error("no remote here")) as never },
        queue: {
          send: async (item, { notBefore = time.now } = {}) => {
            waiting.push({ item, at: notBefore });
            if (item.kind === "object") lines.push(`${item.key.kind}/${item.key.name} (${item.cause})`);
          },
        },
        clusterName: "test",
      }),
    };
  }

  const world = {
    time,
    log,
    put: (manifest: Manifest): Promise<void> => applyOne(cluster, manifest),
    find: async (ref: ObjectRef): Promise<Manifest | undefined> => {
      const answer = await cluster.get(ref);
      return answer.kind === "found" ? answer.object : undefined;
    },
    remove: async (ref: ObjectRef): Promise<void> => void (await cluster.delete(ref, { propagation: "Background" })),
    publish: (version: string): void => void versions.push(version),
    repository: (): Promise<void> =>
      world.put({
        apiVersion: "source.toolkit.fluxcd.io/v1",
        kind: "HelmRepository",
        metadata: { name: "charts", namespace: "apps" },
        spec: { interval: "10m", url: URL_OF },
      }),
    release: (name: string, spec: JsonObject = {}): Promise<void> =>
      world.put({
        apiVersion: "helm.toolkit.fluxcd.io/v2",
        kind: "HelmRelease",
        metadata: { name, namespace: "apps" },
        spec: {
          interval: "30m",
          chart: { spec: { chart: "web", version: "*", interval: "1h", sourceRef: { kind: "HelmRepository", name: "charts" } } },
          ...spec,
        },
      }),
    releaseOf: (name: string) => world.find({ apiVersion: "helm.toolkit.fluxcd.io/v2", kind: "HelmRelease", namespace: "apps", name }),
    /** The version of the chart whose ConfigMap stands in the cluster, with the colour of its values. */
    deployed: async (name: string): Promise<unknown> => (await world.find({ apiVersion: "v1", kind: "ConfigMap", namespace: "apps", name }))?.data,
    /** A sweep over the last `minutes`. What it sends waits to be run. */
    sweep: async (minutes = 1): Promise<Swept> => {
      const sent: string[] = [];
      asked.length = 0;
      const { engine, calls } = engineWith(sent);
      const report = await engine.sweep({ kind: "cluster", cluster: "test", since: epochMs(time.now - minutes * MINUTE), until: epochMs(time.now) });
      return { report, sent: sent.toSorted(), writes: calls.lines.filter(isWrite), asked: [...asked] };
    },
    /** Runs what waits, and what follows from it, as far as it is due within half a minute from now; each run, in order. */
    run: async (): Promise<readonly string[]> => {
      const ran: string[] = [];
      const until = time.now + 30 * SECOND;
      for (;;) {
        const [first, ...rest] = waiting.toSorted((a, b) => a.at - b.at);
        if (first === undefined || first.at > until) return ran;
        waiting = rest;
        time.now = Math.max(time.now, first.at);
        if (first.item.kind === "object") ran.push(`${first.item.key.kind}/${first.item.key.name} (${first.item.cause})`);
        await engineWith([]).engine.run(first.item);
      }
    },
    wait: (minutes: number): void => {
      time.now += minutes * MINUTE;
    },
  };
  await world.put({ apiVersion: "v1", kind: "Namespace", metadata: { name: "apps" } });
  return world;
}

const TEMPLATE = `apiVersion: v1
kind: ConfigMap
metadata: {name: {{ .Release.Name }}}
data: {colour: {{ .Values.colour | quote }}, version: {{ .Chart.Version | quote }}}
`;
