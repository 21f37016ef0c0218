import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { type EpochMs, ms, parseTime } from "@sluice/engine/domain/time.ts";
import { hasAt, numberAt, textAt } from "../fields.ts";
import { renderAge } from "./age.ts";

export const EVENT_HEADER = ["Last seen", "Type", "Reason", "Object", "Message"];

/** A line of `flux events`. Source: reference 6.8. */
export const eventRow = (event: Manifest, now: EpochMs, withNamespace: boolean): readonly string[] => [
  ...(withNamespace ? [event.metadata.namespace ?? ""] : []),
  lastSeen(event, now),
  textAt(event, "type"),
  textAt(event, "reason"),
  `${textAt(event, "involvedObject", "kind")}/${textAt(event, "involvedObject", "name")}`,
  textAt(event, "message"),
];

/** `5m`, or `5m (x3 over 2h)` of one that came again. */
function lastSeen(event: Manifest, now: EpochMs): string {
  const since = (text: string): string => {
    const moment = parseTime(text || undefined);
    return moment === undefined ? "<unknown>" : renderAge(ms(now - moment));
  };
  const first = since(textAt(event, "eventTime") || textAt(event, "firstTimestamp"));
  if (hasAt(event, "series")) return `${since(textAt(event, "series", "lastObservedTime"))} (x${numberAt(event, "series", "count")} over ${first})`;
  const count = numberAt(event, "count");
  return count > 1 ? `${since(textAt(event, "lastTimestamp"))} (x${count} over ${first})` : first;
}
