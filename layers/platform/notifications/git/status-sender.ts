import type { Result } from "@sluice/engine/domain/result.ts";
import type { EpochMs } from "@sluice/engine/domain/time.ts";
import type { Notification } from "@sluice/engine/ports/notifier.ts";
import type { Sender, SenderWorld } from "../sender.ts";
import { annotationProblem, type CommitStatus, commitStatusOf, isOvertaken, isProgressing, type StatusWords, sendsPending } from "./commit-status.ts";
import type { ApiFailure } from "./exchange.ts";

/** How one kind of git server is told the status of a commit. */
export type StatusType = {
  /** Looks at the Provider's settings only: the problem is that of a Provider that is not right. */
  readonly configure: (notification: Notification, world: SenderWorld) => Result<Connect>;
  readonly words: StatusWords;
  /** It always gets pending statuses. */
  readonly hasPending?: boolean;
};

/** What is asked before there is a status to send. */
export type Connect = () => Promise<StatusApi | ApiFailure>;

export type StatusApi = {
  readonly kind: "connected";
  readonly find: (status: CommitStatus) => Promise<Found | ApiFailure>;
  /** Undefined when it was taken. */
  readonly post: (status: CommitStatus) => Promise<ApiFailure | undefined>;
};

/** What the commit has under the status' id by now. */
export type Found = {
  readonly kind: "found";
  readonly isSame: boolean;
  /** When the end that is there, if any, was written, as far as the server says it. */
  readonly endedAt?: EpochMs;
};

/** A sender that asks for the status first and posts only what is new. So nothing is there twice, whatever is delivered twice. Source: reference 4.3.2. */
export function createStatusSender({ configure, words, hasPending = false }: StatusType): Sender {
  return async (notification, world) => {
    const { event, provider } = notification;
    const configured = configure(notification, world);
    if (!configured.ok) return { kind: "misconfigured", message: configured.problem };
    const problem = annotationProblem(provider);
    if (problem !== undefined) return { kind: "misconfigured", message: problem };
    if (isProgressing(event) && !hasPending && !sendsPending(provider)) return { kind: "dropped", why: "what is on its way is no commit status" };

    const api = await configured.value();
    if (api.kind !== "connected") return api;
    const status = commitStatusOf(notification, words);
    if (!status.ok) {
      // Flux says nothing of what it does not send.
      const isOurs = isProgressing(event) && !hasPending;
      return isOurs ? { kind: "dropped", why: status.problem } : { kind: "refused", message: status.problem };
    }

    const found = await api.find(status.value);
    if (found.kind !== "found") return found;
    if (found.isSame) return { kind: "sent" };
    if (isOvertaken(status.value, event, found.endedAt)) return { kind: "dropped", why: "the commit has had its end since" };
    return (await api.post(status.value)) ?? { kind: "sent" };
  };
}
