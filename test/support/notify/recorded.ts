import { readFileSync } from "node:fs";

import type { NotifiedEvent, Severity } from "@sluice/engine/domain/notified-event.ts";
import { parse } from "yaml";

const FOLDER = new URL("../../conformance/notifications/", import.meta.url);

/** One of the recordings, by its path below test/conformance/notifications. */
export const readRecorded = <Recorded>(path: string): Recorded => parse(readFileSync(new URL(path, FOLDER), "utf8"));

/** An event as the recordings have it. */
export type RecordedEvent = {
  readonly involvedObject: { readonly [field: string]: string };
  readonly severity: Severity;
  readonly timestamp: string;
  readonly reason: string;
  readonly message: string;
  readonly reportingController: string;
  readonly reportingInstance?: string;
  readonly metadata?: { readonly [key: string]: string };
};

/** `"${REPEAT:"text":300}"` and `${x:256}` in recorded texts: so many times. */
export const filledIn = (text: string): string =>
  text
    .replace(/\$\{REPEAT:"([^"]*)":(\d+)\}/g, (_, part: string, count: string) => part.repeat(Number(count)))
    .replace(/\$\{(\w):(\d+)\}/g, (_, letter: string, count: string) => letter.repeat(Number(count)));

export function notified(id: string, { involvedObject, ...event }: RecordedEvent): NotifiedEvent {
  const field = (name: string): string => involvedObject[name] ?? "";
  return {
    id,
    reportingInstance: "",
    ...event,
    message: filledIn(event.message),
    involvedObject: {
      apiVersion: field("apiVersion"),
      kind: field("kind"),
      namespace: field("namespace"),
      name: field("name"),
      uid: field("uid"),
      resourceVersion: field("resourceVersion"),
    },
  };
}

export type RecordedWarning = {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly annotations?: { readonly [key: string]: string };
};

export const warningLine = ({ type, reason, message }: RecordedWarning): string => `${type} ${reason} ${message}`;
