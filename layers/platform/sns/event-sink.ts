import type { NotifiedEvent } from "@sluice/engine/domain/notified-event.ts";
import { notifiedEvent } from "@sluice/engine/events/notified-event.ts";
import type { Clock } from "@sluice/engine/ports/clock.ts";
import type { EventSink } from "@sluice/engine/ports/event-sink.ts";
import { attributeText } from "../aws/attribute-text.ts";
import { queryRequest } from "../aws/query-protocol.ts";
import type { SignedRequests } from "../aws/signed-requests.ts";
import { writeEventMessage } from "./event-message.ts";

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
      await sns.send(queryRequest("Publish", "2010-03-31", { TopicArn: topicArn, Message: message, ...attributesOf(notified, clusterName) }));
    },
  };
}

const LONGEST_ATTRIBUTE = 512;

function attributesOf({ involvedObject, severity, reason }: NotifiedEvent, cluster: string): Record<string, string> {
  const { kind, namespace, name } = involvedObject;
  const texts = { cluster, kind, namespace, name, severity, reason };
  return Object.fromEntries(
    Object.entries(texts)
      .map(([key, text]) => [key, attributeText(text.slice(0, LONGEST_ATTRIBUTE))] as const)
      .filter(([, text]) => text !== "") // SNS refuses a message with an empty one
      .flatMap(([key, text], index) => {
        const entry = `MessageAttributes.entry.${index + 1}`;
        return [
          [`${entry}.Name`, key],
          [`${entry}.Value.DataType`, "String"],
          [`${entry}.Value.StringValue`, text],
        ];
      }),
  );
}
