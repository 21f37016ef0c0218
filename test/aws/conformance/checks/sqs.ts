import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SendMessageCommandInput,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { type Check, outcome, outcomes, type World } from "../check.ts";

type Open = {
  readonly sqs: SQSClient;
  readonly QueueUrl: string;
  send(body: string, more?: Partial<SendMessageCommandInput>): Promise<string>;
  receive(max?: number, visibility?: number): Promise<readonly Message[]>;
  remove(message: Message | undefined): Promise<string>;
};

async function open(world: World, kind: "standard" | "fifo", attributes: Readonly<Record<string, string>> = {}): Promise<Open> {
  const sqs = new SQSClient({ ...world.client, maxAttempts: 1 });
  const fifo = kind === "fifo";
  const QueueName = `${world.name("queue")}${fifo ? ".fifo" : ""}`;
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes: { ...(fifo ? { FifoQueue: "true" } : {}), ...attributes } }));
  return {
    sqs,
    QueueUrl,
    send: (MessageBody, more = {}) => outcome(sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }))),
    receive: async (MaxNumberOfMessages = 10, VisibilityTimeout) => {
      const asked = { QueueUrl, MaxNumberOfMessages, WaitTimeSeconds: 0, MessageSystemAttributeNames: ["All" as const], MessageAttributeNames: ["All"] };
      return (await sqs.send(new ReceiveMessageCommand({ ...asked, ...(VisibilityTimeout === undefined ? {} : { VisibilityTimeout }) }))).Messages ?? [];
    },
    remove: (message) => outcome(sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle }))),
  };
}

const bodies = (messages: readonly Message[]): string => messages.map(({ Body }) => Body).join("") || "-";
const inGroup = (group: string, dedupe?: string): Partial<SendMessageCommandInput> => ({
  MessageGroupId: group,
  ...(dedupe === undefined ? {} : { MessageDeduplicationId: dedupe }),
});
const HOURS = "real hours";

