import type { NotifiedEvent } from "@sluice/engine/domain/notified-event.ts";
import { attributeText } from "../aws/attribute-text.ts";

/** What filter policies go by, and those who read a queue: `cluster`, `kind`, `namespace`, `name`, `severity` and `reason` of an event. */
export type MessageAttributes = { readonly [name: string]: string };

const LONGEST = 512;

/** Without those that are empty, which SNS and SQS refuse. */
export function messageAttributes({ involvedObject, severity, reason }: NotifiedEvent, cluster: string): MessageAttributes {
  const { kind, namespace, name } = involvedObject;
  const texts = { cluster, kind, namespace, name, severity, reason };
  const entries = Object.entries(texts).map(([key, text]) => [key, attributeText(text.slice(0, LONGEST))] as const);
  return Object.fromEntries(entries.filter(([, text]) => text !== ""));
}

/** As parameters of SNS' Publish. */
export const publishParameters = (attributes: MessageAttributes): Record<string, string> =>
  Object.fromEntries(
    Object.entries(attributes).flatMap(([name, text], index) => {
      const entry = `MessageAttributes.entry.${index + 1}`;
      return [
        [`${entry}.Name`, name],
        [`${entry}.Value.DataType`, "String"],
        [`${entry}.Value.StringValue`, text],
      ];
    }),
  );
