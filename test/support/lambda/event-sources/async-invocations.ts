import { setTimeout as delay } from "node:timers/promises";
import type { InvokeEnd, LambdaFunction } from "../function.ts";

export type AsyncInvocations = {
  /** Accepts the event at once, as Lambda does (202); what it comes to is seen in `lost` and in the function. */
  send(target: LambdaFunction, event: unknown): void;
  /** Events accepted and not yet done with. */
  pending(): number;
  /** Events that were given up after all attempts. */
  readonly lost: readonly { readonly name: string; readonly event: unknown; readonly end: InvokeEnd }[];
  /** No more attempts; waits for the invocations under way. */
  stop(): Promise<void>;
};

export type AsyncOptions = {
  /** Between the attempts after a failure; Lambda's are one and two minutes. */
  readonly waitsMs?: readonly number[];
};

const THROTTLED_PAUSE_MS = 100;

/**
 * Asynchronous invocations, as SNS and EventBridge Scheduler make them: a queue of Lambda's own, two more attempts after a failure, as many as it
 * takes while throttled. Source: Lambda, "Invoking a Lambda function asynchronously" and "How Lambda handles errors and retries".
 */
export function createAsyncInvocations({ waitsMs = [60_000, 120_000] }: AsyncOptions = {}): AsyncInvocations {
  const ending = new AbortController();
  const pending = new Set<Promise<void>>();
  const lost: { name: string; event: unknown; end: InvokeEnd }[] = [];

  const run = async (target: LambdaFunction, event: unknown): Promise<void> => {
    for (let failures = 0; !ending.signal.aborted; ) {
      const end = await target.invoke(event);
      if (end.kind === "answered") return;
      const wait = end.kind === "throttled" ? THROTTLED_PAUSE_MS : waitsMs[failures++];
      if (wait === undefined || end.kind === "too-large") return void lost.push({ name: target.name, event, end });
      await delay(wait, undefined, { signal: ending.signal }).catch(() => undefined);
    }
  };
  return {
    send: (target, event) => {
      const one = run(target, event).finally(() => pending.delete(one));
      pending.add(one);
    },
    pending: () => pending.size,
    lost,
    stop: async () => {
      ending.abort();
      await Promise.allSettled(pending);
    },
  };
}
