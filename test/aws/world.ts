import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import type { HostSettings } from "@sluice/platform/lambda/cluster-config.ts";
import { ENV_AMAZON_Q_TOPIC, ENV_AMAZON_Q_WANTS, ENV_SLACK_SECRET } from "@sluice/platform/lambda/environment.ts";
import { applyOne } from "../../lib/local/prepare-cluster.ts";
import { createAws, type FakeAws } from "../support/aws/create-aws.ts";
import type { Credentials } from "../support/aws/identity.ts";
import { type Delivery, type GitHubServer, startGitHub } from "../support/git/github-server.ts";
import type { Files } from "../support/git/local-server.ts";
import { type HttpApi, startHttpApi } from "../support/lambda/event-sources/http-api.ts";
import { type QueuePoller, startQueuePoller } from "../support/lambda/event-sources/queue-poller.ts";
import { runFunctions } from "../support/lambda/event-sources/run-function.ts";
import type { LambdaFunction } from "../support/lambda/function.ts";
import { ensureRuntime } from "../support/lambda/install-runtime.ts";
import { type Bundles, createBundles } from "./world/bundles.ts";
import { type ClusterSpec, startCluster, type WorldCluster } from "./world/clusters.ts";
import { createGate, createShared, type Deployed, gateNameOf, SHARED_NAMES, type SharedName, SIZES } from "./world/functions.ts";
import { createHurriedClock } from "./world/hurried-clock.ts";
import { createQueues, deadLettersOf, nameOf, QUEUE_NAMES, type QueueName, READERS } from "./world/queues.ts";

export type WorldOptions = {
  /** One cluster `prod` unless said. */
  readonly clusters?: readonly ClusterSpec[];
  readonly settings?: Omit<HostSettings, "anyAddress" | "gitHubHosts">;
  /** How long a message whose function was killed stays hidden; the stack's are minutes. See also `release`. */
  readonly visibilitySeconds?: number;
  /** Instead of the stack's time limits of functions, where it is shorter. */
  readonly timeoutMs?: number;
  /** Sandboxes of one function at once; 3 unless said: a process each. */
  readonly concurrency?: number;
  /** A folder with kube-apiserver and etcd, as KUBEBUILDER_ASSETS names it: real clusters instead of sandboxes. */
  readonly assets?: string;
  /** What the stack's `slack` and `amazonQ` come to: the text of the secret, and what Amazon Q's topic gets. */
  readonly slack?: string;
  readonly amazonQ?: "failures" | "all";
  /** Shared by several worlds; the world's own, gone with it, unless given. */
  readonly bundles?: Bundles;
};

export type WatchOptions = {
  readonly cluster?: string;
  readonly path?: string;
  /** Of the objects; `app` unless said. */
  readonly name?: string;
  /** Of the Kustomization, beside source, path, interval and prune. */
  readonly spec?: JsonObject;
  /** Of the GitRepository, beside URL, branch, interval and credentials. */
  readonly source?: JsonObject;
};

