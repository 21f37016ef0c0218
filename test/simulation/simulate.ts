import { isObject, type Json } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { applyOne, install } from "../../lib/local/prepare-cluster.ts";
import type { Store } from "../../lib/local/sandbox/storage/store.ts";
import { type ApiServer, createApiServer } from "./api-server.ts";
import { type Bill, createBill } from "./bill.ts";
import { createBystanders } from "./bystanders.ts";
import { createChance, createUids } from "./chance.ts";
import { ANSWERS_MS } from "./durations.ts";
import { createInstallation, type Installation } from "./installation.ts";
import { createLooks, type Swept } from "./looks.ts";
import { createBucket, createRepositories, type Repositories } from "./stores.ts";
import { createTime, type Time } from "./time.ts";
import { type Costs, createStopwatch } from "./waits.ts";
import {
  type ClusterSort,
  driftRef,
  fluxObjects,
  NAMESPACE,
  nameOf,
  ownUrl,
  SHARED_SHARE,
  SHARED_URL,
  SORTS,
  treeOf,
  type Version,
  waitsForHealth,
} from "./workload.ts";

export type SimulationOptions = {
  /** One sort for each cluster. */
  readonly clusters: readonly ClusterSort["name"][];
  readonly kustomizations: number;
  /** Clusters that are there, and in which nothing is simulated but that they are asked whether a push to another cluster's repository concerns them. */
  readonly bystanders: number;
  readonly hours: number;
  /** Pushes to the shared repository, which change all of its Kustomizations in all clusters. */
  readonly sharedPushes: number;
  /** Minutes of the day whose tick comes three minutes late, twice, or never. */
  readonly ticks: { readonly late: readonly number[]; readonly doubled: readonly number[]; readonly lost: readonly number[] };
  /** Of the uids, from which turns come: another seed is another day of the same installation. */
  readonly seed?: number;
  /** Of each Kustomization; 8 unless said. */
  readonly objects?: number;
  /** How long the answers of others take, unless they take what they do on AWS. */
  readonly costs?: Costs;
  /** Hears how long each invocation waited for others, in milliseconds. */
  readonly onInvocation?: (fn: string, waited: number) => void;
  readonly onHour?: (hour: number) => void;
};

export type Simulated = {
  readonly bill: Bill;
  readonly from: number;
  readonly until: number;
  /** Object → moments of its looks; the kind stands in the name. */
  readonly looks: ReadonlyMap<string, readonly number[]>;
  readonly swept: Swept;
  readonly outages: ReadonlyMap<string, { readonly from: number; readonly until: number }>;
  /** Milliseconds from a change by hand until it was put back; undefined when it never was. */
  readonly drifts: readonly { readonly object: string; readonly cluster: string; readonly ms: number | undefined }[];
  /** Objects of `later` at each full hour: a chain of looks that never ends shows there. */
  readonly delayed: readonly number[];
  /** Runs over single objects in each hour. */
  readonly runs: readonly number[];
  readonly deadLetters: readonly { readonly queue: string; readonly body: string }[];
  /** Kustomizations that are not Ready at the revision of their source at the end. */
  readonly unready: readonly string[];
  readonly broken: readonly string[];
  readonly apiRequests: number;
  /** That the day added to the bucket. */
  readonly bucketBytes: number;
};

const MINUTE = 60_000;
const HOUR = 3_600_000;
const START = Date.parse("2030-01-01T00:00:00Z");
/** First everything is applied; the day begins after that. */
const SETTLING = 30 * MINUTE;
const ROLLOUT_MS = 25_000;

