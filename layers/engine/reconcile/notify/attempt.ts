import type { Delivery } from "../../domain/delivery.ts";
import { type EpochMs, elapsed, seconds } from "../../domain/time.ts";
import type { Notification, NotifierAnswer } from "../../ports/notifier.ts";
import type { NotificationsDeps } from "./deps.ts";
import type { DeliveryEnd } from "./ends.ts";
import type { Place } from "./place.ts";
import { dispatchFailed, sendFailed } from "./say.ts";
import { isQuiet, nextAttempt, timeOf } from "./schedule.ts";
import type { Owed } from "./turn.ts";

/** What an attempt came to, and what is to be done about it. */
export type Attempted = { readonly end: DeliveryEnd; readonly owed?: Owed };

type AttemptDeps = Pick<NotificationsDeps, "notifier" | "clock" | "log" | "signalAfter" | "silences">;
type Ready = Extract<Place, { kind: "ready" }>;

export const failed = (message: string): Attempted => ({ end: { kind: "failed", message }, owed: { say: message } });

/** One attempt. Nothing that the other side does makes it throw. */
export async function attemptDelivery(deps: AttemptDeps, delivery: Delivery, { settings, mask }: Ready): Promise<Attempted> {
  const { attempt, event, since = deps.clock.now() } = delivery;
  const met = isQuiet(attempt) ? undefined : deps.silences.met(delivery, deps.clock.now());
  const answer = met ?? (await send(deps, delivery, settings, since));
  switch (answer.kind) {
    case "sent":
      return { end: { kind: "delivered", attempts: attempt + 1, late: isQuiet(attempt) } };
    case "dropped":
      return { end: { kind: "dropped", why: mask(answer.why) } };
    case "misconfigured": {
      const problem = `failed to initialize notifier for provider '${settings.name}': failed to initialize notifier: ${answer.message}`;
      return failed(mask(dispatchFailed(event, problem)));
    }
    case "refused":
      return failed(mask(sendFailed(event, answer.message)));
    case "unavailable":
      return missed(deps, delivery, { settings, mask, answer, since });
  }
}

/** What takes that long takes a place from others. */
const LONG = seconds(1);

/** A sender that throws is a bug, or was cut off by the signal: whatever its exception quotes stays in here, and the delivery is tried again. */
async function send(
  { notifier, clock, log, signalAfter, silences }: AttemptDeps,
  delivery: Delivery,
  provider: Ready["settings"],
  since: EpochMs,
): Promise<NotifierAnswer> {
  const { cluster, event, target, attempt, done } = delivery;
  const alert = target.kind === "provider" ? target.alert : { namespace: "", name: target.name, uid: "" };
  const signal = signalAfter(timeOf(attempt, since, provider.timeout, clock.now()));
  const notification: Notification = { cluster, event, alert, provider, done };
  const began = clock.now();
  const hear = (answer: NotifierAnswer): NotifierAnswer => {
    const hasWaited = signal.aborted || elapsed(began, clock.now()) >= LONG;
    if (answer.kind === "unavailable" && hasWaited) silences.waited(delivery, answer, clock.now());
    else silences.answered(delivery);
    return answer;
  };
  try {
    return hear(await notifier.send(notification, signal));
  } catch (error) {
    if (!signal.aborted) log.error("a sender broke off", { provider: provider.type, error: error instanceof Error ? error.name : "no Error" });
    const why = error instanceof Error ? error.message : String(error);
    return hear({ kind: "unavailable", prefix: "", request: provider.type, why, problem: why, done });
  }
}

type Missing = {
  readonly settings: Ready["settings"];
  readonly mask: Ready["mask"];
  readonly answer: Extract<NotifierAnswer, { kind: "unavailable" }>;
  readonly since: EpochMs;
};

function missed({ clock }: AttemptDeps, delivery: Delivery, { settings, mask, answer, since }: Missing): Attempted {
  const { attempt, event } = delivery;
  const { retryAfter, done } = answer;
  const why = mask(answer.why);
  const next = nextAttempt({ attempt, since, timeout: settings.timeout, now: clock.now(), ...(retryAfter !== undefined && { retryAfter }) });
  if (next.kind === "given-up") return { end: { kind: "given-up", why } };
  const { notBefore } = next;
  const turn = { attempt: next.attempt, since, done, notBefore };
  const end: DeliveryEnd = { kind: "again", next: { ...delivery, attempt: next.attempt, since, done }, notBefore, why, failed: next.failed !== undefined };
  if (next.failed === undefined) return { end, owed: { next: turn } };
  const words = next.failed === "deadline" ? "context deadline exceeded" : `${answer.request} giving up after ${attempt + 1} attempt(s)${reasonOf(answer)}`;
  return { end, owed: { say: mask(sendFailed(event, answer.prefix + words)), next: turn } };
}

const reasonOf = ({ problem }: Missing["answer"]): string => (problem === undefined ? "" : `: ${problem}`);
