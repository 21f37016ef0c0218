import { AwsProblem } from "../answer.ts";
import { isRecord } from "../input.ts";
import type { Notification } from "./envelope.ts";
import { type FilterPolicy, isWanted, parseFilterPolicy, type Values } from "./filter-policy.ts";

export type Subscription = {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: "sqs" | "lambda" | "http" | "https";
  readonly endpoint: string;
  attributes: Readonly<Record<string, string>>;
  /** HTTP endpoints must confirm with it first. */
  readonly token: string;
  confirmed: boolean;
};

const KNOWN = ["RawMessageDelivery", "FilterPolicy", "FilterPolicyScope"];

export const protocolOf = (name: string): Subscription["protocol"] => {
  if (name === "sqs" || name === "lambda" || name === "http" || name === "https") return name;
  throw new AwsProblem("InvalidParameter", `Invalid parameter: Does not support this protocol string: ${name}`);
};

/** Attributes of a subscription, checked. Source: SNS API, SetSubscriptionAttributes. */
export function checkSubscriptionAttributes(attributes: Readonly<Record<string, string>>, protocol: string): void {
  const unknown = Object.keys(attributes).find((name) => !KNOWN.includes(name));
  if (unknown !== undefined) throw new AwsProblem("InvalidParameter", `Invalid parameter: AttributeName ${unknown}`);
  if (attributes["RawMessageDelivery"] === "true" && protocol === "lambda") {
    throw new AwsProblem("InvalidParameter", "Invalid parameter: Attributes Reason: Delivery protocol [lambda] does not support raw message delivery.");
  }
  if (attributes["FilterPolicy"] !== undefined && attributes["FilterPolicy"] !== "") parseFilterPolicy(attributes["FilterPolicy"]);
}

/** Whether the subscription's filter lets a message through. */
export function wants(subscription: Subscription, notification: Notification): boolean {
  const text = subscription.attributes["FilterPolicy"];
  if (text === undefined || text === "") return true;
  const policy: FilterPolicy = parseFilterPolicy(text);
  if (subscription.attributes["FilterPolicyScope"] !== "MessageBody") return isWanted(policy, (name) => attributeValues(notification, name));
  const body = parseBody(notification.message);
  return body !== undefined && isWanted(policy, (name) => (Object.hasOwn(body, name) ? plainValues(body[name]) : undefined));
}

function attributeValues({ attributes }: Notification, name: string): Values | undefined {
  const attribute = attributes[name];
  if (attribute?.StringValue === undefined) return undefined;
  if (attribute.DataType === "Number") return [Number(attribute.StringValue)];
  return attribute.DataType === "String.Array" ? plainValues(JSON.parse(attribute.StringValue)) : [attribute.StringValue];
}

const isPlain = (value: unknown): value is Values[number] => value === null || ["string", "number", "boolean"].includes(typeof value);
const plainValues = (value: unknown): Values => (Array.isArray(value) ? value : [value]).filter(isPlain);

function parseBody(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
