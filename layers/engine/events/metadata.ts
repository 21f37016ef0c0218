import { groupOf } from "../domain/manifest.ts";
import type { NotifiedEvent } from "../domain/notified-event.ts";
import type { Alert } from "../flux/alert-object.ts";

/** Annotations of the object that begin so are part of its events. Source: reference 0.6. */
export const EVENT_PREFIX = "event.toolkit.fluxcd.io/";

export type Texts = { readonly [key: string]: string };

/** Of the group's own keys, these go to nobody; `token` counts when repeats are told apart, and is left out after that. Source: reference 4.1. */
const NOT_NOTIFIED = ["checksum", "digest"];
const TOKEN = "token";

/** What is in an event's metadata for others: the object's annotations and what its controller says of it. Source: reference 4.1, recorded in alerts/metadata. */
export function cleanMetadata(event: NotifiedEvent): Texts {
  const prefix = groupPrefix(event);
  const excluded = new Set(NOT_NOTIFIED.map((key) => (prefix + key).toLowerCase()));
  return keep(event.metadata ?? {}, (key) => (key.startsWith(EVENT_PREFIX) || key.startsWith(prefix)) && !excluded.has(key.toLowerCase()));
}

/** The event as Alerts and providers see it. */
export function forAlerts(event: NotifiedEvent): NotifiedEvent {
  const token = groupPrefix(event) + TOKEN;
  return withMetadata(
    event,
    keep(cleanMetadata(event), (key) => key !== token),
  );
}

/** What an event's own controller says under `key`: `revision`, `commit_status`. */
export const controllerMetadata = (event: NotifiedEvent, key: string): string | undefined => own(event.metadata ?? {}, groupPrefix(event) + key);
/** What the object's annotations say under `key`: `commit`, `change_request`. */
export const annotatedMetadata = (event: NotifiedEvent, key: string): string | undefined => own(event.metadata ?? {}, EVENT_PREFIX + key);

export type Combined = {
  /** With what the provider is given. */
  readonly event: NotifiedEvent;
  /** By key, who names it, where there are several: the lowest first. Empty when all agree. */
  readonly conflicts: Texts;
};

/**
 * Keys lose the prefixes of their groups, and what the Alert has to say comes in between: the object's annotations count least, what its controller says most.
 * Source: reference 4.2.
 */
export function combineMetadata(event: NotifiedEvent, { spec }: { readonly spec: Pick<Alert["spec"], "eventMetadata" | "summary"> }): Combined {
  const summary: Texts = spec.summary === undefined ? {} : { summary: spec.summary };
  const sources: readonly (readonly [string, Texts])[] = [
    ["involved object annotations", withoutPrefix(event.metadata ?? {}, EVENT_PREFIX)],
    ["Alert object .spec.eventMetadata", spec.eventMetadata],
    ["Alert object .spec.summary", summary],
    ["involved object controller metadata", withoutPrefix(event.metadata ?? {}, groupPrefix(event))],
  ];
  const named = new Map<string, string[]>();
  const combined = new Map<string, string>();
  for (const [source, texts] of sources) {
    for (const [key, value] of Object.entries(texts)) {
      combined.set(key, value);
      named.set(key, [...(named.get(key) ?? []), source]);
    }
  }
  const conflicts = [...named].filter(([, all]) => all.length > 1).map(([key, all]) => [key, all.join(", ")] as const);
  return { event: withMetadata(event, Object.fromEntries(combined)), conflicts: Object.fromEntries(conflicts) };
}

/** As `combineMetadata`, where there is no Alert. */
export const plainMetadata = (event: NotifiedEvent): NotifiedEvent => combineMetadata(event, { spec: { eventMetadata: {} } }).event;

const groupPrefix = ({ involvedObject }: NotifiedEvent): string => `${groupOf(involvedObject.apiVersion)}/`;

const own = (texts: Texts, key: string): string | undefined => (Object.hasOwn(texts, key) ? texts[key] : undefined);

const keep = (texts: Texts, isKept: (key: string) => boolean): Texts => Object.fromEntries(Object.entries(texts).filter(([key]) => isKept(key)));

const withoutPrefix = (texts: Texts, prefix: string): Texts =>
  Object.fromEntries(Object.entries(texts).flatMap(([key, value]) => (key.startsWith(prefix) ? [[key.slice(prefix.length), value]] : [])));

function withMetadata({ metadata: _, ...event }: NotifiedEvent, metadata: Texts): NotifiedEvent {
  return Object.keys(metadata).length === 0 ? event : { ...event, metadata };
}
