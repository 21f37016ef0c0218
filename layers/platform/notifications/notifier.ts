import type { Notifier } from "@sluice/engine/ports/notifier.ts";
import { createCredentialMask, hiddenIn } from "./posting/credential-mask.ts";
import type { SenderWorld } from "./sender.ts";
import { createSenders } from "./senders.ts";

export type NotifierOptions = Omit<SenderWorld, "signal">;

/** Others say what stands in an answer: no text of it is longer, nor has signs that steer a terminal. */
const LONGEST = 16 * 1024;
const CONTROL = /(?![\n\t])\p{Cc}/gu;

/** Sends notifications of every type of Provider. No answer quotes a credential that a request carried. */
export function createNotifier(options: NotifierOptions): Notifier {
  const senders = createSenders();
  return {
    send: async (notification, signal) => {
      const { http, hide } = createCredentialMask(options.http, notification.provider);
      const answer = await senders[notification.provider.type](notification, { ...options, http, signal });
      return hiddenIn(answer, (text) => hide(text.replace(CONTROL, "")).slice(0, LONGEST));
    },
  };
}
