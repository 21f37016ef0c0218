import type { Delivery } from "@sluice/engine/domain/delivery.ts";
import type { DeliveryEnd, DispatchEnd } from "@sluice/engine/reconcile/notify/ends.ts";
import type { Notifications } from "@sluice/engine/reconcile/notify/notifications.ts";
import { errorText } from "../log/log-line.ts";
import { type EventMessage, notifiedEventOf, parseEventMessage } from "../sns/event-message.ts";
import type { TopicMessage } from "./events.ts";
import type { FunctionHost } from "./function-host.ts";

export type NotifyDeps = {
  readonly host: Pick<FunctionHost, "log" | "logOf" | "metrics" | "note">;
  /** Does something with the notifications of that cluster; undefined: the installation has no such cluster any more. Throws what `use` throws. */
  readonly inCluster: <Value>(cluster: string, signal: AbortSignal, use: (notifications: Notifications) => Promise<Value>) => Promise<Value | undefined>;
};

export type Notify = {
  /** Finds out who wants what the topic says. Throws when it could not be found out: SNS hands the same over again, and what went out already does not go out twice. */
  hear(messages: readonly TopicMessage[], signal: AbortSignal): Promise<void>;
  /** One attempt at one delivery. Throws when it is not known how it ended. */
  deliver(delivery: Delivery, signal: AbortSignal): Promise<void>;
};

/** What Flux's events say, for whoever wants to hear it: Alerts, and the channels of the installation. */
export function createNotify({ host, inCluster }: NotifyDeps): Notify {
  async function hear({ id, text }: TopicMessage, signal: AbortSignal): Promise<void> {
    const parsed = parseEventMessage(text);
    if (parsed.ok) return dispatch(parsed.value, signal);
    // No better the second time.
    host.metrics.count("EventMalformed", 1, {});
    host.log.error("message is no event", { message: id, error: parsed.problem });
  }

  async function dispatch(message: EventMessage, signal: AbortSignal): Promise<void> {
    const { cluster, object, severity, reason, revision } = message;
    const event = { cluster, object: `${object.kind}/${object.namespace}/${object.name}`, severity, reason };
    host.note({ ...event, ...(revision !== "" && { revision }) });
    const end = await inCluster(cluster, signal, (notifications) => notifications.dispatch(notifiedEventOf(message)));
    host.note(end === undefined ? { dispatch: "no such cluster" } : fieldsOf(end));
    if (severity !== "trace") host.metrics.count(severity === "error" ? "EventError" : "EventInfo", 1, { cluster });
  }

  return {
    hear: async (messages, signal) => {
      const ends = await Promise.allSettled(messages.map((message) => hear(message, signal)));
      for (const end of ends) if (end.status === "rejected") throw end.reason;
    },
    deliver: async (delivery, signal) => {
      const { cluster } = delivery;
      const end = await inCluster(cluster, signal, (notifications) => notifications.deliver(delivery));
      if (end === undefined)
        host.log.error("no such cluster", { cluster, item: "delivery" }); // it was taken out of the configuration, and its Alerts with it
      else count(host, cluster, end);
    },
  };
}

const fieldsOf = (end: DispatchEnd): { readonly dispatch: string; readonly alerts?: number; readonly deliveries?: number } =>
  end.kind === "duplicate" ? { dispatch: end.kind } : { dispatch: end.kind, alerts: end.alerts, deliveries: end.deliveries };

function count({ metrics }: NotifyDeps["host"], cluster: string, end: DeliveryEnd): void {
  switch (end.kind) {
    case "delivered":
      metrics.count("NotificationSent", 1, { cluster });
      return;
    case "again":
      metrics.count("NotificationRetried", 1, { cluster, reason: errorText(end.why) });
      return;
    case "failed":
      metrics.count("NotificationFailed", 1, { cluster, reason: errorText(end.message) });
      return;
    case "given-up":
      metrics.count("NotificationGivenUp", 1, { cluster, reason: errorText(end.why) });
      return;
    case "dropped":
      metrics.count("NotificationDropped", 1, { cluster, reason: errorText(end.why) });
      return;
    case "suppressed":
      return;
  }
}
