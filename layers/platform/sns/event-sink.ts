import { notifiedEvent } from "@sluice/engine/events/notified-event.ts";
import type { Clock } from "@sluice/engine/ports/clock.ts";
import type { EventSink } from "@sluice/engine/ports/event-sink.ts";
import { queryRequest } from "../aws/query-protocol.ts";
import type { SignedRequests } from "../aws/signed-requests.ts";
import { writeEventMessage } from "./event-message.ts";
import { messageAttributes, publishParameters } from "./message-attributes.ts";

export type SnsEventSinkOptions = {
  readonly sns: Pick<SignedRequests, "send">;
  readonly topicArn: string;
  readonly clusterName: string;
  readonly clock: Clock;
};

/** Publishes events for whoever subscribes; attributes are for filter policies. `Trace` is for the cluster's own events only. Throws when SNS does not take one. */
export function createSnsEventSink({ sns, topicArn, clusterName, clock }: SnsEventSinkOptions): EventSink {
  return {
    emit: async (event) => {
      const notified = notifiedEvent(event, { cluster: clusterName, now: clock.now() });
      if (notified === undefined) return;
      // Made once, before the first attempt: whatever SNS gets twice is the same event.
      const message = writeEventMessage({ ...notified, message: event.message }, clusterName);
      const attributes = publishParameters(messageAttributes(notified, clusterName));
      await sns.send(queryRequest("Publish", "2010-03-31", { TopicArn: topicArn, Message: message, ...attributes }));
    },
  };
}
