import { AwsProblem } from "../answer.ts";
import type { AwsClock } from "../clock.ts";
import { type Input, maybeNumber, maybeText, recordsOf, textMapOf, textOf, textsOf } from "../input.ts";
import { createJsonService } from "../protocol/json.ts";
import { type AwsRequest, type Place, placeOf } from "../request.ts";
import type { Doing, Service } from "../service.ts";
import { runBatch } from "./batch.ts";
import { md5OfAttributes, md5OfBody } from "./md5.ts";
import { checkDraft, type Draft, MAX_MESSAGE_BYTES, sizeOf } from "./message-rules.ts";
import { createQueue, type Disturbance, type Message, type Queue } from "./queue.ts";
import { checkQueueAttributes, parseRedrivePolicy, type QueueAttributes, withDefaults } from "./queue-attributes.ts";
import { renderMessage } from "./render-message.ts";

/** What a test sees of SQS beside its API. */
export type FakeSqs = {
  /** Makes a queue in the fake's own account and region and says its URL. A name that ends with .fifo makes a FIFO. */
  createQueue(name: string, attributes?: Readonly<Record<string, string>>): string;
  url(name: string): string;
  arn(name: string): string;
  /** What is in the queue, in flight and delayed messages too. */
  messages(name: string): readonly Readonly<Message>[];
  counts(name: string): { readonly visible: number; readonly inFlight: number; readonly delayed: number };
  disturb(name: string, disturbance: Disturbance): void;
  /** Ends the visibility timeout of one message now. */
  release(name: string, messageId: string): void;
  /** Takes one message away, wherever it is. */
  take(name: string, messageId: string): void;
};

/** For SNS and Scheduler: puts a message into the queue of that ARN, or says why SQS refused. */
export type SendToQueue = (arn: string, message: Input) => void;

type Held = { readonly queue: Queue; attributes: QueueAttributes; readonly url: string; readonly createdAt: number; changedAt: number; purgedAt: number };

const SEND = ["MessageBody", "DelaySeconds", "MessageAttributes", "MessageSystemAttributes", "MessageGroupId", "MessageDeduplicationId"];

