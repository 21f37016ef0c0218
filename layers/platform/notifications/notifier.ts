import type { Notifier } from "@sluice/engine/ports/notifier.ts";
import { createCredentialMask, hiddenIn } from "./credential-mask.ts";
import type { SenderWorld } from "./sender.ts";
import { createSenders } from "./senders.ts";

export type NotifierOptions = Omit<SenderWorld, "signal">;

/** Sends notifications of every type of Provider. No answer quotes a credential that a request carried. */
export function createNotifier(options: NotifierOptions): Notifier {
  const senders = createSenders();
  return {
    send: async (notification, signal) => {
      const { http, hide } = createCredentialMask(options.http);
      return hiddenIn(await senders[notification.provider.type](notification, { ...options, http, signal }), hide);
    },
  };
}
