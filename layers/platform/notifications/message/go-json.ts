import type { NotifiedEvent } from "@sluice/engine/domain/notified-event.ts";
import { formatTime, parseTime } from "@sluice/engine/domain/time.ts";

/** A value that may leave out keys, as Go's `omitempty` does. */
export type GoJson = null | boolean | number | string | readonly GoJson[] | { readonly [key: string]: GoJson | undefined };

/**
 * JSON as Go's encoder writes it, which matters where the bytes are signed or make an id. Half a sign, where somebody cut a text, is U+FFFD.
 * Keys stand as they are given: those of Go's maps are sorted by the caller.
 */
export function goJson(value: GoJson): string {
  const wellFormed = (_: string, part: unknown): unknown => (typeof part === "string" ? part.toWellFormed() : part);
  return JSON.stringify(value, wellFormed).replace(/[<>&\u2028\u2029]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** A map of Go's, whose keys its encoder sorts. */
export const sortedKeys = <Value>(map: { readonly [key: string]: Value }): { readonly [key: string]: Value } =>
  Object.fromEntries(Object.entries(map).toSorted(([a], [b]) => (a < b ? -1 : 1)));

/** An event as Flux's own JSON has it (fluxcd/pkg apis/event/v1), to whole seconds and in UTC. What generic, matrix, githubdispatch, nats … carry. */
export const eventJson = (event: NotifiedEvent): string => goJson(eventBody(event));

function eventBody({ involvedObject, severity, timestamp, message, reason, metadata, reportingController, reportingInstance }: NotifiedEvent): {
  readonly [key: string]: GoJson | undefined;
} {
  const { kind, namespace, name, uid, apiVersion, resourceVersion } = involvedObject;
  return {
    involvedObject: filled({ kind, namespace, name, uid, apiVersion, resourceVersion }),
    severity,
    timestamp: wholeSeconds(timestamp),
    message,
    reason,
    ...(metadata !== undefined && Object.keys(metadata).length > 0 && { metadata: sortedKeys(metadata) }),
    reportingController,
    ...filled({ reportingInstance }),
  };
}

/** `2026-01-02T03:04:09.5+02:00` as `2026-01-02T01:04:09Z`: Go's metav1.Time; a text that is no time stays. */
export function wholeSeconds(timestamp: string): string {
  const moment = parseTime(timestamp);
  return moment === undefined ? timestamp : formatTime(moment);
}

const filled = (fields: { readonly [key: string]: string }): { readonly [key: string]: string } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ""));
