import type { EpochMs } from "@sluice/engine/domain/time.ts";
import type { Notification, NotifierAnswer } from "@sluice/engine/ports/notifier.ts";
import type { SignedRequests } from "../aws/signed-requests.ts";
import type { Dial } from "../http/dial.ts";
import type { Http } from "../http/exchange.ts";

/** Sends one notification in the form of one type of Provider: one attempt. It throws for bugs only. */
export type Sender = (notification: Notification, world: SenderWorld) => Promise<NotifierAnswer>;

export type SenderWorld = {
  /** Refuses addresses that must not be reached. */
  readonly http: Pick<Http, "send">;
  /** A plain connection, for what is not HTTP: under the same rules. */
  readonly dial: Dial;
  /** Requests to a service of AWS, as ourselves. */
  readonly aws: AwsRequests;
  /** URLs of the queues that the installation works from, and may write to: what is in them are orders, so that no Provider writes there. */
  readonly ownQueues?: readonly string[];
  readonly now: () => EpochMs;
  /** So many random bytes, for ids. */
  readonly random: (bytes: number) => Uint8Array;
  /** The name of the machine, which Sentry shows. */
  readonly hostname: string;
  /** Ends the attempt. */
  readonly signal: AbortSignal;
};

/** `region` `""`: our own. */
export type AwsRequests = (service: "sns" | "events" | "sqs", region: string) => Pick<SignedRequests, "send">;
