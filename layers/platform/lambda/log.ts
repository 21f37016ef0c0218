import { findKindNamed } from "@sluice/engine/flux/kinds.ts";
import type { Clock } from "@sluice/engine/ports/clock.ts";
import type { Log } from "@sluice/engine/ports/log.ts";
import { type LogFields, renderLogEntry } from "../log/log-line.ts";

export type LambdaLogOptions = {
  /** Our name of the function: `apply`. */
  readonly functionName: string;
  /** Of the invocation that runs now; a log outlives many. */
  readonly requestId?: () => string | undefined;
  /** The cluster whose run this log belongs to. */
  readonly cluster?: string;
  readonly clock: Clock;
  /** Takes one line, without its line break. */
  readonly write: (line: string) => void;
};

/**
 * The log of a function: the lines of the local mode, and beside them which function, cluster and invocation wrote them.
 *
 * Not by Powertools' logger: it reserves `level`, `message`, `timestamp` and `service` and drops what is called so, takes the time and its output from
 * globals, and obeys variables of the environment that would have it print whole events (`POWERTOOLS_LOGGER_LOG_EVENT`: a webhook's body) or nothing.
 * What would remain of it is one JSON.stringify, for 23 KiB and 5 ms of each cold start.
 */
export function createLambdaLog({ functionName, requestId, cluster, clock, write }: LambdaLogOptions): Log {
  const line = (level: "info" | "error", message: string, fields: LogFields): void => {
    const all = { ...fields, function: functionName, cluster: cluster ?? fields["cluster"], requestId: requestId?.() };
    write(renderLogEntry({ level, at: clock.now(), message, fields: all }, (kind) => findKindNamed(kind)?.group));
  };
  return {
    info: (message, fields) => line("info", message, fields),
    error: (message, fields) => line("error", message, fields),
  };
}
