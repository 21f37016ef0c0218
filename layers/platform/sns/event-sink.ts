import { type MessageAttributeValue, PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import type { Clock } from "@sluice/engine/ports/clock.ts";
import type { EventSink, FluxEvent } from "@sluice/engine/ports/event-sink.ts";
import { attributeText } from "../aws/attribute-text.ts";
import { severityOf, writeEventMessage } from "./event-message.ts";

export type SnsEventSinkOptions = { readonly client: SNSClient; readonly topicArn: string; readonly clusterName: string; readonly clock: Clock };

/** Publishes events for whoever subscribes; attributes are for filter policies. `Trace` is for the cluster's own events only. Throws when SNS does not take one. */
export function createSnsEventSink({ client, topicArn, clusterName, clock }: SnsEventSinkOptions): EventSink {
  return {
    emit: async (event) => {
      if (event.type === "Trace") return;
      const message = writeEventMessage(event, clusterName, clock.now());
      await client.send(new PublishCommand({ TopicArn: topicArn, Message: message, MessageAttributes: attributesOf(event, clusterName) }));
    },
  };
}

const LONGEST_ATTRIBUTE = 512;

function attributesOf(event: FluxEvent, cluster: string): Record<string, MessageAttributeValue> {
  const { kind, namespace, name } = event.object;
  const texts = { cluster, kind, namespace, name, severity: severityOf(event), reason: event.reason };
  return Object.fromEntries(
    Object.entries(texts)
      .map(([key, text]) => [key, attributeText(text.slice(0, LONGEST_ATTRIBUTE))] as const)
      .filter(([, text]) => text !== "") // SNS refuses a message with an empty one
      .map(([key, text]) => [key, { DataType: "String", StringValue: text }]),
  );
}
