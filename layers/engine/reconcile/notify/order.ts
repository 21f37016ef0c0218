import { createHash } from "node:crypto";
import type { Delivery } from "../../domain/delivery.ts";
import { isObject } from "../../domain/json.ts";
import type { NotifiedEvent } from "../../domain/notified-event.ts";
import { COMMENT_TYPES, COMMIT_STATUS_TYPES, isOneOf } from "../../domain/provider-type.ts";
import { type EpochMs, epochMs, parseTime } from "../../domain/time.ts";
import type { Note, Notes } from "../../ports/notes.ts";
import type { ProviderSettings } from "../../ports/notifier.ts";
import { jsonIn } from "./note-json.ts";

/** What a provider was told last: events of one second may be an object on its way and its end. */
type Told = { readonly at: EpochMs; readonly isOnTheWay: boolean };

export type Order = {
  /** True when the provider has been told something newer of the same, which this would undo. */
  isOvertaken(delivery: Delivery, settings: ProviderSettings): Promise<boolean>;
  /** It has been told this. */
  told(delivery: Delivery, settings: ProviderSettings): Promise<void>;
};

const TRIES = 4;

/**
 * Deliveries overtake each other, by quarters of an hour when a provider was not there. A late message in a chat is only late; a late failure on a commit, in a comment
 * that is edited, or of an incident that was closed meanwhile is wrong, and nobody would put it right.
 */
export function createOrder(notes: Notes): Order {
  return {
    isOvertaken: async (delivery, settings) => {
      const key = keyOf(delivery, settings);
      if (key === undefined) return false;
      const last = toldIn(await notes.read(key));
      return last !== undefined && isNewer(last, newsOf(delivery.event));
    },
    told: async (delivery, settings) => {
      const key = keyOf(delivery, settings);
      if (key === undefined) return;
      const news = newsOf(delivery.event);
      for (let tries = 0; tries < TRIES; tries++) {
        const note = await notes.read(key);
        const last = toldIn(note);
        if (last !== undefined && !isNewer(news, last)) return;
        if (await notes.write(key, JSON.stringify(news), note)) return;
      }
    },
  };
}

const isNewer = (one: Told, other: Told): boolean => one.at > other.at || (one.at === other.at && other.isOnTheWay && !one.isOnTheWay);

const newsOf = ({ timestamp, reason }: NotifiedEvent): Told => ({ at: parseTime(timestamp) ?? epochMs(0), isOnTheWay: reason === "Progressing" });

/** What it is that only the newest counts of: the status of a commit, the comment on a change, the incident of an object. Undefined for types that only pass on. */
function keyOf({ cluster, event }: Delivery, { type, namespace, name, statusId }: ProviderSettings): string | undefined {
  const about = subjectOf(event, type);
  if (about === undefined) return undefined;
  return `told/${createHash("sha256")
    .update(JSON.stringify([cluster, namespace, name, statusId, event.involvedObject.uid, ...about]))
    .digest("hex")}`;
}

function subjectOf({ metadata = {} }: NotifiedEvent, type: string): readonly string[] | undefined {
  if (isOneOf(COMMIT_STATUS_TYPES, type)) return [metadata["commit"] ?? metadata["originRevision"] ?? metadata["revision"] ?? ""];
  if (isOneOf(COMMENT_TYPES, type)) return [metadata["change_request"] ?? ""];
  return type === "pagerduty" ? [] : undefined;
}

function toldIn(note: Note | undefined): Told | undefined {
  const found = jsonIn(note);
  return isObject(found) && typeof found.at === "number" ? { at: epochMs(found.at), isOnTheWay: found.isOnTheWay === true } : undefined;
}
