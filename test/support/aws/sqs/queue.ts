import { createHash } from "node:crypto";
import { AwsProblem } from "../answer.ts";
import type { AwsClock } from "../clock.ts";
import type { MessageAttribute } from "./md5.ts";
import type { Draft } from "./message-rules.ts";
import { parseRedrivePolicy, type QueueAttributes } from "./queue-attributes.ts";

export const DEDUPE_WINDOW_MS = 5 * 60_000;
const MAX_INVISIBLE_MS = 12 * 3_600_000;
const MAX_IN_FLIGHT = 120_000;

/** A message in a queue. Times are milliseconds since 1970. */
export type Message = {
  readonly id: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  readonly groupId: string | undefined;
  readonly dedupeId: string | undefined;
  readonly sequence: string | undefined;
  readonly senderId: string;
  readonly traceHeader: string | undefined;
  sentAt: number;
  /** Not to be received before; while `received`, it is in flight until then. */
  visibleAt: number;
  inFlight: boolean;
  receives: number;
  firstReceivedAt: number | undefined;
  lastReceivedAt: number;
  receipt: string | undefined;
  /** Of the queue that it came from, in a dead-letter queue. */
  deadLetterSource: string | undefined;
};

/** How a standard queue may behave worse than in order and once. Source: SQS Developer Guide, "At-least-once delivery". */
export type Disturbance = {
  /** So many deletions are answered and do not happen. */
  readonly lostDeletes?: number;
  /** Which of `count` available messages comes next; the first without it. */
  readonly choose?: (count: number) => number;
};

export type Queue = ReturnType<typeof createQueue>;

type Dependencies = {
  readonly clock: AwsClock;
  readonly name: string;
  readonly arn: string;
  readonly attributes: () => QueueAttributes;
  readonly findByArn: (arn: string) => { accept(message: Message, from: string): void } | undefined;
};