export async function simulate(options: SimulationOptions): Promise<Simulated> {
  const chance = createChance(20300101);
  const stopwatch = createStopwatch(options.costs ?? ANSWERS_MS);
  const time = createTime(START, stopwatch);
  const bill = createBill();
  const names = options.clusters.map((sort, index) => `${sort}-${String(index).padStart(3, "0")}`);
  const createUid = createUids(options.seed ?? 1);
  const clusters = new Map(names.map((name) => [name, createApiServer(name, { clock: time.clock, waits: stopwatch, createUid })]));
  const looks = createLooks(time.now, (cluster) => clusters.get(cluster)?.store.resourceVersion() ?? "");
  const bucket = createBucket(stopwatch, bill);
  const git = createRepositories(stopwatch, bill, looks.onRemote);
  const indexes = Array.from({ length: options.kustomizations }, (_, index) => index);
  const shared = indexes.slice(0, Math.round(options.kustomizations * SHARED_SHARE));
  const own = indexes.slice(shared.length);

  const fleet = createRepository({ git, url: SHARED_URL, kustomizations: shared, broken: new Map(), objects: options.objects });
  fleet.pushAll();
  const all: Scene[] = [];
  for (const [index, name] of names.entries()) {
    const server = clusters.get(name);
    const sort = SORTS[options.clusters[index] ?? "quiet"];
    if (server === undefined) continue;
    const broken = brokenOf(sort, own);
    const repository = createRepository({ git, url: ownUrl(name), kustomizations: own, broken, objects: options.objects });
    repository.pushAll();
    await prepare(server, name, shared, own);
    rollOut(server.store, time);
    looks.addSource(name, SHARED_URL, `${name}/GitRepository/${NAMESPACE}/fleet`);
    looks.addSource(name, ownUrl(name), `${name}/GitRepository/${NAMESPACE}/own`);
    all.push({ name, sort, server, repository, broken, own, shared });
  }
  const bystanders = createBystanders({
    count: options.bystanders,
    mortal: Math.round((options.bystanders * options.clusters.filter((sort) => SORTS[sort].deadMinutes > 0).length) / options.clusters.length),
    day: { from: START + SETTLING, until: START + SETTLING + options.hours * HOUR },
    create: (name) => createApiServer(name, { clock: time.clock, waits: stopwatch, createUid }),
    now: time.now,
  });
  await prepare(bystanders.awake, "bystander", [], []);
  const installation = createInstallation({ time, stopwatch, bill, looks, clusters, bystanders, bucket, git, chance, onInvocation: options.onInvocation });

  const from = START + SETTLING;
  const until = from + options.hours * HOUR;
  startTicks(time, installation, until, { ...options.ticks, from });
  await time.runUntil(from);
  bill.begin();
  const bytesBefore = bucket.bytes();
  const sweptBefore = looks.swept();
  const requestsBefore = requestsOf(clusters);

  const plan = { time, installation, chance, from, until };
  const drifts: Drift[] = [];
  const outages = new Map<string, { readonly from: number; readonly until: number }>();
  for (const scene of all) planCluster(plan, scene, drifts, outages);
  for (let push = 0; push < options.sharedPushes; push++) {
    time.at(from + Math.floor(((push + 0.5) / options.sharedPushes) * (until - from - HOUR / 2)), async () => {
      fleet.pushAll();
      await installation.push(SHARED_URL);
    });
  }

  const delayed: number[] = [];
  const runs: number[] = [];
  for (let hour = 1; hour <= options.hours; hour++) {
    const before = runsOf(bill);
    await time.runUntil(from + hour * HOUR);
    delayed.push(installation.queues.of("later").messages().length);
    runs.push(runsOf(bill) - before);
    options.onHour?.(hour);
  }
  return {
    bill,
    from,
    until,
    looks: looks.all(),
    swept: difference(sweptBefore, looks.swept()),
    outages,
    drifts: drifts.map(({ object, cluster, at, backAt }) => ({ object, cluster, ms: backAt === undefined ? undefined : backAt - at })),
    delayed,
    runs,
    deadLetters: installation.queues.deadLetters(),
    unready: all.flatMap(unreadyIn),
    broken: all.flatMap(({ name, broken }) => [...broken.keys()].map((index) => `${name}/Kustomization/${NAMESPACE}/${nameOf(index)}`)),
    apiRequests: requestsOf(clusters) - requestsBefore,
    bucketBytes: bucket.bytes() - bytesBefore,
  };
}

