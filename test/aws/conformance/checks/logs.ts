import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  type FilterLogEventsCommandInput,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { type Check, outcome, outcomes, type World } from "../check.ts";

type Open = {
  readonly logs: CloudWatchLogsClient;
  readonly logGroupName: string;
  put(stream: string, ...lines: readonly (readonly [at: number, message: string])[]): Promise<unknown>;
  filter(more?: Partial<FilterLogEventsCommandInput>): Promise<string>;
};

async function open(world: World): Promise<Open> {
  const logs = new CloudWatchLogsClient({ ...world.client, maxAttempts: 1 });
  const logGroupName = `/aws/lambda/${world.name("group")}`;
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  for (const logStreamName of ["a", "b"]) await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  return {
    logs,
    logGroupName,
    put: (logStreamName, ...lines) => {
      const logEvents = lines.map(([timestamp, message]) => ({ timestamp, message }));
      return logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
    },
    filter: async (more = {}) => {
      const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName, ...more }));
      return events.map(({ message }) => message).join(" ") || "-";
    },
  };
}

const json = (level: string, ms: number): string => JSON.stringify({ level, ms });

/** Times near the fake's, which stands at the start of the check. */
export const logChecks = (now: number): readonly Check[] => [
  {
    id: "logs: streams of a group are searched together, in the order of time",
    want: "1 2 3 4",
    run: async (world) => {
      const group = await open(world);
      await group.put("a", [now + 1, "1"], [now + 3, "3"]);
      await group.put("b", [now + 2, "2"], [now + 4, "4"]);
      return group.filter();
    },
  },
  {
    id: "logs: from and to a time, both included",
    want: "2 3",
    run: async (world) => {
      const group = await open(world);
      await group.put("a", [now + 1, "1"], [now + 2, "2"], [now + 3, "3"], [now + 4, "4"]);
      return group.filter({ startTime: now + 2, endTime: now + 3 });
    },
  },
  {
    id: "logs: of one stream",
    want: "2, 1",
    run: async (world) => {
      const group = await open(world);
      await group.put("a", [now + 1, "1"]);
      await group.put("b", [now + 2, "2"]);
      return `${await group.filter({ logStreamNames: ["b"] })}, ${await group.filter({ logStreamNamePrefix: "a" })}`;
    },
  },
  {
    id: "logs: pages",
    want: "1 2 | 3 4 | 5",
    run: async (world) => {
      const { logs, logGroupName, put } = await open(world);
      await put("a", ...[1, 2, 3, 4, 5].map((n) => [now + n, `${n}`] as const));
      const pages: string[] = [];
      let nextToken: string | undefined;
      do {
        const page = await logs.send(new FilterLogEventsCommand({ logGroupName, limit: 2, nextToken }));
        pages.push((page.events ?? []).map(({ message }) => message).join(" "));
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
      return pages.join(" | ");
    },
  },
  {
    id: "logs: filter by terms",
    want: "one two / one two, two three / one / one two, two three",
    run: async (world) => {
      const group = await open(world);
      await group.put("a", [now + 1, "one two,"], [now + 2, "two three"], [now + 3, "one"]);
      const patterns = ["one two", "two", "one -two", "?three ?two"];
      const all: string[] = [];
      for (const filterPattern of patterns) all.push(await group.filter({ filterPattern }));
      return all.map((text) => text.replace(/,$/, "")).join(" / ");
    },
  },
  {
    id: "logs: filter by a quoted phrase",
    want: "a-b c",
    run: async (world) => {
      const group = await open(world);
      await group.put("a", [now + 1, "a-b c"], [now + 2, "c a-b"]);
      return group.filter({ filterPattern: '"a-b c"' });
    },
  },
  {
    id: "logs: filter by members of JSON",
    want: [json("error", 5), `${json("error", 5)} ${json("info", 9)}`, json("info", 9)].join(" / "),
    run: async (world) => {
      const group = await open(world);
      await group.put("a", [now + 1, json("error", 5)], [now + 2, json("info", 9)], [now + 3, "no JSON"]);
      const patterns = ['{ $.level = "error" && $.ms = 5 }', '{ $.level = "error" || $.ms > 5 }', '{ $.level = "in*" }'];
      const all: string[] = [];
      for (const filterPattern of patterns) all.push(await group.filter({ filterPattern }));
      return all.join(" / ");
    },
  },
  {
    id: "logs: a term with signs that is not quoted",
    want: "InvalidParameterException 400",
    run: async (world) => {
      const group = await open(world);
      return outcome(group.filter({ filterPattern: "a=b:c" }));
    },
  },
  {
    id: "logs: events in wrong order, and of too many hours",
    want: "InvalidParameterException 400, InvalidParameterException 400",
    run: async (world) => {
      const group = await open(world);
      return outcomes(
        () => group.put("a", [now + 2, "2"], [now + 1, "1"]),
        () => group.put("a", [now - 90_000_000, "1"], [now, "2"]),
      );
    },
  },
  {
    id: "logs: what is not there, and what is there already",
    want: "ResourceNotFoundException 400, ResourceNotFoundException 400, ResourceAlreadyExistsException 400",
    run: async (world) => {
      const { logs, logGroupName, put } = await open(world);
      return outcomes(
        () => logs.send(new FilterLogEventsCommand({ logGroupName: `${logGroupName}x` })),
        () => put("none", [now, "1"]),
        () => logs.send(new CreateLogGroupCommand({ logGroupName })),
      );
    },
  },
  {
    id: "logs: streams, the last written first",
    want: "b a",
    run: async (world) => {
      const { logs, logGroupName, put } = await open(world);
      await put("a", [now + 1, "1"]);
      await put("b", [now + 2, "2"]);
      const { logStreams = [] } = await logs.send(new DescribeLogStreamsCommand({ logGroupName, orderBy: "LastEventTime", descending: true }));
      return logStreams.map(({ logStreamName }) => logStreamName).join(" ");
    },
  },
];
