import { createHash } from "node:crypto";
import type { NotifiedEvent } from "../domain/notified-event.ts";
import { type EpochMs, formatTime } from "../domain/time.ts";
import type { FluxEvent } from "../ports/event-sink.ts";

/** Source: reference 0.6. */
export const LONGEST_MESSAGE = 39_000;

export type Origin = {
  /** The name of the cluster in the installation's configuration. */
  readonly cluster: string;
  readonly now: EpochMs;
};

/** The event as it is notified of; undefined for `Trace`, which is for the cluster's own Events only. Source: reference 0.6. */
export function notifiedEvent(event: FluxEvent, { cluster, now }: Origin): NotifiedEvent | undefined {
  if (event.type === "Trace") return undefined;
  const { object, reason, metadata, controller } = event;
  const message = cutMessage(event.message);
  return {
    id: sha256(JSON.stringify([cluster, object.uid, reason, message, Object.entries(metadata).toSorted(byKey), now])),
    involvedObject: object,
    severity: event.type === "Warning" ? "error" : "info",
    timestamp: formatTime(now),
    message,
    reason,
    ...(Object.keys(metadata).length > 0 && { metadata }),
    reportingController: controller,
    reportingInstance: controller,
  };
}

/** What is notified of a text: its beginning. */
export function cutMessage(message: string): string {
  if (message.length <= LONGEST_MESSAGE) return message;
  const isInPair = /[\uD800-\uDBFF]/.test(message.charAt(LONGEST_MESSAGE - 1));
  return message.slice(0, isInPair ? LONGEST_MESSAGE - 1 : LONGEST_MESSAGE);
}

const byKey = ([a]: readonly [string, string], [b]: readonly [string, string]): number => (a < b ? -1 : Number(a > b));
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
