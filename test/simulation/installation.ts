import { createHmac } from "node:crypto";
import { createKustomizer } from "@sluice/engine/build/kustomize/build.ts";
import { secret } from "@sluice/engine/domain/secret.ts";
import { epochMs, formatTime, minutes } from "@sluice/engine/domain/time.ts";
import { notifiedEvent } from "@sluice/engine/events/notified-event.ts";
import type { FluxEvent } from "@sluice/engine/ports/event-sink.ts";
import { createNotifications } from "@sluice/engine/reconcile/notify/notifications.ts";
import { createSilences } from "@sluice/engine/reconcile/notify/silence.ts";
import { verifySignature } from "@sluice/platform/github/verify-signature.ts";
import { createCarryOn } from "@sluice/platform/lambda/carry-on.ts";
import type { ClusterAccess, OpenCluster } from "@sluice/platform/lambda/cluster-access.ts";
import { createClusterRuns } from "@sluice/platform/lambda/cluster-runs.ts";
import { createEngineHost } from "@sluice/platform/lambda/engine-host.ts";
import { MAX_RECEIVES } from "@sluice/platform/lambda/environment.ts";
import { type BatchAnswer, batchAnswer, parseTopicEvent, type ReceivedMessage } from "@sluice/platform/lambda/events.ts";
import type { FunctionHost } from "@sluice/platform/lambda/function-host.ts";
import { createNotify } from "@sluice/platform/lambda/notify.ts";
import { createPatience } from "@sluice/platform/lambda/patience.ts";
import { createRelay } from "@sluice/platform/lambda/relay.ts";
import { windowsAt } from "@sluice/platform/lambda/sweep.ts";
import { createWebhook } from "@sluice/platform/lambda/webhook.ts";
import { createWorker } from "@sluice/platform/lambda/worker.ts";
import { createMemoryNotes } from "@sluice/platform/memory/notes.ts";
import { cachedRenders } from "@sluice/platform/s3/cached-renders.ts";
import { writeEventMessage } from "@sluice/platform/sns/event-message.ts";
import { parseMessage } from "@sluice/platform/sqs/message.ts";
import { routeOf } from "@sluice/platform/sqs/route.ts";
import type { APIGatewayProxyEventV2, SNSEvent } from "aws-lambda";
import { QUEUE_NAMES, type QueueName } from "../aws/world/queues.ts";
import { NO_CHARTS } from "../support/no-charts.ts";
import { httpEvent, queueEvent, topicEvent } from "../unit/functions/events.ts";
import type { ApiServer } from "./api-server.ts";
import type { Bill } from "./bill.ts";
import type { Bystanders } from "./bystanders.ts";
import { createEventSource, type EventSource } from "./event-source.ts";
import type { Looks } from "./looks.ts";
import { createQueues, type Queues } from "./queues.ts";
import { createSimulatedFunction, type Program } from "./sandboxes.ts";
import type { createBucket, Repositories } from "./stores.ts";
import type { Time } from "./time.ts";
import type { Stopwatch } from "./waits.ts";

export type InstallationDeps = {
  readonly time: Time;
  readonly stopwatch: Stopwatch;
  readonly bill: Bill;
  readonly looks: Looks;
  readonly clusters: ReadonlyMap<string, ApiServer>;
  /** Clusters that take part in nothing but this: a push to a repository that is not theirs is announced to them, too. */
  readonly bystanders: Bystanders;
  readonly bucket: ReturnType<typeof createBucket>;
  readonly git: Repositories;
  readonly chance: () => number;
  readonly onInvocation: ((fn: string, waited: number) => void) | undefined;
};

export type Installation = {
  readonly queues: Queues;
  /** What the Scheduler does each minute. */
  tick(at: number): Promise<void>;
  /** A delivery of GitHub. */
  push(repository: string): Promise<void>;
};

const SECRET = "the secret of GitHub's webhook";
/** As platform/lambda/cluster-access.ts and engine-function.ts have them. */
const KINDS_TTL = minutes(5);
const KEPT_RENDERS = 64 * 1024 * 1024;
/** As lib/stack/queues.ts has them. */
const MOST_AT_ONCE: Readonly<Record<QueueName, number>> = { source: 20, apply: 50, sweep: 50, later: 5, deliveries: 20 };
/** From SNS to a function. */
const TOPIC_MS = 50;

type EngineName = "source" | "apply" | "sweep";

