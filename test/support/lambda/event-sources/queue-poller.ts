import { setTimeout as delay } from "node:timers/promises";
import { DeleteMessageBatchCommand, GetQueueAttributesCommand, type Message, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { LambdaFunction } from "../function.ts";
import { judgeBatch } from "./batch-answer.ts";
import { sqsEvent } from "./sqs-event.ts";

export type QueueSource = {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly target: LambdaFunction;
  /** Default 10, as Lambda's. */
  readonly batchSize?: number;
  /** How many batches may be with the function at once; default 5, with which Lambda begins. */
  readonly maximumConcurrency?: number;
  readonly reportBatchItemFailures?: boolean;
  readonly region: string;
};

/** What became of one batch: for reading after a test. */
export type BatchRecord = { readonly ids: readonly string[]; readonly done: readonly string[]; readonly failed: readonly string[]; readonly error?: string };

export type QueuePoller = {
  /** Ids of the messages that are with the function now, or just received. */
  held(): readonly string[];
  readonly batches: readonly BatchRecord[];
  /** Waits for the batches under way. */
  stop(): Promise<void>;
};

const LONG_POLL = 20;
const PAUSE_MS = 50;

/**
 * An event source mapping of a queue, FIFO or not: receives, invokes, deletes what is done; what failed, and everything of a batch whose invocation
 * failed, stays until its visibility timeout has passed. Source: Lambda, "Using Lambda with Amazon SQS".
 */
export function startQueuePoller(source: QueueSource): QueuePoller {
  const { sqs, queueUrl, maximumConcurrency = 5 } = source;
  const ending = new AbortController();
  const batches: BatchRecord[] = [];
  const held = new Set<readonly Message[]>();

  const poll = async (queue: Queue): Promise<void> => {
    while (!ending.signal.aborted) {
      const messages = await receive(source, ending.signal);
      if (messages.length === 0) continue;
      held.add(messages);
      try {
        batches.push(await handleBatch(source, queue, messages, ending.signal));
      } finally {
        held.delete(messages);
      }
    }
  };
  const start = async (): Promise<void> => {
    const queue = await describe(sqs, queueUrl, ending.signal);
    if (queue !== undefined) await Promise.all(Array.from({ length: maximumConcurrency }, () => poll(queue)));
  };
  const running = start();
  running.catch(() => undefined); // told to whoever stops it

  return {
    held: () => [...held].flat().map(({ MessageId = "" }) => MessageId),
    batches,
    stop: async () => {
      ending.abort();
      await running;
    },
  };
}

type Queue = { readonly arn: string; readonly visibilityMs: number };

/** Undefined when it was stopped before the queue answered. */
async function describe(sqs: SQSClient, queueUrl: string, signal: AbortSignal): Promise<Queue | undefined> {
  const attributes = await unlessStopped(signal, () =>
    sqs.send(new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ["QueueArn", "VisibilityTimeout"] }), { abortSignal: signal }),
  );
  const { QueueArn = "", VisibilityTimeout = "30" } = attributes?.Attributes ?? {};
  return attributes === undefined ? undefined : { arn: QueueArn, visibilityMs: Number(VisibilityTimeout) * 1000 };
}

async function receive({ sqs, queueUrl, batchSize = 10 }: QueueSource, signal: AbortSignal): Promise<readonly Message[]> {
  const received = await unlessStopped(signal, () =>
    sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: Math.min(10, batchSize),
        WaitTimeSeconds: LONG_POLL,
        MessageSystemAttributeNames: ["All"],
        MessageAttributeNames: ["All"],
      }),
      { abortSignal: signal },
    ),
  );
  return received?.Messages ?? [];
}

async function handleBatch(source: QueueSource, queue: Queue, messages: readonly Message[], signal: AbortSignal): Promise<BatchRecord> {
  const { target, region, reportBatchItemFailures = false } = source;
  const ids = messages.map(({ MessageId = "" }) => MessageId);
  const until = performance.now() + queue.visibilityMs;
  for (;;) {
    const end = await target.invoke(sqsEvent(messages, { arn: queue.arn, region }));
    if (end.kind === "throttled" && performance.now() < until && !signal.aborted) {
      // Lambda asks again as long as the messages are its own.
      await delay(PAUSE_MS + Math.random() * PAUSE_MS);
      continue;
    }
    if (end.kind !== "answered")
      return { ids, done: [], failed: ids, error: end.kind === "failed" ? `${end.error.errorType}: ${end.error.errorMessage}` : end.kind };
    const verdict = judgeBatch(end.payload, ids, reportBatchItemFailures);
    await deleteAll(
      source,
      messages.filter(({ MessageId = "" }) => verdict.done.includes(MessageId)),
    );
    return { ids, ...verdict };
  }
}

/** What cannot be deleted comes again: a message is delivered at least once. */
async function deleteAll({ sqs, queueUrl }: QueueSource, messages: readonly Message[]): Promise<void> {
  if (messages.length === 0) return;
  const entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
  try {
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries }));
  } catch {
    // The SDK has tried three times.
  }
}

/** The queue may refuse (a fault of a test): asked again, until it answers or the poller is stopped. */
async function unlessStopped<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T | undefined> {
  while (!signal.aborted) {
    try {
      return await ask();
    } catch {
      if (!signal.aborted) await delay(PAUSE_MS);
    }
  }
  return undefined;
}
