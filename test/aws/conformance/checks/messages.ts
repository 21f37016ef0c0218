import { CreateTopicCommand, PublishBatchCommand, PublishCommand, type PublishCommandInput, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, GetQueueAttributesCommand, type Message, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { type Check, outcome, outcomes, type World } from "../check.ts";

type Open = {
  readonly sns: SNSClient;
  readonly TopicArn: string;
  publish(message: string, more?: Partial<PublishCommandInput>): Promise<string>;
  receive(): Promise<readonly Message[]>;
};

/** A topic with one queue that listens. */
async function open(world: World, attributes: Record<string, string> = {}): Promise<Open> {
  const sns = new SNSClient({ ...world.client, maxAttempts: 1 });
  const sqs = new SQSClient({ ...world.client, maxAttempts: 1 });
  const { TopicArn = "" } = await sns.send(new CreateTopicCommand({ Name: world.name("topic") }));
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: world.name("queue") }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }));
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: Attributes?.QueueArn, Attributes: attributes }));
  return {
    sns,
    TopicArn,
    publish: (Message, more = {}) => outcome(sns.send(new PublishCommand({ TopicArn, Message, ...more }))),
    receive: async () => (await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ["All"] }))).Messages ?? [],
  };
}

const text = (StringValue: string) => ({ DataType: "String", StringValue });

async function filtered(world: World, policy: object, messages: readonly Partial<PublishCommandInput>[], more: Record<string, string> = {}): Promise<string> {
  const topic = await open(world, { RawMessageDelivery: "true", FilterPolicy: JSON.stringify(policy), ...more });
  for (const [n, message] of messages.entries()) await topic.publish(`${n}`, message);
  return (
    (await topic.receive())
      .map(({ Body }) => Body)
      .toSorted()
      .join(" ") || "-"
  );
}

const levels = ["error", "info", "warn"].map((level) => ({ MessageAttributes: { level: text(level) } }));

export const SNS_CHECKS: readonly Check[] = [
  {
    id: "sns: a queue gets an envelope",
    want: "Notification hello subject String v MessageId,SignatureVersion,Timestamp",
    run: async (world) => {
      const topic = await open(world);
      await topic.publish("hello", { Subject: "subject", MessageAttributes: { a: text("v") } });
      const [message] = await topic.receive();
      const envelope = JSON.parse(message?.Body ?? "{}");
      const { Type, Message, Subject, MessageAttributes } = envelope;
      const there = ["MessageId", "SignatureVersion", "Timestamp"].filter((name) => envelope[name] !== undefined);
      return `${Type} ${Message} ${Subject} ${MessageAttributes.a.Type} ${MessageAttributes.a.Value} ${there}`;
    },
  },
  {
    id: "sns: or the raw message with its attributes",
    want: "hello v",
    run: async (world) => {
      const topic = await open(world, { RawMessageDelivery: "true" });
      await topic.publish("hello", { MessageAttributes: { a: text("v") } });
      const [message] = await topic.receive();
      return `${message?.Body} ${message?.MessageAttributes?.["a"]?.StringValue}`;
    },
  },
  { id: "sns: filter by value", want: "0 2", run: (world) => filtered(world, { level: ["error", "warn"] }, levels) },
  { id: "sns: filter by anything but", want: "0 2", run: (world) => filtered(world, { level: [{ "anything-but": ["info"] }] }, levels) },
  { id: "sns: filter by prefix", want: "1", run: (world) => filtered(world, { level: [{ prefix: "in" }] }, levels) },
  { id: "sns: filter by absence", want: "3", run: (world) => filtered(world, { level: [{ exists: false }] }, [...levels, {}]) },
  { id: "sns: all names of a filter must fit", want: "-", run: (world) => filtered(world, { level: ["error"], other: ["x"] }, levels) },
  {
    id: "sns: filter by number",
    want: "1",
    run: (world) => {
      const numbers = ["5", "10"].map((StringValue) => ({ MessageAttributes: { n: { DataType: "Number", StringValue } } }));
      return filtered(world, { n: [{ numeric: [">", 5, "<=", 10] }] }, numbers);
    },
  },
  {
    id: "sns: filter by the message's body",
    want: '{"level":"error"}',
    run: (world) => {
      const messages = ["error", "info"].map((level) => ({ Message: JSON.stringify({ level }) }));
      return filtered(world, { level: ["error"] }, messages, { FilterPolicyScope: "MessageBody" });
    },
  },
  {
    id: "sns: 256 KiB is a message, a byte more is none",
    want: "ok InvalidParameterException 400",
    run: async (world) => {
      const topic = await open(world);
      return `${await topic.publish("x".repeat(262_144))} ${await topic.publish("x".repeat(262_145))}`;
    },
  },
  {
    id: "sns: a topic that is not there",
    want: "NotFoundException 404",
    run: async (world) => {
      const { sns, TopicArn } = await open(world);
      return outcome(sns.send(new PublishCommand({ TopicArn: `${TopicArn}-absent`, Message: "x" })));
    },
  },
  {
    id: "sns: a batch",
    want: "a b, a b | TooManyEntriesInBatchRequestException 400, BatchEntryIdsNotDistinctException 400",
    run: async (world) => {
      const { sns, TopicArn, receive } = await open(world, { RawMessageDelivery: "true" });
      const batch = (ids: readonly string[]) => () =>
        sns.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries: ids.map((Id) => ({ Id, Message: Id })) }));
      const { Successful = [] } = await batch(["a", "b"])();
      const got = (await receive()).map(({ Body }) => Body).toSorted();
      const wrong = await outcomes(batch(Array.from({ length: 11 }, (_, n) => `${n}`)), batch(["a", "a"]));
      return `${Successful.map(({ Id }) => Id).join(" ")}, ${got.join(" ")} | ${wrong}`;
    },
  },
];