export function createSqs(clock: AwsClock, url: () => string, home: Place): { readonly service: Service; readonly sqs: FakeSqs; readonly send: SendToQueue } {
  const queues = new Map<string, Held>();
  const arnOf = (place: Place, name: string): string => `arn:aws:sqs:${place.region}:${place.account}:${name}`;

  const byArn = (arn: string): Held => {
    const held = queues.get(arn);
    if (held === undefined) {
      throw new AwsProblem("QueueDoesNotExist", "The specified queue does not exist.", { queryCode: "AWS.SimpleQueueService.NonExistentQueue" });
    }
    return held;
  };
  const byUrl = (input: Input, request: AwsRequest): Held => {
    const [name = "", account = ""] = textOf(input, "QueueUrl", "MissingParameter").split("/").toReversed();
    return byArn(arnOf({ account, region: request.region }, name));
  };

  const checkDeadLetter = (attributes: QueueAttributes, fifo: boolean, arn: string): void => {
    const target = parseRedrivePolicy(attributes["RedrivePolicy"])?.deadLetterTargetArn;
    if (target === undefined) return;
    const same = target.split(":").slice(0, 5).join(":") === arn.split(":").slice(0, 5).join(":");
    if (!same || !queues.has(target) || target.endsWith(".fifo") !== fifo) {
      throw new AwsProblem(
        "InvalidParameterValue",
        `Value ${attributes["RedrivePolicy"]} for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist or is of another type.`,
      );
    }
  };

  const create = (place: Place, name: string, given: QueueAttributes): Held => {
    const fifo = name.endsWith(".fifo");
    if (!/^[\w-]{1,80}$/.test(fifo ? name.slice(0, -".fifo".length) : name) || name.length > 80) {
      throw new AwsProblem("InvalidParameterValue", "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length");
    }
    if (fifo !== (given["FifoQueue"] === "true"))
      throw new AwsProblem(
        "InvalidParameterValue",
        "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length",
      );
    const arn = arnOf(place, name);
    checkQueueAttributes(given, fifo);
    checkDeadLetter(given, fifo, arn);
    const present = queues.get(arn);
    if (present !== undefined) {
      const differs = Object.entries(given).some(([key, value]) => present.attributes[key] !== value);
      if (differs)
        throw new AwsProblem("QueueNameExists", "A queue already exists with the same name and a different value for attribute(s)", {
          queryCode: "QueueAlreadyExists",
        });
      return present;
    }
    const queue = createQueue({ clock, name, arn, attributes: () => byArn(arn).attributes, findByArn: (other) => queues.get(other)?.queue });
    const now = clock.now();
    const held: Held = {
      queue,
      attributes: withDefaults(given, fifo),
      url: `${url()}/${place.account}/${name}`,
      createdAt: now,
      changedAt: now,
      purgedAt: Number.NEGATIVE_INFINITY,
    };
    queues.set(arn, held);
    return held;
  };

  const draftFor = (held: Held, input: Input): Draft =>
    checkDraft(input, {
      fifo: held.queue.fifo,
      contentBased: held.attributes["ContentBasedDeduplication"] === "true",
      maxBytes: Number(held.attributes["MaximumMessageSize"]),
    });

  const sendDraft = (held: Held, draft: Draft, senderId: string): object => {
    const { id, sequence } = held.queue.send(draft, senderId);
    return { MessageId: id, MD5OfMessageBody: md5OfBody(draft.body), MD5OfMessageAttributes: md5OfAttributes(draft.attributes), SequenceNumber: sequence };
  };

  const sendBatch = (input: Input, request: AwsRequest): object => {
    const held = byUrl(input, request);
    const drafts = new Map<string, Draft>();
    let total = 0;
    return runBatch(
      recordsOf(input, "Entries"),
      (entry) => {
        const draft = draftFor(held, entry);
        total += sizeOf(draft);
        drafts.set(textOf(entry, "Id"), draft);
        if (total > MAX_MESSAGE_BYTES)
          throw new AwsProblem("BatchRequestTooLong", `Batch requests cannot be longer than ${MAX_MESSAGE_BYTES} bytes.`, {
            queryCode: "AWS.SimpleQueueService.BatchRequestTooLong",
          });
      },
      (entry) => {
        const draft = drafts.get(textOf(entry, "Id"));
        if (draft === undefined) throw new Error("a draft was lost");
        return sendDraft(held, draft, request.caller.userId);
      },
    );
  };

  const receive = async (input: Input, request: AwsRequest): Promise<object> => {
    const held = byUrl(input, request);
    const max = bounded(input, "MaxNumberOfMessages", 1, 10) ?? 1;
    const wait = bounded(input, "WaitTimeSeconds", 0, 20) ?? Number(held.attributes["ReceiveMessageWaitTimeSeconds"]);
    const visibility = bounded(input, "VisibilityTimeout", 0, 43_200);
    const messages = await held.queue.poll(max, visibility, wait, request.signal);
    const system = [...textsOf(input, "MessageSystemAttributeNames"), ...textsOf(input, "AttributeNames")];
    return messages.length === 0 ? {} : { Messages: messages.map((message) => renderMessage(message, system, textsOf(input, "MessageAttributeNames"))) };
  };

  const attributesOf = (held: Held, names: readonly string[]): object => {
    const { visible, inFlight, delayed } = held.queue.counts();
    const all: Readonly<Record<string, string>> = {
      ...held.attributes,
      QueueArn: held.queue.arn,
      ApproximateNumberOfMessages: String(visible),
      ApproximateNumberOfMessagesNotVisible: String(inFlight),
      ApproximateNumberOfMessagesDelayed: String(delayed),
      CreatedTimestamp: String(Math.floor(held.createdAt / 1000)),
      LastModifiedTimestamp: String(Math.floor(held.changedAt / 1000)),
    };
    const known = new Set([...Object.keys(all), "Policy", "RedrivePolicy", "RedriveAllowPolicy", "KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds", "All"]);
    const unknown = names.find((name) => !known.has(name));
    if (unknown !== undefined) throw new AwsProblem("InvalidAttributeName", `Unknown Attribute ${unknown}.`);
    return { Attributes: names.includes("All") ? all : Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name))) };
  };

  const changeVisibility = (held: Held, input: Input): object => {
    const seconds = bounded(input, "VisibilityTimeout", 0, 43_200);
    if (seconds === undefined) throw new AwsProblem("MissingParameter", "The request must contain the parameter VisibilityTimeout.");
    held.queue.changeVisibility(textOf(input, "ReceiptHandle", "MissingParameter"), seconds);
    return {};
  };
  const remove = (held: Held, input: Input): object => {
    held.queue.remove(textOf(input, "ReceiptHandle", "MissingParameter"));
    return {};
  };
  const eachOf = (act: (held: Held, entry: Input) => object) => (input: Input, request: AwsRequest) => {
    const held = byUrl(input, request);
    return runBatch(
      recordsOf(input, "Entries"),
      () => {},
      (entry) => act(held, entry),
    );
  };

  const operations: Readonly<Record<string, Doing<object>>> = {
    CreateQueue: {
      members: ["QueueName", "Attributes", "tags"],
      run: (input, request) => ({ QueueUrl: create(placeOf(request), textOf(input, "QueueName", "MissingParameter"), textMapOf(input, "Attributes")).url }),
    },
    GetQueueUrl: {
      members: ["QueueName", "QueueOwnerAWSAccountId"],
      run: (input, request) => {
        const account = maybeText(input, "QueueOwnerAWSAccountId") ?? request.caller.account;
        return { QueueUrl: byArn(arnOf({ account, region: request.region }, textOf(input, "QueueName", "MissingParameter"))).url };
      },
    },
    DeleteQueue: {
      members: ["QueueUrl"],
      run: (input, request) => {
        queues.delete(byUrl(input, request).queue.arn);
        return {};
      },
    },
    ListQueues: {
      members: ["QueueNamePrefix"],
      run: (input, request) => {
        const prefix = arnOf(placeOf(request), maybeText(input, "QueueNamePrefix") ?? "");
        return { QueueUrls: [...queues].filter(([arn]) => arn.startsWith(prefix)).map(([, held]) => held.url) };
      },
    },
    GetQueueAttributes: {
      members: ["QueueUrl", "AttributeNames"],
      run: (input, request) => attributesOf(byUrl(input, request), textsOf(input, "AttributeNames")),
    },
    SetQueueAttributes: {
      members: ["QueueUrl", "Attributes"],
      run: (input, request) => {
        const held = byUrl(input, request);
        const next = { ...held.attributes, ...textMapOf(input, "Attributes") };
        checkQueueAttributes(next, held.queue.fifo);
        checkDeadLetter(next, held.queue.fifo, held.queue.arn);
        held.attributes = next;
        held.changedAt = clock.now();
        return {};
      },
    },
    SendMessage: {
      members: ["QueueUrl", ...SEND],
      run: (input, request) => {
        const held = byUrl(input, request);
        return sendDraft(held, draftFor(held, input), request.caller.userId);
      },
    },
    SendMessageBatch: { members: ["QueueUrl", "Entries"], run: sendBatch },
    ReceiveMessage: {
      members: [
        "QueueUrl",
        "AttributeNames",
        "MessageSystemAttributeNames",
        "MessageAttributeNames",
        "MaxNumberOfMessages",
        "VisibilityTimeout",
        "WaitTimeSeconds",
      ],
      run: receive,
    },
    DeleteMessage: { members: ["QueueUrl", "ReceiptHandle"], run: (input, request) => remove(byUrl(input, request), input) },
    DeleteMessageBatch: { members: ["QueueUrl", "Entries"], run: eachOf(remove) },
    ChangeMessageVisibility: {
      members: ["QueueUrl", "ReceiptHandle", "VisibilityTimeout"],
      run: (input, request) => changeVisibility(byUrl(input, request), input),
    },
    ChangeMessageVisibilityBatch: { members: ["QueueUrl", "Entries"], run: eachOf(changeVisibility) },
    PurgeQueue: {
      members: ["QueueUrl"],
      run: (input, request) => {
        const held = byUrl(input, request);
        if (clock.now() - held.purgedAt < 60_000)
          throw new AwsProblem("PurgeQueueInProgress", "Only one PurgeQueue operation is allowed every 60 seconds.", {
            status: 403,
            queryCode: "AWS.SimpleQueueService.PurgeQueueInProgress",
          });
        held.purgedAt = clock.now();
        held.queue.purge();
        return {};
      },
    },
  };

  const own = (name: string): Held => byArn(arnOf(home, name));
  return {
    service: createJsonService({ name: "sqs", target: "AmazonSQS", version: "1.0", operations }),
    send: (arn, message) => {
      const held = byArn(arn);
      held.queue.send(draftFor(held, message), "AIDAISDWJC7ULEXAMPLE");
    },
    sqs: {
      createQueue: (name, attributes) => create(home, name, { ...(name.endsWith(".fifo") ? { FifoQueue: "true" } : {}), ...attributes }).url,
      url: (name) => own(name).url,
      arn: (name) => own(name).queue.arn,
      messages: (name) => own(name).queue.messages(),
      counts: (name) => own(name).queue.counts(),
      disturb: (name, disturbance) => own(name).queue.disturb(disturbance),
      release: (name, id) => own(name).queue.release(id),
      take: (name, id) => own(name).queue.take(id),
    },
  };
}

function bounded(input: Input, name: string, least: number, most: number): number | undefined {
  const value = maybeNumber(input, name);
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return value;
  throw new AwsProblem("InvalidParameterValue", `Value ${value} for parameter ${name} is invalid. Reason: Must be between ${least} and ${most}, if provided.`);
}
