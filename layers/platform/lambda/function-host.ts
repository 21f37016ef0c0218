import type { MiddlewareObj } from "@middy/core";
import { elapsed, epochMs } from "@sluice/engine/domain/time.ts";
import type { Clock } from "@sluice/engine/ports/clock.ts";
import type { Log } from "@sluice/engine/ports/log.ts";
import { errorText, type LogFields, shownText } from "../log/log-line.ts";
import { createLambdaLog } from "./log.ts";
import { createMetrics, type Metrics } from "./metrics.ts";

/** What every function has, for as long as its sandbox lives. */
export type FunctionHost = {
  readonly clock: Clock;
  readonly log: Log;
  /** The log of runs over one cluster. */
  logOf(cluster: string): Log;
  readonly metrics: Metrics;
  /** Adds to the line that is written when the invocation ends. */
  note(fields: LogFields): void;
  /** To be used by the handler: `middy(...).use(host.middleware)`, and the result of that exported. */
  readonly middleware: MiddlewareObj;
};

export type HostOptions = { readonly functionName: string; readonly clock?: Clock; readonly write?: (line: string) => void };

const systemClock: Clock = { now: () => epochMs(Date.now()) };

/** One line of a log: Lambda takes each line of stdout as an event of its own. */
const writeLine = (line: string): void => void process.stdout.write(`${line}\n`);

/** One invocation at a time runs in a sandbox, so what belongs to an invocation is kept here. */
export function createFunctionHost({ functionName, clock = systemClock, write = writeLine }: HostOptions): FunctionHost {
  let requestId: string | undefined;
  let startedAt = clock.now();
  let isCold = true;
  let noted: LogFields = {};

  const logOptions = { functionName, clock, write, requestId: () => requestId };
  const log = createLambdaLog(logOptions);
  const metrics = createMetrics(write);

  const finish = (level: "info" | "error", outcome: LogFields): void => {
    log[level]("invocation", { ...noted, ...outcome, ms: elapsed(startedAt, clock.now()), coldStart: isCold });
    metrics.flush();
    isCold = false;
  };

  return {
    clock,
    log,
    logOf: (cluster) => createLambdaLog({ ...logOptions, cluster }),
    metrics,
    note: (fields) => {
      noted = { ...noted, ...fields };
    },
    middleware: {
      before: ({ context }) => {
        requestId = context.awsRequestId;
        startedAt = clock.now();
        noted = {};
      },
      after: ({ response }) => finish("info", failuresIn(response)),
      onError: (request) => {
        const { error } = request;
        finish("error", { error: errorText(error), stack: error instanceof Error ? error.stack : undefined });
        request.error = reported(error);
      },
    },
  };
}

const failuresIn = (response: unknown): LogFields =>
  typeof response === "object" && response !== null && "batchItemFailures" in response && Array.isArray(response.batchItemFailures)
    ? { again: response.batchItemFailures.length }
    : {};

/**
 * What Lambda's runtime may print of an error: it prints all fields, and those of the SDK's errors hold requests and answers. To be assigned, not thrown:
 * middy hangs the first error onto one that is thrown in its place.
 */
function reported(error: unknown): Error {
  const shown = new Error(shownText(error instanceof Error ? error.message : String(error)));
  shown.name = error instanceof Error ? error.name : "Error";
  delete shown.stack;
  return shown;
}