const standard: readonly Check[] = [
  {
    id: "sqs: a message and its attributes come back",
    want: "hello 1 String 1, 5d41402abc4b2a76b9719d911017c592 ok",
    run: async (world) => {
      const queue = await open(world, "standard");
      await queue.send("hello", { MessageAttributes: { a: { DataType: "String", StringValue: "1" } } });
      const [got] = await queue.receive();
      const attribute = got?.MessageAttributes?.["a"];
      const parts = `${got?.Body} ${got?.Attributes?.ApproximateReceiveCount} ${attribute?.DataType} ${attribute?.StringValue}`;
      return `${parts}, ${got?.MD5OfBody} ${await queue.remove(got)}`;
    },
  },
  {
    id: "sqs: the MD5 of attributes, texts, numbers and bytes",
    want: "same e45c6bd364e92fbf",
    run: async (world) => {
      const { sqs, QueueUrl } = await open(world, "standard");
      const MessageAttributes = {
        b: { DataType: "String", StringValue: "ü" },
        a: { DataType: "Number.int", StringValue: "12" },
        c: { DataType: "Binary", BinaryValue: Buffer.from([0, 255]) },
      };
      const sent = await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "x", MessageAttributes }));
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ["All"] }));
      const same = sent.MD5OfMessageAttributes === Messages[0]?.MD5OfMessageAttributes ? "same" : "another";
      return `${same} ${sent.MD5OfMessageAttributes?.slice(0, 16)}`;
    },
  },
  {
    id: "sqs: attributes that are not asked for are not given",
    want: "undefined undefined",
    run: async (world) => {
      const queue = await open(world, "standard");
      await queue.send("x", { MessageAttributes: { a: { DataType: "Number", StringValue: "1" } } });
      const { Messages = [] } = await queue.sqs.send(new ReceiveMessageCommand({ QueueUrl: queue.QueueUrl }));
      return `${Messages[0]?.Attributes} ${Messages[0]?.MessageAttributes}`;
    },
  },
  {
    id: "sqs: a message that is in flight is not received, and comes back after its timeout",
    want: "x - x 2",
    run: async (world) => {
      const queue = await open(world, "standard", { VisibilityTimeout: "1" });
      await queue.send("x");
      const first = bodies(await queue.receive());
      const second = bodies(await queue.receive());
      await world.pass(1.2);
      const [again] = await queue.receive();
      return `${first} ${second} ${again?.Body} ${again?.Attributes?.ApproximateReceiveCount}`;
    },
  },
  {
    id: "sqs: an old receipt handle does not delete a message that was received again",
    want: "ok 1",
    run: async (world) => {
      const queue = await open(world, "standard", { VisibilityTimeout: "1" });
      await queue.send("x");
      const [old] = await queue.receive();
      await world.pass(1.2);
      await queue.receive();
      const answer = await queue.remove(old);
      await world.pass(1.2);
      return `${answer} ${(await queue.receive()).length}`;
    },
  },
  {
    id: "sqs: visibility changed to nothing",
    want: "ok x",
    run: async (world) => {
      const queue = await open(world, "standard");
      await queue.send("x");
      const [message] = await queue.receive();
      const change = new ChangeMessageVisibilityCommand({ QueueUrl: queue.QueueUrl, ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout: 0 });
      return `${await outcome(queue.sqs.send(change))} ${bodies(await queue.receive())}`;
    },
  },
  {
    id: "sqs: visibility of a message that is not in flight, or gone",
    want: "MessageNotInflight 400, InvalidParameterValue 400",
    run: async (world) => {
      const queue = await open(world, "standard", { VisibilityTimeout: "1" });
      await queue.send("x");
      const change = (message: Message | undefined) => () =>
        queue.sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl: queue.QueueUrl, ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout: 5 }));
      const [old] = await queue.receive();
      await world.pass(1.2);
      const first = await outcomes(change(old));
      const [message] = await queue.receive();
      await queue.remove(message);
      return `${first}, ${await outcomes(change(message))}`;
    },
  },
  {
    id: "sqs: visibility timeouts beyond twelve hours",
    want: "InvalidParameterValue 400",
    run: async (world) => {
      const queue = await open(world, "standard");
      await queue.send("x");
      const [message] = await queue.receive();
      const change = new ChangeMessageVisibilityCommand({ QueueUrl: queue.QueueUrl, ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout: 43_201 });
      return outcome(queue.sqs.send(change));
    },
  },
  {
    id: "sqs: a delayed message",
    want: "ok - x",
    run: async (world) => {
      const queue = await open(world, "standard");
      const sent = await queue.send("x", { DelaySeconds: 1 });
      const before = bodies(await queue.receive());
      await world.pass(1.2);
      return `${sent} ${before} ${bodies(await queue.receive())}`;
    },
  },
  {
    id: "sqs: a delay of 901 seconds",
    want: "ok InvalidParameterValue 400",
    run: async (world) => {
      const queue = await open(world, "standard");
      return `${await queue.send("x", { DelaySeconds: 900 })} ${await queue.send("x", { DelaySeconds: 901 })}`;
    },
  },
  {
    id: "sqs: counts",
    want: "1 1 1",
    run: async (world) => {
      const queue = await open(world, "standard");
      await queue.send("a");
      await queue.send("b");
      await queue.send("c", { DelaySeconds: 60 });
      await queue.receive(1);
      const { Attributes = {} } = await queue.sqs.send(new GetQueueAttributesCommand({ QueueUrl: queue.QueueUrl, AttributeNames: ["All"] }));
      const names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed"] as const;
      return names.map((name) => Attributes[name]).join(" ");
    },
  },
  {
    id: "sqs: 1 MiB is a message, a byte more is none",
    want: "ok InvalidParameterValue 400",
    run: async (world) => {
      const queue = await open(world, "standard");
      return `${await queue.send("x".repeat(1_048_576))} ${await queue.send("x".repeat(1_048_577))}`;
    },
  },
  {
    id: "sqs: attributes count as size",
    want: "InvalidParameterValue 400",
    run: async (world) => {
      const queue = await open(world, "standard", { MaximumMessageSize: "1024" });
      return queue.send("x".repeat(1020), { MessageAttributes: { a: { DataType: "String", StringValue: "1" } } });
    },
  },
  {
    id: "sqs: characters that no message has",
    want: "InvalidMessageContents 400",
    run: async (world) => (await open(world, "standard")).send("a\u0001b"),
  },
  {
    id: "sqs: a dedupe id in a standard queue",
    want: "InvalidParameterValue 400",
    run: async (world) => (await open(world, "standard")).send("x", { MessageDeduplicationId: "d" }),
  },
  {
    id: "sqs: the number of messages and the wait have limits",
    want: "InvalidParameterValue 400, InvalidParameterValue 400",
    run: async (world) => {
      const { sqs, QueueUrl } = await open(world, "standard");
      return outcomes(
        () => sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 11 })),
        () => sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 21 })),
      );
    },
  },
  {
    id: "sqs: each entry of a batch stands alone",
    want: "ok: a, failed: b InvalidParameterValue",
    run: async (world) => {
      const { sqs, QueueUrl } = await open(world, "standard");
      const Entries = [
        { Id: "a", MessageBody: "x" },
        { Id: "b", MessageBody: "x", DelaySeconds: 901 },
      ];
      const { Successful = [], Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
      return `ok: ${Successful.map(({ Id }) => Id)}, failed: ${Failed.map(({ Id, Code }) => `${Id} ${Code}`)}`;
    },
  },
  {
    id: "sqs: batches that are none",
    want: "EmptyBatchRequest 400, TooManyEntriesInBatchRequest 400, BatchEntryIdsNotDistinct 400, InvalidBatchEntryId 400, BatchRequestTooLong 400",
    run: async (world) => {
      const { sqs, QueueUrl } = await open(world, "standard");
      const batch =
        (ids: readonly string[], MessageBody = "x") =>
        () =>
          sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: ids.map((Id) => ({ Id, MessageBody })) }));
      const eleven = Array.from({ length: 11 }, (_, n) => `${n}`);
      return outcomes(batch([]), batch(eleven), batch(["a", "a"]), batch(["a b"]), batch(["a", "b"], "x".repeat(600_000)));
    },
  },
  {
    id: "sqs: deleting in a batch",
    want: "ok: 2, failed: 1 ReceiptHandleIsInvalid",
    run: async (world) => {
      const queue = await open(world, "standard");
      await queue.send("a");
      await queue.send("b");
      const handles = [...(await queue.receive()).map(({ ReceiptHandle }) => ReceiptHandle), "nonsense"];
      const Entries = handles.map((ReceiptHandle, n) => ({ Id: `${n}`, ReceiptHandle }));
      const { Successful = [], Failed = [] } = await queue.sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queue.QueueUrl, Entries }));
      return `ok: ${Successful.length}, failed: ${Failed.length} ${Failed[0]?.Code}`;
    },
  },
  {
    id: "sqs: what was received often enough goes to the dead-letter queue",
    want: "x x - x from its queue",
    run: async (world) => {
      const dead = await open(world, "standard");
      const { Attributes } = await dead.sqs.send(new GetQueueAttributesCommand({ QueueUrl: dead.QueueUrl, AttributeNames: ["QueueArn"] }));
      const policy = JSON.stringify({ deadLetterTargetArn: Attributes?.QueueArn, maxReceiveCount: 2 });
      const queue = await open(world, "standard", { VisibilityTimeout: "0", RedrivePolicy: policy });
      await queue.send("x");
      const seen = [bodies(await queue.receive()), bodies(await queue.receive()), bodies(await queue.receive())];
      const [letter] = await dead.receive();
      const source = letter?.Attributes?.DeadLetterQueueSourceArn?.includes("queue") === true ? "from its queue" : "from nowhere";
      return `${seen.join(" ")} ${letter?.Body} ${source}`;
    },
  },
  {
    id: "sqs: a queue that is not there",
    want: "QueueDoesNotExist 400, QueueDoesNotExist 400",
    run: async (world) => {
      const { sqs, QueueUrl } = await open(world, "standard");
      return outcomes(
        () => sqs.send(new GetQueueUrlCommand({ QueueName: world.name("absent") })),
        () => sqs.send(new ReceiveMessageCommand({ QueueUrl: QueueUrl.replace(/[^/]+$/, "absent") })),
      );
    },
  },
  {
    id: "sqs: making a queue again, and otherwise",
    want: "same, QueueNameExists 400, InvalidAttributeValue 400",
    run: async (world) => {
      const { sqs, QueueUrl } = await open(world, "standard");
      const QueueName = QueueUrl.split("/").at(-1);
      const again = await sqs.send(new CreateQueueCommand({ QueueName }));
      const other = await outcome(sqs.send(new CreateQueueCommand({ QueueName, Attributes: { VisibilityTimeout: "77" } })));
      const wrong = await outcome(sqs.send(new CreateQueueCommand({ QueueName: world.name("wrong"), Attributes: { DelaySeconds: "901" } })));
      return `${again.QueueUrl === QueueUrl ? "same" : "another"}, ${other}, ${wrong}`;
    },
  },
  {
    id: "sqs: a purge, and a second one at once",
    want: "ok, PurgeQueueInProgress 403, 0",
    run: async (world) => {
      const queue = await open(world, "standard");
      await queue.send("x");
      const purge = () => queue.sqs.send(new PurgeQueueCommand({ QueueUrl: queue.QueueUrl }));
      return `${await outcomes(purge, purge)}, ${(await queue.receive()).length}`;
    },
  },
  {
    id: "sqs: a message older than its retention is gone",
    want: "-",
    notMoto: "a real minute",
    run: async (world) => {
      const queue = await open(world, "standard", { MessageRetentionPeriod: "60" });
      await queue.send("x");
      await world.pass(61);
      return bodies(await queue.receive());
    },
  },
];