const requestsOf = (clusters: ReadonlyMap<string, ApiServer>): number => [...clusters.values()].reduce((sum, server) => sum + server.requests(), 0);
const runsOf = (bill: Bill): number => bill.of("invocations apply") + bill.of("invocations source");

const difference = (before: Swept, after: Swept): Swept => ({
  looked: after.looked - before.looked,
  sent: after.sent - before.sent,
  idle: after.idle - before.idle,
});

type Repository = { pushAll(): void; pushOne(index: number): void };

type RepositoryOptions = {
  readonly git: Repositories;
  readonly url: string;
  readonly kustomizations: readonly number[];
  readonly broken: ReadonlyMap<number, "build" | "health">;
  readonly objects: number | undefined;
};

function createRepository({ git, url, kustomizations, broken, objects }: RepositoryOptions): Repository {
  let version: Version = { all: 0, one: new Map() };
  const commit = (): void => void git.commit(url, treeOf(kustomizations, version, broken, objects));
  return {
    pushAll: () => {
      version = { ...version, all: version.all + 1 };
      commit();
    },
    pushOne: (index) => {
      version = { ...version, one: new Map(version.one).set(index, (version.one.get(index) ?? 0) + 1) };
      commit();
    },
  };
}

function brokenOf({ broken }: ClusterSort, own: readonly number[]): ReadonlyMap<number, "build" | "health"> {
  const waiting = own.filter(waitsForHealth);
  const build = own.slice(0, broken.build).map((index) => [index, "build"] as const);
  const health = waiting.filter((index) => !build.some(([other]) => other === index)).slice(0, broken.health);
  return new Map([...build, ...health.map((index) => [index, "health"] as const)]);
}

async function prepare({ admin }: ApiServer, name: string, shared: readonly number[], own: readonly number[]): Promise<void> {
  await install(admin.cluster, { namespace: NAMESPACE, version: "v2.9.4", image: "sluice:v0.0.0" });
  for (const manifest of fluxObjects(name, shared, own)) await applyOne(admin.cluster, manifest);
}

/** Deployments are available some time after each change, but those named `stuck-…`, which never are. */
function rollOut(store: Store, time: Time): void {
  const deployments = { group: "apps", plural: "deployments" };
  store.watch(({ type, resource, object }) => {
    const { name = "", namespace = "" } = object.metadata;
    if (type === "deleted" || resource.plural !== "deployments" || object.metadata.generation === observedOf(object)) return;
    if (name.startsWith("stuck-")) return;
    time.after(ROLLOUT_MS, () => {
      const now = store.get(deployments, namespace, name);
      if (now === undefined || now.metadata.generation === observedOf(now)) return;
      const counts = { replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 };
      const conditions = [
        { type: "Available", status: "True", reason: "MinimumReplicasAvailable" },
        { type: "Progressing", status: "True", reason: "NewReplicaSetAvailable" },
      ];
      const status = { observedGeneration: now.metadata.generation ?? 1, ...counts, conditions };
      store.update(deployments, { ...now, status } as Manifest, { manager: "kube-controller-manager", subresource: "status" });
    });
  });
}

function observedOf(object: Manifest): Json | undefined {
  const status = object.status as Json | undefined; // the store's own
  return isObject(status) ? status.observedGeneration : undefined;
}

type TickOptions = SimulationOptions["ticks"] & { readonly from: number };

function startTicks(time: Time, installation: Installation, until: number, { late, doubled, lost, from }: TickOptions): void {
  for (let at = Math.ceil(time.now() / MINUTE) * MINUTE; at <= until; at += MINUTE) {
    const minute = Math.round((at - from) / MINUTE);
    if (lost.includes(minute)) continue;
    const tick = () => installation.tick(at);
    time.at(late.includes(minute) ? at + 3 * MINUTE : at + 500, tick);
    if (doubled.includes(minute)) time.at(at + 20_000, tick);
  }
}

type Scene = {
  readonly name: string;
  readonly sort: ClusterSort;
  readonly server: ApiServer;
  readonly repository: Repository;
  readonly broken: ReadonlyMap<number, "build" | "health">;
  readonly own: readonly number[];
  readonly shared: readonly number[];
};
type Drift = { readonly object: string; readonly cluster: string; readonly at: number; backAt?: number };
type Plan = { readonly time: Time; readonly installation: Installation; readonly chance: () => number; readonly from: number; readonly until: number };

