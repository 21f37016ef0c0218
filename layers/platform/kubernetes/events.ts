import { createHash } from "node:crypto";
import { isObject } from "@sluice/engine/domain/json.ts";
import { formatTime } from "@sluice/engine/domain/time.ts";
import type { Clock } from "@sluice/engine/ports/clock.ts";
import type { EventSink, FluxEvent } from "@sluice/engine/ports/event-sink.ts";
import type { Http } from "./http.ts";
import { parseJson, parseRefusal } from "./status.ts";

const LONGEST_NAME = 253;
/** Deliveries of one Alert fail side by side, all with one message. */
const TRIES = 5;

/**
 * Kubernetes Events. A repeat of object, type, reason and message moves `count` and `lastTimestamp` of the first one, whose
 * annotations stay; the name is a digest of those four, so no memory is needed to find it. Source: reference 0.6.
 */
export function createEventSink(http: Http, clock: Clock): EventSink {
  async function emit(event: FluxEvent): Promise<void> {
    const folder = `/api/v1/namespaces/${encodeURIComponent(event.object.namespace)}/events`;
    const name = nameOf(event);
    const body = JSON.stringify(bodyOf(event, name, formatTime(clock.now())));
    // Sent again when nobody knows whether it arrived: then it may be counted twice, which is less than a run that fails for want of an Event.
    const created = await http.send({ method: "POST", path: folder, body, repeatable: true });
    if (created.code === 201 || created.code === 403 || created.code === 404) return; // the namespace is going, or gone
    if (created.code !== 409) throw new Error(parseRefusal(created, "POST Event").message);
    await countAgain(`${folder}/${name}`);
  }

  async function countAgain(path: string, tries = TRIES): Promise<void> {
    const found = await http.send({ method: "GET", path });
    const live = found.code === 200 ? parseJson(found.body) : undefined;
    if (!isObject(live)) return; // it expired in between: a repeat that nobody sees
    const count = typeof live.count === "number" ? live.count : 1;
    const { resourceVersion } = isObject(live.metadata) ? live.metadata : {};
    const seen = typeof resourceVersion === "string" ? { metadata: { resourceVersion } } : {};
    const patch = { ...seen, count: count + 1, lastTimestamp: formatTime(clock.now()) };
    const moved = await http.send({ method: "PATCH", path, body: JSON.stringify(patch), contentType: "application/merge-patch+json" });
    if (moved.code === 409 && tries > 1) await countAgain(path, tries - 1); // somebody else counted at the same moment
  }

  return { emit };
}

const typeOf = ({ type }: FluxEvent): string => (type === "Warning" ? "Warning" : "Normal");

function nameOf(event: FluxEvent): string {
  const { object, reason, message, controller } = event;
  const digest = createHash("sha256")
    .update(JSON.stringify([object.uid, object.kind, typeOf(event), reason, message, controller]))
    .digest("hex")
    .slice(0, 16);
  const begin = object.name.slice(0, LONGEST_NAME - digest.length - 1).replace(/[-.]+$/, ""); // a part of a name ends with a letter or a digit
  return `${begin}.${digest}`;
}

function bodyOf(event: FluxEvent, name: string, now: string): unknown {
  const { object, reason, message, metadata, controller } = event;
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name, namespace: object.namespace, ...(Object.keys(metadata).length > 0 && { annotations: metadata }) },
    involvedObject: object,
    type: typeOf(event),
    reason,
    message,
    source: { component: controller },
    reportingComponent: controller,
    reportingInstance: controller,
    count: 1,
    firstTimestamp: now,
    lastTimestamp: now,
  };
}