export type AwsWorld = {
  readonly aws: FakeAws;
  readonly github: GitHubServer;
  readonly clusters: readonly WorldCluster[];
  cluster(name?: string): WorldCluster;
  /** Another one has taken the place of the cluster of that name, which is for the caller to stop. */
  replace(cluster: WorldCluster): void;
  /** By name; a gate's is `gate-<cluster>`. */
  fn(name: SharedName | `gate-${string}`): LambdaFunction;
  readonly pollers: Readonly<Record<QueueName, QueuePoller>>;
  /** Where GitHub delivers: `<url>/github`, and Receivers are asked: `<url>/hook/…`. */
  readonly webhookUrl: string;
  readonly secret: string;
  /** With which the cluster's Secrets let functions read from GitHub. */
  readonly gitHubToken: string;
  /** What nobody may find in any output: those two, and the functions' own credentials. */
  readonly secrets: readonly string[];
  functions(): readonly LambdaFunction[];
  readonly bucket: string;
  readonly topicArn: string;
  /** Of Amazon Q, where it gets anything. */
  readonly amazonQTopicArn?: string;
  /** Requests to the webhook of a Receiver: its `status.webhookPath`. */
  hook(path: string, init?: RequestInit): Promise<{ readonly status: number; readonly text: string }>;
  /** Applies a manifest as an administrator, to one cluster. */
  apply(manifest: Manifest, cluster?: string): Promise<void>;
  /** A Secret with the credentials of the GitHub server, a GitRepository that uses it and a Kustomization over `path`. */
  watchRepository(repository: string, options?: WatchOptions): Promise<void>;
  /** Commits and delivers the signed webhook; the commit's id and how the webhook answered. */
  push(
    repository: string,
    files: Files,
    options?: { readonly branch?: string },
  ): Promise<{ readonly commit: string; readonly status: number; readonly delivery: Delivery }>;
  /** POST /github */
  deliver(delivery: Delivery): Promise<{ readonly status: number; readonly text: string }>;
  /** What the Scheduler does each minute; without a time now. */
  tick(at?: Date): Promise<void>;
  /** What Lambda tries again after some time is tried now. */
  retryNow(): Promise<void>;
  /** Lets the visibility timeouts pass of all messages that no function holds: those of killed and failed ones. */
  release(): void;
  /** Waits until no function runs and no queue has a message that is due or in flight. Throws, saying what is left, after `limitMs`. */
  quiet(limitMs?: number): Promise<void>;
  /** The same, and no message of `later` or `deliveries` is to come either: every wait for health is over, and every notification sent or given up. */
  drained(limitMs?: number): Promise<void>;
  /** As `quiet`, but messages that are hidden after a function was killed or failed may stay: before `release`. */
  settle(limitMs?: number): Promise<void>;
  /** Lines of all functions by time, for a person who asks why a test failed: `SHOW=1 npm run test:aws`. */
  story(): string;
  /** Messages in dead-letter queues: queue, body and attributes. */
  deadLetters(): readonly { readonly queue: QueueName; readonly body: string; readonly reason: string | undefined }[];
  stop(): Promise<void>;
};

export const ROUTE = "POST /github";
export const RECEIVER_ROUTES = ["ANY /hook", "ANY /hook/{proxy+}"];
/** What Lambda takes between receiving a message and running the function, and after it; as lib/stack/work-queue.ts has it. */
export const MARGIN_SECONDS = 30;
/** So long after SQS gave it out a message may not have reached its poller yet: it is somebody's already. */
const ON_THE_WAY_MS = 500;
/** As lib/stack/sweep-schedule.ts words it. */
export const tickEvent = (at: Date) => ({ scheduledTime: at.toISOString().replace(/\.\d+Z$/, "Z") });

