import type { Notification, Notifier, NotifierAnswer } from "@sluice/engine/ports/notifier.ts";
import { createNotifier, type NotifierOptions } from "@sluice/platform/notifications/notifier.ts";

/** What becomes of a notification for which nobody has to be asked: a Provider that is not right, an event that is nothing for it. Undefined: it would leave. */
export type Rehearse = (...notification: Parameters<Notifier["send"]>) => Promise<Exclude<NotifierAnswer, { kind: "sent" | "unavailable" }> | undefined>;

const NOBODY = { kind: "silent", why: "unreachable", words: "nothing is sent in a rehearsal", message: "nothing is sent in a rehearsal" } as const;

/** The senders themselves, up to where they would reach for somebody. */
export function createRehearsal(world: Pick<NotifierOptions, "now" | "random" | "hostname">): Rehearse {
  return async (notification: Notification, signal) => {
    let leaves = false;
    const nobody = (): Promise<typeof NOBODY> => {
      leaves = true;
      return Promise.resolve(NOBODY);
    };
    const aws = { send: async () => Promise.reject(new Error((await nobody()).message)) };
    const answer = await createNotifier({ ...world, http: { send: nobody }, dial: nobody, aws: () => aws }).send(notification, signal);
    return leaves || answer.kind === "sent" || answer.kind === "unavailable" ? undefined : answer;
  };
}
