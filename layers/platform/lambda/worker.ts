import type { Result } from "@sluice/engine/domain/result.ts";
import type { WorkItem } from "@sluice/engine/domain/work-item.ts";
import type { Log } from "@sluice/engine/ports/log.ts";
import { mergeItems } from "@sluice/engine/reconcile/merge-items.ts";
import { settle } from "./settle.ts";

/** A message of a queue as a function gets it. */
export type QueueMessage = {
  readonly id: string;
  readonly body: string;
  readonly receipt: string;
  /** How often it has been received, this time included. */
  readonly receives: number;
};

export type WorkerDeps<Message extends QueueMessage> = {
  readonly parse: (body: string) => Result<{ readonly item: WorkItem }>;
  readonly run: (item: WorkItem, signal: AbortSignal) => Promise<void>;
  /** Puts a message that cannot be handled where a person finds it, with the reason; it is not received again. */
  readonly putAside: (message: Message, reason: string) => Promise<void>;
  /** Makes a message that failed visible again after so many seconds. */
  readonly postpone: (message: Message, seconds: number) => Promise<void>;
  /**
   * Sends on, as one new message, what is owed all the same; false for what is not: it comes again, or is put aside when it is the last time, which is when its
   * messages have come as often as they may.
   */
  readonly carryOn?: (item: WorkItem, options: { readonly isLast: boolean }) => Promise<boolean>;
  /** Ends a run before the function's time does, see `createPatience`. Absent: a run is let go on. */
  readonly patience?: (item: WorkItem, options: { readonly isAlone: boolean }) => AbortSignal | undefined;
  /** A message that fails at its so many-th receive is sent on or put aside. */
  readonly lastReceive: number;
  readonly log: Log;
};

export type Worker<Message extends QueueMessage> = {
  /** Does what a batch asks for, each thing once. Gives back the ids of the messages that are to come again. */
  work(messages: readonly Message[], signal: AbortSignal): Promise<readonly string[]>;
};

const LONGEST_PAUSE_SECONDS = 60;

/**
 * One message can stop itself only: a malformed one is put aside at once, one whose run breaks off comes again a few times, later each time, and is
 * put aside then, or goes on as another where it must not be forgotten. The looks at one object in a batch are one run. Source: style.md §2 rule 6; issue 5, poison and storms.
 */
export function createWorker<Message extends QueueMessage>(deps: WorkerDeps<Message>): Worker<Message> {
  /** What stays in the queue when it could not be put aside: its redrive policy ends that, without a reason. */
  async function putAside(message: Message, reason: string): Promise<readonly string[]> {
    const isAside = await succeeds(deps.log, "message could not be put aside", () => deps.putAside(message, reason));
    return isAside ? [] : [message.id];
  }

  const isLast = ({ receives }: Message): boolean => receives >= deps.lastReceive;

  async function isCarriedOn(item: WorkItem, error: unknown, isLast: boolean): Promise<boolean> {
    let isSent = false;
    await succeeds(deps.log, "item could not be carried on", async () => {
      isSent = (await deps.carryOn?.(item, { isLast })) === true;
    });
    if (isSent) deps.log.error("item is carried on", { item: item.kind, error: textOf(error) });
    return isSent;
  }

  async function fail(message: Message, error: unknown): Promise<readonly string[]> {
    const reason = textOf(error);
    deps.log.error("message failed", { message: message.id, receives: message.receives, error: reason });
    if (isLast(message)) return putAside(message, reason);
    const pause = Math.min(2 ** message.receives, LONGEST_PAUSE_SECONDS);
    await succeeds(deps.log, "message could not be postponed", () => deps.postpone(message, pause));
    return [message.id];
  }

  return {
    work: async (messages, signal) => {
      const read = messages.map((message) => ({ message, parsed: deps.parse(message.body) }));
      const good = read.flatMap(({ message, parsed }) => (parsed.ok ? [{ message, item: parsed.value.item }] : []));
      const malformed = await Promise.all(read.map(({ message, parsed }) => (parsed.ok ? [] : putAside(message, parsed.problem))));
      const runs = mergeItems(good.map(({ item }) => item));
      const failed = await Promise.all(
        runs.map(async ({ item, answers }) => {
          const patience = deps.patience?.(item, { isAlone: runs.length === 1 });
          const within = patience === undefined ? signal : AbortSignal.any([signal, patience]);
          const end = await settle(deps.run(item, within), within);
          if (end.kind === "done") return [];
          const owed = answers.flatMap((index) => good[index] ?? []).map(({ message }) => message);
          if (await isCarriedOn(item, end.error, owed.some(isLast))) return [];
          return (await Promise.all(owed.map((message) => fail(message, end.error)))).flat();
        }),
      );
      return [...malformed, ...failed].flat();
    },
  };
}

async function succeeds(log: Log, otherwise: string, act: () => Promise<void>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    log.error(otherwise, { error: textOf(error) });
    return false;
  }
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