/** An installation on AWS: the real bundles in the real runtime, everything else on loopback. What stands for what: test/support/lambda/README.md. */
export async function createAwsWorld(options: WorldOptions = {}): Promise<AwsWorld> {
  const { clusters: specs = [{ name: "prod" }], settings = {}, visibilitySeconds, timeoutMs, concurrency = 3 } = options;
  const runtime = await ensureRuntime();
  const functions = new Map<string, LambdaFunction>();
  const clock = createHurriedClock();
  const aws = await createAws({ account: "123456789012", clock, lambda: runFunctions((name) => functions.get(name)) });
  // Nobody may ever read these in an output of ours: see checks/no-secrets.ts.
  const secret = `webhook-secret-${randomBytes(12).toString("hex")}`;
  const gitHubToken = `ghp_${randomBytes(18).toString("hex")}`;
  const github = await startGitHub({ token: gitHubToken });
  createQueues(aws, (queue) => visibilitySeconds ?? SIZES[READERS[queue].fn].seconds + MARGIN_SECONDS);
  const bucket = "sluice-artifacts";
  aws.s3.createBucket(bucket);
  const clusters = await Promise.all(specs.map((spec) => startCluster(aws, spec, options.assets)));
  const bundles = options.bundles ?? createBundles();
  const credentials = new Map<string, Credentials>();
  const amazonQTopicArn = options.amazonQ === undefined ? undefined : aws.sns.createTopic("sluice-amazon-q");
  const channels = {
    ...(options.slack !== undefined && { [ENV_SLACK_SECRET]: aws.secrets.put("sluice-slack", options.slack) }),
    ...(amazonQTopicArn !== undefined && { [ENV_AMAZON_Q_TOPIC]: amazonQTopicArn, [ENV_AMAZON_Q_WANTS]: options.amazonQ ?? "" }),
  };
  const deployed: Deployed = {
    aws,
    credentials,
    bundles,
    clusters,
    bucket,
    topicArn: aws.sns.createTopic("sluice-events"),
    secretArn: aws.secrets.put("sluice-webhook", secret),
    settings: { ...settings, anyAddress: true, gitHubHosts: github.hosts },
    channels,
    runtime,
    concurrency,
    ...(timeoutMs !== undefined && { timeoutMs }),
  };
  for (const name of SHARED_NAMES) functions.set(`sluice-${name}`, createShared(deployed, name));
  for (const one of clusters) if (one.spec.private) functions.set(gateNameOf(one.spec.name), createGate(deployed, one));
  const fn = (name: string): LambdaFunction => found(functions.get(`sluice-${name}`), name);

  aws.sns.subscribe(deployed.topicArn, "lambda", fn("notify").arn);
  const sqs = new SQSClient({ ...aws.client });
  const poll = (queue: QueueName): QueuePoller =>
    startQueuePoller({
      sqs,
      queueUrl: aws.sqs.url(nameOf(queue)),
      target: fn(READERS[queue].fn),
      batchSize: READERS[queue].batchSize,
      maximumConcurrency: concurrency,
      reportBatchItemFailures: true,
      region: aws.region,
    });
  const pollers = { source: poll("source"), apply: poll("apply"), sweep: poll("sweep"), later: poll("later"), deliveries: poll("deliveries") };
  const api = await startHttpApi({
    routes: { [ROUTE]: fn("webhook"), ...Object.fromEntries(RECEIVER_ROUTES.map((route) => [route, fn("receiver")])) },
    region: aws.region,
    integrationTimeoutMs: 10_000,
  });

  const cluster = (name?: string): WorldCluster => found(name === undefined ? clusters[0] : clusters.find(({ spec }) => spec.name === name), name);
  const apply = (manifest: Manifest, name?: string): Promise<void> => applyOne(cluster(name).admin, manifest);
  const deliver = async ({ headers, body }: Delivery): Promise<{ readonly status: number; readonly text: string }> => {
    const response = await fetch(`${api.url}/github`, { method: "POST", headers: { ...headers }, body });
    return { status: response.status, text: await response.text() };
  };
  const held = (): readonly string[] => Object.values(pollers).flatMap((poller) => poller.held());
  const busy: Busy = { aws, functions, pollers, api };

  const world: AwsWorld = {
    aws,
    github,
    clusters,
    cluster,
    replace: (anew) => {
      clusters.splice(
        clusters.findIndex(({ spec }) => spec.name === anew.spec.name),
        1,
        anew,
      );
    },
    fn,
    pollers,
    webhookUrl: `${api.url}/github`,
    secret,
    gitHubToken,
    secrets: [secret, gitHubToken, ...[...credentials.values()].flatMap(({ secretAccessKey, sessionToken = "" }) => [secretAccessKey, sessionToken])],
    functions: () => [...functions.values()],
    bucket,
    topicArn: deployed.topicArn,
    ...(amazonQTopicArn !== undefined && { amazonQTopicArn }),
    hook: async (path, init = { method: "POST" }) => {
      const response = await fetch(`${api.url}${path}`, { redirect: "manual", ...init });
      return { status: response.status, text: await response.text() };
    },
    apply,
    watchRepository: async (repository, { cluster: name, path = "./", name: object = "app", spec = {}, source = {} } = {}) => {
      const url = await github.create(repository);
      for (const manifest of repositoryObjects(url, { name: object, password: gitHubToken, source }, { path, ...spec })) await apply(manifest, name);
    },
    push: async (repository, files, pushOptions) => {
      const { commit, payload } = await github.push(repository, files, pushOptions);
      const delivery = github.delivery("push", payload, secret);
      return { commit, status: (await deliver(delivery)).status, delivery };
    },
    deliver,
    tick: async (at = new Date()) => {
      await fn("sweep").invoke(tickEvent(at));
    },
    retryNow: clock.hurry,
    release: () => {
      const theirs = held();
      const since = aws.clock.now() - ON_THE_WAY_MS;
      for (const queue of QUEUE_NAMES)
        for (const { id, inFlight, lastReceivedAt } of aws.sqs.messages(nameOf(queue)))
          if (inFlight && lastReceivedAt < since && !theirs.includes(id)) aws.sqs.release(nameOf(queue), id);
    },
    quiet: (limitMs) => untilCalm(() => [...whatRuns(busy), ...whatIsHidden(busy)], limitMs),
    drained: (limitMs) => untilCalm(() => [...whatRuns(busy), ...whatIsHidden(busy), ...whatIsDelayed(busy)], limitMs),
    settle: (limitMs) => untilCalm(() => whatRuns(busy), limitMs),
    story: () =>
      [...functions.values()]
        .flatMap(({ name, logs }) => logs.map(({ at, text }) => ({ at, line: `${new Date(at).toISOString()} ${name} ${text}` })))
        .toSorted((a, b) => a.at - b.at)
        .map(({ line }) => line)
        .join("\n"),
    deadLetters: () =>
      QUEUE_NAMES.flatMap((queue) =>
        aws.sqs.messages(deadLettersOf(queue)).map(({ body, attributes }) => ({ queue, body, reason: attributes["reason"]?.StringValue })),
      ),
    stop: async () => {
      if (process.env.SHOW !== undefined) process.stderr.write(`${world.story()}\n`);
      await api.stop();
      await Promise.all(Object.values(pollers).map((poller) => poller.stop()));
      await Promise.all([...functions.values()].map((one) => one.stop()));
      sqs.destroy();
      if (options.bundles === undefined) bundles.remove();
      await aws.stop();
      await Promise.all(clusters.map((one) => one.stop()));
      await github.stop();
    },
  };
  return world;
}

