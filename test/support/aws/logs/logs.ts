import { AwsProblem } from "../answer.ts";
import type { AwsClock } from "../clock.ts";
import { type Input, maybeFlag, maybeNumber, maybeText, recordsOf, textOf, textsOf } from "../input.ts";
import { createJsonService } from "../protocol/json.ts";
import { type AwsRequest, type Place, perPlace, placeOf } from "../request.ts";
import type { Doing, Service } from "../service.ts";
import { parseFilterPattern } from "./filter-pattern.ts";

export type FakeLogs = {
  /** Writes lines into a stream, making group and stream where they are not there. */
  write(group: string, stream: string, messages: readonly string[], at?: number): void;
  /** How FilterLogEvents pages: `most` events at once; with `emptyPages` each page is preceded by an empty one that has a token, as real ones may be. */
  paging(options: { readonly most?: number; readonly emptyPages?: boolean }): void;
  messages(group: string): readonly string[];
};

type LogEvent = { readonly timestamp: number; readonly message: string; readonly ingestionTime: number; readonly stream: string; readonly id: string };
type Stream = { readonly name: string; readonly createdAt: number; readonly events: LogEvent[] };
type Group = { readonly name: string; readonly createdAt: number; readonly streams: Map<string, Stream> };

const MAX_BATCH_BYTES = 1_048_576;
const BYTES_PER_EVENT = 26;
const DAY = 86_400_000;
const invalid = (message: string): AwsProblem => new AwsProblem("InvalidParameterException", message);
const absent = (what: string): AwsProblem => new AwsProblem("ResourceNotFoundException", `The specified ${what} does not exist.`);

