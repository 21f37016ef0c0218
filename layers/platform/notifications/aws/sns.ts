import { queryRequest } from "../../aws/query-protocol.ts";
import { writeEventMessage } from "../../sns/event-message.ts";
import { messageAttributes, publishParameters } from "../../sns/message-attributes.ts";
import type { Sender } from "../sender.ts";
import { amazonQNotification } from "./amazon-q.ts";
import { parseTopic } from "./destination.ts";
import { fifoParameters } from "./fifo.ts";
import { sendToAws } from "./send-to-aws.ts";

/**
 * Publishes the event as the installation's own topic has it (docs/events.md), or with `channel: amazon-q` as a custom notification of Amazon Q Developer.
 * Needs sns:Publish on the topic; one that is encrypted by a key of the customer's also kms:GenerateDataKey and kms:Decrypt on that.
 * Source: SNS API reference, Publish.
 */
export const sendToSns: Sender = async (notification, world) => {
  const { cluster, event, provider } = notification;
  const topic = parseTopic(provider.address);
  if (!topic.ok) return { kind: "misconfigured", message: topic.problem };
  if (provider.channel !== "" && provider.channel !== "amazon-q")
    return { kind: "misconfigured", message: `channel: expected "amazon-q" or nothing, got ${JSON.stringify(provider.channel)}` };
  const { arn, region, name } = topic.value;
  const parameters = {
    TopicArn: arn,
    Message: provider.channel === "amazon-q" ? amazonQNotification(event, cluster) : writeEventMessage(event, cluster),
    ...publishParameters(messageAttributes(event, cluster)),
    ...(name.endsWith(".fifo") && fifoParameters(notification)),
  };
  return sendToAws(notification, world, { service: "sns", region, request: `sns Publish ${arn}`, what: queryRequest("Publish", "2010-03-31", parameters) });
};
