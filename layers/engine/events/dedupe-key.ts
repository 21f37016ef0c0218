import { createHash } from "node:crypto";
import type { NotifiedEvent } from "../domain/notified-event.ts";
import { minutes } from "../domain/time.ts";
import { controllerMetadata } from "./metadata.ts";

/** So long the same is not said again. Source: reference 4.1, `--rate-limit-interval`. */
export const SAID_ONCE_IN = minutes(5);

/** Part of the key when the event's controller gives them. */
const TELLING = ["originRevision", "revision", "token"];

/**
 * SHA-256 in hex of what an event says, of which object: reason, severity, time and the rest do not count. Source: reference 4.1, recorded in
 * alerts/deduplication; that of another cluster is another one.
 */
export function dedupeKey(cluster: string, event: NotifiedEvent): string {
  const { name, namespace, kind } = event.involvedObject;
  const telling = TELLING.flatMap((key) => {
    const value = controllerMetadata(event, key);
    return value === undefined ? [] : [[key, value]];
  });
  return createHash("sha256")
    .update(JSON.stringify([cluster, name, namespace, kind, event.message, ...telling]))
    .digest("hex");
}