/** What happens to one cluster in the day: evenly spread, at places of its own. */
function planCluster(
  { time, installation, chance, from, until }: Plan,
  scene: Scene,
  drifts: Drift[],
  outages: Map<string, { from: number; until: number }>,
): void {
  const { name, sort, server, repository, own, broken } = scene;
  const share = (until - from) / (24 * HOUR);
  const moments = (perDay: number): readonly number[] => {
    const count = Math.max(perDay > 0 ? 1 : 0, Math.round(perDay * share));
    return Array.from({ length: count }, (_, index) => from + Math.floor(((index + chance()) / count) * (until - from - HOUR / 2)));
  };
  const healthy = own.filter((index) => !broken.has(index));
  const anyOf = (indexes: readonly number[]): number => indexes[Math.floor(chance() * indexes.length)] ?? 0;

  for (const [turn, at] of moments(sort.pushes).entries()) {
    time.at(at, async () => {
      if (turn % 5 === 4) repository.pushAll();
      else repository.pushOne(anyOf(own));
      await installation.push(ownUrl(name));
    });
  }
  if (sort.storm > 0) {
    const begins = from + (until - from) / 3;
    for (let push = 0; push < sort.storm; push++) {
      time.at(begins + (push / sort.storm) * 10 * MINUTE, async () => {
        repository.pushOne(anyOf(own));
        await installation.push(ownUrl(name));
      });
    }
  }
  for (const at of moments(sort.drifts)) time.at(at, () => drift(time, server, { object: anyOf(healthy), cluster: name, at }, drifts));
  if (sort.deadMinutes > 0) {
    const begins = from + (until - from) / 4;
    const ends = begins + sort.deadMinutes * MINUTE;
    time.at(begins, () => server.setDead(true));
    time.at(ends, () => server.setDead(false));
    outages.set(name, { from: begins, until: ends });
  }
}

/** Somebody edits an object of a Kustomization; noted when it is as it was. */
async function drift(
  time: Time,
  { admin, store }: ApiServer,
  { object, cluster, at }: { object: number; cluster: string; at: number },
  drifts: Drift[],
): Promise<void> {
  const ref = driftRef(object);
  const answer = await admin.cluster.patch(ref, { body: { type: "merge", merge: { data: { mode: "by hand" } } }, manager: "kubectl-edit" });
  if (answer.kind !== "patched") return;
  const noted: Drift = { object: `${cluster}/Kustomization/${NAMESPACE}/${nameOf(object)}`, cluster, at };
  drifts.push(noted);
  const stop = store.watch(({ object: changed }) => {
    if (changed.kind !== "ConfigMap" || changed.metadata.name !== ref.name) return;
    const data = changed["data"] as Json | undefined; // the store's own
    if (!isObject(data) || data.mode !== "production") return;
    noted.backAt ??= time.now();
    stop();
  });
}

function unreadyIn({ name, server, broken, shared, own }: Scene): readonly string[] {
  const revisionOf = (source: string): Json | undefined => {
    const object = server.store.get({ group: "source.toolkit.fluxcd.io", plural: "gitrepositories" }, NAMESPACE, source);
    const status = object?.["status"] as Json | undefined; // the store's own
    return isObject(status) && isObject(status.artifact) ? status.artifact.revision : undefined;
  };
  const isReady = (index: number): boolean => {
    const object = server.store.get({ group: "kustomize.toolkit.fluxcd.io", plural: "kustomizations" }, NAMESPACE, nameOf(index));
    const status = object?.["status"] as Json | undefined; // the store's own
    return isObject(status) && status.lastAppliedRevision === revisionOf(shared.includes(index) ? "fleet" : "own");
  };
  return [...shared, ...own].filter((index) => !broken.has(index) && !isReady(index)).map((index) => `${name}/Kustomization/${NAMESPACE}/${nameOf(index)}`);
}
