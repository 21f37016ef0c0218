import type { AlertRef } from "../../domain/delivery.ts";
import { subjectOf } from "../../domain/manifest.ts";
import type { NotifiedEvent } from "../../domain/notified-event.ts";
import { apiVersionOfKind, KINDS } from "../../flux/kinds.ts";
import type { EventSink } from "../../ports/event-sink.ts";

/** The Alert that something is said of; `resourceVersion` where it is known. */
export type ToldAlert = AlertRef & { readonly resourceVersion?: string };

export type AlertReason = "InvalidConfig" | "SourceFetchFailed" | "MetadataAppendFailed" | "NotificationDispatchFailed";

/** An Event is no larger than what the API server stores, and an Alert may hold a pattern of that size. */
const LONGEST = 16_384;

/** A Warning on an Alert, which has no status that could say it. Source: reference 4.1. */
export const sayOnAlert = (
  events: EventSink,
  { namespace, name, uid, resourceVersion = "" }: ToldAlert,
  { reason, message, annotations = {} }: { readonly reason: AlertReason; readonly message: string; readonly annotations?: { readonly [key: string]: string } },
): Promise<void> =>
  events.emit({
    object: { apiVersion: apiVersionOfKind(KINDS.Alert), kind: KINDS.Alert.kind, namespace, name, uid, resourceVersion },
    type: "Warning",
    reason,
    message: message.slice(0, LONGEST),
    metadata: annotations,
    controller: KINDS.Alert.controller,
  });

/** Nothing could be sent at all. Source: recorded in providers/bad-*. */
export const dispatchFailed = ({ involvedObject }: NotifiedEvent, problem: string): string =>
  `failed to dispatch notification for ${subjectOf(involvedObject)}: ${problem}`;

/** It was sent, and not taken. */
export const sendFailed = ({ involvedObject }: NotifiedEvent, problem: string): string =>
  `failed to send notification for ${subjectOf(involvedObject)}: ${problem}`;