const fifo: readonly Check[] = [
  {
    id: "fifo: a message needs a group, and an id or content for one",
    want: "MissingParameter 400, InvalidParameterValue 400, ok",
    run: async (world) => {
      const plain = await open(world, "fifo");
      const byContent = await open(world, "fifo", { ContentBasedDeduplication: "true" });
      return `${await plain.send("x", { MessageDeduplicationId: "d" })}, ${await plain.send("x", inGroup("g"))}, ${await byContent.send("x", inGroup("g"))}`;
    },
  },
  {
    id: "fifo: a delay for one message",
    want: "InvalidParameterValue 400",
    run: async (world) => (await open(world, "fifo")).send("x", { ...inGroup("g", "d"), DelaySeconds: 5 }),
  },
  {
    id: "fifo: ids of 129 characters, or with spaces",
    want: "ok InvalidParameterValue 400 InvalidParameterValue 400 InvalidParameterValue 400",
    run: async (world) => {
      const queue = await open(world, "fifo");
      const long = "g".repeat(128);
      const wrong = [
        await queue.send("x", inGroup(`${long}g`, "d")),
        await queue.send("x", inGroup("g", `${long}g`)),
        await queue.send("x", inGroup("a b", "d")),
      ];
      return `${await queue.send("x", inGroup(long, long))} ${wrong.join(" ")}`;
    },
  },
  {
    id: "fifo: the same id is swallowed, with the first message's id in the answer",
    want: "same id, a",
    run: async (world) => {
      const queue = await open(world, "fifo");
      const send = (MessageBody: string) => queue.sqs.send(new SendMessageCommand({ QueueUrl: queue.QueueUrl, MessageBody, ...inGroup("g", "d") }));
      const first = await send("a");
      const second = await send("b");
      return `${first.MessageId === second.MessageId ? "same id" : "another id"}, ${bodies(await queue.receive())}`;
    },
  },
  {
    id: "fifo: also after the first was deleted",
    want: "-",
    run: async (world) => {
      const queue = await open(world, "fifo");
      await queue.send("a", inGroup("g", "d"));
      const [message] = await queue.receive();
      await queue.remove(message);
      await queue.send("b", inGroup("g", "d"));
      return bodies(await queue.receive());
    },
  },
  {
    id: "fifo: five minutes later it is another message",
    want: "a -, b",
    notMoto: "five real minutes",
    run: async (world) => {
      const queue = await open(world, "fifo");
      const take = async (): Promise<string> => {
        const [message] = await queue.receive();
        if (message !== undefined) await queue.remove(message);
        return message?.Body ?? "-";
      };
      await queue.send("a", inGroup("g", "d"));
      const first = await take();
      await world.pass(299);
      await queue.send("x", inGroup("g", "d"));
      const second = await take();
      await world.pass(2);
      await queue.send("b", inGroup("g", "d"));
      return `${first} ${second}, ${await take()}`;
    },
  },
  {
    id: "fifo: the window is the queue's, or the group's",
    want: "queue: a, group: ab",
    run: async (world) => {
      const wide = await open(world, "fifo");
      const narrow = await open(world, "fifo", { DeduplicationScope: "messageGroup", FifoThroughputLimit: "perMessageGroupId" });
      for (const queue of [wide, narrow]) {
        await queue.send("a", inGroup("1", "d"));
        await queue.send("b", inGroup("2", "d"));
      }
      return `queue: ${bodies(await wide.receive())}, group: ${bodies(await narrow.receive())}`;
    },
  },
  {
    id: "fifo: nothing more of a group while one of it is in flight",
    want: "a c -, b",
    run: async (world) => {
      const queue = await open(world, "fifo");
      for (const [body, group] of ["a1", "b1", "c2"].map((text) => [text[0] ?? "", text[1] ?? ""] as const)) await queue.send(body, inGroup(group, body));
      const [first] = await queue.receive(1);
      const second = bodies(await queue.receive());
      const third = bodies(await queue.receive());
      await queue.remove(first);
      return `${first?.Body} ${second} ${third}, ${bodies(await queue.receive())}`;
    },
  },
  {
    id: "fifo: several of a group at once, in order",
    want: "abc",
    run: async (world) => {
      const queue = await open(world, "fifo");
      for (const body of "abc") await queue.send(body, inGroup("g", body));
      return bodies(await queue.receive());
    },
  },
  {
    id: "fifo: what was not deleted comes first again",
    want: "ab ab",
    run: async (world) => {
      const queue = await open(world, "fifo", { VisibilityTimeout: "1" });
      for (const body of "ab") await queue.send(body, inGroup("g", body));
      const first = bodies(await queue.receive());
      await world.pass(1.2);
      return `${first} ${bodies(await queue.receive())}`;
    },
  },
  {
    id: "fifo: a receipt handle that has run out",
    want: "InvalidParameterValue 400",
    run: async (world) => {
      const queue = await open(world, "fifo", { VisibilityTimeout: "1" });
      await queue.send("a", inGroup("g", "a"));
      const [message] = await queue.receive();
      await world.pass(1.2);
      return queue.remove(message);
    },
  },
  {
    id: "fifo: a poison message goes, and the group goes on",
    want: "a a b, a",
    run: async (world) => {
      const dead = await open(world, "fifo");
      const { Attributes } = await dead.sqs.send(new GetQueueAttributesCommand({ QueueUrl: dead.QueueUrl, AttributeNames: ["QueueArn"] }));
      const policy = JSON.stringify({ deadLetterTargetArn: Attributes?.QueueArn, maxReceiveCount: 2 });
      const queue = await open(world, "fifo", { VisibilityTimeout: "1", RedrivePolicy: policy });
      for (const body of "ab") await queue.send(body, inGroup("g", body));
      const seen: string[] = [];
      for (let turn = 0; turn < 3; turn += 1) {
        seen.push(bodies(await queue.receive(1)));
        await world.pass(1.2);
      }
      return `${seen.join(" ")}, ${bodies(await dead.receive())}`;
    },
  },
  {
    id: "fifo: its dead-letter queue is a FIFO",
    want: "refused",
    run: async (world) => {
      const dead = await open(world, "standard");
      const { Attributes } = await dead.sqs.send(new GetQueueAttributesCommand({ QueueUrl: dead.QueueUrl, AttributeNames: ["QueueArn"] }));
      const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: Attributes?.QueueArn, maxReceiveCount: 2 });
      // Which code it is AWS does not say.
      return (await outcome(open(world, "fifo", { RedrivePolicy }))) === "ok" ? "taken" : "refused";
    },
  },
  {
    id: "fifo: sequence numbers grow",
    want: "true",
    notMoto: "its sequence numbers are drawn by chance",
    run: async (world) => {
      const queue = await open(world, "fifo");
      for (const body of "ab") await queue.send(body, inGroup("g", body));
      const [a, b] = await queue.receive();
      return String(BigInt(a?.Attributes?.SequenceNumber ?? "0") < BigInt(b?.Attributes?.SequenceNumber ?? "0"));
    },
  },
  {
    id: "fifo: a message cannot be kept for more than twelve hours in all",
    want: "ok, InvalidParameterValue 400",
    notMoto: HOURS,
    run: async (world) => {
      const queue = await open(world, "fifo");
      await queue.send("a", inGroup("g", "a"));
      const [message] = await queue.receive(1, 40_000);
      const keep = (VisibilityTimeout: number) => () =>
        queue.sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl: queue.QueueUrl, ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout }));
      await world.pass(30_000);
      return outcomes(keep(13_200), keep(13_201));
    },
  },
];

export const SQS_CHECKS: readonly Check[] = [...standard, ...fifo];