/** The functions of the stack as their composition roots make them, over queues, bucket, topic and clusters in memory. */
export function createInstallation(deps: InstallationDeps): Installation {
  const { time, stopwatch, bill, chance } = deps;
  const names = [...deps.clusters.keys()];
  const sources = new Map<QueueName, EventSource>();
  const queues = createQueues(time, stopwatch, bill, (name, at) => sources.get(name)?.expect(at));

  const notify = createSimulatedFunction<SNSEvent, void>(deps, "notify", (host) => createNotifyProgram(deps, host));
  const publish = async (host: FunctionHost, cluster: string, event: FluxEvent): Promise<void> => {
    const notified = notifiedEvent(event, { cluster, now: host.clock.now() });
    if (notified === undefined) return;
    const message = writeEventMessage(notified, cluster);
    bill.add("sns publishes", Math.ceil(Buffer.byteLength(message) / (64 * 1024)));
    await stopwatch.wait(stopwatch.costs.sns);
    time.at(time.now() + TOPIC_MS, async () => {
      bill.add("sns deliveries");
      await notify.invoke(topicEvent(message));
    });
  };

  const engine = (name: EngineName) =>
    createSimulatedFunction<readonly ReceivedMessage[], BatchAnswer>(deps, name, (host) => createEngineProgram(deps, { name, host, names, queues, publish }));
  const sweep = engine("sweep");
  const relay = createSimulatedFunction<readonly ReceivedMessage[], BatchAnswer>(deps, "relay", (host) => createRelayProgram(time, queues, host));
  // No cluster here has an Alert: nothing is delivered.
  const readers = { source: engine("source"), apply: engine("apply"), sweep, later: relay, deliveries: { invoke: nobody } };
  for (const name of QUEUE_NAMES) {
    const options = { queue: queues.of(name), fn: readers[name], most: MOST_AT_ONCE[name] };
    sources.set(name, createEventSource({ time, bill, chance }, name, options));
  }

  // Counted by itself: there is one tick, however many clusters there are.
  const ticker = createSimulatedFunction<{ readonly scheduledTime: string }, void>({ ...deps, countAs: "tick" }, "sweep", () => ({
    handle: async ({ scheduledTime }) => {
      const at = epochMs(Date.parse(scheduledTime));
      await queues.send(windowsAt(names, at).map((item) => routeOf(queues.urls, item, undefined, at)));
    },
    requests: () => 0,
  }));
  const webhook = createSimulatedFunction<APIGatewayProxyEventV2, unknown>(deps, "webhook", (host) => {
    const keys = async () => {
      bill.add("secrets requests", 2); // at most: they are kept for five minutes
      return [secret(SECRET)];
    };
    return { handle: createWebhook({ host, queue: queues.createPort(), keys, newerKeys: keys, verify: verifySignature }), requests: () => 0 };
  });
  let deliveries = 0;

  return {
    queues,
    tick: async (at) => {
      bill.add("scheduler invocations");
      await ticker.invoke({ scheduledTime: formatTime(epochMs(at)) });
    },
    push: async (repository) => {
      bill.add("http api requests");
      const body = JSON.stringify({ ref: "refs/heads/main", repository: { clone_url: repository } });
      const delivery = `d-${++deliveries}`;
      const signature = `sha256=${createHmac("sha256", SECRET).update(body).digest("hex")}`;
      const headers = { "content-type": "application/json", "x-github-event": "push", "x-github-delivery": delivery, "x-hub-signature-256": signature };
      const event = httpEvent(body, headers);
      const end = await webhook.invoke({ ...event, requestContext: { ...event.requestContext, timeEpoch: time.now() } });
      const { statusCode } = end.kind === "answered" ? (end.answer as { statusCode: number }) : { statusCode: 0 };
      if (statusCode !== 202) throw new Error(`the webhook answered ${statusCode}`);
    },
  };
}

type EngineOptions = {
  readonly name: EngineName;
  readonly host: FunctionHost;
  readonly names: readonly string[];
  readonly queues: Queues;
  readonly publish: (host: FunctionHost, cluster: string, event: FluxEvent) => Promise<void>;
};

