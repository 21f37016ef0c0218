import { createHash } from "node:crypto";
import type { Notification } from "@sluice/engine/ports/notifier.ts";

/**
 * The same for every attempt to send one event for one Alert to one Provider, and for nothing else: 64 hex digits. Where a service drops what it has seen
 * under the same id, not even a crash between its answer and our note doubles a notification.
 */
export function deliveryKey({ cluster, event, alert, provider }: Notification): string {
  const parts = [cluster, event.id, alert.namespace, alert.name, alert.uid, provider.namespace, provider.name];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
