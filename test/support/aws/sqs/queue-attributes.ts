import { AwsProblem, notInTheFake } from "../answer.ts";
import { isRecord } from "../input.ts";

type Range = { readonly least: number; readonly most: number; readonly default: number };

/** Source: SQS API, SetQueueAttributes and CreateQueue. */
const NUMBERS: Readonly<Record<string, Range>> = {
  DelaySeconds: { least: 0, most: 900, default: 0 },
  MaximumMessageSize: { least: 1024, most: 1_048_576, default: 1_048_576 },
  MessageRetentionPeriod: { least: 60, most: 1_209_600, default: 345_600 },
  ReceiveMessageWaitTimeSeconds: { least: 0, most: 20, default: 0 },
  VisibilityTimeout: { least: 0, most: 43_200, default: 30 },
};
const FIFO: Readonly<Record<string, readonly string[]>> = {
  ContentBasedDeduplication: ["true", "false"],
  DeduplicationScope: ["queue", "messageGroup"],
  FifoThroughputLimit: ["perQueue", "perMessageGroupId"],
};
/** Kept and given back; they change nothing here. */
const INERT = ["Policy", "KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds", "SqsManagedSseEnabled", "RedriveAllowPolicy"];

export type QueueAttributes = Readonly<Record<string, string>>;

export type RedrivePolicy = { readonly deadLetterTargetArn: string; readonly maxReceiveCount: number };

/** Attributes of a new queue, or of one that changes: checked, with nothing filled in. */
export function checkQueueAttributes(given: QueueAttributes, fifo: boolean): QueueAttributes {
  for (const [name, value] of Object.entries(given)) checkOne(name, value, fifo);
  if (given["FifoThroughputLimit"] === "perMessageGroupId" && given["DeduplicationScope"] !== "messageGroup") {
    throw invalidAttribute("FifoThroughputLimit", "perMessageGroupId needs DeduplicationScope messageGroup");
  }
  return given;
}

function checkOne(name: string, value: string, fifo: boolean): void {
  const range = NUMBERS[name];
  if (range !== undefined) {
    const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
    if (!(number >= range.least && number <= range.most)) throw invalidAttribute(name, `${value} is not between ${range.least} and ${range.most}`);
    return;
  }
  if (name === "FifoQueue") {
    if (value !== "true" || !fifo) throw invalidAttribute(name, "the name of a FIFO queue, and of no other, ends with .fifo");
    return;
  }
  const values = FIFO[name];
  if (values !== undefined) {
    if (!fifo) throw new AwsProblem("InvalidAttributeName", `You can specify the ${name} only when FifoQueue is set to true.`);
    if (!values.includes(value)) throw invalidAttribute(name, value);
    return;
  }
  if (name === "RedrivePolicy") return void parseRedrivePolicy(value);
  if (!INERT.includes(name)) throw notInTheFake(`the queue attribute ${name}`);
}

/** What a queue that says nothing of them has. */
export function withDefaults(given: QueueAttributes, fifo: boolean): QueueAttributes {
  const numbers = Object.fromEntries(Object.entries(NUMBERS).map(([name, range]) => [name, String(range.default)]));
  const own = fifo ? { FifoQueue: "true", ContentBasedDeduplication: "false", DeduplicationScope: "queue", FifoThroughputLimit: "perQueue" } : {};
  return { ...numbers, ...own, SqsManagedSseEnabled: "true", ...given };
}

export function parseRedrivePolicy(text: string | undefined): RedrivePolicy | undefined {
  if (text === undefined || text === "") return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalidAttribute("RedrivePolicy", "no JSON");
  }
  const target = isRecord(value) ? value["deadLetterTargetArn"] : undefined;
  const count = isRecord(value) ? Number(value["maxReceiveCount"]) : Number.NaN;
  if (typeof target !== "string" || !(Number.isInteger(count) && count >= 1 && count <= 1000)) throw invalidAttribute("RedrivePolicy", text);
  return { deadLetterTargetArn: target, maxReceiveCount: count };
}

const invalidAttribute = (name: string, why: string): AwsProblem =>
  new AwsProblem("InvalidAttributeValue", `Invalid value for the parameter ${name}. Reason: ${why}`);
