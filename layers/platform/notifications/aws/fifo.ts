import { createHash } from "node:crypto";
import type { Notification } from "@sluice/engine/ports/notifier.ts";
import { deliveryKey } from "../message/delivery-key.ts";

/**
 * What FIFO topics and queues want: events of one object stay in order, and one event comes once within five minutes, however often it is sent; one that two
 * Alerts let through comes twice, as everywhere. Source: SQS API reference, SendMessage; SNS API reference, Publish: both up to 128 letters.
 */
export function fifoParameters(notification: Notification): { readonly MessageGroupId: string; readonly MessageDeduplicationId: string } {
  const { kind, namespace, name } = notification.event.involvedObject;
  const object = [notification.cluster, kind, namespace, name].join("/");
  const group = /^[\w./-]{1,128}$/.test(object) ? object : createHash("sha256").update(object).digest("hex");
  return { MessageGroupId: group, MessageDeduplicationId: deliveryKey(notification) };
}
