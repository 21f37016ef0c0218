import { type CloudWatchLogsClient, type FilteredLogEvent, FilterLogEventsCommand, ResourceNotFoundException } from "@aws-sdk/client-cloudwatch-logs";
import { type EpochMs, epochMs } from "@sluice/engine/domain/time.ts";

/** A line of a log group. `id` is CloudWatch's own: the same line read twice has the same. */
export type LogLine = { readonly id: string; readonly at: EpochMs; readonly text: string };

export type LinesWanted = {
  readonly group: string;
  /** Both ends count. */
  readonly from: EpochMs;
  readonly until: EpochMs;
  /** CloudWatch's pattern language; absent: every line. */
  readonly pattern?: string;
};

/** The service answers ten thousand lines at most, and often fewer with more to come. Source: CloudWatch Logs API reference, FilterLogEvents. */
const PAGE = 10_000;

/** Every line of a group in a span of time, in order. A group that nothing has written to yet may not be there: that is no line. */
export async function readLines(client: CloudWatchLogsClient, { group, from, until, pattern }: LinesWanted): Promise<readonly LogLine[]> {
  const lines: LogLine[] = [];
  let nextToken: string | undefined;
  try {
    do {
      const page = await client.send(
        new FilterLogEventsCommand({
          logGroupName: group,
          startTime: from,
          endTime: until,
          limit: PAGE,
          ...(pattern !== undefined && { filterPattern: pattern }),
          ...(nextToken !== undefined && { nextToken }),
        }),
      );
      for (const event of page.events ?? []) lines.push(lineOf(group, event));
      nextToken = page.nextToken === nextToken ? undefined : page.nextToken;
    } while (nextToken !== undefined);
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return [];
    throw error;
  }
  return lines.toSorted(byTime);
}

/** Lines of the same moment stay in the order in which they came. */
export const byTime = (a: LogLine, b: LogLine): number => a.at - b.at;

const lineOf = (group: string, { eventId, timestamp = 0, message = "" }: FilteredLogEvent): LogLine => ({
  id: `${group} ${eventId ?? `${timestamp} ${message}`}`,
  at: epochMs(timestamp),
  text: message.replace(/\n$/, ""),
});