/** CloudWatch Logs as far as Sluice uses it. Source: CloudWatch Logs API. */
export function createLogs(clock: AwsClock, home: Place): { readonly service: Service; readonly logs: FakeLogs } {
  const groupsIn = perPlace(() => new Map<string, Group>());
  let paging: { readonly most: number; readonly emptyPages: boolean } = { most: 10_000, emptyPages: false };
  let counter = 0;

  const groupOf = (place: Place, name: string): Group => {
    const group = groupsIn(place).get(name);
    if (group === undefined) throw absent("log group");
    return group;
  };
  const createGroup = (place: Place, name: string): Group => {
    if (!/^[\w.\-/#]{1,512}$/.test(name)) throw invalid(`1 validation error detected: Value '${name}' at 'logGroupName' failed to satisfy constraint`);
    if (groupsIn(place).has(name)) throw new AwsProblem("ResourceAlreadyExistsException", "The specified log group already exists");
    const group = { name, createdAt: clock.now(), streams: new Map() };
    groupsIn(place).set(name, group);
    return group;
  };
  const createStream = (group: Group, name: string): Stream => {
    if (!/^[^:*]{1,512}$/.test(name)) throw invalid(`1 validation error detected: Value '${name}' at 'logStreamName' failed to satisfy constraint`);
    if (group.streams.has(name)) throw new AwsProblem("ResourceAlreadyExistsException", "The specified log stream already exists");
    const stream = { name, createdAt: clock.now(), events: [] };
    group.streams.set(name, stream);
    return stream;
  };
  const append = (stream: Stream, timestamp: number, message: string): void => {
    counter += 1;
    stream.events.push({ timestamp, message, ingestionTime: clock.now(), stream: stream.name, id: String(counter).padStart(56, "0") });
  };

  const put = (input: Input, request: AwsRequest): object => {
    const stream = groupOf(placeOf(request), textOf(input, "logGroupName")).streams.get(textOf(input, "logStreamName"));
    if (stream === undefined) throw absent("log stream");
    const events = recordsOf(input, "logEvents").map((one) => ({ at: maybeNumber(one, "timestamp") ?? 0, message: textOf(one, "message") }));
    checkBatch(events);
    const now = clock.now();
    const old = events.filter(({ at }) => at < now - 14 * DAY).length;
    const fresh = events.findIndex(({ at }) => at > now + 7_200_000);
    for (const { at, message } of events) if (at >= now - 14 * DAY && at <= now + 7_200_000) append(stream, at, message);
    const rejected = {
      ...(old > 0 ? { tooOldLogEventEndIndex: old } : {}),
      ...(fresh >= 0 ? { tooNewLogEventStartIndex: fresh } : {}),
    };
    return { nextSequenceToken: String(counter), rejectedLogEventsInfo: Object.keys(rejected).length === 0 ? undefined : rejected };
  };

  /** Streams are searched together; a token says after which event to go on. */
  const filter = (input: Input, request: AwsRequest): object => {
    const group = groupOf(placeOf(request), textOf(input, "logGroupName"));
    const names = textsOf(input, "logStreamNames");
    const prefix = maybeText(input, "logStreamNamePrefix");
    if (names.length > 0 && prefix !== undefined) throw invalid("LogStreamNames and LogStreamNamePrefix must not be given together.");
    const matches = parseFilterPattern(maybeText(input, "filterPattern") ?? "");
    const from = maybeNumber(input, "startTime") ?? 0;
    const to = maybeNumber(input, "endTime") ?? Number.POSITIVE_INFINITY;
    const limit = maybeNumber(input, "limit") ?? 10_000;
    if (!(limit >= 1 && limit <= 10_000)) throw invalid(`1 validation error detected: Value '${limit}' at 'limit' failed to satisfy constraint`);
    const found = [...group.streams.values()]
      .filter(({ name }) => (names.length === 0 || names.includes(name)) && name.startsWith(prefix ?? ""))
      .flatMap(({ events }) => events)
      .filter(({ timestamp, message }) => timestamp >= from && timestamp <= to && matches(message))
      .toSorted(byTime);
    return page(found, Math.min(limit, paging.most), maybeText(input, "nextToken"), paging.emptyPages);
  };

  const operations: Readonly<Record<string, Doing<object>>> = {
    CreateLogGroup: {
      members: ["logGroupName", "tags", "kmsKeyId", "logGroupClass"],
      run: (input, request) => {
        createGroup(placeOf(request), textOf(input, "logGroupName"));
        return {};
      },
    },
    CreateLogStream: {
      members: ["logGroupName", "logStreamName"],
      run: (input, request) => {
        createStream(groupOf(placeOf(request), textOf(input, "logGroupName")), textOf(input, "logStreamName"));
        return {};
      },
    },
    PutLogEvents: { members: ["logGroupName", "logStreamName", "logEvents", "sequenceToken"], run: put },
    FilterLogEvents: {
      members: ["logGroupName", "logStreamNames", "logStreamNamePrefix", "startTime", "endTime", "filterPattern", "limit", "nextToken", "interleaved"],
      run: filter,
    },
    DescribeLogStreams: {
      members: ["logGroupName", "logStreamNamePrefix", "orderBy", "descending", "limit", "nextToken"],
      run: (input, request) => describeStreams(groupOf(placeOf(request), textOf(input, "logGroupName")), input),
    },
    DescribeLogGroups: {
      members: ["logGroupNamePrefix"],
      run: (input, request) => {
        const prefix = maybeText(input, "logGroupNamePrefix") ?? "";
        const groups = [...groupsIn(placeOf(request)).values()].filter(({ name }) => name.startsWith(prefix)).toSorted(byName);
        return { logGroups: groups.map(({ name, createdAt }) => ({ logGroupName: name, creationTime: createdAt })) };
      },
    },
  };

  return {
    service: createJsonService({ name: "logs", target: "Logs_20140328", version: "1.1", operations }),
    logs: {
      write: (groupName, streamName, messages, at) => {
        const group = groupsIn(home).get(groupName) ?? createGroup(home, groupName);
        const stream = group.streams.get(streamName) ?? createStream(group, streamName);
        for (const message of messages) append(stream, at ?? clock.now(), message);
      },
      paging: ({ most, emptyPages }) => {
        paging = { most: most ?? 10_000, emptyPages: emptyPages ?? false };
      },
      messages: (group) =>
        [...groupOf(home, group).streams.values()]
          .flatMap(({ events }) => events)
          .toSorted(byTime)
          .map(({ message }) => message),
    },
  };
}

const byTime = (a: LogEvent, b: LogEvent): number => a.timestamp - b.timestamp || a.ingestionTime - b.ingestionTime || (a.id < b.id ? -1 : 1);
const byName = (a: { readonly name: string }, b: { readonly name: string }): number => (a.name < b.name ? -1 : 1);

function checkBatch(events: readonly { readonly at: number; readonly message: string }[]): void {
  if (events.length === 0 || events.length > 10_000) throw invalid("1 validation error detected: Value at 'logEvents' failed to satisfy constraint");
  const bytes = events.reduce((sum, { message }) => sum + Buffer.byteLength(message) + BYTES_PER_EVENT, 0);
  if (bytes > MAX_BATCH_BYTES) throw invalid(`Upload too large: ${bytes} bytes exceeds limit of ${MAX_BATCH_BYTES}`);
  const times = events.map(({ at }) => at);
  if (times.some((at, index) => at < (times[index - 1] ?? at))) throw invalid("Log events in a single PutLogEvents request must be in chronological order.");
  if ((times.at(-1) ?? 0) - (times[0] ?? 0) > DAY) throw invalid("The batch of log events in a single PutLogEvents request cannot span more than 24 hours.");
}

function page(found: readonly LogEvent[], limit: number, token: string | undefined, emptyPages: boolean): object {
  const [, kind, id] = /^(e|f)(\d+)$/.exec(token ?? "") ?? [];
  if (token !== undefined && kind === undefined) throw invalid("The specified nextToken is invalid.");
  const start = id === undefined || id === "0" ? 0 : found.findIndex((event) => event.id === id) + 1;
  if (emptyPages && kind !== "f") return { events: [], searchedLogStreams: [], nextToken: `f${id ?? "0"}` };
  const events = found.slice(start, start + limit);
  const last = events.at(-1);
  const rest = found.length > start + events.length && last !== undefined;
  return {
    events: events.map(({ stream, id: eventId, timestamp, message, ingestionTime }) => ({ logStreamName: stream, timestamp, message, ingestionTime, eventId })),
    searchedLogStreams: [],
    nextToken: rest ? `e${last.id}` : undefined,
  };
}

function describeStreams(group: Group, input: Input): object {
  const prefix = maybeText(input, "logStreamNamePrefix") ?? "";
  const byLast = maybeText(input, "orderBy") === "LastEventTime";
  if (byLast && prefix !== "") throw invalid("Cannot order by LastEventTime with a logStreamNamePrefix.");
  const lastOf = (stream: Stream): number => Math.max(0, ...stream.events.map(({ timestamp }) => timestamp));
  const ordered = [...group.streams.values()]
    .filter(({ name }) => name.startsWith(prefix))
    .toSorted((a, b) => (byLast ? lastOf(a) - lastOf(b) || byName(a, b) : byName(a, b)));
  const all = maybeFlag(input, "descending") === true ? ordered.toReversed() : ordered;
  const limit = maybeNumber(input, "limit") ?? 50;
  if (!(limit >= 1 && limit <= 50)) throw invalid(`1 validation error detected: Value '${limit}' at 'limit' failed to satisfy constraint`);
  const start = Number(maybeText(input, "nextToken") ?? "0");
  const shown = all.slice(start, start + limit);
  return {
    logStreams: shown.map((stream) => ({
      logStreamName: stream.name,
      creationTime: stream.createdAt,
      firstEventTimestamp: stream.events[0]?.timestamp,
      lastEventTimestamp: stream.events.length === 0 ? undefined : lastOf(stream),
      lastIngestionTime: stream.events.at(-1)?.ingestionTime,
    })),
    nextToken: all.length > start + shown.length ? String(start + shown.length) : undefined,
  };
}
