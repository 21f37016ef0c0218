import type { Clock } from "@sluice/engine/ports/clock.ts";
import type { EventSink, FluxEvent } from "@sluice/engine/ports/event-sink.ts";
import { attributeText } from "../aws/attribute-text.ts";
import { queryRequest } from "../aws/query-protocol.ts";
import type { SignedRequests } from "../aws/signed-requests.ts";
import { severityOf, writeEventMessage } from "./event-message.ts";

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
      if (event.type === "Trace") return;
      const message = writeEventMessage(event, clusterName, clock.now());
      await sns.send(queryRequest("Publish", "2010-03-31", { TopicArn: topicArn, Message: message, ...attributesOf(event, clusterName) }));
    },
  };
}

const LONGEST_ATTRIBUTE = 512;

function attributesOf(event: FluxEvent, cluster: string): Record<string, string> {
  const { kind, namespace, name } = event.object;
  const texts = { cluster, kind, namespace, name, severity: severityOf(event), reason: event.reason };
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
