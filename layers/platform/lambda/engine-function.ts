import { randomUUID } from "node:crypto";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { createKustomizer } from "@sluice/engine/build/kustomize/build.ts";
import { ms } from "@sluice/engine/domain/time.ts";
import type { GitRemotes } from "@sluice/engine/ports/git-remote.ts";
import type { Queue } from "@sluice/engine/ports/queue.ts";
import { createReceiverIndex } from "@sluice/engine/reconcile/receive/receiver-index.ts";
import type { SQSEvent } from "aws-lambda";
import { CLIENT_OPTIONS } from "../aws/client-options.ts";
import { createSignedRequests } from "../aws/signed-requests.ts";
import { createSmartRemotes } from "../git/smart-remotes.ts";
import { createGitHubRemotes, GITHUB_HOSTS } from "../github/github-remotes.ts";
import { createS3ArtifactStore } from "../s3/artifact-store.ts";
import { cachedRenders } from "../s3/cached-renders.ts";
import { S3_CLIENT_OPTIONS } from "../s3/client-options.ts";
import { createS3Notes } from "../s3/notes.ts";
import { createS3RenderStore } from "../s3/render-store.ts";
import { createSnsEventSink } from "../sns/event-sink.ts";
import { postpone, putAside } from "../sqs/dead-letters.ts";
import { parseMessage } from "../sqs/message.ts";
import { createSqsQueue } from "../sqs/queue.ts";
import { createCarryOn } from "./carry-on.ts";
import type { HostSettings } from "./cluster-config.ts";
import { deadline } from "./deadline.ts";
import { createEngineHost } from "./engine-host.ts";
import {
  ENV_APPLY_QUEUE,
  ENV_ARTIFACT_BUCKET,
  ENV_DEAD_LETTER_QUEUE,
  ENV_EVENT_TOPIC,
  ENV_LATER_QUEUE,
  ENV_SOURCE_QUEUE,
  ENV_SWEEP_QUEUE,
  MAX_RECEIVES,
} from "./environment.ts";
import { type BatchAnswer, batchAnswer, parseQueueEvent, type ReceivedMessage } from "./events.ts";
import { createFunctionCharts } from "./function-charts.ts";
import { createFunctionClusters } from "./function-clusters.ts";
import { createFunctionHost, type FunctionHost, type HostOptions } from "./function-host.ts";
import { createPatience } from "./patience.ts";
import { clustersOf, settingsOf } from "./read-environment.ts";
import { readVariable } from "./read-variable.ts";
import { createTenantHttp } from "./tenant-access.ts";
import { createWorker } from "./worker.ts";

/** Those that run the engine: one program with three identities, each with rights, a queue and a concurrency of its own. */
export type EngineFunctionName = "source" | "apply" | "sweep";

const READS: { readonly [name in EngineFunctionName]: string } = { source: ENV_SOURCE_QUEUE, apply: ENV_APPLY_QUEUE, sweep: ENV_SWEEP_QUEUE };

/** Bytes of renders kept in memory; a cluster at rest asks for the same ones minute after minute. */
const KEPT_RENDERS = 64 * 1024 * 1024;

/** The same of parts of indexes: of a large one each is some hundred KB. */
const KEPT_INDEXES = 32 * 1024 * 1024;

/** When the time is nearly over, what runs is cut off and its messages are given back. */
const DEADLINE = deadline({ early: ms(10_000), grace: ms(8_000) });

/** Composition root of the functions that run the engine over the messages of a queue. */
export function createEngineFunction(name: EngineFunctionName, environment: NodeJS.ProcessEnv, options: Partial<HostOptions> = {}) {
  const host = createFunctionHost({ functionName: name, ...options });
  const sqs = new SQSClient({ ...CLIENT_OPTIONS });
  const worker = createQueueWorker(name, environment, host, sqs);
  const workOn = async (messages: readonly ReceivedMessage[], signal: AbortSignal): Promise<BatchAnswer> => batchAnswer(await worker.work(messages, signal));
  return {
    host,
    sqs,
    workOn,
    work: (event: SQSEvent, _: unknown, { signal }: { readonly signal: AbortSignal }): Promise<BatchAnswer> => workOn(parseQueueEvent(event), signal),
    middleware: host.middleware,
    deadline: DEADLINE,
  };
}