/** The messages of one queue and the rules by which they come and go. Sources stand at each rule in the README. */
export function createQueue({ clock, name, arn, attributes, findByArn }: Dependencies) {
  const fifo = name.endsWith(".fifo");
  let messages: Message[] = [];
  let disturbance: { lostDeletes: number; choose?: ((count: number) => number) | undefined } = { lostDeletes: 0 };
  let counter = 0;
  const seen = new Map<string, { readonly until: number; readonly id: string; readonly sequence: string }>();
  const receipts = new Map<string, string>();
  const waiting = new Set<() => void>();

  const seconds = (attribute: string): number => Number(attributes()[attribute] ?? "0") * 1000;
  const wake = (): void => {
    for (const go of [...waiting]) go();
  };

  const refresh = (): void => {
    const now = clock.now();
    const oldest = now - seconds("MessageRetentionPeriod");
    messages = messages.filter((message) => message.sentAt > oldest);
    for (const message of messages) if (message.inFlight && message.visibleAt <= now) message.inFlight = false;
    for (const [key, entry] of seen) if (entry.until <= now) seen.delete(key);
  };

  const send = (draft: Draft, senderId: string): { readonly id: string; readonly sequence: string | undefined } => {
    refresh();
    const now = clock.now();
    counter += 1;
    const id = `${createHash("sha256").update(`${arn}/${counter}`).digest("hex").slice(0, 32)}`.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
    const sequence = String(10n ** 19n + BigInt(counter) * 256n).slice(0, 20);
    const dedupeId = fifo ? (draft.dedupeId ?? createHash("sha256").update(draft.body).digest("hex")) : undefined;
    if (dedupeId !== undefined) {
      const key = attributes()["DeduplicationScope"] === "messageGroup" ? `${draft.groupId}\0${dedupeId}` : dedupeId;
      const before = seen.get(key);
      if (before !== undefined) return before;
      seen.set(key, { until: now + DEDUPE_WINDOW_MS, id, sequence });
    }
    const delay = draft.delaySeconds === undefined ? seconds("DelaySeconds") : draft.delaySeconds * 1000;
    messages.push({
      id,
      body: draft.body,
      attributes: draft.attributes,
      groupId: draft.groupId,
      dedupeId,
      sequence: fifo ? sequence : undefined,
      senderId,
      traceHeader: draft.traceHeader,
      sentAt: now,
      visibleAt: now + delay,
      inFlight: false,
      receives: 0,
      firstReceivedAt: undefined,
      lastReceivedAt: 0,
      receipt: undefined,
      deadLetterSource: undefined,
    });
    wake();
    return { id, sequence: fifo ? sequence : undefined };
  };

  const available = (): readonly Message[] => {
    const now = clock.now();
    const locked = new Set<string>();
    if (fifo) for (const message of messages) if (message.inFlight && message.groupId !== undefined) locked.add(message.groupId);
    return messages.filter((message) => {
      const ready = !message.inFlight && message.visibleAt <= now;
      const open = !fifo || message.groupId === undefined || !locked.has(message.groupId);
      if (fifo && !ready && message.groupId !== undefined) locked.add(message.groupId);
      return ready && open;
    });
  };

  /** Puts what was received often enough into the dead-letter queue. */
  const redrive = (): void => {
    const policy = parseRedrivePolicy(attributes()["RedrivePolicy"]);
    if (policy === undefined) return;
    const target = findByArn(policy.deadLetterTargetArn);
    if (target === undefined) return;
    for (const message of available()) {
      if (message.receives < policy.maxReceiveCount) continue;
      messages = messages.filter((other) => other !== message);
      target.accept(message, arn);
    }
  };

  const pick = (max: number): readonly Message[] => {
    const candidates = [...available()];
    if (fifo) {
      const first = candidates[0]?.groupId;
      return [...candidates.filter(({ groupId }) => groupId === first), ...candidates.filter(({ groupId }) => groupId !== first)].slice(0, max);
    }
    const picked: Message[] = [];
    while (picked.length < max && candidates.length > 0) picked.push(...candidates.splice(disturbance.choose?.(candidates.length) ?? 0, 1));
    return picked;
  };

  const receive = (max: number, visibilitySeconds: number | undefined): readonly Message[] => {
    refresh();
    redrive();
    if (messages.filter(({ inFlight }) => inFlight).length >= MAX_IN_FLIGHT) {
      if (fifo) return [];
      throw new AwsProblem("OverLimit", "Too many messages in flight", { status: 403, queryCode: "OverLimit" });
    }
    const now = clock.now();
    const picked = pick(max);
    for (const message of picked) {
      message.inFlight = true;
      message.visibleAt = now + (visibilitySeconds === undefined ? seconds("VisibilityTimeout") : visibilitySeconds * 1000);
      message.receives += 1;
      message.firstReceivedAt ??= now;
      message.lastReceivedAt = now;
      message.receipt = Buffer.from(`${message.id}/${message.receives}/${name}`).toString("base64");
      receipts.set(message.receipt, message.id);
    }
    return picked;
  };

  const byReceipt = (receipt: string): Message | undefined => {
    const id = receipts.get(receipt);
    if (id === undefined) {
      throw new AwsProblem("ReceiptHandleIsInvalid", `The input receipt handle "${receipt}" is not a valid receipt handle.`, {
        status: 404,
        queryCode: "ReceiptHandleIsInvalid",
      });
    }
    return messages.find((message) => message.id === id);
  };

  const remove = (receipt: string): void => {
    refresh();
    const message = byReceipt(receipt);
    if (message === undefined) return;
    const current = message.receipt === receipt;
    if (fifo && !(current && message.inFlight)) {
      throw new AwsProblem("InvalidParameterValue", `Value ${receipt} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`);
    }
    if (disturbance.lostDeletes > 0) {
      disturbance.lostDeletes -= 1;
      return;
    }
    if (!current) return;
    messages = messages.filter((other) => other !== message);
    wake();
  };

  const changeVisibility = (receipt: string, timeoutSeconds: number): void => {
    refresh();
    const message = byReceipt(receipt);
    if (message === undefined) {
      const reason = "Message does not exist or is not available for visibility timeout change.";
      throw new AwsProblem("InvalidParameterValue", `Value ${receipt} for parameter ReceiptHandle is invalid. Reason: ${reason}`);
    }
    if (!message.inFlight || (fifo && message.receipt !== receipt)) {
      throw new AwsProblem("MessageNotInflight", "The specified message isn't in flight.", { queryCode: "AWS.SimpleQueueService.MessageNotInflight" });
    }
    const now = clock.now();
    if (now + timeoutSeconds * 1000 > message.lastReceivedAt + MAX_INVISIBLE_MS) {
      throw new AwsProblem("InvalidParameterValue", `Total VisibilityTimeout for the message is beyond the limit [43200 seconds]`);
    }
    message.visibleAt = now + timeoutSeconds * 1000;
    if (timeoutSeconds === 0) message.inFlight = false;
    wake();
  };

  /** When something may become available by the mere passing of time. */
  const nextChange = (): number => Math.min(...messages.map(({ visibleAt }) => visibleAt).filter((at) => at > clock.now()), Number.POSITIVE_INFINITY);

  /** Receives at once, or when something comes within `waitSeconds`. Source: SQS Developer Guide, "Short and long polling". */
  const poll = async (max: number, visibilitySeconds: number | undefined, waitSeconds: number, signal: AbortSignal): Promise<readonly Message[]> => {
    const until = clock.now() + waitSeconds * 1000;
    for (;;) {
      if (signal.aborted) return [];
      const got = receive(max, visibilitySeconds);
      if (got.length > 0 || clock.now() >= until) return got;
      await new Promise<void>((resolve) => {
        const cancel = clock.after(Math.min(until, nextChange()) - clock.now(), () => go());
        const go = (): void => {
          cancel();
          waiting.delete(go);
          signal.removeEventListener("abort", go);
          resolve();
        };
        waiting.add(go);
        signal.addEventListener("abort", go);
      });
    }
  };

  return {
    name,
    arn,
    fifo,
    send,
    poll,
    remove,
    changeVisibility,
    /** Takes a message that another queue gave up. A FIFO counts its age anew. Source: SQS Developer Guide, "Using dead-letter queues", "retention". */
    accept: (message: Message, from: string): void => {
      const sentAt = fifo ? clock.now() : message.sentAt;
      messages.push({ ...message, sentAt, visibleAt: clock.now(), inFlight: false, receipt: undefined, deadLetterSource: from });
      wake();
    },
    purge: (): void => {
      messages = [];
    },
    disturb: (next: Disturbance): void => {
      disturbance = { lostDeletes: next.lostDeletes ?? 0, choose: next.choose };
    },
    /** As if it had never been sent. */
    take: (id: string): void => {
      messages = messages.filter((message) => message.id !== id);
    },
    /** As if its visibility timeout had run out. */
    release: (id: string): void => {
      for (const message of messages) if (message.id === id) message.visibleAt = clock.now();
      refresh();
      wake();
    },
    messages: (): readonly Readonly<Message>[] => {
      refresh();
      return messages;
    },
    counts: (): { readonly visible: number; readonly inFlight: number; readonly delayed: number } => {
      refresh();
      const now = clock.now();
      const inFlight = messages.filter((message) => message.inFlight).length;
      const delayed = messages.filter((message) => !message.inFlight && message.visibleAt > now).length;
      return { visible: messages.length - inFlight - delayed, inFlight, delayed };
    },
  };
}
