import { setTimeout as pause } from "node:timers/promises";
import { SendMessageBatchCommand, type SendMessageBatchRequestEntry, type SQSClient } from "@aws-sdk/client-sqs";

/** A message and where it goes. */
export type Outgoing = {
  readonly url: string;
  readonly body: string;
  readonly how:
    | { readonly kind: "fifo"; readonly group: string; readonly dedupe: string }
    /** A standard queue hands it out after so many whole seconds, 900 at most. */
    | { readonly kind: "standard"; readonly delaySeconds: number };
};

type Entry = { readonly index: number; readonly message: Outgoing };

const LARGEST_BATCH = 10;
/** A batch holds 1 MiB in all, whatever a queue allows for one message. Source: SQS API reference, SendMessageBatch. */
const LARGEST_BATCH_BYTES = 1024 * 1024;
const REQUESTS_AT_ONCE = 8;
const ROUNDS = 5;
const FIRST_PAUSE_MS = 100;

export type SendOptions = { readonly wait?: (milliseconds: number) => Promise<unknown> };

/**
 * Sends messages with as few requests as can be. Answers for each one, in their order, what became of it: undefined when the queue has it. What SQS refuses
 * for reasons of its own is sent again. Messages of different requests may overtake one another.
 */
export async function sendBatches(client: SQSClient, messages: readonly Outgoing[], options: SendOptions = {}): Promise<readonly (Error | undefined)[]> {
  const failed = new Map<number, Error>();
  const waiting = inBatches(messages.map((message, index) => ({ message, index }))).values();
  const worker = async (): Promise<void> => {
    for (const batch of waiting) for (const [index, error] of await sendBatch(client, batch, options.wait ?? pause)) failed.set(index, error);
  };
  await Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, worker));
  return messages.map((_, index) => failed.get(index));
}

/** Those that did not get through, and why. */
async function sendBatch(client: SQSClient, batch: readonly Entry[], wait: (milliseconds: number) => Promise<unknown>): Promise<ReadonlyMap<number, Error>> {
  const failed = new Map<number, Error>();
  let left = batch;
  for (let round = 1; left.length > 0; round++) {
    const answers = await sendOnce(client, left);
    const again = left.filter(({ index }) => answers.get(index)?.again === true && round < ROUNDS);
    for (const [index, { error }] of answers) if (!again.some((entry) => entry.index === index)) failed.set(index, error);
    left = again;
    if (left.length > 0) await wait(FIRST_PAUSE_MS * 2 ** (round - 1));
  }
  return failed;
}

type Failure = { readonly error: Error; readonly again: boolean };

/** When nobody answers, the client's own retries were used up: no message of the request is known to be there. */
async function sendOnce(client: SQSClient, batch: readonly Entry[]): Promise<ReadonlyMap<number, Failure>> {
  const url = batch[0]?.message.url ?? "";
  try {
    const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: batch.map(entryOf) }));
    return new Map(
      Failed.map(({ Id, Code, Message, SenderFault }) => [
        Number(Id),
        { error: new Error(`${url}: ${Code} ${Message ?? ""}`.trim()), again: SenderFault !== true },
      ]),
    );
  } catch (error) {
    const failure = { error: error instanceof Error ? error : new Error(String(error)), again: false };
    return new Map(batch.map(({ index }) => [index, failure]));
  }
}

function entryOf({ index, message: { body, how } }: Entry): SendMessageBatchRequestEntry {
  const entry = { Id: String(index), MessageBody: body };
  return how.kind === "fifo"
    ? { ...entry, MessageGroupId: how.group, MessageDeduplicationId: how.dedupe }
    : { ...entry, ...(how.delaySeconds > 0 && { DelaySeconds: how.delaySeconds }) };
}

/** Of one queue each, in their order, as many as a request takes. */
function inBatches(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  const full: Entry[][] = [];
  const open = new Map<string, { readonly entries: Entry[]; bytes: number }>();
  for (const entry of entries) {
    const bytes = Buffer.byteLength(entry.message.body);
    const last = open.get(entry.message.url);
    if (last !== undefined && last.entries.length < LARGEST_BATCH && last.bytes + bytes <= LARGEST_BATCH_BYTES) {
      last.entries.push(entry);
      last.bytes += bytes;
      continue;
    }
    const next = { entries: [entry], bytes };
    full.push(next.entries);
    open.set(entry.message.url, next);
  }
  return full;
}
