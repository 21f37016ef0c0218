import { type EpochMs, epochMs } from "@sluice/engine/domain/time.ts";
import type { ClusterItem } from "@sluice/engine/domain/work-item.ts";
import type { SQSEvent } from "aws-lambda";
import { type Outgoing, sendBatches } from "../sqs/batches.ts";
import { routeOf } from "../sqs/route.ts";
import { createEngineFunction } from "./engine-function.ts";
import { ENV_APPLY_QUEUE, ENV_LATER_QUEUE, ENV_SOURCE_QUEUE, ENV_SWEEP_QUEUE } from "./environment.ts";
import { type BatchAnswer, parseSweepEvent, type TickEvent } from "./events.ts";
import type { HostOptions } from "./function-host.ts";
import { clustersOf } from "./read-environment.ts";
import { readVariable } from "./read-variable.ts";

/** The schedule's period: each tick answers for what became due since the one before. */
const TICK_MS = 60_000;

/**
 * The window of a tick, by the time for which it was scheduled and not by the clock: a tick that comes late has its own window all the same, and one
 * that comes twice has the same window, which the queue swallows.
 */
export const windowsAt = (clusters: readonly string[], at: EpochMs): readonly ClusterItem[] => {
  const until = epochMs(Math.floor(at / TICK_MS) * TICK_MS);
  return clusters.map((cluster) => ({ kind: "cluster", cluster, since: epochMs(until - TICK_MS), until }));
};

/** Composition root of `sweep`. The schedule's tick becomes a message for each cluster, so that one that does not answer delays no other. */
export function createSweepFunction(environment: NodeJS.ProcessEnv, options: Partial<HostOptions> = {}) {
  const engine = createEngineFunction("sweep", environment, options);
  const clusters = clustersOf(environment).map(({ name }) => name);
  const urls = {
    source: readVariable(environment, ENV_SOURCE_QUEUE),
    apply: readVariable(environment, ENV_APPLY_QUEUE),
    later: readVariable(environment, ENV_LATER_QUEUE),
    sweep: readVariable(environment, ENV_SWEEP_QUEUE),
  };

  /** Throws when a message was not taken, so that the schedule tries the tick again; those that were taken are swallowed then. */
  async function tick(at: EpochMs): Promise<void> {
    const messages = windowsAt(clusters, at).map((item): Outgoing => routeOf(urls, item, undefined, at));
    const errors = (await sendBatches(engine.sqs, messages)).filter((error) => error !== undefined);
    engine.host.note({ tick: at, clusters: clusters.length });
    if (errors[0] !== undefined) throw errors[0];
  }

  return {
    answer: async (event: TickEvent | SQSEvent, _: unknown, { signal }: { readonly signal: AbortSignal }): Promise<BatchAnswer | undefined> => {
      const parsed = parseSweepEvent(event);
      switch (parsed.kind) {
        case "tick":
          await tick(parsed.at);
          return undefined;
        case "messages":
          return engine.workOn(parsed.messages, signal);
      }
    },
    middleware: engine.middleware,
    deadline: engine.deadline,
  };
}