function createEngineProgram(
  { time, stopwatch, bill, clusters, bystanders, git, bucket, looks }: InstallationDeps,
  { name, host, names, queues, publish }: EngineOptions,
): Program<readonly ReceivedMessage[], BatchAnswer> {
  const access = createAccess((cluster) => clusters.get(cluster) ?? (bystanders.names.includes(cluster) ? bystanders.serverOf(cluster) : undefined), time.now);
  const queue = queues.createPort();
  let pushed = "";
  const kept = cachedRenders(bucket.renders, KEPT_RENDERS);
  const recalled = (inputs: string): void => looks.onRender(inputs);
  const engines = createEngineHost({
    host,
    access,
    get clusters() {
      return bystanders.isAskedOf(pushed) ? [...names, ...bystanders.names] : names;
    },
    queue,
    git,
    artifacts: bucket.artifacts,
    renders: {
      recall: (inputs) => {
        recalled(inputs);
        return kept.recall(inputs);
      },
      remember: kept.remember,
    },
    charts: NO_CHARTS,
    indexes: bucket.renders,
    kustomizer: createKustomizer(),
    topicOf: (cluster) => ({ emit: (event) => publish(host, cluster, event) }),
    settings: {},
  });
  const worker = createWorker<ReceivedMessage>({
    parse: parseMessage,
    run: (item, signal) => {
      if (item.kind === "push") pushed = item.repository;
      return looks.during(item, () => engines.run(item, signal));
    },
    putAside: async (message) => {
      bill.add("sqs fifo requests", 2);
      time.at(time.now(), () => queues.of(name).remove(message.receipt));
      queues.putAside(name, message);
    },
    postpone: async ({ receipt }, seconds) => {
      bill.add("sqs fifo requests");
      time.at(time.now(), () => queues.of(name).changeVisibility(receipt, seconds));
    },
    carryOn: createCarryOn(queue, host.clock),
    patience: createPatience((after) => signalAfter(stopwatch, after)),
    lastReceive: MAX_RECEIVES,
    log: host.log,
  });
  const requests = (): number => [...clusters.values()].reduce((sum, server) => sum + server.requests(), bystanders.requests());
  return { handle: async (messages, signal) => batchAnswer(await worker.work(messages, signal)), requests };
}

function signalAfter(stopwatch: Stopwatch, milliseconds: number): AbortSignal {
  const controller = new AbortController();
  void stopwatch.wait(milliseconds).then(() => controller.abort());
  return controller.signal;
}

/** As platform/lambda/cluster-access.ts: what a sandbox knows of a cluster's kinds it asks anew after a while. */
function createAccess(find: (cluster: string) => ApiServer | undefined, now: () => number): ClusterAccess {
  const kept = new Map<string, { readonly server: ApiServer; readonly opened: OpenCluster; readonly at: number }>();
  return {
    open: async (name) => {
      const server = find(name);
      if (server === undefined) return { kind: "unknown", name };
      const before = kept.get(name);
      if (before?.server === server && now() - before.at < KINDS_TTL) return before.opened;
      const opened = server.open();
      kept.set(name, { server, opened, at: now() });
      return opened;
    },
    forget: (name) => void kept.delete(name),
  };
}

const nobody = (): Promise<never> => Promise.reject(new Error("nothing is to get here"));

/** Who wants an event is asked of its cluster, each time. */
function createNotifyProgram({ clusters, time, stopwatch, bill }: InstallationDeps, host: FunctionHost): Program<SNSEvent, void> {
  const access = createAccess((cluster) => clusters.get(cluster), time.now);
  const runs = createClusterRuns({ access, host });
  const memory = createMemoryNotes({ clock: host.clock });
  const request = async <Value>(what: "s3 put" | "s3 get", act: () => Promise<Value>): Promise<Value> => {
    bill.add(what);
    await stopwatch.wait(stopwatch.costs.s3);
    return act();
  };
  const notify = createNotify({
    host,
    inCluster: (name, signal, use) =>
      runs.within(name, signal, ({ cluster }) =>
        use(
          createNotifications({
            clusterName: name,
            cluster,
            notifier: { send: nobody },
            notes: {
              read: (key) => request("s3 get", () => memory.read(key)),
              write: (key, text, over) => request("s3 put", () => memory.write(key, text, over)),
              remove: (key) => request("s3 put", () => memory.remove(key)),
            },
            deliveries: { send: nobody },
            events: { emit: nobody },
            clock: host.clock,
            log: host.logOf(name),
            settings: { noCrossNamespaceRefs: false },
            channels: {},
            signalAfter: (after) => signalAfter(stopwatch, after),
            silences: createSilences(),
          }),
        ),
      ),
  });
  const requests = (): number => [...clusters.values()].reduce((sum, server) => sum + server.requests(), 0);
  return { handle: (event, signal) => notify.hear(parseTopicEvent(event), signal), requests };
}

function createRelayProgram(time: Time, queues: Queues, host: FunctionHost): Program<readonly ReceivedMessage[], BatchAnswer> {
  const forward: Parameters<typeof createRelay>[0]["forward"] = async (bodies) => {
    const read = bodies.map((body) => parseMessage(body));
    await queues.send(read.flatMap((parsed) => (parsed.ok ? [routeOf(queues.urls, parsed.value.item, parsed.value.notBefore, epochMs(time.now()))] : [])));
    return read.map((parsed) => (parsed.ok ? { kind: "sent" } : { kind: "malformed", problem: parsed.problem }));
  };
  const relay = createRelay({ host, forward, putAside: async (message) => queues.putAside("later", message) });
  return { handle: (messages) => relay(queueEvent(messages.map(({ body }) => body))), requests: () => 0 };
}
