import type { EpochMs } from "@sluice/engine/domain/time.ts";
import type { Notifier } from "@sluice/engine/ports/notifier.ts";
import type { SenderWorld } from "./sender.ts";
import { createSenders } from "./senders.ts";

export type NotifierOptions = Omit<SenderWorld, "signal" | "now"> & { readonly now: () => EpochMs };

/** Sends notifications of every type of Provider. */
export function createNotifier(options: NotifierOptions): Notifier {
  const senders = createSenders();
  return {
    send: async (notification, signal) => {
      const sender = senders[notification.provider.type];
      if (sender === undefined) return { kind: "misconfigured", message: `type '${notification.provider.type}' is not implemented` };
      return sender(notification, { ...options, signal });
    },
  };
}
