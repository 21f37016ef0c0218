import { AwsProblem } from "../answer.ts";
import { type Input, isRecord, maybeNumber, maybeText, recordOf } from "../input.ts";
import type { MessageAttribute } from "./md5.ts";

export const MAX_MESSAGE_BYTES = 1_048_576;

/** What a sender gives, checked. */
export type Draft = {
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  readonly delaySeconds: number | undefined;
  readonly groupId: string | undefined;
  readonly dedupeId: string | undefined;
  readonly traceHeader: string | undefined;
};

/** What the rules depend on. */
export type SendingTo = { readonly fifo: boolean; readonly contentBased: boolean; readonly maxBytes: number };

const invalid = (message: string): AwsProblem => new AwsProblem("InvalidParameterValue", message, { queryCode: "InvalidParameterValue" });
const missing = (name: string): AwsProblem =>
  new AwsProblem("MissingParameter", `The request must contain the parameter ${name}.`, { queryCode: "MissingParameter" });
/** Characters that XML 1.0 has. Source: SQS API, SendMessage, MessageBody. */
const ALLOWED = /^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]*$/u;
/** Source: SQS API, SendMessage: up to 128 alphanumeric characters and punctuation. */
const TOKEN = /^[A-Za-z0-9!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]{1,128}$/;

/** One message of SendMessage or SendMessageBatch; throws what SQS answers. Source: SQS API, SendMessage. */
export function checkDraft(input: Input, to: SendingTo): Draft {
  const body = maybeText(input, "MessageBody");
  if (body === undefined || body === "") throw missing("MessageBody");
  if (!ALLOWED.test(body) || !body.isWellFormed()) throw new AwsProblem("InvalidMessageContents", "Invalid characters were found in the message");
  const attributes = parseAttributes(recordOf(input, "MessageAttributes"));
  const draft: Draft = {
    body,
    attributes,
    delaySeconds: checkDelay(maybeNumber(input, "DelaySeconds"), to.fifo),
    groupId: checkToken("MessageGroupId", maybeText(input, "MessageGroupId")),
    dedupeId: checkToken("MessageDeduplicationId", maybeText(input, "MessageDeduplicationId")),
    traceHeader: traceHeader(recordOf(input, "MessageSystemAttributes")),
  };
  checkKind(draft, to);
  if (sizeOf(draft) > to.maxBytes) throw invalid(`One or more parameters are invalid. Reason: Message must be shorter than ${to.maxBytes} bytes.`);
  return draft;
}

/** Names, types and values count. Source: SQS Developer Guide, "Message quotas". */
export function sizeOf(draft: Draft): number {
  const attributes = Object.entries(draft.attributes).reduce((sum, [name, { DataType, StringValue, BinaryValue }]) => {
    const value = BinaryValue === undefined ? Buffer.byteLength(StringValue ?? "") : Buffer.from(BinaryValue, "base64").length;
    return sum + Buffer.byteLength(name) + Buffer.byteLength(DataType) + value;
  }, 0);
  return Buffer.byteLength(draft.body) + attributes;
}

function checkKind(draft: Draft, { fifo, contentBased }: SendingTo): void {
  if (!fifo) {
    if (draft.dedupeId !== undefined) throw wrongKind("MessageDeduplicationId", draft.dedupeId);
    return;
  }
  if (draft.groupId === undefined) throw missing("MessageGroupId");
  if (draft.dedupeId === undefined && !contentBased) {
    throw invalid("The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly");
  }
}

function checkDelay(seconds: number | undefined, fifo: boolean): number | undefined {
  if (seconds === undefined) return undefined;
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > 900) {
    throw invalid(`Value ${seconds} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.`);
  }
  if (fifo && seconds > 0) throw wrongKind("DelaySeconds", String(seconds));
  return fifo ? undefined : seconds;
}

function checkToken(name: string, value: string | undefined): string | undefined {
  if (value === undefined || TOKEN.test(value)) return value;
  throw invalid(
    `Value ${value} for parameter ${name} is invalid. Reason: ${name} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
  );
}

function wrongKind(name: string, value: string): AwsProblem {
  return invalid(`Value ${value} for parameter ${name} is invalid. Reason: The request include parameter that is not valid for this queue type.`);
}

/** Source: SQS Developer Guide, "Amazon SQS message metadata". */
export function parseAttributes(input: Input): Readonly<Record<string, MessageAttribute>> {
  const entries = Object.entries(input);
  if (entries.length > 10) throw invalid(`Number of message attributes [${entries.length}] exceeds the allowed maximum [10].`);
  return Object.fromEntries(entries.map(([name, value]) => [name, parseAttribute(name, value)]));
}

function parseAttribute(name: string, value: unknown): MessageAttribute {
  if (!isRecord(value)) throw invalid(`The message attribute '${name}' is no structure.`);
  if (!/^(?!\.)(?!.*\.$)(?!.*\.\.)(?!aws\.|amazon\.)[\w.-]{1,256}$/i.test(name)) throw invalid(`Message (user) attributes name is invalid: '${name}'`);
  const type = maybeText(value, "DataType") ?? "";
  const text = maybeText(value, "StringValue");
  const binary = maybeText(value, "BinaryValue");
  if (!/^(String|Number|Binary)(\..+)?$/.test(type)) throw invalid(`The type of message (user) attribute '${name}' is invalid.`);
  const content = type.startsWith("Binary") ? binary : text;
  if (content === undefined || content === "") throw invalid(`Message (user) attribute '${name}' must contain a non-empty value of type '${type}'.`);
  return type.startsWith("Binary") ? { DataType: type, BinaryValue: content } : { DataType: type, StringValue: content };
}

function traceHeader(input: Input): string | undefined {
  const other = Object.keys(input).find((name) => name !== "AWSTraceHeader");
  if (other !== undefined) throw invalid(`Message system attribute name '${other}' is invalid.`);
  const header = input["AWSTraceHeader"];
  return isRecord(header) ? maybeText(header, "StringValue") : undefined;
}