function createQueueWorker(name: EngineFunctionName, environment: NodeJS.ProcessEnv, host: FunctionHost, sqs: SQSClient) {
  const queue = createQueue(name, environment, host, sqs);
  const engines = createEngines(name, environment, host, queue);
  const queueUrl = readVariable(environment, READS[name]);
  const deadLetterUrl = readVariable(environment, ENV_DEAD_LETTER_QUEUE);
  return createWorker<ReceivedMessage>({
    parse: parseMessage,
    run: engines.run,
    putAside: async (message, reason) => {
      await putAside(sqs, { queueUrl, deadLetterUrl, message, reason });
      host.metrics.count("MessageAside", 1, { function: name, reason });
    },
    postpone: (message, seconds) => postpone(sqs, queueUrl, message.receipt, seconds),
    carryOn: createCarryOn(queue, host.clock),
    patience: createPatience((after) => AbortSignal.timeout(after)),
    lastReceive: MAX_RECEIVES,
    log: host.log,
  });
}

function createQueue(name: EngineFunctionName, environment: NodeJS.ProcessEnv, { clock }: FunctionHost, client: SQSClient): Queue {
  const urls = {
    source: readVariable(environment, ENV_SOURCE_QUEUE),
    apply: readVariable(environment, ENV_APPLY_QUEUE),
    later: readVariable(environment, ENV_LATER_QUEUE),
    ...(name === "sweep" && { sweep: readVariable(environment, ENV_SWEEP_QUEUE) }),
  };
  return createSqsQueue({ client, urls, clock });
}

function createEngines(name: EngineFunctionName, environment: NodeJS.ProcessEnv, host: FunctionHost, queue: Queue) {
  const { clock } = host;
  const configs = clustersOf(environment);
  const settings = settingsOf(environment);
  const s3 = new S3Client({ ...S3_CLIENT_OPTIONS });
  const sns = createSignedRequests("sns");
  const bucket = readVariable(environment, ENV_ARTIFACT_BUCKET);
  const topicArn = readVariable(environment, ENV_EVENT_TOPIC);
  return createEngineHost({
    host,
    access: createFunctionClusters({ configs, s3, bucket, host }),
    clusters: configs.map(({ name }) => name),
    queue,
    git: createGit(settings, host),
    artifacts: createS3ArtifactStore({ client: s3, bucket, now: clock.now, readOnly: name !== "source" }),
    renders: cachedRenders(createS3RenderStore({ client: s3, bucket, prefix: "renders" }), KEPT_RENDERS),
    indexes: cachedRenders(createS3RenderStore({ client: s3, bucket, prefix: "indexes" }), KEPT_INDEXES),
    charts: createFunctionCharts(settings),
    kustomizer: createKustomizer(),
    topicOf: (clusterName) => createSnsEventSink({ sns, topicArn, clusterName, clock }),
    settings,
    // Receivers are looked at where everything but sources is, and where it is found out what is due.
    ...(name !== "source" && { receiverIndex: createReceiverIndex({ notes: createS3Notes({ client: s3, bucket, unique: randomUUID }), clock }) }),
  });
}

function createGit(settings: HostSettings, { clock }: FunctionHost): GitRemotes {
  const http = createTenantHttp(settings);
  const hosts = new Map([...GITHUB_HOSTS, ...Object.entries(settings.gitHubHosts ?? {})]);
  return createGitHubRemotes({ http, smart: createSmartRemotes({ http }), clock, hosts });
}