type Busy = {
  readonly aws: FakeAws;
  readonly functions: ReadonlyMap<string, LambdaFunction>;
  readonly pollers: Readonly<Record<QueueName, QueuePoller>>;
  readonly api: HttpApi;
};

/** What is being done or about to be, in words; messages of `later` and `deliveries` that are not due do not count. */
function whatRuns({ aws, functions, pollers, api }: Busy): readonly string[] {
  const running = [...functions.values()].filter((one) => one.running() > 0).map(({ name }) => `${name} runs`);
  const waiting = QUEUE_NAMES.flatMap((queue) => {
    const { visible, inFlight } = aws.sqs.counts(nameOf(queue));
    const held = pollers[queue].held().length;
    // Behind a hidden message its whole group waits, and is not received.
    return held > 0 || (visible > 0 && inFlight === 0) ? [`queue ${queue}: ${visible} visible, ${held} with a function`] : [];
  });
  return [...running, ...waiting, ...(api.pending() > 0 ? ["a request to the webhook"] : [])];
}

const whatIsHidden = ({ aws }: Busy): readonly string[] =>
  QUEUE_NAMES.flatMap((queue) => {
    const { inFlight } = aws.sqs.counts(nameOf(queue));
    return inFlight > 0 ? [`queue ${queue}: ${inFlight} in flight`] : [];
  });

function whatIsDelayed({ aws }: Busy): readonly string[] {
  return (["later", "deliveries"] as const).flatMap((queue) => {
    const { delayed } = aws.sqs.counts(nameOf(queue));
    return delayed > 0 ? [`queue ${queue}: ${delayed} delayed`] : [];
  });
}

/** Three times in a row, since between two steps nothing may seem to be left. */
async function untilCalm(left: () => readonly string[], limitMs = 30_000): Promise<void> {
  const until = performance.now() + limitMs;
  for (let calm = 0; calm < 3; ) {
    const now = left();
    calm = now.length === 0 ? calm + 1 : 0;
    if (performance.now() > until) throw new Error(`not quiet after ${limitMs} ms: ${now.join(", ")}`);
    await delay(20);
  }
}

function found<T>(value: T | undefined, name: string | undefined): T {
  if (value === undefined) throw new Error(`the world has no ${name}`);
  return value;
}

const NAMESPACE = "flux-system";

type Named = { readonly name: string; readonly password: string; readonly source: JsonObject };

const repositoryObjects = (url: string, { name, password, source }: Named, spec: JsonObject): readonly Manifest[] => [
  {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: `${name}-credentials`, namespace: NAMESPACE },
    stringData: { username: "git", password },
  },
  {
    apiVersion: "source.toolkit.fluxcd.io/v1",
    kind: "GitRepository",
    metadata: { name, namespace: NAMESPACE },
    spec: { url, interval: "1h", ref: { branch: "main" }, secretRef: { name: `${name}-credentials` }, ...source },
  },
  {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: { name, namespace: NAMESPACE },
    spec: { interval: "1h", prune: true, sourceRef: { kind: "GitRepository", name }, ...spec },
  },
];
